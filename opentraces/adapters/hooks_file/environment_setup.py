"""Keys of ours in the environment that an agent's settings give it, and what stands behind them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from shlex import quote

from opentraces.adapters.hooks_file import files
from opentraces.adapters.hooks_file.before import (
    Before,
    changed,
    frame_of,
    plan_of,
    settings_changed,
)
from opentraces.adapters.hooks_file.settings_bytes import SettingsBytes
from opentraces.domain.errors import SettingsInvalid, StorageUnavailable
from opentraces.domain.setup import HooksFound, SetupPlan
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.telemetry.environment import (
    BODIES,
    HEADERS,
    goes_elsewhere,
    may_be_told,
    our_keys,
)
from opentraces.ports.agent_setup import AgentSetup

_OF_OTHERS = 0o077


@frozen_dataclass
class Wanted:
    """What is to be, beside what others said."""

    environment: Mapping[str, str]
    """What the agent is to be told."""

    files: Mapping[Path, bytes]
    """Files of ours, whole."""

    removed: tuple[Path, ...]
    """Files that go with a removal, wherever they came from."""


class EnvironmentSetup(AgentSetup):
    """The `env` of an agent's settings, with what is ours beside what its user said.

    What the settings held before is kept where that of our hooks is, and shared with them:
    whichever of the two goes last puts it back.
    """

    def __init__(
        self, config: Path, settings: str, backup: str, wanted: Callable[[], Wanted]
    ) -> None:
        """Set up the agent of the folder `config`; `wanted` is asked whenever that matters."""
        self._config = config
        self._before = Before(config, settings, backup)
        self._wanted = wanted

    def install(self) -> SetupPlan:
        """See AgentSetup. The settings come last: what they name is there then."""
        held, record, wanted = self._held(), self._before.recorded(), self._wanted()
        frame = self._before.frame(held, record)
        after = held.with_env(wanted.environment, frame)
        is_any = SettingsBytes(held.path, after).has_ours()
        return plan_of(
            (
                *(changed(path, data) for path, data in wanted.files.items()),
                *(self._before.changes(self._before.added(held, after, record)) if is_any else ()),
                settings_changed(held, after),
            )
        )

    def remove(self) -> SetupPlan:
        """See AgentSetup. The settings go first."""
        ours = [changed(path, None) for path in self._wanted().removed]
        if not self._config.is_dir():
            return plan_of(ours)
        held, record = self._held(), self._before.recorded()
        without = held.without_env(frame_of(record))
        after, left = self._before.taken(held, without, record)
        return plan_of(
            (settings_changed(held, after), *reversed(self._before.changes(left)), *ours)
        )

    def apply(self, plan: SetupPlan) -> None:
        """See AgentSetup."""
        self._before.apply(plan)

    def inspect(self) -> HooksFound:
        """See AgentSetup. What it has of events are keys; an obstacle is a key of its user's."""
        wanted = self._wanted().environment
        found = HooksFound(
            str(self._before.settings),
            missing=tuple(wanted),
            agent_is_there=self._config.is_dir(),
        )
        try:
            env = self._held().env()
            frame = frame_of(self._before.recorded())
        except (SettingsInvalid, StorageUnavailable) as error:
            return replace(found, problem=str(error))
        ours = our_keys(env, filter(None, frame.keys))
        told = may_be_told(wanted, env, ours)
        return replace(
            found,
            events=tuple(key for key in wanted if key in ours),
            missing=tuple(key for key in told if key not in ours),
            is_for_us=all(env.get(key) == value for key, value in told.items()),
            backup=str(self._before.backup) if self._before.backup.is_file() else None,
            obstacles=(*_obstacles(wanted, env, ours), *self._open_to_others(ours)),
        )

    def _open_to_others(self, ours: frozenset[str]) -> Iterator[str]:
        """Yield that others may read the token, where they may: whose the file is, decides."""
        path = self._before.settings
        if HEADERS in ours and path.stat().st_mode & _OF_OTHERS:
            yield f"others may read the token in it → chmod go-rwx {quote(str(path))}"

    def _held(self) -> SettingsBytes:
        path = files.target_of(self._before.settings)
        return SettingsBytes(path, files.read(path))


def _obstacles(
    wanted: Mapping[str, str], env: Mapping[str, object], ours: frozenset[str]
) -> list[str]:
    """Return what its user said otherwise, and what follows from it."""
    elsewhere = goes_elsewhere(env, ours)
    said = [key for key in wanted if key in env and key not in ours and env[key] != wanted[key]]
    left = [f"{key} is set by you, and stays" for key in (*elsewhere, *said)]
    if elsewhere:
        left.append(f"telemetry goes elsewhere, so no more is told there; only {BODIES} is ours")
    return list(dict.fromkeys(left))
