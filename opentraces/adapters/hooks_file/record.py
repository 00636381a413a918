"""What is remembered of a setup: how the settings were before it, and how it left them."""

from opentraces.domain.ids import blob_id, canonical_bytes, read_json
from opentraces.domain.slotted import frozen_dataclass

_FORMAT = 1


@frozen_dataclass
class Record:
    """How the settings were before anything of ours, and as we last wrote them."""

    before: bytes | None
    """The file as it was. None: there was none."""

    written: str
    """The digest of the file as we wrote it."""

    made: tuple[str, ...]
    """The folders that were not there before, the outermost first."""

    def stored(self) -> bytes:
        """Return it as a file; the settings as they were are a file of their own."""
        return canonical_bytes(
            {
                "opentraces": _FORMAT,
                "before": None if self.before is None else blob_id(self.before),
                "written": self.written,
                "made": self.made,
            }
        )


def read_record(stored: bytes | None, backup: bytes | None) -> Record | None:
    """Return what is remembered. None: nothing, or the two files do not belong together."""
    said = _said(stored)
    before, written = said.get("before"), said.get("written")
    if not isinstance(written, str) or not isinstance(before, str | None):
        return None
    if before is None:
        return Record(None, written, made_in(stored))
    if backup is None or blob_id(backup) != before:
        return None
    return Record(backup, written, made_in(stored))


def made_in(stored: bytes | None) -> tuple[str, ...]:
    """Return the folders that a setup made, whatever became of the rest."""
    made = _said(stored).get("made")
    return tuple(map(str, made)) if isinstance(made, list) else ()


def _said(stored: bytes | None) -> dict[str, object]:
    try:
        said = read_json(stored or b"{}")
    except ValueError:
        return {}
    is_known = isinstance(said, dict) and said.get("opentraces") == _FORMAT
    return said if is_known else {}
