"""Whatever is done, the bucket on the disk says what the one in memory says."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from opentraces.adapters.filesystem.texts import FilesystemStepTexts
from opentraces.adapters.memory.bucket import MemoryBucket
from opentraces.adapters.memory.markers import MemoryMarkers
from opentraces.adapters.memory.texts import MemoryStepTexts
from opentraces.adapters.memory.traces import MemoryTraceStore
from opentraces.adapters.memory.writing import MemoryTraceWriter
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import OpentracesError
from opentraces.domain.ids import TraceId
from opentraces.ports.texts import StepTexts
from opentraces.ports.trace_writing import TraceWriter
from opentraces.ports.traces import TraceStore
from tests.contracts.samples import A, B, header, source, step
from tests.integration.adapters.filesystem.on_disk import keeper_of, traces_of, writer_of

TRACES = st.sampled_from([A, B])
PIECES = st.lists(st.tuples(st.integers(0, 1), st.binary(max_size=40)), max_size=3)
AMENDED = st.lists(st.integers(1, 12), max_size=4)


class Buckets(RuleBasedStateMachine):
    """The same is done to both; both are looked at after each step."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        home = Path(self.folder.name) / "home"
        memory = MemoryBucket()
        self.keeper = keeper_of(home)
        self.keeper.prepare()
        self.writers: list[TraceWriter] = [
            writer_of(home),
            MemoryTraceWriter(memory, MemoryMarkers(memory.committed_number)),
        ]
        self.stores: list[TraceStore] = [traces_of(home), MemoryTraceStore(memory)]
        self.texts: list[StepTexts] = [
            FilesystemStepTexts(home / "bucket"),
            MemoryStepTexts(memory),
        ]

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(
        trace=TRACES,
        pieces=PIECES,
        amended=AMENDED,
        new=st.integers(0, 3),
        restarts=st.booleans(),
        ends=st.sampled_from(["commit", "forget", "raise"]),
    )
    def write(self, **asked: Any) -> None:
        said = [_outcome(_write, writer, asked) for writer in self.writers]
        assert said[0] == said[1]

    @rule(trace=TRACES, title=st.sampled_from([None, "one", "two"]))
    def rename(self, trace: TraceId, title: str | None) -> None:
        said = [
            _outcome(_rename, writer, store, trace, title)
            for writer, store in zip(self.writers, self.stores, strict=True)
        ]
        assert said[0] == said[1]

    @rule(trace=TRACES, sure=st.integers(0, 9))
    def delete(self, trace: TraceId, sure: int) -> None:
        if sure == 0:
            said = [_outcome(writer.delete, trace) for writer in self.writers]
            assert said[0] == said[1]

    @invariant()
    def both_say_the_same(self) -> None:
        if hasattr(self, "stores"):
            on_disk, in_memory = (list(_all(store)) for store in self.stores)
            assert on_disk == in_memory
            for trace in self.stores[0].ids():
                count = self.stores[0].envelope(trace).header.steps
                for number in range(count + 2):
                    said = [_outcome(texts.texts, trace, number) for texts in self.texts]
                    assert said[0] == said[1]

    @invariant()
    def the_disk_is_as_it_was_written(self) -> None:
        if hasattr(self, "keeper"):
            assert self.keeper.verify(deep=True).problems == ()


class _Given(Exception):
    """Raised in a batch to leave it."""


def _write(writer: TraceWriter, asked: dict[str, Any]) -> object:
    with writer.batch() as batch:
        edit = batch.edit(asked["trace"], wait=True)
        before = edit.envelope.header if edit.envelope else header(source(0), source(0, "b"))
        count = 0 if asked["restarts"] else before.steps
        if asked["restarts"]:
            edit.restart_steps()
        sizes = [kept.size for kept in before.sources]
        for number, data in asked["pieces"]:
            edit.append_source(number, data)
            sizes[number] += len(data)
        for index in asked["amended"]:
            if index <= count:
                edit.append_step(step(index, f"amended {index} {asked['new']}", 1))
        for index in range(count + 1, count + asked["new"] + 1):
            edit.append_step(step(index, f"new {index}"))
        sources = (source(sizes[0]), source(sizes[1], "b"))
        if asked["ends"] != "forget":
            edit.commit(header(*sources, steps=count + asked["new"], title=before.title))
        if asked["ends"] == "raise":
            raise _Given
    return _said(edit.committed) if asked["ends"] == "commit" else None


def _rename(writer: TraceWriter, store: TraceStore, trace: TraceId, title: str | None) -> None:
    known = store.envelope(trace).header
    writer.revise(trace, lambda _: known.but(title=title))


def _outcome(call: Any, *args: Any) -> object:
    try:
        return call(*args)
    except (OpentracesError, _Given) as error:
        return type(error)


def _said(kept: Envelope) -> object:
    companions = sorted(set(kept.files) - {"sources.jsonl.gz"})
    return kept.trace_id, kept.commit, kept.header, kept.steps_generation, companions


def _all(store: TraceStore) -> Iterator[object]:
    for trace in store.ids():
        kept = store.envelope(trace)
        yield _said(kept)
        yield list(store.steps(kept, 1, None))
        yield list(store.steps(kept, 2, 4))
        yield list(store.step_lines(kept, 0))
        for number in (0, 1):
            yield b"".join(store.source(kept, number, 0))
            yield b"".join(store.source(kept, number, 7))


TestBuckets = Buckets.TestCase
TestBuckets.settings = settings(max_examples=40, stateful_step_count=25)
