"""Our hooks in an agent's own file of hooks."""

from dataclasses import replace
from pathlib import Path

from opentraces.adapters.hooks_file import files
from opentraces.adapters.hooks_file.checking import check_unchanged, holds, may_be_run
from opentraces.adapters.hooks_file.command import Command, groups_of, read_command
from opentraces.adapters.hooks_file.hooks_text import Frame
from opentraces.adapters.hooks_file.record import Record, made_in, read_record
from opentraces.adapters.hooks_file.settings_bytes import SettingsBytes
from opentraces.domain.errors import SettingsInvalid, StorageUnavailable
from opentraces.domain.ids import blob_id
from opentraces.domain.setup import AgentHooks, FileChange, HooksFound, SetupPlan
from opentraces.ports.agent_setup import AgentSetup

_MADE = (".", "hooks", "hooks/opentraces")
"""Folders that a setup may have to make, the outermost first."""


class HooksFileSetup(AgentSetup):
    """A file of JSON that names hooks, and beside it `hooks/opentraces` with our script.

    In there, too: the settings as they were before anything of ours, and a record of how we left
    them. While the file is as it was left, its earlier bytes come back; else only ours go.
    """

    def __init__(
        self, hooks: AgentHooks, config_folder: Path, home: Path, python: Path, script: bytes
    ) -> None:
        """Set up the agent of `config_folder` to run `script` by `python`, writing to `home`."""
        self._hooks = hooks
        self._config = config_folder
        self._settings = config_folder / hooks.settings
        self._folder = config_folder / "hooks" / "opentraces"
        self._script = self._folder / hooks.script
        self._backup = self._folder / hooks.backup
        self._record = self._folder / "setup.json"
        self._ours = script
        self._command = Command(str(python), str(self._script), str(home))

    def install(self) -> SetupPlan:
        """See AgentSetup. What runs the script comes last, and first what is known of folders."""
        held, record = self._held(), self._recorded()
        has_ours = held.has_ours()
        frame = _frame_of(record) if has_ours else held.frame()
        after = held.with_ours(groups_of(self._command, self._hooks.points), frame)
        if not has_ours or record is None:
            before = held.without_ours(Frame())
            record = Record(before, blob_id(after or b""), self._to_be_made())
        elif _is_as_written(held, record):
            record = replace(record, written=blob_id(after or b""))
        changes = (
            self._changed(self._record, record.stored()),
            self._changed(self._backup, record.before),
            self._changed(self._script, self._ours),
            _settings_changed(held, after),
        )
        return SetupPlan(tuple(filter(None, changes)))

    def remove(self) -> SetupPlan:
        """See AgentSetup. What runs the script goes first."""
        if not self._config.is_dir():
            return SetupPlan(())
        held, record = self._held(), self._recorded()
        after = held.data
        if record is not None and self._may_be_as_before(held, record):
            after = record.before
        elif after is not None:
            after = held.without_ours(_frame_of(record))
        changes = (
            _settings_changed(held, after),
            *(self._changed(path, None) for path in (self._script, self._backup, self._record)),
        )
        return SetupPlan(tuple(filter(None, changes)))

    def apply(self, plan: SetupPlan) -> None:
        """See AgentSetup. Folders are made, and those made by a setup removed, with their files."""
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

    def inspect(self) -> HooksFound:
        """See AgentSetup."""
        found = HooksFound(
            str(self._settings),
            missing=self._hooks.events,
            agent_is_there=self._config.is_dir(),
            trusted_by=self._hooks.trusted_by,
        )
        try:
            held = self._held()
            lines = [(ours.event, ours.command) for ours in held.ours()]
            switch = self._hooks.switch
            is_off = switch is not None and held.is_switched_off(switch)
        except (SettingsInvalid, StorageUnavailable) as error:
            return replace(found, problem=str(error))
        events = tuple(dict.fromkeys(event for event, _ in lines))
        found = replace(
            found,
            is_switched_off=is_off,
            events=events,
            missing=tuple(event for event in self._hooks.events if event not in events),
            backup=str(self._backup) if self._backup.is_file() else None,
        )
        return self._inspected(found, [read_command(line) for _, line in lines])

    def _inspected(self, found: HooksFound, commands: list[Command | None]) -> HooksFound:
        command = next(filter(None, commands), None)
        if command is None:
            return found
        expected = (self._command.python, self._command.home)
        named = [one and (one.python, one.home) for one in commands]
        return replace(
            found,
            interpreter=command.python,
            interpreter_is_there=may_be_run(command.python),
            script=command.script,
            script_is_ours=holds(command.script, self._ours),
            home=command.home,
            is_for_us=all(one == expected for one in named),
        )

    def _held(self) -> SettingsBytes:
        path = files.target_of(self._settings)
        return SettingsBytes(path, files.read(path), self._hooks.root_keys)

    def _recorded(self) -> Record | None:
        return read_record(files.read(self._record), files.read(self._backup))

    def _to_be_made(self) -> tuple[str, ...]:
        """Return the folders that are ours to remove: made by an earlier setup, or by this one."""
        before = made_in(files.read(self._record))
        return tuple(name for name in _MADE if name in before or not (self._config / name).is_dir())

    def _may_be_as_before(self, held: SettingsBytes, record: Record) -> bool:
        """Whether the file is as we left it; what a link leads to is never removed."""
        is_to_go = record.before is None and self._settings.is_symlink()
        return not is_to_go and _is_as_written(held, record)

    def _changed(self, path: Path, after: bytes | None) -> FileChange | None:
        before = files.read(path)
        return None if before == after else FileChange(str(path), before, after)

    def _tidy(self, change: FileChange) -> None:
        """Remove the folders that a setup made, when its last file is gone."""
        if Path(change.path).parent != self._folder or change.after is not None:
            return
        files.remove_folder(self._folder)
        made = made_in(change.before) if change.path == str(self._record) else ()
        for name in reversed(_MADE[:2]):
            if name in made:
                files.remove_folder(self._config / name)


def _frame_of(record: Record | None) -> Frame:
    if record is None or record.before is None:
        return Frame()
    return SettingsBytes(Path(), record.before).frame()


def _is_as_written(held: SettingsBytes, record: Record) -> bool:
    return held.data is not None and blob_id(held.data) == record.written


def _settings_changed(held: SettingsBytes, after: bytes | None) -> FileChange | None:
    if held.data == after:
        return None
    files.check_writable(held.path)
    return FileChange(str(held.path), held.data, after, is_shared=True)
