"""Where rollouts are: the agent's own folders, or whatever place a user names."""

from pathlib import Path

from opentraces.adapters._reading.folders import transcript_at
from opentraces.adapters.codex_cli.naming import is_deflated, kept_name
from opentraces.domain.session import SourceFile

LIVE, ARCHIVED = "sessions", "archived_sessions"
"""The folders of a Codex home that hold rollouts."""


def source_file(path: str) -> SourceFile | None:
    """Return a rollout as a source. None: it went, or nothing could name it.

    The size of a compressed one is that on disk: what it inflates to is not known until then.
    """
    return transcript_at(path, kept_name(Path(path).name))


def order(file: SourceFile) -> tuple[bool, bool, str]:
    """Order copies of equal length: live before archived, plain before compressed."""
    return (f"/{ARCHIVED}/" in file.location, is_deflated(file.location), file.location)
