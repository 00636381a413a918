"""When sessions are kept, and kept again: what is said of history does not depend on it."""

from collections.abc import Callable

import pytest

from tests.checked import json_of
from tests.integration.trail.scenarios.told import BLOB, Credits, Run, functions
from tests.integration.trail.scenarios.world import Agent, Checkout, World


def test_a_session_that_is_kept_long_after_its_commits(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    early = world.agent(app)
    early.adds("a.py", functions("early"))
    app.commit()
    world.keep(early)
    world.credits(app)
    step = agent.adds("a.py", second)
    made = app.commit()
    for number in range(5):
        app.write(f"later_{number}.py", functions(f"later_{number}"))
        app.commit()
        world.credits(app)
    before = world.credits(app)
    world.tick(90 * 86400)
    world.keep(agent)

    found = world.credits(app)
    assert found == before | {(made, "a.py"): [Run(7, 10, step, BLOB)]}
    assert len(before) == 1
    assert agent.anchors() == {2: (made, ())}


def two_sessions(world: World, app: Checkout) -> tuple[Agent, Agent]:
    """Let two sessions write into one file, one of them what the other wrote before."""
    one, two = world.agent(app), world.agent(app)
    one.adds("a.py", functions("second", "third"))
    app.commit()
    two.adds("a.py", functions("fourth"))
    two.edits("a.py", "third_result + 1", "third_result + fourth_handler(1)")
    app.commit()
    app.git("commit", "--quiet", "--amend", "--message", "better")
    return one, two


def records(world: World, agents: tuple[Agent, ...]) -> list[bytes]:
    return [json_of(agent.record()) for agent in agents]


@pytest.mark.parametrize("is_searched_between", [True, False])
def test_the_order_of_imports_does_not_matter(
    world: World, app: Checkout, is_searched_between: bool
) -> None:
    agents = two_sessions(world, app)
    found: list[tuple[Credits, list[bytes]]] = []
    for order in (agents, agents[::-1]):
        for agent in order:
            world.keep(agent)
            if is_searched_between:
                world.credits(app)
        found.append((world.credits(app), records(world, agents)))
        world.forget()

    assert found[0] == found[1]
    assert len(found[0][0]) == 3


def again(world: World) -> None:
    for file in world.home.glob("opentraces/**/*"):
        file.touch()
    world.keep()


@pytest.mark.parametrize("what", [again, World.reproject, World.lose_index])
def test_what_was_found_stays(world: World, app: Checkout, what: Callable[[World], None]) -> None:
    agents = two_sessions(world, app)
    world.keep()
    before = world.credits(app)
    told = records(world, agents)

    what(world)

    assert records(world, agents) == told
    assert world.credits(app) == before
    assert records(world, agents) == told


def test_what_was_found_in_history_that_is_gone_survives_a_repair(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    step = agent.adds("a.py", second)
    old = app.commit()
    world.keep()
    world.credits(app)
    app.git("reset", "--quiet", "--hard", "HEAD~1")
    app.git("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")
    app.git("gc", "--quiet", "--prune=now")

    world.reproject()
    world.lose_index()

    assert agent.anchors() == {2: (old, ())}
    assert world.credits(app) == {(old, "a.py"): [Run(3, 6, step, BLOB)]}


def test_a_session_that_goes_on_keeps_what_was_found(
    world: World, app: Checkout, agent: Agent, second: str
) -> None:
    one = agent.adds("a.py", second)
    first = app.commit()
    world.keep()
    world.credits(app)
    two = agent.adds("a.py", functions("third"))
    last = app.commit()
    world.keep()

    assert world.credits(app) == {
        (first, "a.py"): [Run(3, 6, one, BLOB)],
        (last, "a.py"): [Run(7, 10, two, BLOB)],
    }
    assert agent.anchors() == {2: (first, ()), 3: (last, ())}
