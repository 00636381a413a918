"""How long Claude Code keeps sessions: when it starts, it deletes those not written to for long."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from opentraces.adapters.claude_code.files import read_whole
from opentraces.domain.ids import read_json
from opentraces.domain.session import FoundSession, SourceFile, SourceKind
from opentraces.ports.retention import AgentRetention

_KEY = "cleanupPeriodDays"
_DEFAULT_DAYS = 30.0
_LARGEST_SETTINGS = 2 << 20


class ClaudeCodeRetention(AgentRetention):
    """See AgentRetention. `cleanupPeriodDays` in the settings of the configuration folder."""

    def __init__(self, config_folders: tuple[Path, ...]) -> None:
        """Look into these configuration folders, such as `~/.claude`."""
        self._days = {folder: _days(folder) for folder in config_folders}

    def deleted_after(self, session: FoundSession) -> datetime | None:
        """See AgentRetention. Prompts in the history are never deleted."""
        first = session.files[0]
        days = [days for folder, days in self._days.items() if _is_below(first, folder)]
        if not days or first.kind is SourceKind.HISTORY:
            return None
        newest = max(map(_written, session.files))
        try:
            return datetime.fromtimestamp(newest, UTC) + timedelta(days=days[0])
        except OverflowError:
            return None

    def rule(self) -> str:
        """See AgentRetention."""
        days = dict.fromkeys(self._days.values()) or [_DEFAULT_DAYS]
        return f"{_KEY} is {' or '.join(f'{number:.15g}' for number in days)}"


def _days(folder: Path) -> float:
    """Return what the settings say; the agent's default, where they say nothing of use."""
    try:
        said = read_json(read_whole(str(folder / "settings.json"), _LARGEST_SETTINGS))
    except ValueError:
        return _DEFAULT_DAYS
    days = said.get(_KEY) if isinstance(said, dict) else None
    if isinstance(days, bool) or not isinstance(days, int | float) or days < 0:
        return _DEFAULT_DAYS
    return float(days)


def _written(file: SourceFile) -> float:
    """Return when a file was written last, in seconds since 1970; one that is gone, never."""
    try:
        return Path(file.location).lstat().st_mtime
    except OSError:
        return 0.0


def _is_below(file: SourceFile, folder: Path) -> bool:
    return Path(file.location).is_relative_to(folder)
