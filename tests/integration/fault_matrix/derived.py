"""Index and ledger while a command runs: other programs' files, which no medium sees written."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_NAMES = (
    "index",
    "state/ledger.sqlite",
    "state/ledger.sqlite-journal",
    "state/trails.sqlite",
    "state/trails.sqlite-journal",
)


class Derived:
    """What they were after each operation at which they had changed."""

    def __init__(self, home: Path, aside: Path) -> None:
        shutil.rmtree(aside, ignore_errors=True)
        self._home = home
        self._aside = aside
        self._points: list[int] = []
        self._last: tuple[tuple[str, int, int], ...] | None = None

    def keep(self, point: int) -> None:
        """Copy them, if they have changed; `point`: how many operations came before."""
        now = tuple(self._stamps())
        if now == self._last:
            return
        self._last = now
        self._points.append(point)
        for name in _NAMES:
            _copy(self._home / name, self._aside / str(point) / name)

    def put_back(self, point: int | None) -> None:
        """Have them as they were at a point; None: they are lost."""
        for name in _NAMES:
            _remove(self._home / name)
        if point is None:
            return
        last = max(each for each in self._points if each <= point)
        for name in _NAMES:
            _copy(self._aside / str(last) / name, self._home / name)

    def _stamps(self) -> Iterator[tuple[str, int, int]]:
        for name in _NAMES:
            there = self._home / name
            for path in (there, *sorted(there.rglob("*"))):
                with suppress(FileNotFoundError):
                    found = path.stat()
                    if path.is_file():
                        yield str(path), found.st_size, found.st_mtime_ns


def _copy(source: Path, to: Path) -> None:
    """Copy what is there; the index has threads of its own, and may be at it."""
    for path in (source, *source.rglob("*")):
        copied = to / path.relative_to(source)
        copied.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            if path.is_dir():
                copied.mkdir(exist_ok=True)
            else:
                shutil.copy2(path, copied)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
