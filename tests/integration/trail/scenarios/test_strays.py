"""Sessions that were kept when their worktree was gone already: found where there is evidence."""

import shutil
from dataclasses import dataclass

import pytest

from opentraces.domain.session import Agent as Kind
from opentraces.entrypoints.container import enrolling
from tests.integration.trail.control.sessions import Codex, Line
from tests.integration.trail.scenarios.told import BLOB, Run, functions
from tests.integration.trail.scenarios.world import Agent, Checkout, World


def is_silent(agent: Agent) -> bool:
    """Whether nothing is said of where a session was, nor of what became of its edits."""
    record = agent.record()
    is_somewhere = any(not patch.file_path.startswith("/") for patch in record.patches)
    return bool(record.patches) and not is_somewhere and not record.outcome.committed


def linked(app: Checkout, where: Checkout, branch: str = "beside") -> Checkout:
    where.folder.parent.mkdir(parents=True, exist_ok=True)
    app.git("worktree", "add", "--quiet", str(where.folder), "-b", branch)
    return where


def merged(app: Checkout, branch: str = "beside") -> None:
    app.git("merge", "--quiet", branch)


def enrol(world: World, where: Checkout) -> None:
    enrolling.enrol(world.settings).execute(str(where.folder), [Kind.CLAUDE_CODE])


@dataclass
class CodexInGit(Codex):
    """A session of Codex that writes down the commit it began from."""

    base: str = ""

    def _line(self, what: str, **payload: object) -> Line:
        if what == "session_meta":
            url = "https://github.com/acme/app.git"
            payload["git"] = {"commit_hash": self.base, "branch": "main", "repository_url": url}
        return super()._line(what, **payload)


def codex(world: World, where: Checkout, base: str) -> Agent:
    number = len(world.agents) + 11
    session = CodexInGit(world.home, where.folder, number, world.tick(), base=base)
    world.agents.append(Agent(world, session))  # type: ignore[arg-type]
    return world.agents[-1]


def test_a_worktree_that_claude_made_is_of_the_repository_around_it(
    world: World, app: Checkout
) -> None:
    made = linked(app, world.checkout("app/.claude/worktrees/blue-fox"))
    agent = world.agent(made)
    step = agent.adds("a.py", functions("second"))
    commit = made.commit()
    app.git("worktree", "remove", "--force", str(made.folder))
    merged(app)
    world.keep()

    assert world.blame(app, "a.py")[2:] == [step] * 4
    assert world.credits(app) == {(commit, "a.py"): [Run(3, 6, step, BLOB)]}
    assert agent.anchors() == {2: (commit, ())}
    assert agent.record().patches[0].file_path == "a.py"
    assert world.tally(app).anchored == 1
    before = agent.record()
    world.credits(app)
    assert agent.record() == before


def test_one_that_is_in_another_repository_s_folder_is_not(world: World, app: Checkout) -> None:
    """A folder of the same name, whose own parent is gone, with a repository further up."""
    home = world.repository("work")
    inner = world.repository("work/inner")
    made = linked(inner, world.checkout("work/inner/.claude/worktrees/blue-fox"))
    agent = world.agent(made)
    agent.adds("a.py", functions("second"))
    text = made.read("a.py")
    shutil.rmtree(inner.folder)
    world.keep()
    for where in (home, app):
        where.write("a.py", text)
        where.commit()
        assert world.credits(where) == {}
    assert is_silent(agent)


def test_a_worktree_that_the_repository_still_names(world: World, app: Checkout) -> None:
    beside = linked(app, world.checkout("beside"))
    agent = world.agent(beside)
    step = agent.adds("a.py", functions("second"))
    commit = beside.commit()
    shutil.rmtree(beside.folder)
    merged(app)
    world.keep()

    assert world.blame(app, "a.py")[2:] == [step] * 4
    assert agent.anchors() == {2: (commit, ())}
    assert agent.record().patches[0].file_path == "a.py"


def test_one_that_is_only_named_needs_a_file_of_the_repository(world: World, app: Checkout) -> None:
    elsewhere = world.repository("elsewhere")
    agent = world.agent(elsewhere)
    agent.writes("b.py", functions("second").lstrip())
    shutil.rmtree(elsewhere.folder)
    linked(app, elsewhere)
    shutil.rmtree(elsewhere.folder)
    world.keep()

    assert world.credits(app) == {}
    assert is_silent(agent)


def test_a_path_at_which_another_repository_is_now(world: World, app: Checkout) -> None:
    beside = linked(app, world.checkout("beside"))
    agent = world.agent(beside)
    agent.adds("a.py", functions("second"))
    beside.commit()
    shutil.rmtree(beside.folder)
    merged(app)
    world.keep()
    other = world.repository("beside", text="# another one\n")

    assert world.credits(app) == {}
    assert world.credits(other) == {}
    assert is_silent(agent)


def test_a_folder_that_was_removed_from_its_worktree(world: World, app: Checkout) -> None:
    app.write("part/b.py", functions("other").lstrip())
    app.commit()
    agent = world.agent(world.checkout("app/part"))
    step = agent.adds("b.py", functions("second"))
    commit = app.commit()
    app.git("mv", "part/b.py", "b.py")
    app.commit()
    (app.folder / "part").rmdir()
    world.keep()

    assert world.credits(app) == {(commit, "part/b.py"): [Run(3, 6, step, BLOB)]}
    assert agent.record().patches[0].file_path == "part/b.py"


def test_a_folder_that_was_no_part_of_the_worktree_around_it(world: World, app: Checkout) -> None:
    inner = world.repository("app/inner")
    agent = world.agent(inner)
    agent.adds("a.py", functions("second"))
    shutil.rmtree(inner.folder)
    world.keep()

    assert world.credits(app) == {}
    assert is_silent(agent)


@pytest.mark.parametrize("is_followed", [False, True])
def test_a_repository_that_was_enrolled_before_it_moved(
    world: World, app: Checkout, is_followed: bool
) -> None:
    enrol(world, app)
    agent = world.agent(app)
    step = agent.adds("a.py", functions("second"))
    commit = app.commit()
    moved = world.checkout("moved")
    app.folder.rename(moved.folder)
    if is_followed:
        assert enrolling.follow_checkout(world.settings).execute(str(moved.folder))
    world.keep()

    assert world.blame(moved, "a.py")[2:] == [step] * 4
    assert agent.anchors() == {2: (commit, ())}


def test_a_worktree_that_was_removed_after_it_was_enrolled(world: World, app: Checkout) -> None:
    beside = linked(app, world.checkout("beside"))
    enrol(world, app)
    agent = world.agent(beside)
    step = agent.adds("a.py", functions("second"))
    commit = beside.commit()
    app.git("worktree", "remove", "--force", str(beside.folder))
    merged(app)
    linked(app, world.checkout("third"), "third")
    assert enrolling.follow_checkout(world.settings).execute(str(world.home / "third"))
    world.keep()

    assert world.blame(app, "a.py")[2:] == [step] * 4
    assert agent.anchors() == {2: (commit, ())}


def test_another_repository_of_the_name_is_not_the_one_that_was_enrolled(
    world: World, app: Checkout
) -> None:
    enrol(world, app)
    agent = world.agent(app)
    agent.adds("a.py", functions("second"))
    text = app.read("a.py")
    app.commit()
    shutil.rmtree(app.folder)
    world.keep()
    other = world.repository("elsewhere/app", text="# another first commit\n")
    other.write("a.py", text)
    other.commit()

    assert world.credits(other) == {}
    assert is_silent(agent)


def test_a_place_where_other_sessions_of_the_repository_began(world: World, app: Checkout) -> None:
    early = world.agent(app)
    one = early.adds("a.py", functions("second"))
    app.commit()
    world.keep()
    late = world.agent(app)
    two = late.adds("a.py", functions("third"))
    app.commit()
    moved = world.checkout("moved")
    app.folder.rename(moved.folder)
    world.keep()

    assert world.blame(moved, "a.py")[2:] == [one] * 4 + [two] * 4


def test_a_place_that_was_two_repositories_is_neither_s(world: World, app: Checkout) -> None:
    first = world.agent(app)
    first.adds("a.py", functions("second"))
    app.commit()
    world.keep()
    moved = world.checkout("moved")
    app.folder.rename(moved.folder)
    again = world.repository("app", text="# begun anew\n")
    second = world.agent(again)
    second.adds("a.py", functions("third"))
    again.commit()
    world.keep()
    stray = world.agent(again)
    stray.adds("a.py", functions("fourth"))
    again.commit()
    other = world.checkout("other")
    again.folder.rename(other.folder)
    world.keep()

    world.credits(moved)
    world.credits(other)
    assert is_silent(stray)


@pytest.mark.parametrize("below", ["", "part"])
def test_a_commit_that_codex_wrote_down_tells_the_repository(
    world: World, app: Checkout, below: str
) -> None:
    app.write("part/b.py", functions("other").lstrip())
    base = app.commit()
    agent = codex(world, world.checkout(f"app/{below}" if below else "app"), base)
    step = agent.adds("b.py" if below else "part/b.py", functions("second"))
    commit = app.commit()
    moved = world.checkout("moved")
    app.folder.rename(moved.folder)
    world.keep()

    assert world.blame(moved, "part/b.py")[2:] == [step] * 4
    assert agent.anchors() == {2: (commit, ())}
    assert agent.record().patches[0].file_path == "part/b.py"


def test_a_commit_that_is_not_there_tells_that_it_is_another(world: World, app: Checkout) -> None:
    made = world.checkout("app/.claude/worktrees/blue-fox")
    linked(app, made)
    agent = codex(world, made, "ab" * 20)
    agent.adds("a.py", functions("second"))
    made.commit()
    app.git("worktree", "remove", "--force", str(made.folder))
    merged(app)
    world.keep()

    assert world.credits(app) == {}
    assert is_silent(agent)


def test_a_commit_without_a_file_of_the_repository_tells_no_root(
    world: World, app: Checkout
) -> None:
    agent = codex(world, world.checkout("app/.."), app.head)
    agent.writes("loose.py", functions("second").lstrip())
    moved = world.checkout("moved")
    app.folder.rename(moved.folder)
    world.keep()

    assert world.credits(moved) == {}
    assert is_silent(agent)
