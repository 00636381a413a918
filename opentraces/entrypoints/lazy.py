"""What is imported only when it is called."""

from collections.abc import Callable
from importlib import import_module
from typing import Any


def lazy(target: str) -> Callable[..., Any]:
    """Return a callable that imports `package.module:name` when it is first called."""
    module, _, name = target.partition(":")

    def build(*args: object, **kwargs: object) -> Any:
        return getattr(import_module(module), name)(*args, **kwargs)

    return build
