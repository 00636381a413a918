"""Our package in an agent's own list of packages."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from opentraces.adapters.hooks_file import files
from opentraces.adapters.hooks_file.checking import check_unchanged, holds, may_be_run
from opentraces.adapters.hooks_file.packages_bytes import PackagesBytes
from opentraces.adapters.hooks_file.packages_text import FOLDER, PackagesFrame
from opentraces.adapters.hooks_file.record import Record, made_in, read_record
from opentraces.domain.errors import SettingsInvalid, StorageUnavailable
from opentraces.domain.ids import blob_id, canonical_bytes, read_json
from opentraces.domain.setup import AgentPackage, FileChange, HooksFound, SetupPlan
from opentraces.ports.agent_setup import AgentSetup

_WHERE = "where.json"


class PackageManager(Protocol):
    """The agent's own command for its packages."""

    @abstractmethod
    def is_there(self) -> bool:
        """Whether it can be run."""

    @abstractmethod
    def install(self, package: str) -> None:
        """Put a folder on the list. Raises SettingsInvalid when it does not stand there then."""

    @abstractmethod
    def remove(self, package: str) -> None:
        """Take a folder off the list. Raises SettingsInvalid when it stands there still."""


class PackageSetup(AgentSetup):
    """A file of JSON that lists packages, and in the folder `opentraces` beside it our package.

    The agent's own command puts it on the list; then the file gets its own layout back. In our
    folder, too: the settings as they were, and a record of how we left them.
    """

    def __init__(
        self,
        package: AgentPackage,
        config_folder: Path,
        home: Path,
        python: Path,
        contents: Mapping[str, bytes],
        manager: Callable[[], PackageManager],
    ) -> None:
        """Set up the agent of `config_folder`; `contents`: files of the package, by name.

        `manager` is made when the list is changed.
        """
        self._package = package
        self._config = config_folder
        self._settings = config_folder / package.settings
        self._folder = config_folder / FOLDER
        self._place = self._folder / package.name
        self._backup = self._folder / package.settings.replace(".json", ".before.json")
        self._record = self._folder / "setup.json"
        self._whereabouts = {"home": str(home), "python": str(python)}
        self._ours = {**contents, _WHERE: canonical_bytes(self._whereabouts) + b"\n"}
        self._manager = manager

    def install(self) -> SetupPlan:
        """See AgentSetup. What loads the package comes last."""
        held, record = self._held(), self._recorded()
        has_ours = held.has_ours()
        after = held.with_ours()
        if not has_ours or record is None:
            before = held.without_ours(PackagesFrame(packages=False))
            record = Record(before, blob_id(after or b""), self._to_be_made())
        changes = (
            self._changed(self._record, record.stored()),
            self._changed(self._backup, record.before),
            *(self._changed(self._place / name, data) for name, data in self._ours.items()),
            self._settings_changed(held, after),
        )
        return SetupPlan(tuple(filter(None, changes)))

    def remove(self) -> SetupPlan:
        """See AgentSetup. What loads the package goes first."""
        if not self._config.is_dir():
            return SetupPlan(())
        held, record = self._held(), self._recorded()
        after = held.data
        if record is not None and held.data is not None and blob_id(held.data) == record.written:
            after = record.before
        elif after is not None:
            after = held.without_ours(_frame_of(record, self._package))
        ours = (*(self._place / name for name in self._ours), self._backup, self._record)
        changes = (
            self._settings_changed(held, after),
            *(self._changed(path, None) for path in ours),
        )
        return SetupPlan(tuple(filter(None, changes)))

    def apply(self, plan: SetupPlan) -> None:
        """See AgentSetup. Folders are made, and those made by a setup removed, with their files."""
        for change in plan.changes:
            check_unchanged(change)
        if any(map(self._is_wanted, plan.changes)) and not self._manager().is_there():
            advice = "install it first, or add its folder"
            raise SettingsInvalid(f"{self._package.program} is not on the PATH → {advice}")
        for folder in {Path(change.path).parent for change in plan.changes}:
            files.sweep(folder)
        for change in plan.changes:
            check_unchanged(change)
            if change.is_shared:
                self._tell_agent(change)
            elif change.after is None:
                files.take_away(Path(change.path))
            else:
                files.put(Path(change.path), change.after)
            self._tidy(change)

    def inspect(self) -> HooksFound:
        """See AgentSetup."""
        found = HooksFound(
            str(self._settings),
            missing=self._package.events,
            agent_is_there=self._config.is_dir(),
        )
        try:
            if not self._held().has_ours():
                return found
            where = self._read_whereabouts()
        except (SettingsInvalid, StorageUnavailable) as error:
            return replace(found, problem=str(error))
        python, script = where.get("python"), self._place / self._package.script
        is_whole = all(holds(self._place / name, data) for name, data in self._ours.items())
        is_ours = is_whole or all(
            holds(self._place / name, data) for name, data in self._ours.items() if name != _WHERE
        )
        return replace(
            found,
            events=self._package.events,
            missing=(),
            interpreter=python,
            interpreter_is_there=python is not None and may_be_run(python),
            script=str(script),
            script_is_ours=is_ours,
            home=where.get("home"),
            is_for_us=where == self._whereabouts,
            backup=str(self._backup) if self._backup.is_file() else None,
        )

    def _is_wanted(self, change: FileChange) -> bool:
        """Whether a change puts our package on the list."""
        after = change.after if change.is_shared else None
        return after is not None and self._bytes(Path(change.path), after).has_ours()

    def _tell_agent(self, change: FileChange) -> None:
        """Let the agent change its list; where that says what was planned, the layout is kept."""
        path, place = Path(change.path), str(self._place)
        manager, is_wanted = self._manager(), self._is_wanted(change)
        if is_wanted:
            manager.install(place)
        elif manager.is_there():
            manager.remove(place)
        if change.after is None:
            files.take_away(path)
        elif not is_wanted or _says_the_same(files.read(path), change.after):
            files.put(path, change.after)

    def _read_whereabouts(self) -> dict[str, str]:
        try:
            said = read_json(files.read(self._place / _WHERE) or b"{}")
        except ValueError:
            return {}
        known = said if isinstance(said, dict) else {}
        return {key: str(value) for key, value in known.items()}

    def _held(self) -> PackagesBytes:
        path = files.target_of(self._settings)
        return self._bytes(path, files.read(path))

    def _bytes(self, path: Path, data: bytes | None) -> PackagesBytes:
        return PackagesBytes(path, data, self._package.key, self._package.name)

    def _recorded(self) -> Record | None:
        return read_record(files.read(self._record), files.read(self._backup))

    def _made(self) -> tuple[str, ...]:
        inner = f"{FOLDER}/{self._package.name}"
        parents = {str(Path(name).parent) for name in self._ours} - {"."}
        return (".", FOLDER, inner, *sorted(f"{inner}/{parent}" for parent in parents))

    def _to_be_made(self) -> tuple[str, ...]:
        """Return the folders that are ours to remove: made by an earlier setup, or by this one."""
        before = made_in(files.read(self._record))
        made = self._made()
        return tuple(name for name in made if name in before or not (self._config / name).is_dir())

    def _changed(self, path: Path, after: bytes | None) -> FileChange | None:
        before = files.read(path)
        return None if before == after else FileChange(str(path), before, after)

    def _settings_changed(self, held: PackagesBytes, after: bytes | None) -> FileChange | None:
        if held.data == after:
            return None
        files.check_writable(held.path)
        return FileChange(str(held.path), held.data, after, is_shared=True)

    def _tidy(self, change: FileChange) -> None:
        """Remove the folders that a setup made, when the last file in them is gone."""
        if change.is_shared or change.after is not None:
            return
        made = made_in(change.before) if change.path == str(self._record) else self._made()[2:]
        for name in reversed(made):
            files.remove_folder(self._config / name)


def _frame_of(record: Record | None, package: AgentPackage) -> PackagesFrame:
    if record is None or record.before is None:
        return PackagesFrame(packages=False)
    return PackagesBytes(Path(), record.before, package.key, package.name).frame()


def _says_the_same(data: bytes | None, wanted: bytes) -> bool:
    try:
        return bool(read_json(data or b"null") == read_json(wanted))
    except ValueError:
        return False
