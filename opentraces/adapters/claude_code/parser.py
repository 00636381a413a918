"""Claude Code's format: bytes of a session's files to steps.

Keys of a step's `native`: `message_id`, `request_id`, `uuid` (of its first line) and `prompt_id`
are the agent's ids. `stop_reason`, `commit` (that a shell command made), `skill` (that was in
force), `cache_write_1h` (tokens, of those written to the cache) and `speed` (`fast`, where that was
asked for) are the agent's values.
`synthetic` (no model wrote it), `failure` (of the model's service), `sealed_thinking`, `aside` (a
side question) and `giant` (a line too long to be read) are marks. `origin` says of a system step
what put it there: `meta`, `compact_boundary`, `compact_summary`, `interruption`, `tool`, or the
agent's own word.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from opentraces.adapters._reading.jsonl import Giant, complete_lines, decode
from opentraces.adapters._reading.values import name
from opentraces.adapters.claude_code.automaton import TranscriptAutomaton
from opentraces.adapters.claude_code.history import HistoryAutomaton
from opentraces.adapters.claude_code.scene import HELPER, Speaker
from opentraces.adapters.claude_code.tally import Tally
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.errors import Corrupt
from opentraces.domain.facts import AgentLink, SourceFacts
from opentraces.domain.parsing import ParsedSource, ParsedStep
from opentraces.domain.session import SourceFile, SourceKind
from opentraces.ports.parsing import SourceParse, TraceParser

STATE = b"claude-code/4"
"""The form of a saved state; one of another form is refused."""

CALL = "message_id"
"""The key of `native` by which a step is told from the call of the model that it is."""

_ASIDE = "aside_question"


class _Automaton(Protocol):
    """What reads the lines of one source."""

    @property
    def tally(self) -> Tally: ...
    def take(self, offset: int, line: bytes | Giant) -> list[ParsedStep]: ...
    def flush(self) -> list[ParsedStep]: ...
    def context(self) -> list[ContextEvent]: ...
    def saved(self) -> bytes: ...
    def restore(self, saved: bytes) -> None: ...


class ClaudeCodeParser(TraceParser):
    """Reads main transcripts, sub-agents' transcripts, and prompts out of the history."""

    def parse(
        self,
        source: SourceFile,
        chunks: Iterable[bytes],
        saved: bytes | None,
        notes: Mapping[str, bytes],
    ) -> SourceParse:
        """See TraceParser. Raises Corrupt when `saved` is no state of this release."""
        return ClaudeCodeParse(source, chunks, saved, _own_link(source, notes))


class ClaudeCodeParse(SourceParse):
    """One source being parsed."""

    def __init__(
        self,
        source: SourceFile,
        chunks: Iterable[bytes],
        saved: bytes | None,
        own: AgentLink | None,
    ) -> None:
        self._kind = source.kind
        self._chunks = chunks
        self._own = own
        self._automaton = _automaton(source, own)
        self._consumed = 0
        self._result: ParsedSource | None = None
        if saved is not None:
            self._restore(source, saved)

    def steps(self) -> Iterator[ParsedStep]:
        """See SourceParse."""
        take = self._automaton.take
        for offset, line in complete_lines(self._chunks, self._consumed):
            ready = take(offset, line)
            length = line.length if isinstance(line, Giant) else len(line)
            self._consumed = offset + length + 1
            if ready:
                yield from ready
        yield from self._automaton.flush()

    def context(self) -> list[ContextEvent]:
        """See SourceParse."""
        return self._automaton.context()

    def result(self) -> ParsedSource:
        """See SourceParse."""
        if self._result is None:
            header = b"%b %d\n" % (STATE, self._consumed)
            state = header + self._automaton.saved()
            self._result = ParsedSource(consumed=self._consumed, facts=self._facts(), state=state)
        return self._result

    def _restore(self, source: SourceFile, saved: bytes) -> None:
        header, _, state = saved.partition(b"\n")
        form, _, consumed = header.partition(b" ")
        if form != STATE:
            raise Corrupt(f"{source.name}: the parser's state is of another release")
        self._consumed = int(consumed)
        self._automaton.restore(state)

    def _facts(self) -> SourceFacts:
        tally = self._automaton.tally
        own = self._own
        if self._kind is SourceKind.HISTORY:
            return tally.facts(None, ("history_only",))
        if self._kind is not SourceKind.SUBAGENT:
            return tally.facts(None, _limitations(tally))
        tally.agent_id = own.agent_id if own else tally.agent_id
        unknown = () if own and own.tool_call_id else ("parent_unknown",)
        return tally.facts(own, (*_limitations(tally), *unknown))


def _limitations(tally: Tally) -> tuple[str, ...]:
    return ("giant_lines",) if tally.giants else ()


def _automaton(source: SourceFile, own: AgentLink | None) -> _Automaton:
    if source.kind is SourceKind.HISTORY:
        return HistoryAutomaton()
    if source.kind is not SourceKind.SUBAGENT:
        return TranscriptAutomaton(Speaker())
    if own is not None and own.agent_id.startswith(_ASIDE):
        return TranscriptAutomaton(Speaker("aside", "subagent", is_aside=True))
    role = own.agent_type if own and own.agent_type else HELPER.agent_role
    return TranscriptAutomaton(Speaker(role, "subagent"))


def _own_link(source: SourceFile, notes: Mapping[str, bytes]) -> AgentLink | None:
    """Return what a sub-agent's file name and its note say of it. None: it is no sub-agent's."""
    if source.kind is not SourceKind.SUBAGENT:
        return None
    stem = source.name.removesuffix(".jsonl")
    note = decode(notes.get(f"{stem}.meta.json", b"{}")) or {}
    return AgentLink(
        agent_id=stem.rpartition("/")[2].removeprefix("agent-"),
        tool_call_id=name(note.get("toolUseId")),
        agent_type=name(note.get("agentType")),
        description=name(note.get("description")),
    )
