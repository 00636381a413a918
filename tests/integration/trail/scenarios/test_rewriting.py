"""History that is rewritten: amend, rebase, squash."""

import shlex
import sys
from pathlib import Path

import pytest

from tests.integration.trail.scenarios.told import BLOB, RANGE, Run, functions
from tests.integration.trail.scenarios.world import Agent, Checkout, World


@pytest.fixture(params=[False, True], ids=["once", "often"])
def world(home: Path, request: pytest.FixtureRequest) -> World:
    """A machine where history is searched once at the end, or after each thing that happens."""
    return World(home.resolve(), often=request.param)


def branch_off(app: Checkout, name: str = "feature") -> None:
    app.git("checkout", "--quiet", "-b", name)


def on_main(app: Checkout, path: str, text: str) -> str:
    """Let a person commit a new beginning of a file on main, and go back."""
    app.git("checkout", "--quiet", "main")
    app.write(path, text)
    made = app.commit("on main")
    app.git("checkout", "--quiet", "-")
    return made


def test_amending_the_message_keeps_the_credit(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    old = app.commit("seconds")
    app.git("commit", "--quiet", "--amend", "--message", "second")
    world.keep()

    expected = [Run(3, 6, step, BLOB)]
    assert world.credits(app) == {(old, "a.py"): expected, (app.head, "a.py"): expected}
    assert agent.anchors() == {2: (app.head, (old,))}
    assert agent.record().outcome.commit_sha == app.head
    assert [link.revision for link in agent.record().git_links] == [old, app.head]
    assert agent.survivals() == {2: ("alive", 4, 4)}


def test_amending_with_more_edits_credits_those_too(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    old = app.commit()
    more = agent.adds("a.py", functions("third"))
    app.add("a.py", functions("typed"))
    new = app.commit("change", "--amend")
    world.keep()

    assert world.credits(app) == {
        (old, "a.py"): [Run(3, 6, step, BLOB)],
        (new, "a.py"): [Run(3, 6, step, RANGE), Run(7, 10, more, RANGE)],
    }
    assert agent.anchors() == {2: (new, (old,)), 3: (new, ())}
    assert world.blame(app, "a.py")[12:] == ["rewritten"] * 2


def test_a_clean_rebase_carries_the_credit_over(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    branch_off(app)
    step = agent.adds("a.py", second)
    old = app.commit()
    on_main(
        app,
        "a.py",
        functions("top").lstrip() + "\n\n" + app.read("a.py").partition("\n\n\n")[0] + "\n",
    )
    app.git("rebase", "--quiet", "main")
    world.keep()

    assert world.credits(app) == {
        (old, "a.py"): [Run(3, 6, step, BLOB)],
        (app.head, "a.py"): [Run(7, 10, step, RANGE)],
    }
    assert agent.anchors() == {2: (app.head, (old,))}
    assert agent.record().outcome.commit_sha == app.head


def test_a_conflict_that_a_person_resolves_leaves_what_stayed(
    world: World, app: Checkout, agent: Agent
) -> None:
    branch_off(app)
    step = agent.adds("a.py", functions("second", "third"))
    old = app.commit()
    on_main(app, "a.py", functions("first").lstrip() + functions("typed"))
    app.git("rebase", "--quiet", "main", ok=False)
    assert "<<<<<<<" in app.read("a.py")
    resolved = functions("first").lstrip() + functions("typed", "second", "third")
    app.write("a.py", resolved.replace("third_result + 1", "third_result + by_hand"))
    app.git("add", "a.py")
    app.git("rebase", "--continue")
    world.keep()

    assert world.credits(app) == {
        (old, "a.py"): [Run(3, 10, step, BLOB)],
        (app.head, "a.py"): [Run(9, 13, step, RANGE)],
    }
    assert agent.anchors() == {2: (app.head, (old,))}
    assert world.blame(app, "a.py")[-1] == "rewritten"


def test_a_squash_holds_the_lines_of_all_its_commits(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    branch_off(app)
    one = agent.adds("a.py", second)
    first = app.commit()
    app.add("a.py", functions("typed"))
    app.commit()
    two = agent.adds("a.py", functions("third"))
    last = app.commit()
    app.git("checkout", "--quiet", "main")
    app.git("merge", "--squash", "feature")
    squashed = app.commit("all at once")
    world.keep()

    assert world.credits(app) == {
        (first, "a.py"): [Run(3, 6, one, BLOB)],
        (last, "a.py"): [Run(11, 14, two, BLOB)],
        (squashed, "a.py"): [Run(3, 6, one, BLOB), Run(11, 14, two, BLOB)],
    }
    assert agent.anchors() == {2: (first, ()), 3: (last, ())}
    assert agent.record().outcome.commit_sha == squashed


def test_a_fixup_is_in_the_commit_that_takes_it_up(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    one = agent.adds("a.py", second)
    first = app.commit("second")
    app.write("other.txt", "typed by a person\n")
    app.commit("other")
    two = agent.edits("a.py", "second_result + 1", "second_result + careful_one")
    last = app.commit("fixup! second")
    editor = f"{shlex.quote(sys.executable)} -c {shlex.quote(TO_FIXUP)}"
    app.git("rebase", "-i", "HEAD~3", env={"GIT_SEQUENCE_EDITOR": editor})
    world.keep()

    new = app.git("rev-parse", "HEAD~1")
    assert world.credits(app) == {
        (first, "a.py"): [Run(3, 6, one, BLOB)],
        (last, "a.py"): [Run(6, 6, two, BLOB)],
        (new, "a.py"): [Run(3, 5, one, BLOB), Run(6, 6, two, BLOB)],
    }
    assert agent.anchors() == {2: (new, (first,)), 3: (new, (last,))}
    assert agent.record().outcome.commit_sha == new


TO_FIXUP = """
import sys
file = sys.argv[1]
lines = open(file).read().splitlines()
picks = [line for line in lines if line.startswith("pick")]
open(file, "w").write("\\n".join([picks[0], picks[2].replace("pick", "fixup", 1), picks[1], ""]))
"""


def test_a_squash_that_a_server_made_is_credited_when_fetched(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    branch_off(app)
    one = agent.adds("a.py", second)
    first = app.commit()
    two = agent.adds("a.py", functions("third"))
    last = app.commit()
    world.keep()
    world.credits(app)
    server = world.checkout("server")
    app.git("clone", "--quiet", str(app.folder), str(server.folder))
    server.git("checkout", "--quiet", "-b", "main", "origin/main")
    server.write("typed.py", functions("typed"))
    server.commit("somebody else")
    server.git("merge", "--squash", "origin/feature")
    squashed = server.commit("all of it (#1)")
    app.git("checkout", "--quiet", "main")
    app.git("pull", "--quiet", "--ff-only", str(server.folder), "main")
    app.git("branch", "-D", "feature")

    assert world.credits(app) == {
        (first, "a.py"): [Run(3, 6, one, BLOB)],
        (last, "a.py"): [Run(7, 10, two, BLOB)],
        (squashed, "a.py"): [Run(3, 6, one, BLOB), Run(7, 10, two, BLOB)],
    }
    assert agent.record().outcome.commit_sha == squashed
    assert agent.survivals() == {2: ("alive", 4, 4), 3: ("alive", 4, 4)}


def test_history_that_is_gone_stays_known(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    old = app.commit()
    world.keep()
    before = world.credits(app)
    app.git("reset", "--quiet", "--hard", "HEAD~1")
    app.git("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")
    app.git("gc", "--quiet", "--prune=now")
    app.git("cat-file", "-e", old, ok=False)
    app.write("b.py", functions("typed"))
    app.commit()

    assert before == {(old, "a.py"): [Run(3, 6, step, BLOB)]}
    assert world.credits(app) == before
    assert agent.anchors() == {2: (old, ())}
