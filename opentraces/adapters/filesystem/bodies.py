"""What a provider was sent, whole, in the repositories that are enrolled: a folder a session."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from opentraces.adapters.filesystem.own_folder import names_in, own_file, own_folder
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent, SourceFile, SourceKind

_FOLDER = "bodies"
_ENDING = ".json"
_DIGITS = frozenset("0123456789abcdef")
_LENGTH = 64


class FilesystemBodies:
    """`.opentraces/<agent>/bodies/<session>/<digest>.json` in each checkout."""

    def __init__(self, listed: Callable[[], tuple[str, ...]], agent: Agent) -> None:
        """Look into the checkouts that are `listed`, by their paths."""
        self._listed = listed
        self._levels = (".opentraces", agent.value, _FOLDER)

    def by_session(self) -> Mapping[SessionId, tuple[SourceFile, ...]]:
        """Return the bodies of each session that has some, by name.

        Raises StorageUnavailable, Exhausted.
        """
        found: dict[SessionId, dict[str, SourceFile]] = {}
        for checkout in self._listed():
            with own_folder(checkout, self._levels) as folder:
                sessions = names_in(folder)
            for session in map(SessionId, sessions):
                for file in self._bodies(checkout, session):
                    found.setdefault(session, {}).setdefault(file.name, file)
        return {
            session: tuple(files[name] for name in sorted(files))
            for session, files in found.items()
        }

    def _bodies(self, checkout: str, session: SessionId) -> Iterator[SourceFile]:
        levels = (*self._levels, session)
        with own_folder(checkout, levels) as folder:
            for name in filter(_is_body, names_in(folder)):
                found = own_file(folder, name)
                if found is not None:
                    yield _source(name, str(Path(checkout, *levels, name)), found)


def _is_body(name: str) -> bool:
    digest = name.removesuffix(_ENDING)
    return name.endswith(_ENDING) and len(digest) == _LENGTH and _DIGITS.issuperset(digest)


def _source(name: str, location: str, found: os.stat_result) -> SourceFile:
    return SourceFile(
        name=f"{_FOLDER}/{name}",
        kind=SourceKind.BODY,
        location=location,
        size=found.st_size,
        stamp=f"{found.st_size}:{found.st_mtime_ns}",
    )
