"""What is imported only when it is called, or asked for."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, TypeVar

Key = TypeVar("Key")
Made = TypeVar("Made")


def lazy(target: str) -> Callable[..., Any]:
    """Return a callable that imports `package.module:name` when it is first called."""
    module, _, name = target.partition(":")

    def build(*args: object, **kwargs: object) -> Any:
        return getattr(import_module(module), name)(*args, **kwargs)

    return build


class MadeWhenAsked(Mapping[Key, Made]):
    """A mapping each of whose values is made when it is first asked for, and held."""

    def __init__(self, makers: Mapping[Key, Callable[[], Made]]) -> None:
        self._makers = makers
        self._made: dict[Key, Made] = {}

    def __getitem__(self, key: Key) -> Made:
        """Return the value. Raises KeyError: there is none."""
        if key not in self._made:
            self._made[key] = self._makers[key]()
        return self._made[key]

    def __iter__(self) -> Iterator[Key]:
        """Yield the keys; makes nothing."""
        return iter(self._makers)

    def __len__(self) -> int:
        """Return how many there are; makes nothing."""
        return len(self._makers)
