"""A session that nobody had, kept with its Context Tree; each block refers to a line of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opentraces.domain.context.events import ContextEvent, LayerKind
from opentraces.domain.context.growing import Call, GrowingContext, Point
from opentraces.domain.context.lines import of_source
from opentraces.domain.context.templates import at
from opentraces.domain.envelope import KeptSource, ReleasedBytes, TraceHeader
from opentraces.domain.facts import AgentLink, Compaction, SourceFacts
from opentraces.domain.ids import BlobId, SessionId, StepKey, TraceId, canonical_bytes, trace_id
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.step import Observation, Step, TokenUsage, ToolCall
from tests.integration.adapters.filesystem.on_disk import writer_of

SESSION = SessionId("0b7d6f3a-0000-4000-8000-00000000c0de")
NO_TOKENS = TokenUsage()
TRACE = trace_id(Agent.CLAUDE_CODE.value, SESSION)


@dataclass
class Lines:
    """One source of the session: its lines, and what the model saw by them."""

    agent_id: str | None = None
    data: bytes = b""
    context: GrowingContext = field(default_factory=GrowingContext)
    points: list[Point] = field(default_factory=list)
    answers: int = 0
    ordinals: int = 0
    compactions: list[Compaction] = field(default_factory=list)
    links: list[AgentLink] = field(default_factory=list)

    def write(self, value: Any) -> Any:
        """Add a line; returns the template that refers to its value."""
        line = canonical_bytes({"content": value})
        template = at(len(self.data), len(line), "/content")
        self.data += line + b"\n"
        return template

    def add(self, role: str, *values: Any) -> None:
        for value in values:
            self.context.add(role, value, self.write(value))

    def layer(self, kind: LayerKind, value: Any, completeness: Any = "approximated") -> None:
        self.context.layer(kind, value, self.write(value), completeness)


class MadeUp:
    """A session, as it goes on."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.main = Lines()
        self.sources = [self.main]
        self.steps: list[KeptStep] = []

    def prompt(self, text: str, lines: Lines | None = None) -> int:
        """Let something be typed."""
        (lines or self.main).add("user", {"type": "text", "text": text})
        return self.step(lines, {}, role="user", content=text)

    def answer(
        self,
        *blocks: Any,
        lines: Lines | None = None,
        tokens: TokenUsage = NO_TOKENS,
        **call: Any,
    ) -> int:
        """Let the model answer with some blocks; calls are steps' calls, too."""
        lines = lines or self.main
        lines.answers += 1
        name = f"msg_{self.sources.index(lines)}_{lines.answers}"
        lines.points.append(lines.context.call(Call(**{"id": name, **call})))
        lines.add("assistant", *blocks)
        words = [block["text"] for block in blocks if block["type"] == "text"]
        calls = [block for block in blocks if block["type"] == "tool_use"]
        return self.step(
            lines,
            {"message_id": name},
            role="agent",
            content="\n".join(words) or None,
            token_usage=tokens,
            call_type="main" if lines is self.main else "subagent",
            tool_calls=tuple(
                ToolCall(tool_call_id=each["id"], tool_name=each["name"], input=each["input"])
                for each in calls
            ),
        )

    def result(
        self, call: str, text: str, *, failed: bool = False, lines: Lines | None = None
    ) -> None:
        """Let a tool give something back."""
        value = {"type": "tool_result", "tool_use_id": call, "content": text}
        (lines or self.main).add("user", value | ({"is_error": True} if failed else {}))
        error = "it failed" if failed else None
        seen = Observation(source_call_id=call, content=text, error=error)
        for number, kept in enumerate(self.steps):
            if call in [each.tool_call_id for each in kept.step.tool_calls]:
                observations = (*kept.step.observations, seen)
                step = kept.step.but(observations=observations)
                self.steps[number] = kept.but(step=step)

    def compact(self, summary: str, *more: Any) -> int:
        """Let a summary take the place of all that was said."""
        lines = self.main
        boundary = self.step(None, {"origin": "compact_boundary"}, role="system", content="cut")
        ordinal = lines.ordinals - 1
        lines.compactions.append(Compaction(ordinal=ordinal, trigger="auto", tokens_before=900))
        self.step(None, {"origin": "compact_summary"}, role="system", content=summary)
        lines.context.go_to(lines.points[-1], "compaction_fork", 0)
        lines.add("user", *more, {"type": "text", "text": summary})
        return boundary

    def helper(self, agent_id: str, call: str) -> Lines:
        """Let a call start a sub-agent."""
        link = AgentLink(agent_id=agent_id, tool_call_id=call, agent_type="reviewer")
        self.main.links.append(link)
        lines = Lines(agent_id)
        lines.context.go_to(Point(), "subagent_fork")
        self.sources.append(lines)
        return lines

    def step(self, lines: Lines | None, native: dict[str, str], **step: Any) -> int:
        """Add a step; returns its number."""
        lines = lines or self.main
        index = len(self.steps) + 1
        self.steps.append(
            KeptStep(
                source=self.sources.index(lines),
                ordinal=lines.ordinals,
                key=StepKey(f"{index:016x}"),
                native=native,
                step=Step(step_index=index, **step),
            )
        )
        lines.ordinals += 1
        return index

    def keep(self, *events: ContextEvent, released: bool = False) -> TraceId:
        """Keep it, with more events of its tree."""
        with writer_of(self.home / ".opentraces").batch() as batch:
            edit = batch.edit(TRACE, wait=True)
            for number, lines in enumerate(self.sources):
                edit.append_source(number, lines.data)
            for step in self.steps:
                edit.append_step(step)
            for event in (*self._events(), *events):
                edit.append_context(event)
            edit.commit(self._header(released=released))
        return TRACE

    def _events(self) -> Iterable[ContextEvent]:
        for number, lines in enumerate(self.sources):
            yield from (of_source(event, number) for event in lines.context.take())

    def _header(self, *, released: bool) -> TraceHeader:
        return TraceHeader(
            agent=Agent.CLAUDE_CODE,
            session_id=SESSION,
            title="Retry the upload",
            steps=len(self.steps),
            sources=tuple(
                KeptSource(
                    kind=SourceKind.SUBAGENT if lines.agent_id else SourceKind.TRANSCRIPT,
                    name=f"{number}.jsonl",
                    location=f"/home/u/{number}.jsonl",
                    size=len(lines.data),
                    released=ReleasedBytes(size=1, sha256=BlobId("0" * 64)) if released else None,
                    facts=SourceFacts(
                        agent_id=lines.agent_id,
                        compactions=tuple(lines.compactions),
                        links=tuple(lines.links),
                    ),
                )
                for number, lines in enumerate(self.sources)
            ),
        )


def text(words: str) -> dict[str, Any]:
    """Return a block of text."""
    return {"type": "text", "text": words}


def call(name: str, tool: str, **given: Any) -> dict[str, Any]:
    """Return a block that calls a tool."""
    return {"type": "tool_use", "id": name, "name": tool, "input": given}
