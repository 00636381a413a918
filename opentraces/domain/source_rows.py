"""A trace's list of sources: what is left of a header when its envelope is lost."""

from collections.abc import Iterable, Iterator, Sequence

from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import BlobId, SessionId, TraceId, trace_id
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class SourceRow:
    """One line of the list. A later one of the same source replaces it."""

    kind: SourceKind
    """What it is."""

    name: str
    """Where a restore puts it."""

    location: str
    """Where its agent kept it."""

    size: int
    """Plain bytes kept."""

    generation: int
    """How often the agent rewrote the file before."""

    superseded: bool
    """Whether the agent has rewritten it since."""

    file: str
    """Where its bytes are, as the list says it."""

    number: int | None
    """Its number in the trace. None: the line does not say, for its bytes are a blob."""

    blob: BlobId | None
    """The blob that its bytes are. None: they are in a file of the trace."""

    released: bool = False
    """Whether its bytes were let go."""


@frozen_dataclass
class Listed:
    """What a whole list says."""

    rows: tuple[SourceRow, ...]
    """The last row of each source, by number."""

    rewrites: int
    """In how many commits a source was rewritten: the generation of the trace."""


def replayed(commits: Sequence[Sequence[SourceRow]], *, is_first: bool) -> Listed:
    """Go through the rows of each commit, oldest first.

    `is_first`: whether it is the list as it was begun. One that was written anew has all that was
    before in its first commit.

    Raises Corrupt when a row is missing, or cannot be told from another.
    """
    replay = _Replay()
    rewrites = 0
    for place, rows in enumerate(commits):
        gone = sum([replay.take(row) for row in rows])
        if place == 0 and not is_first and gone > 1:
            raise Corrupt("it is not known how often its session was rewritten")
        rewrites += gone > 0 and not (place == 0 and is_first)
    return Listed(tuple(replay.rows), rewrites)


class _Replay:
    def __init__(self) -> None:
        self.rows: list[SourceRow] = []

    def take(self, row: SourceRow) -> bool:
        """Take the next row; returns whether it says that a source was rewritten."""
        number = self._number(row)
        if number > len(self.rows):
            raise Corrupt(f"its list of sources has no row {len(self.rows)}")
        if number == len(self.rows):
            self.rows.append(row)
            return row.superseded
        was = self.rows[number].superseded
        self.rows[number] = row
        return row.superseded and not was

    def _number(self, row: SourceRow) -> int:
        if row.number is not None:
            return row.number
        for number, known in enumerate(self.rows):
            if known.number is None and known.name == row.name and not known.superseded:
                is_same = known.blob == row.blob and row.superseded
                if is_same or row.kind is SourceKind.NOTE:
                    return number
        return len(self.rows)


_UUID = 36
"""Characters of a UUID: what the name of a file of a session ends in, where it begins otherwise."""


def owner_of(trace: TraceId, said: Iterable[str]) -> tuple[Agent, SessionId] | None:
    """Return whose session a trace is. None: none of `said`, or of its parts, proves to be its id.

    The id of a trace follows from its session's, so that no other id fits.
    """
    for text in said:
        for session in _candidates(text):
            for agent in Agent:
                if trace_id(agent.value, SessionId(session)) == trace:
                    return agent, SessionId(session)
    return None


def _candidates(text: str) -> Iterator[str]:
    yield text
    for part in text.split("/"):
        yield part
        yield part.rpartition(".")[0]
        yield part.rpartition(".")[0][-_UUID:]
