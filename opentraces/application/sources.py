"""What became of each file of a session since it was kept."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from opentraces.application.kept_again import KeptAgain
from opentraces.application.kept_bytes import exactly
from opentraces.application.source_change import Fate, SourceChange
from opentraces.domain.envelope import Envelope, KeptSource, may_be_given_back
from opentraces.domain.errors import SourceGone, SourceUnreadable
from opentraces.domain.growth import Growth, growth, growth_at_end, shared_lines
from opentraces.domain.session import FoundSession, SourceFile, SourceKind
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.blobs import BlobStore
from opentraces.ports.sessions import SessionSource
from opentraces.ports.traces import TraceStore

_LONGEST_NOTE = 1024 * 1024


@frozen_dataclass
class ComparisonMeans:
    """What comparing files takes."""

    source: SessionSource
    """Where they are read."""

    traces: TraceStore
    """Where the bytes kept before are."""

    blobs: BlobStore
    """Where whole files go."""

    stamps: Mapping[str, str]
    """Stamps of files that are known to be kept as they are, by location. Where there are any,
    other files are taken at their ends: to compare all of them each time would cost as much as
    the session is long."""


def compare_sources(
    session: FoundSession, before: Envelope | None, means: ComparisonMeans
) -> list[SourceChange]:
    """Compare a session's files with what is kept of it, and store its whole files as blobs.

    Returns a change for every source the trace will have, by number. A file that is gone, or
    was emptied, is kept as it was. Raises SourceUnreadable.
    """
    return _Comparison(session, before, means).changes()


class _Comparison:
    def __init__(
        self, session: FoundSession, before: Envelope | None, means: ComparisonMeans
    ) -> None:
        self._session = session
        self._before = before
        self._means = means
        self._source = means.source
        self._blobs = means.blobs
        self._ends: dict[str, int] = {}
        kept = before.header.sources if before else ()
        self._changes = [SourceChange(n, each, Fate.KEPT) for n, each in enumerate(kept)]
        self._current = {each.name: n for n, each in enumerate(kept) if not each.superseded}

    def changes(self) -> list[SourceChange]:
        """Return what is to be done with each source.

        An event may say that lines were written. So how many events are taken is found out before
        any line is read: none is taken whose lines are not.
        """
        for file in self._session.files:
            if file.kind.is_spooled:
                self._ends[file.name] = sum(map(len, self._source.read(file, 0)))
        released = list(self._compare_kept())
        self._retire_history()
        again = KeptAgain(self._source, self._blobs).changes(self._changes, released)
        for change in again:
            self._changes[change.number] = change
        return self._changes

    def _compare_kept(self) -> Iterator[tuple[int, SourceFile]]:
        """Compare each file with its kept bytes; yield those whose kept bytes were let go."""
        for file in self._session.files:
            if file.kind is SourceKind.HISTORY and self._has_transcript():
                continue
            number = self._current.get(file.name)
            if number is not None and self._changes[number].kept.released is not None:
                yield number, file
                continue
            if number is not None and self._means.stamps.get(file.location) == file.stamp:
                continue
            try:
                self._compare(file, number)
            except SourceGone:
                continue

    def _compare(self, file: SourceFile, number: int | None) -> None:
        if file.kind.is_spooled:
            self._compare_events(file, number)
        elif file.kind.grows:
            self._compare_lines(file, number)
        else:
            self._store_whole(file, number)

    def _compare_events(self, file: SourceFile, number: int | None) -> None:
        """Add what waits to the events kept; a run that was killed may have kept some of it."""
        end = self._ends[file.name]
        if number is None:
            if end:
                self._add(file, end=end)
            return
        kept = self._changes[number].kept
        start = 0
        if self._before is not None:
            waiting = b"".join(self._source.read(file, 0))[:end]
            tail_at = max(kept.size - len(waiting) - 1, 0)
            tail = b"".join(self._means.traces.source(self._before, number, tail_at))
            start = shared_lines(tail, waiting)
        fate = Fate.GREW if start < end else Fate.KEPT
        self._changes[number] = SourceChange(number, kept, fate, file, start=start, end=end)

    def _compare_lines(self, file: SourceFile, number: int | None) -> None:
        if number is None:
            self._add_or_move(file)
            return
        found = self._growth(file, number)
        if found is Growth.GREW:
            self._follow(file, number)
        elif found is Growth.REWRITTEN:
            kept = self._changes[number].kept
            self._supersede(number)
            self._add(file, generation=kept.generation + 1)

    def _add_or_move(self, file: SourceFile) -> None:
        """Take a file of a new name: it may be one that the agent moved to another folder."""
        here = {each.name for each in self._session.files}
        for name, number in self._current.items():
            change = self._changes[number]
            may_be_it = name not in here and _last(name) == _last(file.name) and change.kept.size
            if may_be_it and self._growth(file, number) in (Growth.SAME, Growth.GREW):
                self._follow(file, number)
                return
        self._add(file)

    def _growth(self, file: SourceFile, number: int) -> Growth:
        members = self._before.source_members(number) if self._before else ()
        if self._means.stamps:
            return growth_at_end(members, lambda offset: self._source.read(file, offset))
        return growth(members, self._source.read(file, 0))

    def _follow(self, file: SourceFile, number: int) -> None:
        """Go on with a source, where the agent keeps it now."""
        there = {"name": file.name, "location": file.location}
        kept = self._changes[number].kept.but(**there)
        self._changes[number] = SourceChange(number, kept, Fate.GREW, file, start=kept.size)

    def _store_whole(self, file: SourceFile, number: int | None) -> None:
        blob = self._blobs.put(self._source.read(file, 0))
        kept = self._changes[number].kept if number is not None else None
        if kept is not None and kept.blob == blob:
            return
        fresh = KeptSource(
            kind=file.kind,
            name=_name_of(file),
            location=file.location,
            size=blob.size,
            generation=kept.generation + 1 if kept else 0,
            blob=blob,
        )
        reread = file.kind is SourceKind.NOTE and self._was_read(_stem(file.name))
        if kept is not None and number is not None and file.kind is SourceKind.NOTE:
            self._changes[number] = SourceChange(number, fresh, Fate.STORED, needs_reread=reread)
            return
        if number is not None:
            self._supersede(number)
        place = len(self._changes)
        self._changes.append(SourceChange(place, fresh, Fate.STORED, needs_reread=reread))

    def _add(self, file: SourceFile, generation: int = 0, end: int | None = None) -> None:
        fresh = KeptSource(
            kind=file.kind,
            name=_name_of(file),
            location=file.location,
            size=0,
            generation=generation,
        )
        place = len(self._changes)
        self._changes.append(SourceChange(place, fresh, Fate.ADDED, file, end=end))

    def _supersede(self, number: int) -> None:
        change = self._changes[number]
        gone = change.kept.but(superseded=True)
        self._changes[number] = replace(
            change, kept=gone, fate=Fate.SUPERSEDED, file=None, needs_reread=True
        )

    def _was_read(self, stem: str) -> bool:
        return any(
            change.is_read and change.fate is not Fate.ADDED and _stem(change.kept.name) == stem
            for change in self._changes
        )

    def _has_transcript(self) -> bool:
        kinds = {change.kept.kind for change in self._changes if not change.kept.superseded}
        return SourceKind.TRANSCRIPT in kinds

    def _retire_history(self) -> None:
        """Let a transcript that came back stand in for the prompts out of the history."""
        if not self._has_transcript():
            return
        for change in list(self._changes):
            if change.kept.kind is SourceKind.HISTORY and not change.kept.superseded:
                self._supersede(change.number)


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _stem(name: str) -> str:
    folder, _, last = name.rpartition("/")
    return f"{folder}/{last.partition('.')[0]}"


def notes_of(changes: Iterable[SourceChange], blobs: BlobStore) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of the session's notes by name, from where they are kept.

    Those that are too long to be notes are kept, and not read. Raises Corrupt.
    """
    for change in changes:
        kept = change.kept
        is_note = kept.kind is SourceKind.NOTE and kept.size <= _LONGEST_NOTE
        if is_note and kept.blob and not kept.superseded:
            yield kept.name, b"".join(exactly(kept, blobs.get(kept.blob.blob)))


def _name_of(file: SourceFile) -> str:
    if not may_be_given_back(file.name):
        raise SourceUnreadable(f"{file.location}: no file can be restored as {file.name!r}")
    return file.name
