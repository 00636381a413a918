"""Giving files back: exactly the bytes that the envelope speaks of, and no others."""

import pytest
from pydantic import ValidationError

from opentraces.adapters.memory.destination import MemoryDestination
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.restore_trace import RestoreTrace
from opentraces.domain.built import NotSureError, built
from opentraces.domain.envelope import KeptSource, may_be_given_back
from opentraces.domain.errors import Corrupt
from tests.checked import checked
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import typed

FILES = {"s1.jsonl": typed("Fix it", at=0), "s1/tool-results/b1.txt": b"a long output"}


@pytest.fixture
def world() -> MemoryWorld:
    world = MemoryWorld()
    world.leave("s1", FILES)
    world.run()
    return world


def restore(world: MemoryWorld) -> dict[str, bytes]:
    destination = MemoryDestination()
    use = RestoreTrace(world.traces, world.blobs, ResolveTrace(world.traces))
    use.execute(trace_of("s1"), destination)
    return destination.files


def test_files_are_those_that_were_kept(world: MemoryWorld) -> None:
    assert restore(world) == FILES


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("size", [0, 5, 10**12])
def test_file_of_another_size_than_the_envelope_says_is_damage(
    world: MemoryWorld, number: int, size: int
) -> None:
    header = world.traces.envelope(trace_of("s1")).header
    sources = list(header.sources)
    sources[number] = sources[number].but(size=size)
    said = {"sources": tuple(sources)}
    world.writer.revise(trace_of("s1"), lambda header: header.but(**said))

    with pytest.raises(Corrupt, match=sources[number].name):
        restore(world)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../x", "a/../x", "a/..", "/x", "a//x", "a/", "a\0b", "a\nb", "a\x1bb"),
        *(".ssh/authorized_keys", "a/.git/hooks/post-commit", "a\x7f"),
    ],
)
def test_no_envelope_holds_a_name_that_leaves_a_folder_or_is_hidden_in_it(name: str) -> None:
    said = {"kind": "output", "name": name, "location": "/x", "size": 0}

    assert not may_be_given_back(name)
    with pytest.raises(ValidationError):
        checked(KeptSource, said)
    with pytest.raises(NotSureError):
        built(KeptSource, said)


def test_a_file_of_such_a_name_is_not_kept_and_that_is_said() -> None:
    world = MemoryWorld()
    world.leave("s1", {**FILES, "a/.git/hooks/post-commit": b"#!/bin/sh"})

    (left,) = world.run().failed

    assert ".git/hooks" in left.reason
    assert world.records() == {}


@pytest.mark.parametrize("name", ["a", "projects/-home-dev/s1.jsonl", "-rf", "ä/漢", "a..b", "a."])
def test_any_other_name_is_kept(name: str) -> None:
    said = {"kind": "output", "name": name, "location": "/x", "size": 0}

    assert may_be_given_back(name)
    assert built(KeptSource, said).name == checked(KeptSource, said).name == name
