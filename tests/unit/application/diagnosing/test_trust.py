import pytest

from opentraces.adapters.memory.agent_setup import MemoryAgentSetup
from opentraces.adapters.memory.hook_trust import MemoryHookTrust
from opentraces.application.diagnosing.trust import TrustChecker
from opentraces.domain.health import Level
from opentraces.domain.setup import HooksTrusted
from opentraces.ports.hook_trust import HookTrust

TRUST = "start codex, type /hooks, and trust them"
LOOK = "look at /hooks in codex"


class Unasked(HookTrust):
    """An agent that is not to be started."""

    def ask(self) -> HooksTrusted:
        raise AssertionError


def checks(told: HooksTrusted) -> list[tuple[Level, str, str | None]]:
    setup = MemoryAgentSetup({})
    setup.apply(setup.install())
    found = list(TrustChecker("codex-cli", "codex", setup, MemoryHookTrust(told)).checks())
    assert {check.topic for check in found} == {"codex-cli"}
    return [(check.level, check.text, check.advice) for check in found]


def test_where_none_is_installed_the_agent_is_not_started() -> None:
    assert list(TrustChecker("codex-cli", "codex", MemoryAgentSetup({}), Unasked()).checks()) == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            HooksTrusted(trusted=("Stop", "Interrupt")),
            (Level.OK, "hooks at 2 events are trusted", None),
        ),
        (
            HooksTrusted(trusted=("Interrupt",), untrusted=("Stop",)),
            (Level.WARN, "hooks at 1 event are skipped: not trusted yet", TRUST),
        ),
        (
            HooksTrusted(modified=("Stop",)),
            (Level.WARN, "hooks at 1 event are skipped: changed since they were trusted", TRUST),
        ),
        (
            HooksTrusted(disabled=("Stop",)),
            (
                Level.WARN,
                "hooks at 1 event are skipped: switched off",
                "start codex, type /hooks, and switch them on",
            ),
        ),
        (HooksTrusted(), (Level.WARN, "hooks are installed, and it knows of none", LOOK)),
        (
            HooksTrusted(problem="codex is not on the PATH"),
            (
                Level.WARN,
                "whether the hooks are trusted is not known: codex is not on the PATH",
                LOOK,
            ),
        ),
    ],
)
def test_what_an_agent_says_is_one_check(
    told: HooksTrusted, expected: tuple[Level, str, str | None]
) -> None:
    assert checks(told) == [expected]


def test_each_reason_to_skip_a_hook_and_each_complaint_is_told() -> None:
    told = HooksTrusted(
        untrusted=("Stop",), modified=("Interrupt",), complaints=("clamped", "ignored")
    )

    assert [text for _, text, _ in checks(told)] == [
        "it says of its hooks: clamped",
        "it says of its hooks: ignored",
        "hooks at 1 event are skipped: not trusted yet",
        "hooks at 1 event are skipped: changed since they were trusted",
    ]
