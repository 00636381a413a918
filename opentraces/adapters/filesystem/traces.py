"""Kept traces as files, for reading."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from opentraces.adapters.filesystem.envelope_file import decode
from opentraces.adapters.filesystem.frames import expanded
from opentraces.adapters.filesystem.kept_files import envelope_bytes, envelope_name
from opentraces.adapters.filesystem.layout import trace_folder
from opentraces.adapters.filesystem.members import check, gunzipped
from opentraces.adapters.filesystem.raw_envelope import count, read_envelope, taken_from
from opentraces.adapters.filesystem.trace_ids import trace_ids
from opentraces.adapters.filesystem.tree import OpenFile, Tree
from opentraces.adapters.filesystem.understanding import context_event_of, event_of, step_of
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.envelope import Envelope, Member, is_context, is_steps, is_trail
from opentraces.domain.errors import Corrupt, TraceNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.trail.events import TrailEvent
from opentraces.ports.traces import TraceStore


class FilesystemTraceStore(TraceStore):
    """See TraceStore."""

    def __init__(self, bucket: Path) -> None:
        self._bucket = Tree(bucket)

    def ids(self) -> Iterator[TraceId]:
        """See TraceStore."""
        return trace_ids(self._bucket)

    def envelope(self, trace: TraceId) -> Envelope:
        """See TraceStore."""
        name = envelope_name(trace)
        envelope = decode(envelope_bytes(self._bucket, trace), name)
        if envelope.trace_id != trace:
            raise Corrupt(f"{name} is another trace's")
        return envelope

    def steps(self, envelope: Envelope, first: int, last: int | None) -> Iterator[KeptStep]:
        """See TraceStore. Holds one member, and the steps that were amended later."""
        opened = _Companion.open(self._bucket, envelope, self.envelope, _steps_name)
        if opened is None:
            return
        with closing(opened):
            wanted = [
                (offset, member)
                for offset, member in opened.members()
                if member.last >= first and (last is None or member.first <= last)
            ]
            for kept in _in_order(opened, wanted):
                index = kept.step.step_index
                if first <= index and (last is None or index <= last):
                    yield kept

    def step_lines(self, envelope: Envelope, offset: int) -> Iterator[KeptStep]:
        """See TraceStore."""
        for plain, name in self._runs_after(envelope, offset, _steps_name):
            yield from _parsed(plain, name)

    def trail(self, envelope: Envelope, offset: int = 0) -> Iterator[TrailEvent]:
        """See TraceStore."""
        for plain, name in self._runs_after(envelope, offset, _trail_name):
            for line in plain.splitlines():
                yield event_of(line, name)

    def context(self, envelope: Envelope) -> Iterator[ContextEvent]:
        """See TraceStore."""
        for plain, name in self._runs_after(envelope, 0, _context_name):
            for line in plain.splitlines():
                yield context_event_of(line, name)

    def source(self, envelope: Envelope, number: int, offset: int) -> Iterator[bytes]:
        """See TraceStore. Yields nothing for a blob."""
        opened = _Companion.open(
            self._bucket, envelope, self.envelope, lambda said: said.source_file(number)
        )
        if opened is None:
            return
        with closing(opened):
            passed = 0
            for start, member in opened.members():
                if passed + member.plain > offset:
                    yield opened.plain(start, member)[max(offset - passed, 0) :]
                passed += member.plain

    def _runs_after(
        self, envelope: Envelope, offset: int, name_in: Callable[[Envelope], str | None]
    ) -> Iterator[tuple[bytes, str]]:
        """Yield what each run holds behind the first stored bytes, and the name of the file."""
        opened = _Companion.open(self._bucket, envelope, self.envelope, name_in)
        if opened is None:
            return
        with closing(opened):
            for start, member in opened.members():
                if start + member.stored > offset:
                    yield opened.plain(start, member), opened.name


def committed_number(bucket: Path, trace: TraceId) -> int:
    """Return the number of a trace's last commit; 0: it is not there."""
    try:
        with taken_from(envelope_name(trace)):
            return count(read_envelope(Tree(bucket), trace)["commit"])
    except TraceNotFound:
        return 0


class _Companion:
    """A committed companion file, open for reading."""

    def __init__(self, file: OpenFile, name: str, members: Sequence[Member]) -> None:
        self._file = file
        self._members = members
        self.name = name

    @classmethod
    def open(
        cls,
        bucket: Tree,
        envelope: Envelope,
        again: Callable[[TraceId], Envelope],
        name_in: Callable[[Envelope], str | None],
    ) -> "_Companion | None":
        """Open a file as an envelope lists it, or as the trace's newest one does.

        None: it lists no such file. Raises Corrupt when both are wrong.
        """
        for said in (envelope, None):
            said = said or again(envelope.trace_id)
            file = name_in(said)
            kept = said.files.get(file) if file else None
            if file is None or kept is None:
                return None
            name = f"{trace_folder(said.trace_id)}/{file}"
            opened = bucket.open(name)
            if opened is not None and opened.size >= kept.length:
                return cls(opened, name, kept.members)
            if opened is not None:
                opened.close()
        raise Corrupt(f"{name} is missing, or cut short")

    def members(self) -> Iterator[tuple[int, Member]]:
        """Yield each run with the offset at which it is stored."""
        offset = 0
        for member in self._members:
            yield offset, member
            offset += member.stored

    def plain(self, offset: int, member: Member) -> bytes:
        """Return what a run holds. Raises Corrupt."""
        stored = self._file.read(offset, member.stored)
        check(stored, member.digest, self.name)
        unpack = expanded if self.name.endswith(".zst") else gunzipped
        return unpack(stored, member.plain, self.name)

    def close(self) -> None:
        """Let it go."""
        self._file.close()


def _steps_name(envelope: Envelope) -> str | None:
    return next((name for name in envelope.files if is_steps(name)), None)


def _trail_name(envelope: Envelope) -> str | None:
    return next((name for name in envelope.files if is_trail(name)), None)


def _context_name(envelope: Envelope) -> str | None:
    return next((name for name in envelope.files if is_context(name)), None)


def _in_order(opened: _Companion, members: Sequence[tuple[int, Member]]) -> Iterator[KeptStep]:
    """Yield steps by ascending number, each as last amended.

    A member that begins no later than one before it ended holds amendments: those few are read
    first, and the others, each of which only goes up, one by one.
    """
    rising: list[tuple[int, Member]] = []
    amended: dict[int, KeptStep] = {}
    reached = 0
    for offset, member in members:
        if member.first > reached:
            rising.append((offset, member))
        else:
            amended |= _by_number(opened, offset, member)
        reached = max(reached, member.last)
    for offset, member in rising:
        for index, kept in _by_number(opened, offset, member).items():
            while amended and (earlier := min(amended)) < index:
                yield amended.pop(earlier)
            yield amended.pop(index, kept)
    yield from (amended[index] for index in sorted(amended))


def _by_number(opened: _Companion, offset: int, member: Member) -> dict[int, KeptStep]:
    lines = _parsed(opened.plain(offset, member), opened.name)
    return {kept.step.step_index: kept for kept in lines}


def _parsed(plain: bytes, name: str) -> Iterator[KeptStep]:
    return (step_of(line, name) for line in plain.splitlines())
