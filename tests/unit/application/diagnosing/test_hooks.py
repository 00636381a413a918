from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from opentraces.adapters.memory.agent_setup import SETTINGS, MemoryAgentSetup
from opentraces.adapters.memory.clock import FixedClock
from opentraces.adapters.memory.enrolments import MemoryEnrolments
from opentraces.adapters.memory.spool import MemoryEventSpool
from opentraces.adapters.memory.work_log import MemoryWorkLog
from opentraces.application.diagnosing.hooks import Firings, HooksChecker
from opentraces.domain.enrolment import Checkout, Project
from opentraces.domain.health import Level
from opentraces.domain.ids import SessionId
from opentraces.domain.setup import HooksFound, SetupPlan

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOME = "/home/me/.opentraces"
SETUP = "opentraces setup claude-code"
PROJECT = Project("1", "widgets", None, None, ("claude-code",), (Checkout("/w"),))
SOUND = HooksFound(
    SETTINGS,
    events=("start", "stop"),
    interpreter="/usr/bin/python3",
    interpreter_is_there=True,
    script="/agent/hooks/script",
    script_is_ours=True,
    home=HOME,
    is_for_us=True,
)


class Told(MemoryAgentSetup):
    """Is as it is told, until it is installed."""

    def __init__(self, found: HooksFound) -> None:
        super().__init__({})
        self._found: HooksFound | None = found

    def inspect(self) -> HooksFound:
        return self._found or super().inspect()

    def apply(self, plan: SetupPlan) -> None:
        self._found = None
        super().apply(plan)


class World:
    """One agent, and what its hooks left."""

    def __init__(self, setup: MemoryAgentSetup, *projects: Project) -> None:
        self.setup = setup
        self.spool = MemoryEventSpool()
        self.log = MemoryWorkLog()
        enrolments = MemoryEnrolments(projects)
        enrolments.relist()
        self.checker = HooksChecker(
            "claude-code",
            HOME,
            setup,
            enrolments,
            Firings(self.spool, self.log, FixedClock(NOW)),
            {"/opt/other": 0, "/opt/left": 2}.get,
        )

    def checks(self) -> list[tuple[Level, str, str | None]]:
        found = list(self.checker.checks())
        assert {check.topic for check in found} == {"claude-code"}
        return [(check.level, check.text, check.advice) for check in found]


def installed(*projects: Project) -> World:
    world = World(MemoryAgentSetup({}), *projects)
    world.setup.apply(world.setup.install())
    return world


def test_an_agent_that_nobody_uses_is_not_missed() -> None:
    world = World(Told(HooksFound(SETTINGS, missing=("start", "stop"))), PROJECT)

    assert world.checks() == [(Level.OK, "not used on this machine", None)]


def test_hooks_that_are_not_needed_are_not_missed() -> None:
    world = World(MemoryAgentSetup({}))

    assert world.checks() == [(Level.OK, "hooks are not installed, and nothing is enrolled", None)]


def test_hooks_that_an_enrolment_needs_are_missed_and_never_installed_unasked() -> None:
    files: dict[str, bytes] = {}
    world = World(MemoryAgentSetup(files), PROJECT)

    ((level, text, advice),) = world.checks()
    assert (level, advice) == (Level.WARN, SETUP)
    assert text == "hooks are not installed, so nothing is captured live in 1 folder"
    assert list(world.checker.mend()) == []
    assert files == {}


def test_hooks_that_are_in_order_say_when_they_fired() -> None:
    world = installed(PROJECT)
    ran = "hooks installed at 2 events, run by /usr/bin/python3"
    never = "start claude-code anew in a folder that is enrolled"
    assert world.checks() == [(Level.WARN, f"{ran}, never fired", never)]

    world.log.write("kept", NOW, agent="codex-cli")
    world.log.write("kept", NOW - timedelta(hours=3), agent="claude-code")
    assert world.checks() == [(Level.OK, f"{ran}, last fired 3 hours ago", None)]
    world.spool.write(SessionId("s"), b"{}\n", NOW - timedelta(minutes=4))
    assert world.checks() == [(Level.OK, f"{ran}, last fired 4 minutes ago", None)]
    assert list(world.checker.mend()) == []


def test_hooks_that_never_fired_where_nothing_is_enrolled_are_in_order() -> None:
    ((level, text, _),) = installed().checks()

    assert (level, text.endswith("nothing is enrolled")) == (Level.OK, True)


@pytest.mark.parametrize(
    ("found", "level", "text"),
    [
        (
            replace(SOUND, interpreter_is_there=False),
            Level.FAIL,
            "the Python of the hooks is gone: /usr/bin/python3",
        ),
        (
            replace(SOUND, script_is_ours=False),
            Level.FAIL,
            "the script of the hooks is gone, or of another release: /agent/hooks/script",
        ),
        (replace(SOUND, missing=("stop",), events=("start",)), Level.WARN, "no hook runs at stop"),
    ],
    ids=["interpreter", "script", "events"],
)
def test_hooks_that_are_broken_are_installed_again(
    found: HooksFound, level: Level, text: str
) -> None:
    world = World(Told(found), PROJECT)

    assert world.checks() == [(level, text, SETUP)]
    assert list(world.checker.mend()) == [
        "installed the hooks of claude-code again: /agent/settings"
    ]
    assert (level, text, SETUP) not in world.checks()


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (replace(SOUND, home="/opt/other"), f"hooks write to /opt/other, and not to {HOME}"),
        (replace(SOUND, interpreter="/opt/python"), "hooks run another Python: /opt/python"),
    ],
    ids=["home", "Python"],
)
def test_hooks_of_another_installation_that_work_are_left_to_the_user(
    found: HooksFound, text: str
) -> None:
    world = World(Told(replace(found, is_for_us=False)), PROJECT)

    assert world.checks() == [(Level.WARN, text, SETUP)]
    assert list(world.checker.mend()) == []


@pytest.mark.parametrize(
    ("projects", "level"), [((), Level.WARN), ((PROJECT,), Level.FAIL)], ids=["none", "enrolled"]
)
def test_hooks_that_write_to_a_home_that_is_gone_are_wrong_where_they_are_needed(
    projects: tuple[Project, ...], level: Level
) -> None:
    world = World(Told(replace(SOUND, home="/opt/gone", is_for_us=False)), *projects)

    text = "hooks write to /opt/gone, which is gone: nothing comes of it"
    assert world.checks() == [(level, text, SETUP)]
    assert list(world.checker.mend()) == []


def test_events_that_wait_in_another_home_are_told() -> None:
    world = World(Told(replace(SOUND, home="/opt/left", is_for_us=False)), PROJECT)

    first, (level, text, advice) = world.checks()

    assert first == (Level.WARN, f"hooks write to /opt/left, and not to {HOME}", SETUP)
    assert (level, text) == (Level.WARN, "events of 2 sessions wait in /opt/left")
    assert advice == (
        "if you moved from there, move its spool/claude-code/* here, and run opentraces ingest"
    )


def test_broken_hooks_of_another_home_are_not_turned_to_this_one() -> None:
    found = replace(SOUND, is_for_us=False, home="/opt/other", interpreter_is_there=False)
    world = World(Told(found), PROJECT)

    assert [level for level, _, _ in world.checks()] == [Level.FAIL, Level.WARN]
    assert list(world.checker.mend()) == []


def test_hooks_that_are_switched_off_are_something_to_look_at() -> None:
    world = World(Told(replace(SOUND, is_switched_off=True)), PROJECT)

    assert world.checks() == [
        (
            Level.WARN,
            "hooks are installed, and /agent/settings tells the agent to run none",
            "take disableAllHooks out of it",
        )
    ]
    assert list(world.checker.mend()) == []


def test_settings_that_cannot_be_read_are_wrong_and_left_alone() -> None:
    files = {SETTINGS: b"\xff"}
    world = World(MemoryAgentSetup(files), PROJECT)

    assert world.checks() == [
        (Level.FAIL, "hooks unknown: /agent/settings: byte 0: not UTF-8", None)
    ]
    assert list(world.checker.mend()) == []
    assert files == {SETTINGS: b"\xff"}


def test_an_advice_in_what_the_agents_adapter_says_is_one() -> None:
    world = World(Told(HooksFound(SETTINGS, problem="line 1: not JSON → correct it")))

    assert world.checks() == [(Level.FAIL, "hooks unknown: line 1: not JSON", "correct it")]
