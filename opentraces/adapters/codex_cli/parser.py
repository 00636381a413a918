"""Codex's format: bytes of a rollout to steps.

Keys of a step's `native`: `answer` is that of the call that made the model's answer, as context
events name it (`CALL`), `turn_id` and `response_id` are the agent's ids; `reasoning_tokens` is
the part of the output that was thought; `speed` is `fast`, where the settings in force said so;
`failure` is an error of the model's service. `patch` says how a call carries a patch (`custom`,
`function`, `shell`, `script`), and `patched_files` which files it is about, one a line.
`sealed_thinking` and `giant` (a line too long to be read) are marks. `origin` says of a step what
put it there, if nobody typed it: `compact_boundary`, `compaction`, `interruption`, `error`,
`rollback`, `agent_message`, `result`, or the agent's own word; `author` is the agent that speaks. A
call of `exec` may have called others, which follow it in its step: the argument `called_by` of each
is that call. A tool that takes bare text has it under `input`.
"""

from collections.abc import Iterable, Iterator, Mapping

from opentraces.adapters._reading.jsonl import Giant, complete_lines
from opentraces.adapters.codex_cli.automaton import RolloutAutomaton
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.errors import Corrupt
from opentraces.domain.parsing import ParsedSource, ParsedStep
from opentraces.domain.session import SourceFile
from opentraces.ports.parsing import SourceParse, TraceParser

STATE = b"codex-cli/4"
"""The form of a saved state; one of another form is refused."""


class CodexCliParser(TraceParser):
    """Reads rollouts of every dialect."""

    def parse(
        self,
        source: SourceFile,
        chunks: Iterable[bytes],
        saved: bytes | None,
        notes: Mapping[str, bytes],
    ) -> SourceParse:
        """See TraceParser. Raises Corrupt when `saved` is no state of this release."""
        return CodexCliParse(source, chunks, saved)


class CodexCliParse(SourceParse):
    """One rollout being parsed."""

    def __init__(self, source: SourceFile, chunks: Iterable[bytes], saved: bytes | None) -> None:
        self._chunks = chunks
        self._automaton = RolloutAutomaton()
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
        return self._automaton.scene.context.events()

    def result(self) -> ParsedSource:
        """See SourceParse."""
        if self._result is None:
            header = b"%b %d\n" % (STATE, self._consumed)
            self._result = ParsedSource(
                consumed=self._consumed,
                facts=self._automaton.scene.tally.facts(),
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
