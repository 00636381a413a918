"""Threads that pack what is written; the interpreter goes on meanwhile."""

from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from types import TracebackType
from typing import Any, Final, Self, TypeVar

Packed = TypeVar("Packed")

WORTH: Final = 64 * 1024
"""Plain bytes below which handing them over costs more than packing them."""

_THREADS = 2


class Packers:
    """Threads, begun with the first bytes that are worth it: most sessions grow by little."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self._pool: Any = None

    def submit(self, pack: Callable[[], Packed], plain: int) -> Callable[[], Packed]:
        """Pack `plain` bytes, here or in a thread; returns what gives them, waiting for it."""
        if plain < WORTH:
            packed = pack()
            return lambda: packed
        if self._pool is None:
            made = import_module("concurrent.futures").ThreadPoolExecutor(_THREADS)
            self._pool = self._held.enter_context(made)
        waited: Callable[[], Packed] = self._pool.submit(pack).result
        return waited

    def __enter__(self) -> Self:
        """Begin nothing yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for what is being packed, and end the threads."""
        self._held.close()
