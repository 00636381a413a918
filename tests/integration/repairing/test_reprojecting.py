"""Steps made again of a whole bucket, as another release reads them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.filesystem.progress import FilesystemProgress
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.parsing import ParsedSource, ParsedStep
from opentraces.domain.session import SourceFile
from opentraces.ports.parsing import SourceParse, TraceParser
from opentraces.ports.room import Room
from tests.integration.adapters.filesystem.on_disk import traces_of
from tests.integration.adapters.filesystem.test_format import folder_of
from tests.integration.repairing.kept_home import KeptHome
from tests.integration.repairing.kept_traces import MANY, PLAIN

TRACES = 7


@dataclass(frozen=True)
class OtherRelease(TraceParser):
    """Reads everything, and says some of it otherwise."""

    says: str

    def parse(
        self,
        source: SourceFile,
        chunks: Iterable[bytes],
        saved: bytes | None,
        notes: Mapping[str, bytes],
    ) -> SourceParse:
        parse = ClaudeCodeParser().parse(source, chunks, saved, notes)
        return {"steps": _OtherSteps, "title": _OtherTitle}[self.says](parse)


@dataclass
class _OtherSteps(SourceParse):
    parse: SourceParse

    def steps(self) -> Iterator[ParsedStep]:
        for each in self.parse.steps():
            yield replace(each, step=each.step.but(agent_role="other"))

    def context(self) -> list[ContextEvent]:
        return self.parse.context()

    def result(self) -> ParsedSource:
        return self.parse.result()


class _OtherTitle(_OtherSteps):
    def steps(self) -> Iterator[ParsedStep]:
        return self.parse.steps()

    def result(self) -> ParsedSource:
        found = self.parse.result()
        return replace(found, facts=found.facts.but(given_title="other"))


@dataclass
class SomeRoom(Room):
    bytes: int

    def free(self) -> int:
        return self.bytes


def names(home: KeptHome) -> set[str]:
    return {name.rpartition("/")[2] for name in home.files() if "/steps" in name}


def test_steps_that_come_out_different_are_a_new_generation(
    paired: KeptHome, remembered: KeptHome
) -> None:
    before = paired.files()
    paired.parser = OtherRelease("steps")

    done = paired.repair(reproject=True)

    assert (done.ok, done.anew, done.aside) == (True, TRACES, ())
    assert not set(before) & {name for name in paired.files() if "/steps" in name}
    assert paired.problems() == set()
    record, files, _ = paired.kept(MANY)
    assert b'"agent_role":"other"' in record
    assert files == remembered.kept(MANY)[1]

    paired.parser = ClaudeCodeParser()
    assert paired.repair(reproject=True).anew == TRACES
    assert paired.all_kept() == remembered.all_kept()


def test_what_comes_out_the_same_is_not_written(paired: KeptHome) -> None:
    before = paired.files()

    done = paired.repair(reproject=True)

    assert (done.ok, done.anew) == (True, 0)
    assert paired.files() == before


def test_where_only_the_header_differs_the_steps_stay(paired: KeptHome) -> None:
    before = names(paired)
    paired.parser = OtherRelease("title")

    assert paired.repair(reproject=True).anew == TRACES
    assert names(paired) == before
    assert traces_of(paired.path).envelope(PLAIN).header.title == "other"
    assert paired.problems() == set()


def test_a_dry_run_counts_and_writes_nothing(paired: KeptHome) -> None:
    before = paired.files()
    paired.parser = OtherRelease("steps")

    done = paired.repair(dry_run=True, reproject=True)

    assert (done.ok, done.anew) == (True, TRACES)
    assert paired.files() == before


def test_index_and_ledger_are_told(paired: KeptHome) -> None:
    paired.parser = OtherRelease("steps")
    use = paired.use()
    commits = {trace: traces_of(paired.path).envelope(trace).commit for trace in [PLAIN, MANY]}

    use.reproject.execute((), lambda done, total: None)

    marked = {path.name for path in (paired.path / "state" / "dirty").iterdir()}
    assert {PLAIN, MANY} <= marked
    for trace, commit in commits.items():
        assert traces_of(paired.path).envelope(trace).commit == commit + 1


def test_the_next_import_goes_on_from_there(paired: KeptHome) -> None:
    paired.parser = OtherRelease("steps")
    paired.repair(reproject=True)

    progress = FilesystemProgress(paired.path / "state").load(MANY)

    envelope = traces_of(paired.path).envelope(MANY)
    assert progress is not None
    assert progress.steps_generation == envelope.steps_generation
    assert progress.steps_length == envelope.steps_length
    assert progress.steps == envelope.header.steps


def test_without_room_nothing_is_begun(paired: KeptHome) -> None:
    traces = traces_of(paired.path)
    envelopes = [traces.envelope(trace) for trace in traces.ids()]
    needed = sum(each.steps_length + each.trail_length for each in envelopes)
    paired.parser = OtherRelease("steps")
    paired.room = SomeRoom(needed - 1)
    before = paired.files()

    with pytest.raises(StorageUnavailable, match="of room"):
        paired.repair(reproject=True)
    assert paired.files() == before

    paired.room = SomeRoom(needed)
    assert paired.repair(reproject=True).anew == TRACES


def test_a_damaged_trace_is_left_out_and_no_other(alone: KeptHome) -> None:
    (folder_of(alone.bucket, MANY) / "source-0.zst").unlink()
    alone.parser = OtherRelease("steps")

    done = alone.repair(reproject=True)

    assert (done.ok, done.anew) == (False, TRACES - 1)


def test_what_was_mended_comes_out_the_same(paired: KeptHome, remembered: KeptHome) -> None:
    [steps] = folder_of(paired.bucket, MANY).glob("steps*")
    steps.unlink()

    done = paired.repair(reproject=True)

    assert (done.ok, done.anew, len(done.mended)) == (True, 0, 1)
    assert paired.all_kept() == remembered.all_kept()
