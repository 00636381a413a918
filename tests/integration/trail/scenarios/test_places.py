"""Where sessions run and repositories are: worktrees, clones, submodules, nowhere."""

import shutil
import subprocess

import pytest

from opentraces.domain.errors import NoRepository
from tests.integration.trail.scenarios.told import BLOB, Run, functions
from tests.integration.trail.scenarios.world import Agent, Checkout, World


def linked(world: World, app: Checkout, name: str) -> Checkout:
    made = world.checkout(name)
    app.git("worktree", "add", "--quiet", str(made.folder), "-b", name)
    return made


def test_an_agent_in_each_of_two_worktrees(world: World, app: Checkout, agent: Agent) -> None:
    beside = linked(world, app, "beside")
    other = world.agent(beside)
    one = agent.adds("a.py", functions("second"))
    two = other.adds("a.py", functions("third"))
    second = app.commit()
    third = beside.commit()
    world.keep()

    expected = {
        (second, "a.py"): [Run(3, 6, one, BLOB)],
        (third, "a.py"): [Run(3, 6, two, BLOB)],
    }
    assert world.credits(app) == expected
    assert world.credits(beside) == expected
    assert (agent.anchors(), other.anchors()) == ({2: (second, ())}, {2: (third, ())})
    assert (world.tally(app), world.tally(beside)) == (world.tally(beside), world.tally(app))


def test_a_person_s_lines_in_another_worktree_are_nobody_s(
    world: World, app: Checkout, agent: Agent
) -> None:
    beside = linked(world, app, "beside")
    agent.adds("a.py", functions("second"))
    beside.write("a.py", functions("first", "typed").lstrip())
    beside.commit()
    world.keep()

    assert world.credits(beside) == {}


def test_the_same_text_in_two_worktrees_is_either_s_and_so_nobody_s(
    world: World, app: Checkout, agent: Agent
) -> None:
    beside = linked(world, app, "beside")
    other = world.agent(beside)
    agent.adds("a.py", functions("second"))
    other.adds("a.py", functions("second"))
    app.commit()
    beside.commit()
    world.keep()

    assert world.credits(app) == {}
    assert world.blame(beside, "a.py")[4:] == ["ambiguous"] * 2


def test_two_agents_in_one_worktree(world: World, app: Checkout, agent: Agent) -> None:
    other = world.agent(app)
    one = agent.adds("a.py", functions("second"))
    two = other.adds("a.py", functions("third"))
    three = agent.edits("a.py", "third_result + 1", "third_result + first_result")
    made = app.commit()
    world.keep()

    assert world.credits(app) == {
        (made, "a.py"): [
            Run(3, 6, one, BLOB),
            Run(7, 9, two, BLOB),
            Run(10, 10, three, BLOB),
        ]
    }
    assert agent.anchors() == {2: (made, ()), 3: (made, ())}
    assert other.anchors() == {2: (made, ())}


def test_a_worktree_that_is_gone_is_told_of(world: World, app: Checkout) -> None:
    beside = linked(world, app, "beside")
    agent = world.agent(beside)
    step = agent.adds("a.py", functions("second"))
    made = beside.commit()
    world.keep()
    app.git("worktree", "remove", "--force", str(beside.folder))
    app.git("merge", "--quiet", "beside")

    assert world.credits(app) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert world.blame(app, "a.py")[2:] == [step] * 4


def test_of_a_worktree_that_was_gone_before_the_import_nothing_is_known(
    world: World, app: Checkout
) -> None:
    beside = linked(world, app, "beside")
    agent = world.agent(beside)
    agent.adds("a.py", functions("second"))
    beside.commit()
    app.git("worktree", "remove", "--force", str(beside.folder))
    world.keep()

    assert world.credits(app) == {}
    assert agent.anchors() == {2: ("nobody looked", ())}


def test_a_head_that_is_detached(world: World, app: Checkout, agent: Agent, second: str) -> None:
    app.git("checkout", "--quiet", "--detach")
    step = agent.adds("a.py", second)
    made = app.commit()
    world.keep()

    assert world.credits(app) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    app.git("checkout", "--quiet", "main")
    assert world.credits(app) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert agent.record().git_links[0].branch is None


def test_a_first_commit_after_a_session_began(world: World) -> None:
    app = world.checkout("app")
    app.folder.mkdir()
    app.git("init", "--quiet", "--initial-branch=main")
    agent = world.agent(app)
    step = agent.writes("a.py", functions("second").lstrip())
    world.keep()
    assert world.credits(app) == {}
    assert world.tally(app).pending == 1

    made = app.commit()

    assert world.credits(app) == {(made, "a.py"): [Run(1, 2, step, BLOB)]}
    assert agent.anchors() == {2: (made, ())}
    assert world.tally(app).anchored == 1


def test_a_shallow_clone_is_credited_for_what_it_has(
    world: World, app: Checkout, agent: Agent
) -> None:
    app.add("a.py", functions("typed"))
    app.commit()
    shallow = world.checkout("shallow")
    app.git("clone", "--quiet", "--depth", "1", app.folder.as_uri(), str(shallow.folder))
    other = world.agent(shallow)
    step = other.adds("a.py", functions("second"))
    made = shallow.commit()
    world.keep()

    assert world.credits(shallow) == {(made, "a.py"): [Run(7, 10, step, BLOB)]}
    assert world.blame(shallow, "a.py")[6:] == [step] * 4
    assert other.anchors() == {2: (made, ())}

    shallow.git("fetch", "--quiet", "--unshallow")
    assert world.blame(shallow, "a.py")[6:] == [step] * 4


def test_a_bare_repository_is_asked_as_its_worktree_is(world: World, app: Checkout) -> None:
    bare = world.checkout("bare.git")
    app.git("clone", "--quiet", "--bare", str(app.folder), str(bare.folder))
    tree = linked(world, bare, "tree")
    agent = world.agent(tree)
    step = agent.adds("a.py", functions("second"))
    made = tree.commit()
    world.keep()

    assert world.credits(tree) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert world.credits(bare) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}


def test_a_submodule_is_a_repository_of_its_own(world: World, app: Checkout) -> None:
    part = world.repository("part", text=functions("other").lstrip())
    app.git("submodule", "--quiet", "add", str(part.folder), "part")
    app.commit("with a part")
    inner = world.checkout("app/part")
    outer_agent, inner_agent = world.agent(app), world.agent(inner)
    one = outer_agent.adds("a.py", functions("second"))
    two = inner_agent.adds("a.py", functions("third"))
    inside = inner.commit()
    outside = app.commit()
    world.keep()

    assert world.credits(app) == {(outside, "a.py"): [Run(3, 6, one, BLOB)]}
    assert world.credits(inner) == {(inside, "a.py"): [Run(3, 6, two, BLOB)]}
    assert outer_agent.anchors() == {2: (outside, ())}
    assert inner_agent.anchors() == {2: (inside, ())}


def test_a_session_around_a_submodule_is_named_in_it(world: World, app: Checkout) -> None:
    part = world.repository("part", text=functions("other").lstrip())
    app.git("submodule", "--quiet", "add", str(part.folder), "part")
    app.commit("with a part")
    inner = world.checkout("app/part")
    agent = world.agent(app)
    one = agent.adds("a.py", functions("second"))
    two = agent.adds("part/a.py", functions("third"))
    inside = inner.commit()
    outside = app.commit()
    world.keep()

    assert world.credits(app) == {(outside, "a.py"): [Run(3, 6, one, BLOB)]}
    assert world.credits(inner) == {(inside, "a.py"): [Run(3, 6, two, BLOB)]}
    assert agent.anchors() == {2: (outside, ()), 3: (inside, ())}


def test_a_session_in_no_repository_changes_files_of_none(world: World) -> None:
    nowhere = world.checkout("nowhere")
    nowhere.folder.mkdir()
    nowhere.write("a.py", functions("first").lstrip())
    agent = world.agent(nowhere)
    agent.adds("a.py", functions("second"))
    world.keep()

    with pytest.raises(NoRepository):
        world.credits(nowhere)
    assert agent.anchors() == {2: ("nobody looked", ())}
    assert not agent.record().outcome.committed


def test_a_session_that_began_elsewhere_is_found_by_the_files_it_changed(
    world: World, app: Checkout
) -> None:
    nowhere = world.checkout("nowhere")
    nowhere.folder.mkdir()
    agent = world.agent(nowhere)
    step = agent.adds(str(app.folder / "a.py"), functions("second"))
    made = app.commit()
    world.keep()

    assert world.credits(app) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert world.blame(app, "a.py")[2:] == [step] * 4
    assert agent.record().outcome.commit_sha == made


def test_a_repository_that_was_moved_is_the_same(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    made = app.commit()
    world.keep()
    moved = world.checkout("elsewhere/app")
    moved.folder.parent.mkdir()
    app.folder.rename(moved.folder)

    assert world.credits(moved) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert world.blame(moved, "a.py")[2:] == [step] * 4
    moved.git("commit", "--quiet", "--amend", "--message", "better")
    assert set(world.credits(moved)) == {(made, "a.py"), (moved.head, "a.py")}


def test_a_repository_that_was_moved_before_the_import(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    agent.adds("a.py", second)
    app.commit()
    moved = world.checkout("moved")
    app.folder.rename(moved.folder)
    world.keep()

    assert world.credits(moved) == {}


def test_a_history_that_is_begun_anew_holds_what_was_written_there(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    made = app.commit()
    world.keep()
    assert world.credits(app) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    text = app.read("a.py")
    shutil.rmtree(app.folder)
    again = world.repository(text="# begun anew\n")
    again.write("a.py", text)
    anew = again.commit()

    assert world.credits(again) == {(anew, "a.py"): [Run(3, 6, step, BLOB)]}


def test_a_clone_has_the_same_commits_and_so_the_same_credits(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    made = app.commit()
    world.keep()
    copy = world.checkout("copy")
    subprocess.run(["git", "clone", "--quiet", app.folder, copy.folder], check=True)

    assert world.credits(copy) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert world.blame(copy, "a.py")[2:] == [step] * 4
