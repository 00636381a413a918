"""An agent's settings as they were before anything of ours, beside a record of how we left them.

Both are in `hooks/opentraces` in the agent's folder, whatever of ours the settings hold.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from opentraces.adapters.hooks_file import files
from opentraces.adapters.hooks_file.checking import check_unchanged
from opentraces.adapters.hooks_file.hooks_text import Frame
from opentraces.adapters.hooks_file.record import Record, made_in, read_record
from opentraces.adapters.hooks_file.settings_bytes import SettingsBytes
from opentraces.domain.ids import blob_id
from opentraces.domain.setup import FileChange, SetupPlan

_MADE = (".", "hooks", "hooks/opentraces")
"""Folders that a setup may have to make, the outermost first."""


class Before:
    """While settings are as they were left, their earlier bytes come back; else only ours go."""

    def __init__(self, config: Path, settings: str, backup: str) -> None:
        """Of a file in the agent's folder; `backup`: the name it is kept under."""
        self.settings = config / settings
        self.folder = config / "hooks" / "opentraces"
        self.backup = self.folder / backup
        self._record = self.folder / "setup.json"
        self._config = config

    def recorded(self) -> Record | None:
        """Return what is remembered. None: nothing."""
        return read_record(files.read(self._record), files.read(self.backup))

    def frame(self, held: SettingsBytes, record: Record | None) -> Frame:
        """Return what stood there before anything of ours."""
        if not held.has_ours():
            return held.frame()
        return frame_of(record)

    def added(self, held: SettingsBytes, after: bytes | None, record: Record | None) -> Record:
        """Return what is remembered once something of ours was put in."""
        if not held.has_ours() or record is None:
            return Record(held.without_any(), blob_id(after or b""), self._to_be_made())
        return _left(held, after, record)

    def taken(
        self, held: SettingsBytes, after: bytes | None, record: Record | None
    ) -> tuple[bytes | None, Record | None]:
        """Return the settings once something was taken out, and what is remembered then.

        `after`: as the text alone tells. Nothing is remembered when nothing of ours is left.
        """
        if SettingsBytes(held.path, after).has_ours():
            return after, _left(held, after, record) if record else None
        if record is not None and self._may_be_as_before(held, record):
            return record.before, None
        return after, None

    def changes(self, record: Record | None) -> tuple[FileChange | None, ...]:
        """Return what brings record and backup to what is to be remembered."""
        return (
            changed(self._record, record.stored() if record else None),
            changed(self.backup, record.before if record else None),
        )

    def apply(self, plan: SetupPlan) -> None:
        """Make the changes of a plan; folders are made, and those we made go with their files."""
        for change in plan.changes:
            check_unchanged(change)
        for folder in {Path(change.path).parent for change in plan.changes}:
            files.sweep(folder)
        for change in plan.changes:
            check_unchanged(change)
            if change.after is None:
                files.take_away(Path(change.path))
            else:
                files.put(Path(change.path), change.after)
            self._tidy(change)

    def _may_be_as_before(self, held: SettingsBytes, record: Record) -> bool:
        """Whether the file is as we left it; what a link leads to is never removed."""
        is_to_go = record.before is None and self.settings.is_symlink()
        return not is_to_go and _is_as_written(held, record)

    def _to_be_made(self) -> tuple[str, ...]:
        """Return the folders that are ours to remove: made by an earlier setup, or by this one."""
        before = made_in(files.read(self._record))
        return tuple(name for name in _MADE if name in before or not (self._config / name).is_dir())

    def _tidy(self, change: FileChange) -> None:
        """Remove the folders that a setup made, when its last file is gone."""
        if Path(change.path).parent != self.folder or change.after is not None:
            return
        files.remove_folder(self.folder)
        made = made_in(change.before) if change.path == str(self._record) else ()
        for name in reversed(_MADE[:2]):
            if name in made:
                files.remove_folder(self._config / name)


def frame_of(record: Record | None) -> Frame:
    """Return what stood in the settings as they are remembered."""
    if record is None or record.before is None:
        return Frame()
    return SettingsBytes(Path(), record.before).frame()


def changed(path: Path, after: bytes | None) -> FileChange | None:
    """Return what brings a file of ours to what it is to hold. None: it holds that."""
    before = files.read(path)
    return None if before == after else FileChange(str(path), before, after)


def settings_changed(held: SettingsBytes, after: bytes | None) -> FileChange | None:
    """Return what brings the settings to what they are to hold. None: they hold that."""
    if held.data == after:
        return None
    files.check_writable(held.path)
    return FileChange(str(held.path), held.data, after, is_shared=True)


def plan_of(changes: Iterable[FileChange | None]) -> SetupPlan:
    """Return a plan of what is to be changed, in order."""
    return SetupPlan(tuple(filter(None, changes)))


def _left(held: SettingsBytes, after: bytes | None, record: Record) -> Record:
    """Return the record of a file that had ours already: one that others changed stays theirs."""
    if not _is_as_written(held, record):
        return record
    return replace(record, written=blob_id(after or b""))


def _is_as_written(held: SettingsBytes, record: Record) -> bool:
    return held.data is not None and blob_id(held.data) == record.written
