"""What a provider was sent, whole, in the repositories that are enrolled: a folder a session.

A repository may come with anything: no level is followed through a link, and what is not the
user's own, or has a second name, is as if it were not there.
"""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent, SourceFile, SourceKind

_FOLDER = "bodies"
_ENDING = ".json"


class FilesystemBodies:
    """`.opentraces/<agent>/bodies/<session>/<digest>.json` in each checkout."""

    def __init__(self, listed: Callable[[], tuple[str, ...]], agent: Agent) -> None:
        """Look into the checkouts that are `listed`, by their paths."""
        self._listed = listed
        self._levels = (".opentraces", agent.value, _FOLDER)

    def by_session(self) -> Mapping[SessionId, tuple[SourceFile, ...]]:
        """Return the bodies of each session that has some, by name; what cannot be read is none."""
        found: dict[SessionId, dict[str, SourceFile]] = {}
        for checkout in self._listed():
            for session in _entries(_folder(checkout, self._levels)):
                files = found.setdefault(SessionId(session.name), {})
                for file in filter(None, map(_body, _entries(_folder(session.path)))):
                    files.setdefault(file.name, file)
        return {
            session: tuple(files[name] for name in sorted(files))
            for session, files in found.items()
            if files
        }


def _folder(place: str, levels: tuple[str, ...] = ()) -> str | None:
    """Return a folder below a place, all levels of it the user's own. None: it is none."""
    at = Path(place)
    for level in ("", *levels):
        at = at / level
        try:
            found = at.lstat()
        except OSError:
            return None
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return None
    return str(at)


def _entries(folder: str | None) -> Iterator["os.DirEntry[str]"]:
    if folder is None:
        return
    try:
        with os.scandir(folder) as entries:
            yield from sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return


def _body(entry: "os.DirEntry[str]") -> SourceFile | None:
    """Return one body. None: it is a link, another's, or of another name."""
    digest = entry.name.removesuffix(_ENDING)
    is_named = entry.name.endswith(_ENDING) and len(digest) == 64 and digest.isalnum()
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    is_plain = stat.S_ISREG(found.st_mode) and found.st_nlink == 1
    if not is_named or not is_plain or found.st_uid != os.geteuid():
        return None
    return SourceFile(
        name=f"{_FOLDER}/{entry.name}",
        kind=SourceKind.BODY,
        location=entry.path,
        size=found.st_size,
        stamp=f"{found.st_size}:{found.st_mtime_ns}",
    )
