"""Pi's format: bytes of a session to steps.

Keys of a step's `native`: `entry_id`, `response_id` and `first_kept_entry_id` are the agent's ids;
`answer_id` is what a call of the model is told by, its response's id or else its entry's;
`api`, `stop_reason`, `raw_stop_reason`, `response_model` and `thinking_level` are of an answer, as
it has them; `cost_usd` is what it cost; `reasoning_tokens` is the part of the output that was
thought, and `cache_write_1h` of what was put into a cache; `failure` is an error of the model's
service, whose words stand at the end of the step. `changed_files` names files that were edited
(`M`) and written (`W`), one a line; `patch` says how their results show it: `unified` or `display`.
`custom_type` is what an extension calls its message. `sealed_thinking`, `is_cut` (an output of
which a part is in a file elsewhere), `unseen_by_model` and `giant` (a line too long
to be read) are marks. `origin` says of a step what put it there, if nobody typed it:
`system_prompt`, `extension`, `skill`, `model_change`, `thinking_level_change`, `compact_boundary`,
`compact_summary`, `branch_summary`, `command_output` or `result`.
"""

from collections.abc import Iterable, Iterator, Mapping

from opentraces.adapters._reading.jsonl import Giant, complete_lines
from opentraces.adapters.pi.answer_names import ANSWER
from opentraces.adapters.pi.automaton import SessionAutomaton
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.errors import Corrupt
from opentraces.domain.parsing import ParsedSource, ParsedStep
from opentraces.domain.session import SourceFile
from opentraces.ports.parsing import SourceParse, TraceParser

CALL = ANSWER
"""The key of `native` that has the `call` of a node."""

STATE = b"pi/3"
"""The form of a saved state; one of another form is refused."""


class PiParser(TraceParser):
    """Reads sessions of every version."""

    def parse(
        self,
        source: SourceFile,
        chunks: Iterable[bytes],
        saved: bytes | None,
        notes: Mapping[str, bytes],
    ) -> SourceParse:
        """See TraceParser. Raises Corrupt when `saved` is no state of this release."""
        return PiParse(source, chunks, saved)


class PiParse(SourceParse):
    """One session being parsed."""

    def __init__(self, source: SourceFile, chunks: Iterable[bytes], saved: bytes | None) -> None:
        self._chunks = chunks
        self._automaton = SessionAutomaton()
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
        return self._automaton.context()

    def result(self) -> ParsedSource:
        """See SourceParse."""
        if self._result is None:
            header = b"%b %d\n" % (STATE, self._consumed)
            self._result = ParsedSource(
                consumed=self._consumed,
                facts=self._automaton.facts(),
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
