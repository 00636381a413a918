"""What a later release wrote is read as far as it is known, never written to, never damage."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.bucket_file import later_format, read_bucket_id
from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from opentraces.adapters.filesystem.markers import FilesystemMarkers
from opentraces.adapters.filesystem.texts import FilesystemStepTexts
from opentraces.adapters.filesystem.traces import FilesystemTraceStore, committed_number
from opentraces.adapters.filesystem.writing import FilesystemTraceWriter
from opentraces.domain.audit import Problem
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import Corrupt, NewerFormat
from opentraces.domain.facts import AgentLink, SourceFacts
from opentraces.domain.ids import TraceId
from opentraces.domain.line_counts import LineCounts
from opentraces.domain.search import Place
from tests.contracts.samples import (
    LINES,
    A,
    B,
    answer,
    header,
    keep,
    keep_trail,
    patch,
    searched,
    source,
    step,
)
from tests.integration.adapters.filesystem.later import (
    Change,
    add_file,
    make_bucket_later,
    make_trace_later,
    rewrite,
    rewrite_steps,
    rewrite_trail,
)
from tests.integration.adapters.filesystem.on_disk import contents, keeper_of, traces_of, writer_of
from tests.integration.adapters.filesystem.test_format import folder_of


def _member(said: dict[str, Any]) -> Any:
    return said["files"]["steps.jsonl.gz"]["members"][0]


def _source(said: dict[str, Any]) -> Any:
    return said["header"]["sources"][0]


def _facts(said: dict[str, Any]) -> Any:
    return _source(said)["facts"]


KEYS: dict[str, Change] = {
    "mood": lambda said: said.update(mood="good"),
    "header.mood": lambda said: said["header"].update(mood=["good"]),
    "header.sources[0].mood": lambda said: _source(said).update(mood={"so": "so"}),
    "header.sources[0].facts.mood": lambda said: _facts(said).update(mood=None),
    "header.sources[0].facts.lines.mood": lambda said: _facts(said)["lines"].update(mood=1),
    "header.sources[0].facts.links[0].mood": lambda said: _facts(said)["links"][0].update(mood=1),
    "files.steps.jsonl.gz.mood": lambda said: said["files"]["steps.jsonl.gz"].update(mood=1),
    "files.steps.jsonl.gz.members": lambda said: _member(said).append("good"),
}
"""What adds something to an envelope, by the place that is named."""

WORDS: dict[str, Change] = {
    "header.agent is 'hal'": lambda said: said["header"].update(agent="hal"),
    "header.sources[0].kind is 'film'": lambda said: _source(said).update(kind="film"),
}
"""What says something of which this release knows only some words, by what is named."""


@dataclass(frozen=True)
class Kept:
    """A home with two traces: `A` of two steps, whose source says something; `B` of one."""

    home: Path

    @property
    def bucket(self) -> Path:
        return self.home / "bucket"

    @property
    def folder(self) -> Path:
        return folder_of(self.bucket, A)

    @property
    def traces(self) -> FilesystemTraceStore:
        return traces_of(self.home)

    @property
    def texts(self) -> FilesystemStepTexts:
        return FilesystemStepTexts(self.bucket)

    @property
    def writer(self) -> FilesystemTraceWriter:
        return writer_of(self.home)

    @property
    def keeper(self) -> FilesystemBucketKeeper:
        return keeper_of(self.home)

    @property
    def envelope(self) -> Envelope:
        return self.traces.envelope(A)

    def steps(self, trace: TraceId = A) -> list[Any]:
        return list(self.traces.steps(self.traces.envelope(trace), 1, None))

    def problems(self, *, deep: bool = True) -> list[tuple[str, str]]:
        return [
            (each.kind, Path(each.path).name) for each in self.keeper.verify(deep=deep).problems
        ]

    def rewrite(self, change: Change) -> None:
        rewrite(self.folder / "trace.json", change)

    def assert_refuses_changes(self, *words: str) -> None:
        """Every way to change `A` is refused in these words, and touches nothing."""
        before = contents(self.bucket)
        with pytest.raises(NewerFormat) as edited, self.writer.batch() as batch:
            batch.edit(A, wait=True)
        with pytest.raises(NewerFormat) as revised:
            self.writer.revise(A, lambda said: said.but(title="x"))
        for error in (edited, revised):
            for word in (*words, "→ upgrade opentraces"):
                assert word in str(error.value)
        assert contents(self.bucket) == before


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    kept = Kept(tmp_path / "home")
    kept.keeper.prepare()
    keep(kept.writer, B, step(1))
    facts = SourceFacts(lines=LineCounts(2), links=(AgentLink(agent_id="a1"),))
    said = source(len(LINES)).but(facts=facts)
    with kept.writer.batch() as batch:
        edit = batch.edit(A, wait=True)
        edit.append_source(0, LINES)
        edit.append_step(step(1))
        edit.append_step(answer(2))
        edit.commit(header(said, steps=2))
    return kept


@pytest.mark.parametrize(("place", "change"), KEYS.items(), ids=KEYS)
def test_a_key_that_was_added_is_passed_over_and_never_lost(
    place: str, change: Change, kept: Kept
) -> None:
    before = kept.envelope
    kept.rewrite(change)

    assert kept.envelope == before
    assert kept.steps() == [step(1), answer(2)]
    assert kept.texts.brief(A).steps == 2
    assert kept.texts.texts(A, 1) == {Place.USER: "said"}
    assert kept.problems() == []
    assert (kept.keeper.status().traces, kept.keeper.status().later) == (2, 0)
    kept.assert_refuses_changes(f"trace.json was written by a later release: {place}")


def test_several_keys_are_all_passed_over(kept: Kept) -> None:
    before = kept.envelope
    for change in KEYS.values():
        kept.rewrite(change)

    assert kept.envelope == before
    kept.assert_refuses_changes("later release")


def test_a_trace_with_an_added_key_may_be_deleted(kept: Kept) -> None:
    kept.rewrite(KEYS["header.mood"])

    kept.writer.delete(A)

    assert list(kept.traces.ids()) == [B]


def test_the_other_traces_are_written_to(kept: Kept) -> None:
    kept.rewrite(KEYS["header.mood"])

    assert keep(kept.writer, B, step(2)).commit == 2


def test_a_key_that_was_added_to_a_step_is_passed_over(kept: Kept) -> None:
    def change(line: dict[str, Any]) -> None:
        line["mood"] = line["step"]["mood"] = "good"
        for call in line["step"].get("tool_calls", ()):
            call["mood"] = "good"

    rewrite_steps(kept.folder, change)

    assert kept.steps() == [step(1), answer(2)]
    assert kept.texts.texts(A, 1) == {Place.USER: "said"}
    assert kept.problems() == []


@pytest.mark.parametrize(("said", "change"), WORDS.items(), ids=WORDS)
def test_a_word_that_is_not_known_is_of_a_later_release(
    said: str, change: Change, kept: Kept
) -> None:
    kept.rewrite(change)

    with pytest.raises(NewerFormat) as error:
        kept.traces.envelope(A)
    assert said in str(error.value)
    assert kept.texts.texts(A, 1) == {Place.USER: "said"}
    assert kept.problems() == [("newer", "trace.json")]
    kept.assert_refuses_changes(said)


def test_a_role_that_is_not_known_is_of_a_later_release(kept: Kept) -> None:
    rewrite_steps(kept.folder, lambda line: line["step"].update(role="robot"))

    with pytest.raises(NewerFormat, match=r"step\.role is 'robot'"):
        kept.steps()
    assert kept.problems() == [("newer", "steps.jsonl.gz")]
    assert kept.problems(deep=False) == []


def _is_patch(line: dict[str, Any]) -> bool:
    return bool(line["event"] == "patch_created")


EVENTS: dict[str, Change] = {
    "event is 'patch_dreamt'": lambda line: _is_patch(line) and line.update(event="patch_dreamt"),
    "change.operation is 'melt'": lambda line: (
        _is_patch(line) and line["change"].update(operation="melt")
    ),
}
"""What makes an event one of a later release, by what is named."""


def test_a_key_that_was_added_to_an_event_is_passed_over(kept: Kept) -> None:
    keep_trail(kept.writer, A, patch(1), searched())

    def change(line: dict[str, Any]) -> None:
        line["mood"] = "good"
        if _is_patch(line):
            line["change"]["mood"] = line["change"]["before"]["mood"] = 1

    rewrite_trail(kept.folder, change)

    assert list(kept.traces.trail(kept.envelope)) == [patch(1), searched()]
    assert kept.problems() == []


@pytest.mark.parametrize(("said", "change"), EVENTS.items(), ids=EVENTS)
def test_an_event_that_is_not_known_is_of_a_later_release(
    said: str, change: Change, kept: Kept
) -> None:
    keep_trail(kept.writer, A, searched(), patch(1))
    rewrite_trail(kept.folder, change)

    with pytest.raises(NewerFormat, match=said):
        list(kept.traces.trail(kept.envelope))
    assert len(kept.steps()) == 2
    assert kept.problems() == [("newer", "trail.jsonl.gz")]
    assert kept.problems(deep=False) == []


@pytest.mark.parametrize(
    "line", [b"[]", b"1", b"{}", b'{"event":[]}', b'{"event":"anchored"}', b'"x"', b"\xff", b"{"]
)
def test_what_is_no_event_is_damage(line: bytes, kept: Kept) -> None:
    add_file(kept.folder, "trail.jsonl.gz", line + b"\n")

    with pytest.raises(Corrupt, match=r"trail\.jsonl\.gz"):
        list(kept.traces.trail(kept.envelope))
    assert kept.problems() == [("unreadable", "trail.jsonl.gz")]


def test_what_is_neither_known_nor_added_is_damage(kept: Kept) -> None:
    kept.rewrite(lambda said: said["header"].update(steps="many", mood="bad"))

    assert kept.problems() == [("damaged", "trace.json")]


@pytest.mark.parametrize("name", ["views.jsonl.gz", "views.1.jsonl.gz", "future.bin"])
def test_a_listed_file_that_is_not_known_is_checked_and_never_made_untrue(
    name: str, kept: Kept
) -> None:
    add_file(kept.folder, name, b"what only a later release knows\n")

    assert len(kept.steps()) == 2
    assert kept.problems() == []
    kept.assert_refuses_changes(f"files.{name}")
    stored = (kept.folder / name).read_bytes()
    (kept.folder / name).write_bytes(b"\0" + stored[1:])
    assert kept.problems(deep=False) == [("damaged", name)]


def test_a_file_that_no_envelope_lists_is_left_alone(kept: Kept) -> None:
    (kept.folder / "notes.txt").write_text("of the user's")

    keep(kept.writer, A, step(3))

    assert (kept.folder / "notes.txt").read_text() == "of the user's"
    assert kept.problems() == [("unexpected", "notes.txt")]


def test_a_trace_of_a_later_format_is_left_alone(kept: Kept) -> None:
    make_trace_later(kept.folder)
    before = contents(kept.bucket)

    assert kept.problems() == [("newer", "trace.json")]
    assert (kept.keeper.status().traces, kept.keeper.status().later) == (1, 1)
    with pytest.raises(NewerFormat, match=r"opentraces\.trace/2"):
        kept.traces.envelope(A)
    with pytest.raises(NewerFormat, match=r"trace\.json"):
        kept.writer.delete(A)
    assert contents(kept.bucket) == before
    kept.assert_refuses_changes("opentraces.trace/2")


def test_no_blob_goes_while_nobody_knows_whether_it_is_named(kept: Kept) -> None:
    blobs = FilesystemBlobStore(kept.bucket)
    with kept.writer.batch() as batch:
        blob = blobs.put([b"spilled"])
        batch.edit(B, wait=True).commit(header(source(7, "out.txt", blob)))
    make_trace_later(kept.folder)

    kept.writer.delete(B)

    assert list(blobs) == [blob.blob]
    assert kept.problems() == [("newer", "trace.json")]


def test_the_mark_of_a_trace_of_a_later_format_stays(kept: Kept) -> None:
    markers = FilesystemMarkers(
        kept.home / "state", lambda trace: committed_number(kept.bucket, trace)
    )
    make_trace_later(kept.folder)

    for trace in (A, B):
        markers.clear(trace, 1_000_000)

    assert list(markers.marked()) == [A]


def test_a_tombstone_of_a_later_format_is_one(kept: Kept) -> None:
    def change(said: dict[str, Any]) -> None:
        said["format"] = "opentraces.tombstone/2"
        del said["trace_id"]

    kept.writer.delete(A)
    (file,) = (kept.bucket / "tombstones").rglob("*.json")
    rewrite(file, change)

    assert list(kept.traces.ids()) == [B]
    assert kept.writer.is_deleted(A)
    assert kept.problems() == [("newer", file.name)]


def test_a_bucket_of_a_later_format_is_read_and_never_written_to(kept: Kept) -> None:
    name = read_bucket_id(kept.bucket)
    make_bucket_later(kept.bucket)
    (kept.bucket / "shelves").mkdir()
    before = contents(kept.home)

    assert later_format(kept.bucket) == "opentraces.bucket/2"
    assert read_bucket_id(kept.bucket) == name
    assert (len(kept.steps(A)), len(kept.steps(B))) == (2, 1)
    assert kept.keeper.status().traces == 2
    assert kept.keeper.verify(deep=True).problems == (
        Problem("newer", "bucket.json", None),
        Problem("newer", "shelves", None),
    )
    for refused in (kept.keeper.prepare, kept.keeper.identify, lambda: kept.writer.delete(A)):
        with pytest.raises(NewerFormat, match=r"bucket/2.* → upgrade opentraces"):
            refused()
    assert contents(kept.home) == before
    kept.assert_refuses_changes("nothing is written to it")


def test_a_key_that_was_added_to_the_description_is_passed_over(kept: Kept) -> None:
    rewrite(kept.bucket / "bucket.json", lambda said: said.update(mood="good"))
    before = (kept.bucket / "bucket.json").read_bytes()

    kept.keeper.prepare()
    keep(kept.writer, B, step(2))

    assert kept.problems() == []
    assert (kept.bucket / "bucket.json").read_bytes() == before
