"""Threads that pack what is written; the interpreter goes on meanwhile."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, TypeVar

Packed = TypeVar("Packed")

WORTH: Final = 64 * 1024
"""Plain bytes at once below which no thread is asked: who never packs more needs none, and to
import and begin threads takes as long as packing a MiB or two."""

_THREADS = 2


class Packers:
    """Threads, begun with the first bytes that are worth it: most sessions grow by little."""

    def __init__(self) -> None:
        self._pool: Any = None

    def submit(self, pack: Callable[[], Packed], plain: int) -> Callable[[], Packed]:
        """Pack `plain` bytes, here or in a thread; returns what gives them, waiting for it."""
        if plain < WORTH:
            packed = pack()
            return lambda: packed
        if self._pool is None:
            self._pool = import_module("concurrent.futures").ThreadPoolExecutor(_THREADS)
        waited: Callable[[], Packed] = self._pool.submit(pack).result
        return waited

    def close(self) -> None:
        """Wait for what is being packed, and end the threads."""
        if self._pool is not None:
            self._pool.shutdown()
