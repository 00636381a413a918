"""A trail made again: what calls did comes back, what was found of it only where it is whole."""

from pathlib import Path

import pytest

from opentraces.domain.ids import TraceId
from opentraces.domain.trail.events import (
    AnchorSearched,
    PatchCreated,
    TrailEvent,
)
from tests.contracts.samples import keep_trail, searched
from tests.integration.adapters.filesystem.on_disk import traces_of, writer_of
from tests.integration.adapters.filesystem.test_format import folder_of
from tests.integration.repairing.harm import flipped
from tests.integration.repairing.kept_home import KeptHome


def trail_of(home: KeptHome, trace: TraceId) -> list[TrailEvent]:
    traces = traces_of(home.path)
    return list(traces.trail(traces.envelope(trace)))


def trail_file(home: KeptHome, trace: TraceId) -> Path:
    [path] = folder_of(home.bucket, trace).glob("trail*")
    return path


@pytest.fixture
def changed(paired: KeptHome) -> TraceId:
    """A trace that changed files, and of which something was found."""
    traces = traces_of(paired.path)
    trace = next(
        trace
        for trace in traces.ids()
        if any(isinstance(each, PatchCreated) for each in trail_of(paired, trace))
    )
    keep_trail(writer_of(paired.path), trace, searched())
    return trace


def spoil(path: Path, at: int = 30) -> bytes:
    path.write_bytes(flipped(path.read_bytes(), at))
    return path.read_bytes()


def test_a_damaged_trail_is_made_again_and_says_what_is_lost(
    paired: KeptHome, changed: TraceId
) -> None:
    whole = trail_of(paired, changed)
    damaged = spoil(trail_file(paired, changed))
    assert {kind for kind, _ in paired.problems()} == {"damaged"}

    done = paired.repair()

    assert done.ok
    [said] = [each for each in done.mended if each.path.endswith("trail.jsonl.gz")]
    assert "what had been found of them in Git is lost" in said.text
    assert trail_of(paired, changed) == whole[:-1]
    assert trail_file(paired, changed).name == "trail.1.jsonl.gz"
    assert [(paired.bucket / place).read_bytes() for place in done.aside] == [damaged]
    assert paired.problems() == set()


def test_with_damaged_steps_what_was_found_stays(paired: KeptHome, changed: TraceId) -> None:
    whole = trail_of(paired, changed)
    [steps] = folder_of(paired.bucket, changed).glob("steps*")
    spoil(steps)

    assert paired.repair().ok

    assert trail_of(paired, changed) == whole
    assert trail_file(paired, changed).name == "trail.1.jsonl.gz"


def test_without_its_envelope_what_was_found_stays(paired: KeptHome, changed: TraceId) -> None:
    whole = trail_of(paired, changed)
    (folder_of(paired.bucket, changed) / "trace.json").unlink()

    assert paired.repair().ok

    assert trail_of(paired, changed) == whole
    assert paired.problems() == set()


def test_without_its_envelope_a_damaged_trail_is_made_again(
    paired: KeptHome, changed: TraceId
) -> None:
    whole = trail_of(paired, changed)
    spoil(trail_file(paired, changed))
    (folder_of(paired.bucket, changed) / "trace.json").unlink()

    assert paired.repair().ok

    assert [event for event in whole if not isinstance(event, AnchorSearched)] == trail_of(
        paired, changed
    )
    assert paired.problems() == set()


def test_a_trail_that_is_gone_is_made_again(paired: KeptHome, changed: TraceId) -> None:
    whole = trail_of(paired, changed)
    trail_file(paired, changed).unlink()
    assert {kind for kind, _ in paired.problems()} == {"missing"}

    assert paired.repair().ok

    assert trail_of(paired, changed) == whole[:-1]
