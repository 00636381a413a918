"""Hermes' formats: rows of trajectories, and rows of its database, to steps.

Keys of a step's `native`: `message_id` is the number of a row of the database, `finish_reason` why
an answer ended; `usage_of` is `session` where the tokens of a step are those of all of its session,
which is all that is said of them: they stand at the first answer, with what they cost, `cost_usd`,
in US dollars. `invalid_calls` counts calls that are no JSON and stand in the text as they are.
`observed`, `sealed_thinking` and `giant` (a line too long to be read) are marks. `origin` says of a
step what put it there, if nobody typed it: `system_prompt`, `system`, `compaction`, `result` (of a
call that is not known), `giant`, or Hermes' own word. A call whose arguments are no object has them
under `input`.
"""

from collections.abc import Iterable, Iterator, Mapping

from opentraces.adapters._reading.jsonl import Giant, complete_lines
from opentraces.adapters.hermes.automaton import HermesAutomaton
from opentraces.adapters.hermes.session_note import note_of
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.errors import Corrupt
from opentraces.domain.parsing import ParsedSource, ParsedStep
from opentraces.domain.session import SourceFile
from opentraces.ports.parsing import SourceParse, TraceParser

STATE = b"hermes/2"
"""The form of a saved state; one of another form is refused."""


class HermesParser(TraceParser):
    """Reads rows of trajectories and of the database."""

    def parse(
        self,
        source: SourceFile,
        chunks: Iterable[bytes],
        saved: bytes | None,
        notes: Mapping[str, bytes],
    ) -> SourceParse:
        """See TraceParser. Raises Corrupt when `saved` is no state of this release."""
        return HermesParse(source, chunks, saved, notes)


class HermesParse(SourceParse):
    """One source being parsed."""

    def __init__(
        self,
        source: SourceFile,
        chunks: Iterable[bytes],
        saved: bytes | None,
        notes: Mapping[str, bytes],
    ) -> None:
        self._chunks = chunks
        self._automaton = HermesAutomaton(note_of(source.name, notes))
        self._consumed = 0
        self._result: ParsedSource | None = None
        if saved is not None:
            self._restore(source, saved)

    def steps(self) -> Iterator[ParsedStep]:
        """See SourceParse."""
        for offset, line in complete_lines(self._chunks, self._consumed):
            ready = self._automaton.take(offset, line)
            length = line.length if isinstance(line, Giant) else len(line)
            self._consumed = offset + length + 1
            yield from ready
        yield from self._automaton.flush()

    def context(self) -> list[ContextEvent]:
        """See SourceParse."""
        return []

    def result(self) -> ParsedSource:
        """See SourceParse."""
        if self._result is None:
            scene = self._automaton.scene
            header = b"%b %d\n" % (STATE, self._consumed)
            self._result = ParsedSource(
                consumed=self._consumed,
                facts=scene.tally.facts(scene.note.facts()),
                state=header + self._automaton.saved(),
            )
        return self._result

    def _restore(self, source: SourceFile, saved: bytes) -> None:
        header, _, state = saved.partition(b"\n")
        form, _, consumed = header.partition(b" ")
        if form != STATE:
            raise Corrupt(f"{source.name}: the parser's state is of another release")
        self._consumed = int(consumed)
        self._automaton.restore(state)
