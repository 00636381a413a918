"""Bodies of requests, as an agent writes them into the spool folder: a file each."""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from opentraces.adapters.filesystem.own_folder import (
    is_own,
    names_in,
    own_folder,
    present,
)
from opentraces.adapters.filesystem.tree import FILE, translated
from opentraces.domain.ids import SessionId
from opentraces.domain.limits import LARGEST_RUN
from opentraces.ports.request_bodies import RequestBodies, WaitingBody

BODIES = "bodies"
"""The name of the folder in the spool folder."""

_NAME = re.compile(r"[0-9A-Za-z_-]{1,200}\.(request|response)\.json")
_A_LITTLE = 4096
_OF_OTHERS = 0o077
_WRITABLE = 0o022

SessionIn = Callable[[bytes], SessionId | None]
"""The end of a request, or all of it, to whose it is."""

AnswerIn = Callable[[bytes], str | None]
"""All of a response to the id of its answer. None: it is not whole."""


class FilesystemRequestBodies(RequestBodies):
    """`spool/bodies/<name>.request.json` and `.response.json`.

    Only regular files of the user's in a folder that is the user's alone. A client makes one that
    others can look into when ours is gone: it is closed to them. One that others can write to is as
    if it were not there.
    """

    def __init__(self, spool: Path, session_in: SessionIn, answer_in: AnswerIn) -> None:
        """Look into `spool`; the agent's words are read by the others."""
        self._spool = spool
        self._session_in, self._answer_in = session_in, answer_in

    def waiting(self) -> tuple[WaitingBody, ...]:
        """See RequestBodies."""
        with self._folder() as folder:
            names = [name for name in names_in(folder) if _NAME.fullmatch(name)]
            found = [self._waiting(folder, name) for name in names] if folder is not None else []
        bodies = [each for each in found if each is not None]
        return tuple(sorted(bodies, key=lambda each: (each.written, each.name)))

    def read(self, name: str) -> bytes | None:
        """See RequestBodies."""
        with self._folder() as folder, _opened(folder, name) as body:
            return None if body is None else _read(body, 0, os.fstat(body).st_size, name)

    def remove(self, names: Iterable[str]) -> None:
        """See RequestBodies."""
        with self._folder() as folder:
            for name in names if folder is not None else ():
                if _NAME.fullmatch(name):
                    with translated(name), suppress(FileNotFoundError):
                        os.unlink(name, dir_fd=folder)

    @contextmanager
    def _folder(self) -> Iterator[int | None]:
        home = str(self._spool.parent.resolve())
        with own_folder(home, (self._spool.name, BODIES)) as folder:
            yield folder if folder is not None and _is_private(folder) else None

    def _waiting(self, folder: int, name: str) -> WaitingBody | None:
        with _opened(folder, name) as body:
            if body is None:
                return None
            found = os.fstat(body)
            kind: Literal["request", "response"] = (
                "request" if name.endswith(".request.json") else "response"
            )
            said = self._session(body, found.st_size, name) if kind == "request" else None
            answer = self._answer(body, found.st_size, name) if kind == "response" else None
        return WaitingBody(name, kind, said, answer, found.st_size, found.st_mtime_ns)

    def _session(self, body: int, size: int, name: str) -> SessionId | None:
        end = _read(body, max(0, size - _A_LITTLE), min(size, _A_LITTLE), name)
        return self._session_in(end) or self._session_in(_read(body, 0, size, name))

    def _answer(self, body: int, size: int, name: str) -> str | None:
        """Return what a response answers; all of it is read, for half of it is none yet."""
        return self._answer_in(_read(body, 0, size, name))


def _is_private(folder: int) -> bool:
    """Whether nobody else can write into a folder; then nobody else can look into it either."""
    with translated(BODIES):
        mode = stat.S_IMODE(os.fstat(folder).st_mode)
        if mode & _OF_OTHERS and not mode & _WRITABLE:
            os.fchmod(folder, mode & ~_OF_OTHERS)
    return not mode & _WRITABLE


@contextmanager
def _opened(folder: int | None, name: str) -> Iterator[int | None]:
    """Open a body. None: there is none of the user's that can be held."""
    if folder is None or not _NAME.fullmatch(name):
        yield None
        return
    body = present(name, lambda: os.open(name, os.O_RDONLY | FILE, dir_fd=folder))
    try:
        found = os.fstat(body) if body is not None else None
        fits = found is not None and is_own(found) and found.st_size <= LARGEST_RUN
        yield body if fits else None
    finally:
        if body is not None:
            os.close(body)


def _read(body: int, offset: int, length: int, name: str) -> bytes:
    pieces: list[bytes] = []
    with translated(name):
        while length and (piece := os.pread(body, length, offset)):
            pieces.append(piece)
            offset, length = offset + len(piece), length - len(piece)
    return b"".join(pieces)
