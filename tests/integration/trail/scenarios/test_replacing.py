"""Commits in whose place others came, as their lines tell: by squash, fixup, split, amend."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opentraces.domain.address import Address
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.events import Superseded
from opentraces.entrypoints.container import reading, trail
from tests.integration.trail.scenarios.told import functions
from tests.integration.trail.scenarios.world import Agent, Checkout, World


@pytest.fixture(params=[False, True], ids=["once", "often"])
def world(home: Path, request: pytest.FixtureRequest) -> World:
    """A machine where history is searched once at the end, or after each thing that happens."""
    return World(home.resolve(), often=request.param)


def told(world: World) -> Iterator[Superseded]:
    """Yield all that trails say of commits that were replaced, in its order."""
    store = reading.traces(world.settings)
    for trace in store.ids():
        events = store.trail(store.envelope(trace), 0)
        yield from (each for each in events if isinstance(each, Superseded))


def replaced(world: World, where: Checkout) -> dict[str, str]:
    """Search history twice; return which commit is said to be in the place of which."""
    world.credits(where)
    once = list(told(world))
    world.credits(where)
    assert list(told(world)) == once, "it was said twice"
    assert len({(each.commit, each.by) for each in once}) == len(once)
    return {each.commit: each.by for each in once}


def shown(world: World, where: Checkout, agent: Agent) -> dict[str, str | None]:
    """Return what `trail show` says took the place of the commits of a session."""
    trace = next(TraceId(t) for t, name in world.names().items() if name == agent.name)
    opened = trail.open_repository(world.settings).execute(str(where.folder))
    found = trail.show_trail(world.settings).execute(trace, Address(trace), opened)
    return {each.commit: each.replaced_by for patch in found.patches for each in patch.held_by}


def forget_reflogs(app: Checkout) -> None:
    app.git("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")


def squash_here(app: Checkout, agent: Agent) -> tuple[str, str, str]:
    """Let an agent commit twice on a branch, and a person squash it into main."""
    app.git("checkout", "--quiet", "-b", "feature")
    agent.adds("a.py", functions("second"))
    first = app.commit()
    agent.adds("a.py", functions("third"))
    last = app.commit()
    app.git("checkout", "--quiet", "main")
    app.git("merge", "--squash", "feature")
    return first, last, app.commit("all at once")


def test_a_squashed_branch_was_repeated_until_it_is_deleted(
    world: World, app: Checkout, agent: Agent
) -> None:
    first, last, squashed = squash_here(app, agent)
    world.keep()
    assert replaced(world, app) == {}
    assert agent.anchors() == {2: (first, ()), 3: (last, ())}

    app.git("branch", "-D", "feature")

    assert replaced(world, app) == {first: squashed, last: squashed}
    assert agent.anchors() == {2: (squashed, (first,)), 3: (squashed, (last,))}
    record = agent.record()
    assert record.outcome.commit_sha == squashed
    assert [link.revision for link in record.git_links] == [first, last, squashed]
    assert world.tally(app).anchored == 2
    assert shown(world, app, agent) == {first: squashed, last: squashed, squashed: None}


def test_so_it_is_when_the_branch_went_on_before(world: World, app: Checkout, agent: Agent) -> None:
    first, last, squashed = squash_here(app, agent)
    world.keep()
    assert replaced(world, app) == {}
    app.git("checkout", "--quiet", "feature")
    app.write("other.txt", "typed by a person\n")
    app.commit("more")
    app.git("checkout", "--quiet", "main")
    app.git("branch", "-D", "feature")

    assert replaced(world, app) == {first: squashed, last: squashed}


@pytest.mark.parametrize("is_pruned", [False, True], ids=["unreachable", "pruned"])
def test_so_it_is_when_nothing_is_left_of_the_branch(
    world: World, app: Checkout, agent: Agent, is_pruned: bool
) -> None:
    first, last, squashed = squash_here(app, agent)
    world.keep()
    world.credits(app)
    app.git("branch", "-D", "feature")
    forget_reflogs(app)
    if is_pruned:
        app.git("gc", "--quiet", "--prune=now")
        app.git("cat-file", "-e", first, ok=False)

    assert replaced(world, app) == {first: squashed, last: squashed}


def test_a_branch_that_goes_before_its_squash_comes(
    world: World, app: Checkout, agent: Agent
) -> None:
    app.git("checkout", "--quiet", "-b", "feature")
    agent.adds("a.py", functions("second"))
    first = app.commit()
    world.keep()
    app.git("checkout", "--quiet", "main")
    app.git("branch", "-D", "feature")
    assert replaced(world, app) == {}
    forget_reflogs(app)
    app.git("checkout", first, "--", "a.py")
    squashed = app.commit("by hand")

    assert replaced(world, app) == {first: squashed}


def test_a_fixup_that_git_squashes_by_itself(world: World, app: Checkout, agent: Agent) -> None:
    agent.adds("a.py", functions("second"))
    first = app.commit("second")
    app.write("other.txt", "typed by a person\n")
    app.commit("other")
    agent.edits("a.py", "second_result + 1", "second_result + careful_one")
    last = app.commit("fixup", "--fixup", first)
    app.git("rebase", "-i", "--autosquash", "HEAD~3", env={"GIT_SEQUENCE_EDITOR": "true"})
    world.keep()
    new = app.git("rev-parse", "HEAD~1")

    assert replaced(world, app) == {first: new, last: new}
    assert agent.anchors() == {2: (new, (first,)), 3: (new, (last,))}
    assert agent.record().outcome.commit_sha == new


def test_a_squash_of_a_server_whose_branch_is_pruned(
    world: World, app: Checkout, agent: Agent
) -> None:
    hub = world.checkout("hub.git")
    app.git("clone", "--quiet", "--bare", str(app.folder), str(hub.folder))
    app.git("remote", "add", "origin", str(hub.folder))
    app.git("checkout", "--quiet", "-b", "feature")
    agent.adds("a.py", functions("second"))
    first = app.commit()
    agent.adds("a.py", functions("third"))
    last = app.commit()
    app.git("push", "--quiet", "origin", "feature")
    app.git("fetch", "--quiet", "origin")
    world.keep()
    world.credits(app)
    other = world.checkout("other")
    app.git("clone", "--quiet", str(hub.folder), str(other.folder))
    other.git("merge", "--squash", "origin/feature")
    squashed = other.commit("all of it (#1)")
    other.git("push", "--quiet", "origin", "HEAD:main", ":feature")
    app.git("checkout", "--quiet", "main")
    app.git("pull", "--quiet", "--ff-only", "origin", "main")
    app.git("branch", "-D", "feature")
    assert replaced(world, app) == {}, "origin/feature leads to it"

    app.git("fetch", "--quiet", "--prune", "origin")

    assert replaced(world, app) == {first: squashed, last: squashed}
    assert agent.anchors() == {2: (squashed, (first,)), 3: (squashed, (last,))}
    assert agent.record().outcome.commit_sha == squashed


def test_a_clone_does_not_know_the_branches_of_where_the_session_is(
    world: World, app: Checkout, agent: Agent
) -> None:
    first, _, _ = squash_here(app, agent)
    world.keep()
    world.credits(app)
    copy = world.checkout("copy")
    app.git("clone", "--quiet", "--single-branch", str(app.folder), str(copy.folder))

    assert replaced(world, copy) == {}
    assert agent.anchors()[2] == (first, ())


def test_of_a_commit_that_is_split_the_one_with_most_of_its_lines(
    world: World, app: Checkout, agent: Agent
) -> None:
    agent.writes("large.py", functions("one", "two", "three").lstrip())
    agent.writes("small.py", functions("four").lstrip())
    old = app.commit()
    app.git("reset", "--quiet", "HEAD~1")
    app.git("add", "large.py")
    app.git("commit", "--quiet", "--message", "large")
    large = app.head
    app.git("add", "small.py")
    app.git("commit", "--quiet", "--message", "small")
    world.keep()

    assert replaced(world, app) == {old: large}
    assert agent.anchors() == {2: (large, (old,)), 3: (app.head, (old,))}


def test_of_two_that_hold_as_many_none_is_said_to_be_the_one(
    world: World, app: Checkout, agent: Agent
) -> None:
    app.git("branch", "release")
    app.git("checkout", "--quiet", "-b", "feature")
    agent.adds("a.py", functions("second"))
    old = app.commit()
    for branch in ("main", "release"):
        app.git("checkout", "--quiet", branch)
        app.write("other.txt", f"typed by a person on {branch}\n")
        app.commit()
        app.git("cherry-pick", old)
    app.git("branch", "-D", "feature")
    world.keep()

    assert replaced(world, app) == {}
    assert agent.anchors() == {2: (old, ())}


def test_a_chain_of_amended_commits_leads_to_the_last(
    world: World, app: Checkout, agent: Agent
) -> None:
    agent.adds("a.py", functions("second"))
    chain = [app.commit()]
    for name in ("third", "fourth"):
        agent.adds("a.py", functions(name))
        chain.append(app.commit("change", "--amend"))
    world.keep()

    assert replaced(world, app) == {chain[0]: chain[2], chain[1]: chain[2]}
    assert agent.anchors()[2] == (chain[2], (chain[1], chain[0]))
    assert agent.anchors()[3] == (chain[2], (chain[1],))
    assert agent.record().outcome.commit_sha == chain[2]


def test_what_was_reverted_was_not_replaced(world: World, app: Checkout, agent: Agent) -> None:
    agent.adds("a.py", functions("second"))
    made = app.commit()
    app.git("revert", "--no-edit", made)
    world.keep()
    assert replaced(world, app) == {}
    app.git("revert", "--no-edit", "HEAD")

    assert replaced(world, app) == {}
    assert agent.anchors()[2] == (made, ())


def test_what_holds_other_lines_of_the_same_edit_replaced_nothing(
    world: World, app: Checkout, agent: Agent
) -> None:
    agent.adds("a.py", functions("second", "third"))
    app.write("a.py", functions("first", "second").lstrip())
    app.commit("half")
    app.git("reset", "--quiet", "--hard", "HEAD~1")
    app.write("a.py", functions("first", "third").lstrip())
    app.commit("the other half")
    world.keep()

    assert replaced(world, app) == {}


def test_what_was_thrown_away_was_not_replaced(world: World, app: Checkout, agent: Agent) -> None:
    agent.adds("a.py", functions("second"))
    app.commit()
    app.git("reset", "--quiet", "--hard", "HEAD~1")
    agent.adds("a.py", functions("third"))
    app.commit()
    world.keep()

    assert replaced(world, app) == {}
