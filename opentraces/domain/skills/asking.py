"""Which uses are asked for, and their sums."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from opentraces.domain.globs import path_key, path_regex
from opentraces.domain.skills.counted import Counts, SessionUses
from opentraces.domain.skills.use import Kind
from opentraces.domain.words import words


class Asked(NamedTuple):
    """Which uses count."""

    kind: Kind | None = None
    """What is used. None: all."""

    agent: str | None = None
    """Whose sessions. None: those of all."""

    project: str | None = None
    """A folder as a pattern for paths, or words of its name. None: any."""

    since: int | None = None
    """Only sessions that went on after this: milliseconds since 1970. None: any."""


class Used(NamedTuple):
    """One thing that was used, over all sessions asked for."""

    kind: Kind
    """What it is."""

    name: str
    """Its name."""

    traces: int
    """How many sessions used it."""

    folders: tuple[str, ...]
    """The folders that these sessions began in, those of most uses first."""

    counts: Counts
    """How often, and with what outcome."""


def asked_for(asked: Asked, sessions: Iterable[SessionUses]) -> list[SessionUses]:
    """Return the sessions that count."""
    return [each for each in sessions if _is_asked_for(asked, each)]


def summed(asked: Asked, sessions: Iterable[SessionUses]) -> tuple[Used, ...]:
    """Return what was used in some sessions: most used first, then by kind and name."""
    sums: dict[tuple[Kind, str], _Sum] = {}
    for session in sessions:
        for use in session.uses:
            if asked.kind in (None, use.kind):
                sums.setdefault((use.kind, use.name), _Sum()).add(session.folder, use.counts)
    rows = (Used(*key, row.traces, row.ranked, row.counts) for key, row in sums.items())
    return tuple(sorted(rows, key=lambda row: (-row.counts.invocations, row.kind, row.name)))


class _Sum:
    """What is added up of one thing."""

    def __init__(self) -> None:
        self.traces = 0
        self._numbers = [0] * len(Counts._fields)
        self._folders: dict[str, int] = {}

    def add(self, folder: str, counts: Counts) -> None:
        """Add what one session used of it."""
        self.traces += 1
        self._numbers = [a + b for a, b in zip(self._numbers, counts, strict=True)]
        if folder:
            self._folders[folder] = self._folders.get(folder, 0) + counts.invocations

    @property
    def counts(self) -> Counts:
        """All numbers."""
        return Counts(*self._numbers)

    @property
    def ranked(self) -> tuple[str, ...]:
        """The folders, those of most uses first."""
        return tuple(sorted(self._folders, key=lambda name: (-self._folders[name], name)))


def _is_asked_for(asked: Asked, session: SessionUses) -> bool:
    return (
        asked.agent in (None, session.agent)
        and (asked.since is None or session.ended > asked.since)
        and (asked.project is None or _is_of(asked.project, session.folder))
    )


def _is_of(project: str, folder: str) -> bool:
    """Whether a folder is meant, as a query's `project:` means it."""
    if project.startswith("/"):
        return re.fullmatch(path_regex(project), path_key(folder)) is not None
    wanted, standing = words(project), words(folder)
    return bool(wanted) and any(
        standing[at : at + len(wanted)] == wanted for at in range(len(standing) - len(wanted) + 1)
    )
