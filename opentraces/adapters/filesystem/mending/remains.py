"""What is left of a trace whose envelope is lost.

Its list of sources says what they are and how much of each was kept; their runs say where they
end. Who it belongs to is proven by its id.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing

from opentraces.adapters.filesystem.kept_files import envelope_name
from opentraces.adapters.filesystem.layout import (
    blob_file,
    generation_of,
    is_blob_id,
    is_sources,
    source_number,
    trace_folder,
)
from opentraces.adapters.filesystem.lines_writing import MEMBER
from opentraces.adapters.filesystem.mending.looking import stored_ref
from opentraces.adapters.filesystem.mending.whole_runs import Run, whole_frames, whole_members
from opentraces.adapters.filesystem.tree import OpenFile, Tree
from opentraces.adapters.filesystem.understanding import context_event_of, event_of, step_of
from opentraces.domain.envelope import (
    BlobRef,
    Envelope,
    KeptSource,
    Member,
    StoredFile,
    TraceHeader,
    is_context,
    is_lines_of,
)
from opentraces.domain.errors import Corrupt, NewerFormat, StorageUnavailable
from opentraces.domain.ids import BlobId, TraceId, read_json
from opentraces.domain.mending import Remains
from opentraces.domain.session import SourceKind
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.source_rows import Listed, SourceRow, owner_of, replayed
from opentraces.domain.trail.lines import step_of as about

_COMMIT = re.compile(rb'"commit":(\d{1,18}),"header"')
_SESSION = re.compile(rb'"session_id":"([^"\\]{1,200})"')
_NAMED_BLOB = re.compile(rb'\{"\$blob":"([0-9a-f]{64})"\}')
_DIGEST = re.compile(rb'"([0-9a-f]{16})"')


@frozen_dataclass
class Found:
    """What was made out."""

    remains: Remains
    """The envelope."""

    lost: tuple[str, ...]
    """Files that it lists and that have to be written anew."""


class Searching:
    """The search for what a trace was, in what its folder holds."""

    def __init__(
        self, bucket: Tree, trace: TraceId, blob_again: Callable[[SourceRow], BlobRef | None]
    ) -> None:
        """Look into the folder of a trace; `blob_again` puts back a blob that is lost."""
        self._bucket = bucket
        self._blob_again = blob_again
        self._trace = trace
        self._folder = trace_folder(trace)
        self._names = bucket.names(self._folder)
        self._damaged = self._left_of_envelope()
        self._known = frozenset(_DIGEST.findall(self._damaged))
        self._lost: list[str] = []

    def found(self) -> Found:
        """Make it out. Raises Corrupt, saying why, when that cannot be proven."""
        name = max(filter(is_sources, self._names), key=generation_of, default=None)
        if name is None:
            raise Corrupt("its list of sources is lost, too")
        listed, files = self._listed(name)
        if any(row.released for row in listed.rows):
            raise Corrupt("its bytes were released, so nothing can be made again of them")
        sources = [self._source(row, files) for row in listed.rows]
        if [each.size for each in sources] != [row.size for row in listed.rows]:
            self._lost.append(name)
        owner = owner_of(self._trace, self._said(listed))
        if owner is None:
            raise Corrupt("nothing that is left of it proves whose session it is")
        files |= self._lines_of("steps", _numbers)
        files |= self._lines_of("trail", _numbers_of_events)
        files |= self._lines_of("context", _no_numbers)
        header = TraceHeader(
            agent=owner[0],
            session_id=owner[1],
            generation=listed.rewrites,
            sources=tuple(sources),
            parts=self._parts(files),
        )
        commit = _COMMIT.search(self._damaged)
        envelope = Envelope(
            trace_id=self._trace, commit=int(commit[1]) if commit else 0, header=header, files=files
        )
        return Found(Remains(envelope, self._is_vouched(envelope, listed)), tuple(self._lost))

    def _left_of_envelope(self) -> bytes:
        try:
            return self._bucket.read(envelope_name(self._trace)) or b""
        except (Corrupt, StorageUnavailable):
            return b""

    def _open(self, name: str) -> OpenFile:
        opened = self._bucket.open(f"{self._folder}/{name}")
        if opened is None:
            raise Corrupt(f"{name} is missing, too")
        return opened

    def _listed(self, name: str) -> tuple[Listed, dict[str, StoredFile]]:
        with closing(self._open(name)) as opened:
            runs = list(whole_members(opened))
            is_whole = sum(len(run.stored) for run in runs) == opened.size
            if not (runs and is_whole and all(run.plain for run in runs)):
                raise Corrupt("its list of sources is damaged, too")
        listed = replayed(list(_commits(runs)), is_first=generation_of(name) == 0)
        return listed, {name: _stored([run.member() for run in runs])}

    def _source(self, row: SourceRow, files: dict[str, StoredFile]) -> KeptSource:
        """Return a source as it is kept; its file, if it has one, is added to `files`."""
        size, blob = row.size, None
        if row.blob is not None:
            blob = self._blob(row, row.blob)
        elif row.size or row.file in self._names:
            kept = self._frames(row)
            size = sum(member.plain for member in kept.members)
            files |= {row.file: kept} if size else {}
        return KeptSource(
            kind=row.kind,
            name=row.name,
            location=row.location,
            size=size,
            generation=row.generation,
            superseded=row.superseded,
            blob=blob,
        )

    def _frames(self, row: SourceRow) -> StoredFile:
        """Describe a source's file; what was added and never committed is the agent's, too."""
        with closing(self._open(row.file)) as opened:
            kept = _stored([run.member() for run in whole_frames(opened)])
        held = sum(member.plain for member in kept.members)
        if held < row.size:
            raise Corrupt(f"{row.file} is damaged, too: {row.size - held} bytes of it are missing")
        return kept

    def _blob(self, row: SourceRow, blob: BlobId) -> BlobRef:
        found = stored_ref(self._bucket, blob) or self._blob_again(row)
        if found is None:
            raise Corrupt(f"{blob_file(blob)} is damaged, too")
        return found

    def _lines_of(
        self, stem: str, numbers: Callable[[Run, str], tuple[int, int]]
    ) -> dict[str, StoredFile]:
        """Describe steps or trail; lines that are lost count as none, and keep their name.

        Raises NewerFormat where a later release wrote what cannot be made again.
        """
        listed = rb'"(%b(?:\.[1-9]\d*)?\.jsonl\.gz)"' % stem.encode()
        named = (found.decode() for found in re.findall(listed, self._damaged))
        there = (name for name in self._names if is_lines_of(stem, name))
        name = max((*named, *there), key=generation_of, default=None)
        if name is None:
            return {}
        try:
            with closing(self._open(name)) as opened:
                runs = whole_members(opened)
                return {name: _stored([run.member(*numbers(run, name)) for run in runs])}
        except Corrupt:
            return {name: StoredFile(length=0, members=())}

    def _parts(self, files: Mapping[str, StoredFile]) -> tuple[BlobRef, ...]:
        """Return the blobs that the Context Tree names, as far as they are there."""
        name = next(filter(is_context, files), None)
        if name is None or not files[name].members:
            return ()
        with closing(self._open(name)) as opened:
            named = {
                BlobId(found.decode())
                for run in whole_members(opened)
                for found in _NAMED_BLOB.findall(run.plain)
            }
        refs = (stored_ref(self._bucket, blob) for blob in sorted(named))
        return tuple(ref for ref in refs if ref is not None)

    def _said(self, listed: Listed) -> Iterator[str]:
        yield from (row.name for row in listed.rows)
        yield from (found.decode("utf-8", "replace") for found in _SESSION.findall(self._damaged))

    def _is_vouched(self, envelope: Envelope, listed: Listed) -> bool | None:
        """Whether the damaged envelope names each run. None: what it named is not left."""
        strange = [
            row.file
            for number, row in enumerate(listed.rows)
            if not self._names_all(envelope.source_members(number), row.size)
        ]
        if not strange:
            return True
        return False if any(self._lists(file) for file in strange) else None

    def _names_all(self, members: Sequence[Member], size: int) -> bool:
        """Whether it has each run that was committed; a flipped bit leaves one digest of two."""
        passed = 0
        for member in members:
            digests = (member.digest.encode(), member.content.encode())
            if passed < size and self._known.isdisjoint(digests):
                return False
            passed += member.plain
        return True

    def _lists(self, file: str) -> bool:
        """Whether all that it said of a file is left."""
        said = rb'"%b":\{"length":\d+,"members":\[(\[[^][]*\],?)*\]\}' % re.escape(file.encode())
        return re.search(said, self._damaged) is not None


def _stored(members: Sequence[Member]) -> StoredFile:
    return StoredFile(length=sum(each.stored for each in members), members=tuple(members))


def _commits(runs: Sequence[Run]) -> Iterator[list[SourceRow]]:
    """Yield the rows that were written at once: a run is closed early only at a commit's end."""
    held: list[SourceRow] = []
    size = 0
    for run in runs:
        lines = run.plain.splitlines(keepends=True)
        if held and size + len(lines[0]) <= MEMBER:
            yield held
            held = []
        held = held + [_row(line) for line in lines]
        size = len(run.plain)
    yield held


def _row(line: bytes) -> SourceRow:
    try:
        said = read_json(line)
        number, blob = source_number(said["file"]), said["sha256"]
        if not is_blob_id(blob) if number is None else blob is not None:
            raise ValueError(f"no file of a source is {said['file']}")
        kept = KeptSource(
            kind=SourceKind(said["kind"]),
            name=said["name"],
            location=said["path"],
            size=said["size"],
            generation=said["generation"],
            superseded=said["superseded"],
        )
        return SourceRow(
            kind=kept.kind,
            name=kept.name,
            location=kept.location,
            size=kept.size,
            file=said["file"],
            generation=kept.generation,
            superseded=kept.superseded,
            number=number,
            blob=blob,
            released="released" in said,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Corrupt(f"its list of sources has a row that cannot be read: {error}") from error


def _numbers(run: Run, name: str) -> tuple[int, int]:
    """Return the lowest and the highest number of the steps in a run."""
    try:
        numbers = [step_of(line, name).step.step_index for line in run.plain.splitlines()]
    except NewerFormat as error:  # they can be made again
        raise Corrupt(str(error)) from error
    if not numbers:
        raise Corrupt(f"{name} holds a run without steps")
    return min(numbers), max(numbers)


def _numbers_of_events(run: Run, name: str) -> tuple[int, int]:
    """Return the lowest and the highest number of steps that events in a run are about."""
    numbers = [about(event_of(line, name)) for line in run.plain.splitlines()]
    return min(numbers, default=0), max(numbers, default=0)


def _no_numbers(run: Run, name: str) -> tuple[int, int]:
    """Read each event of a Context Tree in a run: they are about no step by number."""
    for line in run.plain.splitlines():
        context_event_of(line, name)
    return 0, 0
