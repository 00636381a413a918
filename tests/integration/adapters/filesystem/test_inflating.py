"""Runs of steps that are read no further than to the step that is wanted."""

import gzip
from collections.abc import Sequence

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters.filesystem.inflating import StepRun
from opentraces.domain.errors import Corrupt
from tests.contracts.samples import step

_SAID = st.text(max_size=40) | st.sampled_from(
    ['"step":{"step_index":99,', '"step_index":7', "\n", "x" * 5000, '\\"step_index":3']
)
STEPS = st.lists(st.tuples(st.integers(1, 40), _SAID), min_size=1, max_size=30)


def line(number: int, said: str) -> bytes:
    step = {"step_index": number, "role": "user", "content": said, "step": {"step_index": said}}
    return orjson.dumps({"source": 0, "native": {"a": said}, "step": step}) + b"\n"


def run_of(steps: Sequence[tuple[int, str]]) -> tuple[StepRun, dict[int, str]]:
    plain = b"".join(line(*step) for step in steps)
    return StepRun(gzip.compress(plain), len(plain), "steps"), dict(steps)


def said_in(run: StepRun, step: int) -> str | None:
    found = run.last(step)
    return None if found is None else str(found["content"])


@given(
    steps=STEPS.map(lambda steps: sorted(steps, key=lambda s: s[0])),
    asked=st.permutations(range(42)),
)
def test_the_last_line_of_each_step_is_found_in_whatever_order_they_are_asked_for(
    steps: Sequence[tuple[int, str]], asked: Sequence[int]
) -> None:
    run, last = run_of(steps)

    for number in asked:
        assert said_in(run, number) == last.get(number)


@given(steps=STEPS)
def test_steps_that_stand_in_another_order_are_found_all_the_same(
    steps: Sequence[tuple[int, str]],
) -> None:
    once = list(dict(steps).items())
    run, last = run_of(once)

    assert {number: said_in(run, number) for number in last} == last


def test_what_is_behind_the_step_is_not_looked_at() -> None:
    plain = line(1, "one") + b"".join(line(n, f"{n} " * 3000) for n in range(2, 6)) + b"not JSON"
    stored = gzip.compress(plain)[:-8] + b"\0" * 8  # no longer what its sum says

    run = StepRun(stored, len(plain), "steps")

    assert said_in(run, 1) == "one"
    with pytest.raises(Corrupt):
        run.last(9)


@pytest.mark.parametrize("more", [-1, 1, 4096, -4096])
def test_a_run_of_another_length_is_damaged(more: int) -> None:
    plain = b"".join(line(n, "x" * 900) for n in range(1, 12))

    with pytest.raises(Corrupt):
        StepRun(gzip.compress(plain), len(plain) + more, "steps").last(11)


@pytest.mark.parametrize("keep", [0, 5, 40, -1, -9])
def test_a_run_that_was_cut_is_damaged(keep: int) -> None:
    plain = b"".join(line(n, f"{n}" * 900) for n in range(1, 12))

    with pytest.raises(Corrupt):
        StepRun(gzip.compress(plain)[:keep], len(plain), "steps").last(11)


def test_what_is_behind_a_run_is_damage() -> None:
    plain = line(1, "one")

    with pytest.raises(Corrupt):
        StepRun(gzip.compress(plain) + b"x", len(plain), "steps").last(1)


def test_steps_are_written_as_they_are_looked_for() -> None:
    """Else each of them would be found only by looking twice."""
    assert b'"step":{"step_index":12,' in step(12, "said").line()
