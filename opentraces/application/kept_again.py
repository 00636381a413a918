"""Keep a session again whose bytes were let go, where it goes on."""

from collections.abc import Sequence

from opentraces.application.source_change import Fate, SourceChange
from opentraces.domain.envelope import ReleasedBytes
from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.growth import Growth
from opentraces.domain.ids import BlobHash
from opentraces.domain.session import SourceFile
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.blobs import BlobStore
from opentraces.ports.sessions import SessionSource


@frozen_dataclass
class KeptAgain:
    """Compares files with what their envelope says of bytes that were let go."""

    source: SessionSource
    blobs: BlobStore

    def changes(
        self, changes: Sequence[SourceChange], files: Sequence[tuple[int, SourceFile]]
    ) -> list[SourceChange]:
        """Return what is to be done with sources that were released: nothing, or all is kept again.

        `changes`: of all sources; `files`: those there are of released ones, by number. All steps
        are read anew then, which takes every file as it was. Raises SourceUnreadable where the
        session goes on, and one of them is gone or was rewritten: what was read of it stays.
        """
        found = {number: self._since(changes[number].kept.released, file) for number, file in files}
        is_same = all(growth is Growth.SAME for growth in found.values())
        if is_same and not any(change.is_change for change in changes):
            return []
        for number, kept in enumerate(change.kept for change in changes):
            is_needed = kept.released is not None and not kept.superseded
            if is_needed and found.get(number) not in (Growth.SAME, Growth.GREW):
                raise SourceUnreadable(
                    f"{kept.location}: its kept bytes were released, and it is not what it was; "
                    "its trace stays as it is"
                )
        return [self._kept_again(changes[number], file) for number, file in files]

    def _since(self, before: ReleasedBytes | None, file: SourceFile) -> Growth:
        """Say what became of a file since its bytes were let go; an emptied one was not changed."""
        size, sha256 = (before.size, before.sha256) if before else (0, "")
        taken, left, has_more = BlobHash(), size, False
        for piece in self.source.read(file, 0):
            taken.update(piece[:left])
            has_more |= len(piece) > left
            left -= min(len(piece), left)
        if left == size:
            return Growth.SAME
        if left or taken.blob_id() != sha256:
            return Growth.REWRITTEN
        return Growth.GREW if has_more else Growth.SAME

    def _kept_again(self, change: SourceChange, file: SourceFile) -> SourceChange:
        kept = change.kept.but(released=None, location=file.location)
        if file.kind.grows:
            return SourceChange(change.number, kept, Fate.GREW, file, needs_reread=True)
        blob = self.blobs.put(self.source.read(file, 0))
        kept = kept.but(blob=blob, size=blob.size)
        return SourceChange(change.number, kept, Fate.STORED, needs_reread=True)
