"""Commits that Git makes again, elsewhere or the other way: cherry-pick, revert, merge."""

from tests.integration.trail.scenarios.told import BLOB, RANGE, Run, functions
from tests.integration.trail.scenarios.world import Agent, Checkout, World


def test_a_cherry_pick_is_credited_beside_its_origin(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    app.git("checkout", "--quiet", "-b", "feature")
    step = agent.adds("a.py", second)
    origin = app.commit()
    app.git("checkout", "--quiet", "main")
    app.write("other.txt", "typed by a person\n")
    app.commit()
    app.git("cherry-pick", origin)
    world.keep()

    assert world.credits(app) == {
        (origin, "a.py"): [Run(3, 6, step, BLOB)],
        (app.head, "a.py"): [Run(3, 6, step, BLOB)],
    }
    assert agent.anchors() == {2: (origin, ())}


def test_a_revert_adds_nothing_and_takes_all(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    made = app.commit()
    world.keep()
    world.credits(app)
    app.git("revert", "--no-edit", made)

    assert world.credits(app) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert agent.survivals() == {2: ("reverted", 0, 4)}
    assert world.tally(app).reverted == 1
    assert agent.anchors() == {2: (made, ())}


def test_a_revert_of_a_revert_brings_it_back(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    made = app.commit()
    app.git("revert", "--no-edit", made)
    world.keep()
    world.credits(app)
    app.git("revert", "--no-edit", "HEAD")

    assert world.credits(app) == {
        (made, "a.py"): [Run(3, 6, step, BLOB)],
        (app.head, "a.py"): [Run(3, 6, step, BLOB)],
    }
    assert agent.survivals()[2][0] == "alive"
    assert world.tally(app).anchored == 1
    assert world.blame(app, "a.py")[2:] == [step] * 4


def test_a_clean_merge_adds_nothing_of_its_own(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    app.git("checkout", "--quiet", "-b", "feature")
    step = agent.adds("a.py", second)
    made = app.commit()
    app.git("checkout", "--quiet", "main")
    app.write("a.py", functions("top").lstrip() + "\n\n" + app.read("a.py"))
    app.commit()
    app.git("merge", "--quiet", "--no-edit", "feature")
    world.keep()

    assert world.credits(app) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert world.blame(app, "a.py")[6:] == [step] * 4


def conflict(app: Checkout, agent: Agent) -> str:
    """Let two branches add to the end of a.py, the agent on one, and merge them."""
    app.git("checkout", "--quiet", "-b", "feature")
    agent.adds("a.py", functions("second"))
    made = app.commit()
    app.git("checkout", "--quiet", "main")
    app.add("a.py", functions("typed"))
    app.commit()
    app.git("merge", "--quiet", "--no-edit", "feature", ok=False)
    assert "<<<<<<<" in app.read("a.py")
    return made


def test_a_resolved_conflict_adds_only_what_no_parent_has(
    world: World, app: Checkout, agent: Agent
) -> None:
    made = conflict(app, agent)
    lines = functions("first").lstrip() + functions("typed", "second", "joined")
    app.write("a.py", lines)
    merge = app.commit("merge")
    world.keep()

    found = world.credits(app)
    assert found == {(made, "a.py"): [Run(3, 6, found[made, "a.py"][0].step, BLOB)]}
    assert app.git("rev-list", "--parents", "-1", merge).count(" ") == 2
    step = found[made, "a.py"][0].step
    assert world.blame(app, "a.py")[8:10] == [step] * 2
    assert set(world.blame(app, "a.py")[12:]) == {"rewritten"}


def test_what_an_agent_wrote_to_resolve_is_the_merge_s(
    world: World, app: Checkout, agent: Agent
) -> None:
    made = conflict(app, agent)
    other = world.agent(app)
    lines = functions("first").lstrip() + functions("typed", "second", "joined")
    step = other.writes("a.py", lines)
    merge = app.commit("merge")
    world.keep()

    found = world.credits(app)
    assert found == {
        (made, "a.py"): [Run(3, 6, found[made, "a.py"][0].step, BLOB)],
        (merge, "a.py"): [Run(11, 14, step, BLOB)],
    }


def test_an_agent_s_own_commits_are_found(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    agent.runs(app, "commit", "--quiet", "-am", "second")
    made = app.head
    agent.adds("a.py", functions("third"))
    agent.runs(app, "commit", "--quiet", "-am", "third")
    world.keep()

    assert world.credits(app) == {
        (made, "a.py"): [Run(3, 6, step, BLOB)],
        (app.head, "a.py"): [Run(7, 10, step._replace(number=4), BLOB)],
    }
    assert agent.anchors() == {2: (made, ()), 4: (app.head, ())}
    assert agent.record().outcome.commit_sha == app.head


def test_a_commit_of_the_same_second_as_the_edit_is_credited(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    world.now -= 60
    app.git("add", "--all")
    world.now -= 60
    app.git("commit", "--quiet", "--message", "at once")
    world.keep()

    assert world.credits(app) == {(app.head, "a.py"): [Run(3, 6, step, BLOB)]}


def test_a_commit_before_the_edit_is_not(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    agent.adds("a.py", second)
    world.now -= 121
    app.git("add", "--all")
    world.now -= 61
    app.git("commit", "--quiet", "--message", "too early")
    world.keep()

    assert world.credits(app) == {}
    assert agent.anchors() == {2: (None, ())}


def test_equal_text_in_another_file_is_nobody_s(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    app.write("copied.py", second)
    made = app.commit()
    world.keep()

    assert world.credits(app) == {(made, "a.py"): [Run(3, 6, step, BLOB)]}
    assert RANGE not in {run.tier for runs in world.credits(app).values() for run in runs}


def test_a_commit_that_is_rebased_in_the_second_it_was_made_in_is_replaced(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    app.git("branch", "theirs")
    agent.adds("a.py", second)
    made = app.commit("the second")
    app.git("switch", "--quiet", "theirs")
    app.write("other.py", "theirs = True\n")
    app.commit("theirs")
    app.git("switch", "--quiet", "main")
    world.now = committed_at(app, made) - 60
    app.git("rebase", "--quiet", "theirs")
    world.keep()

    assert committed_at(app, app.head) == committed_at(app, made)
    assert set(world.credits(app)) == {(made, "a.py"), (app.head, "a.py")}
    assert agent.anchors() == {2: (app.head, (made,))}


def committed_at(where: Checkout, commit: str) -> int:
    """When a commit was made, in seconds since 1970."""
    return int(where.git("show", "--no-patch", "--format=%ct", commit))
