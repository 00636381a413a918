"""An agent's sessions on a machine that may have none of it: what reads them is imported then."""

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from opentraces.domain.session import FoundSession, Scope, SourceFile
from opentraces.ports.sessions import SessionSource


class SourceWhenAsked(SessionSource):
    """See SessionSource."""

    def __init__(self, folders: tuple[Path, ...], make: Callable[[], SessionSource]) -> None:
        """`folders`: those that the agent has here; `make`: imports what reads its sessions."""
        self._folders = folders
        self._make = make

    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        """See SessionSource. Where the agent has no folder, only what a user named is looked at."""
        is_any = bool(self._folders or scope.places)
        return self._source.discover(scope) if is_any else iter(())

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        """See SessionSource."""
        return self._source.read(file, offset)

    @cached_property
    def _source(self) -> SessionSource:
        return self._make()
