"""Whether hooks saw a session begin."""

from opentraces.domain.beginning import Beginning, beginning_of
from opentraces.domain.ids import StepKey
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.step import Role, Step, ToolCall

BEGAN = 1_795_000_000_000
BEFORE, AFTER = "2026-11-18T11:06:39Z", "2026-11-18T11:06:41Z"
LATER = "2026-11-18T11:06:42Z"
KEY = StepKey("0" * 16)
OTHER = StepKey("1" * 16)


def step(role: Role, timestamp: str | None, command: str = "", key: StepKey = KEY) -> KeptStep:
    call = ToolCall(tool_call_id="c", tool_name="Bash", input={"command": command})
    calls = (call,) if command else ()
    made = Step(step_index=1, role=role, timestamp=timestamp, tool_calls=calls)
    return KeptStep(source=0, ordinal=0, key=key, step=made)


def test_a_prompt_may_be_older_than_the_first_event_and_an_answer_not() -> None:
    assert beginning_of([step("user", BEFORE)], (), BEGAN) == Beginning(is_seen=True)
    assert beginning_of([step("agent", AFTER)], (), BEGAN) == Beginning(is_seen=True)
    assert not beginning_of([step("agent", BEFORE)], (), BEGAN).is_seen
    assert not beginning_of([step("agent", None)], (), BEGAN).is_seen


def test_what_another_trace_holds_is_no_answer_of_this_one() -> None:
    steps = [step("agent", BEFORE, key=OTHER), step("agent", AFTER)]

    assert beginning_of(steps, {OTHER}, BEGAN).is_seen
    assert not beginning_of(steps, (), BEGAN).is_seen


def test_the_first_command_is_told() -> None:
    steps = [step("agent", AFTER), step("agent", LATER, "ls"), step("agent", LATER, "make")]

    assert beginning_of(steps, (), BEGAN) == Beginning(True, BEGAN + 2000)
