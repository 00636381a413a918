"""A bucket that somebody else wrote: all digests are right, and nothing else need be.

Whatever it says, reading it gives what it holds or an error of ours, and touches no file beside it.
"""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import zstandard

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from opentraces.adapters.filesystem.overview import FilesystemTraceOverview
from opentraces.adapters.filesystem.texts import FilesystemStepTexts
from opentraces.adapters.filesystem.traces import FilesystemTraceStore, committed_number
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter
from opentraces.domain.assemble import assemble, wire_bytes
from opentraces.domain.errors import Corrupt, OpentracesError
from opentraces.domain.ids import digest
from opentraces.domain.kept_brief import KeptBrief
from opentraces.domain.search import TraceBrief
from tests.contracts.samples import LINES, A, B, answer, header, keep, source, step
from tests.integration.adapters.filesystem.forging import ODD, Forged, places, replaced
from tests.integration.adapters.filesystem.on_disk import OnDisk

STEPS = b"".join(each.line() for each in (step(1), answer(2)))
DEEP = 100_000


class Readers:
    """All that reads a trace."""

    def __init__(self, home: Path) -> None:
        self.bucket = home / "bucket"
        self.traces = FilesystemTraceStore(self.bucket)

    def all(self) -> Iterator[Callable[[], object]]:
        """Yield them, each to be called."""
        texts = FilesystemStepTexts(self.bucket)
        yield self.record
        yield lambda: list(self.traces.step_lines(self.traces.envelope(A), 0))
        yield lambda: list(self.traces.source(self.traces.envelope(A), 0, 0))
        yield lambda: _check(texts.brief(A))
        yield lambda: [text.encode() for text in texts.texts(A, 2).values()]
        yield lambda: _check_kept(FilesystemTraceOverview(self.bucket).briefs())
        yield lambda: committed_number(self.bucket, A)

    def record(self) -> bytes:
        """Return the whole trace as JSON."""
        envelope = self.traces.envelope(A)
        return wire_bytes(assemble(envelope, list(self.traces.steps(envelope, 1, None))))


def _check(brief: TraceBrief) -> None:
    for text in (brief.title, brief.project, brief.started, brief.agent, brief.session):
        assert text is None or text.encode() is not None
    assert 0 <= brief.steps < 2**63


def _check_kept(briefs: Iterable[KeptBrief]) -> None:
    for brief in briefs:
        for text in (brief.title, brief.folder, brief.ended, brief.skipped, brief.release):
            assert text is None or text.encode() is not None
        for number in (brief.steps, brief.bad_lines, *brief.unknown_types.values()):
            assert 0 <= number < 2**63


class TestForgedEnvelopes(OnDisk):
    @pytest.fixture
    def forged(
        self,
        bucket: Path,
        keeper: FilesystemBucketKeeper,
        writer: FilesystemTraceWriter,
        blobs: FilesystemBlobStore,
    ) -> Forged:
        """Two traces, one of which another wrote, and a bucket that is whole."""
        keeper.prepare()
        with writer.batch() as batch:
            blob = blobs.put([b"spilled"])
            edit = batch.edit(A, wait=True)
            edit.append_source(0, LINES)
            edit.append_step(step(1))
            edit.append_step(answer(2))
            edit.commit(header(source(len(LINES)), source(7, "out.txt", blob), steps=2, title="t"))
        keep(writer, B, step(1))
        assert keeper.verify(deep=True).ok
        forged = Forged(bucket, A)
        facts = {"versions": ["1"], "unknown_types": {"x": 1}, "lines": {"bad": 2}, "prompts": 1}
        forged.change(lambda said: said["header"]["sources"][0].update(facts=facts))
        return forged

    @pytest.mark.parametrize("odd", ODD, ids=repr)
    def test_no_value_in_an_envelope_gives_any_error_but_ours(
        self, place: Path, forged: Forged, keeper: FilesystemBucketKeeper, odd: object
    ) -> None:
        said = forged.said()
        readers = Readers(place)
        whole = readers.record()
        for where in places(said):
            forged.say(replaced(said, where, odd))
            for read in readers.all():
                _tried(read)
            keeper.status()
            assert {each.trace for each in keeper.verify(deep=False).problems} <= {A}, where
        forged.say(said)
        assert readers.record() == whole

    @pytest.mark.parametrize("odd", ODD, ids=repr)
    def test_no_value_in_a_step_gives_any_error_but_ours(
        self, place: Path, forged: Forged, keeper: FilesystemBucketKeeper, odd: object
    ) -> None:

        readers = Readers(place)
        said = [json.loads(line) for line in STEPS.splitlines()]
        for where in places(said):
            lines = replaced(said, where, odd)
            plain = b"".join(json.dumps(each).encode() + b"\n" for each in lines)
            forged.put(
                "steps.jsonl.gz",
                gzip.compress(plain),
                last=2,
                plain=len(plain),
                content=digest(plain),
            )
            for read in readers.all():
                _tried(read)
            assert {each.trace for each in keeper.verify(deep=True).problems} <= {A}, where

    @pytest.mark.parametrize(
        "text",
        [
            b"[" * DEEP + b"]" * DEEP + b"}",
            b'{"format":"opentraces.trace/1","a":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}",
            b'{"format":"opentraces.trace/1","commit":' + b"9" * 5000 + b"}",
            b'{"format":"opentraces.trace/1","commit":NaN}',
            b'{"format":"opentraces.trace/1","title":"\xff"}',
            b'{"format":"opentraces.trace/1","title":"\\ud800"}',
            b'{"format":"opentraces.trace/1"}',
            b"{}",
        ],
        ids=lambda text: str(text[:50]),
    )
    def test_text_that_is_no_envelope_is_damage(
        self, place: Path, forged: Forged, keeper: FilesystemBucketKeeper, text: bytes
    ) -> None:
        forged.seal(text)

        with pytest.raises(Corrupt):
            Readers(place).record()
        with pytest.raises(Corrupt):
            FilesystemStepTexts(place / "bucket").brief(A)
        assert [each.kind for each in keeper.verify(deep=True).problems] == ["damaged"]
        assert keeper.status().traces == 1

    def test_key_that_stands_there_twice_means_its_last(self, place: Path, forged: Forged) -> None:
        text = (forged.folder / "trace.json").read_bytes()
        forged.seal(
            text.rpartition(b',"digest"')[0].replace(b'"title":"t"', b'"title":"t","title":"u"')
            + b"}"
        )

        assert Readers(place).traces.envelope(A).header.title == "u"
        assert FilesystemStepTexts(place / "bucket").brief(A).title == "u"

    @pytest.mark.parametrize("name", ["steps./{up}evil.jsonl.gz", "steps.\xb2.jsonl.gz"])
    def test_no_companion_is_read_from_elsewhere(
        self, place: Path, tmp_path: Path, forged: Forged, keeper: FilesystemBucketKeeper, name: str
    ) -> None:
        plain = step(1, "of another folder").line()
        stored = gzip.compress(plain)
        (tmp_path / "evil.jsonl.gz").write_bytes(stored)
        (forged.folder / "steps.").mkdir()
        up = "../" * 7
        member = [1, 1, len(plain), len(stored), digest(stored), digest(plain)]

        def name_it(said: dict[str, object]) -> None:
            said["files"] = {name.format(up=up): {"length": len(stored), "members": [member]}}

        forged.change(name_it)
        assert (forged.folder / "steps." / up / "evil.jsonl.gz").read_bytes() == stored

        for read in (
            Readers(place).record,
            lambda: FilesystemStepTexts(place / "bucket").texts(A, 1),
        ):
            with pytest.raises(OpentracesError):
                read()
        assert "damaged" in {each.kind for each in keeper.verify(deep=True).problems}

    @pytest.mark.parametrize("named", [B, "../../../..", "", "x"])
    def test_envelope_speaks_of_the_trace_it_stands_for(
        self, place: Path, forged: Forged, named: str
    ) -> None:
        forged.change(lambda said: said.update(trace_id=named))

        with pytest.raises(Corrupt):
            Readers(place).record()
        with pytest.raises(Corrupt):
            FilesystemStepTexts(place / "bucket").brief(A)

    @pytest.mark.parametrize("plain", [-1, 0, 1, len(STEPS) - 1, len(STEPS) + 1, 2**27 + 1, 2**62])
    def test_run_that_holds_more_or_less_than_is_said_is_damage(
        self, place: Path, forged: Forged, plain: int
    ) -> None:
        forged.put("steps.jsonl.gz", gzip.compress(STEPS), plain=plain, content=digest(STEPS))

        with pytest.raises(Corrupt):
            Readers(place).record()
        with pytest.raises(Corrupt):
            FilesystemStepTexts(place / "bucket").texts(A, 1)

    @pytest.mark.parametrize("stored", [-1, 0, 2**27 + 1, 2**40, 2**62])
    def test_run_that_claims_more_than_is_there_takes_no_memory(
        self, place: Path, forged: Forged, stored: int
    ) -> None:
        forged.put("steps.jsonl.gz", b"", stored=stored, plain=10)
        with (forged.folder / "steps.jsonl.gz").open("wb") as file:
            file.truncate(min(max(stored, 0), 2**40))

        with pytest.raises(Corrupt):
            Readers(place).record()
        with pytest.raises(Corrupt):
            FilesystemStepTexts(place / "bucket").texts(A, 1)

    def test_envelope_too_long_to_be_one_is_not_read(
        self, place: Path, forged: Forged, keeper: FilesystemBucketKeeper
    ) -> None:
        with (forged.folder / "trace.json").open("wb") as file:
            file.truncate(2**40)

        with pytest.raises(Corrupt):
            Readers(place).record()
        assert [each.kind for each in keeper.verify(deep=True).problems] == ["damaged"]

    def test_steps_are_not_counted_up_to_what_is_said(
        self, forged: Forged, keeper: FilesystemBucketKeeper
    ) -> None:
        forged.change(lambda said: said["header"].update(steps=2**50))

        assert [each.kind for each in keeper.verify(deep=True).problems] == ["damaged"]

    def test_blob_that_is_larger_than_is_said_is_damage_before_it_is_written(
        self,
        place: Path,
        forged: Forged,
        blobs: FilesystemBlobStore,
        keeper: FilesystemBucketKeeper,
    ) -> None:
        large = blobs.put([b"x" * 9_000_000])

        def name_it(said: dict[str, dict[str, list[dict[str, object]]]]) -> None:
            said["header"]["sources"][1]["blob"] = large.as_json() | {"size": 7}

        forged.change(name_it)

        assert "damaged" in {each.kind for each in keeper.verify(deep=True).problems}

    def test_frame_that_needs_more_memory_than_ours_is_refused(
        self, blobs: FilesystemBlobStore, bucket: Path
    ) -> None:
        data = bytes(range(256)) * 40_000
        blob = blobs.put([data]).blob
        parameters = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
        writer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
        path = next((bucket / "blobs").rglob(f"{blob}.zst"))
        path.write_bytes(writer.compress(data) + writer.flush())

        with pytest.raises(Corrupt, match="decompressed"):
            list(blobs.get(blob))


def _tried(read: Callable[[], object]) -> None:
    try:
        read()
    except OpentracesError:
        return
