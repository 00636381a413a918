"""Our hooks in an agent's own file of hooks."""

from dataclasses import replace
from pathlib import Path

from opentraces.adapters.hooks_file import files
from opentraces.adapters.hooks_file.before import (
    Before,
    changed,
    frame_of,
    plan_of,
    settings_changed,
)
from opentraces.adapters.hooks_file.checking import holds, may_be_run
from opentraces.adapters.hooks_file.command import Command, groups_of, read_command
from opentraces.adapters.hooks_file.settings_bytes import SettingsBytes
from opentraces.domain.errors import SettingsInvalid, StorageUnavailable
from opentraces.domain.setup import AgentHooks, HooksFound, SetupPlan
from opentraces.ports.agent_setup import AgentSetup


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
        self._before = Before(config_folder, hooks.settings, hooks.backup)
        self._script = self._before.folder / hooks.script
        self._ours = script
        self._command = Command(str(python), str(self._script), str(home))

    def install(self) -> SetupPlan:
        """See AgentSetup. What runs the script comes last, and first what is known of folders."""
        held, record = self._held(), self._before.recorded()
        frame = self._before.frame(held, record)
        after = held.with_ours(groups_of(self._command, self._hooks.points), frame)
        return plan_of(
            (
                *self._before.changes(self._before.added(held, after, record)),
                changed(self._script, self._ours),
                settings_changed(held, after),
            )
        )

    def remove(self) -> SetupPlan:
        """See AgentSetup. What runs the script goes first."""
        if not self._config.is_dir():
            return SetupPlan(())
        held, record = self._held(), self._before.recorded()
        without = held.without_ours(frame_of(record))
        after, left = self._before.taken(held, without, record)
        return plan_of(
            (
                settings_changed(held, after),
                changed(self._script, None),
                *reversed(self._before.changes(left)),
            )
        )

    def apply(self, plan: SetupPlan) -> None:
        """See AgentSetup. Folders are made, and those made by a setup removed, with their files."""
        self._before.apply(plan)

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
            backup=str(self._before.backup) if self._before.backup.is_file() else None,
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
