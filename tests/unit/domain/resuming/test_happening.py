"""What had happened when a step began."""

import pytest

from opentraces.domain.resuming.happening import happened_before
from opentraces.domain.step import Step
from opentraces.domain.trail.events import PatchCreated, StateObserved
from opentraces.domain.trail.file_change import NO_RESULT, FileChange

AT = 1_793_527_200_000


def patch(step: int, moment: int | None = AT, *limitations: str) -> PatchCreated:
    change = FileChange(
        call=None, path="/w/f", operation="edit", moment=moment, limitations=limitations
    )
    return PatchCreated(patch_id="p", step_index=step, change=change)


STEP = Step(step_index=5, role="agent", timestamp="2026-11-01T10:00:00.000Z")
SEEN = StateObserved(step_index=4, change=FileChange(call=None, path="/w/f", operation="read"))


@pytest.mark.parametrize("each", [patch(1), patch(4, None), patch(0, AT), patch(0, AT - 1), SEEN])
def test_what_was_before_is_told(each: PatchCreated | StateObserved) -> None:
    assert list(happened_before([each], STEP)) == [each]


@pytest.mark.parametrize(
    "each", [patch(5), patch(6), patch(0, AT + 1), patch(0, None), patch(1, AT, NO_RESULT)]
)
def test_what_was_not_or_may_not_have_been_is_left_out(each: PatchCreated) -> None:
    assert list(happened_before([each], STEP)) == []


def test_at_a_moment_that_is_not_known_only_steps_tell() -> None:
    step = STEP.but(timestamp=None)

    assert list(happened_before([patch(4), patch(0)], step)) == [patch(4)]


def test_at_the_end_all_has_happened() -> None:
    everything: list[PatchCreated | StateObserved] = [patch(9), patch(0, None), SEEN]

    found = happened_before([*everything, patch(1, AT, NO_RESULT)], None)
    assert list(found) == everything
