"""The sessions of all agents, as those of one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from opentraces.domain.errors import SourceUnreadable
from opentraces.domain.session import Agent, FoundSession, Scope, SourceFile
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.sessions import SessionSource


@frozen_dataclass
class AgentSessions(SessionSource):
    """See SessionSource.

    Order matters where agents contradict each other: who is asked first knows its files by what
    is in them.
    """

    sources: Mapping[Agent, SessionSource]

    def discover(self, scope: Scope) -> Iterator[FoundSession]:
        """See SessionSource. A file that several agents take for theirs is that of the first."""
        taken: set[str] = set()
        for source, places in self._shared_out(scope.places):
            for found in source.discover(replace(scope, places=places)):
                if found.location not in taken:
                    taken.add(found.location)
                    yield found

    def read(self, file: SourceFile, offset: int) -> Iterator[bytes]:
        """See SessionSource. By the first agent that can, for whoever does not know whose it is."""
        refused: SourceUnreadable | None = None
        for source in self.sources.values():
            pieces = source.read(file, offset)
            try:
                first = next(pieces, b"")
            except SourceUnreadable as error:
                refused = refused or error
                continue
            return chain((first,), pieces) if first else iter(())
        raise refused or SourceUnreadable(file.location)

    def _shared_out(self, places: tuple[str, ...]) -> list[tuple[SessionSource, tuple[str, ...]]]:
        """Return who is to look where: at home, or in those of the places that hold its sessions.

        Raises SourceUnreadable when one of them holds nobody's.
        """
        if not places:
            return [(source, ()) for source in self.sources.values()]
        shares = []
        refusals: dict[str, list[str]] = {place: [] for place in places}
        for source in self.sources.values():
            share = tuple(place for place in places if _holds(source, place, refusals[place]))
            if share:
                shares.append((source, share))
        for place, said in refusals.items():
            if len(said) == len(self.sources):
                raise SourceUnreadable(f"{place}: {'; '.join(dict.fromkeys(said))}")
        return shares


def _holds(source: SessionSource, place: str, refusals: list[str]) -> bool:
    """Whether an agent has sessions in a place; if not, why is added to `refusals`."""
    try:
        next(iter(source.discover(Scope(places=(place,)))), None)
    except SourceUnreadable as error:
        refusals.append(str(error).removeprefix(f"{place}: "))
        return False
    return True
