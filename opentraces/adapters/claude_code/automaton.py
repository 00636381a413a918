"""Reads the lines of a transcript one by one; what it is in between can be saved."""

from collections.abc import Callable
from typing import Any

import orjson

from opentraces.adapters._reading.counting import add_one, note
from opentraces.adapters._reading.jsonl import Giant, decode
from opentraces.adapters._reading.values import mapping, name, text
from opentraces.adapters.claude_code.answers import take_answer
from opentraces.adapters.claude_code.context.transcript import TranscriptContext
from opentraces.adapters.claude_code.drafts import Draft
from opentraces.adapters.claude_code.line_types import BLANK, KNOWN, Sniffed, sniff
from opentraces.adapters.claude_code.open_steps import OpenSteps
from opentraces.adapters.claude_code.scene import Scene, Speaker
from opentraces.adapters.claude_code.seen import SeenLines
from opentraces.adapters.claude_code.tally import Tally
from opentraces.adapters.claude_code.utterances import take_attachment, take_system, take_user
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.ids import digest, step_key
from opentraces.domain.parsing import ParsedStep
from opentraces.domain.step import Role

_LONGEST_TITLE = 500
_GIANT = "(giant)"

Handler = Callable[[Scene, dict[str, Any]], None]


class TranscriptAutomaton:
    """One source, line by line. Deterministic: only the lines decide, not how they were cut."""

    def __init__(self, speaker: Speaker) -> None:
        self.scene = Scene(speaker)
        self._seen_by_model = TranscriptContext(is_main=speaker.is_main)
        self._envelope: tuple[Any, ...] = ()
        self._handlers: dict[str, Handler] = {
            "assistant": take_answer,
            "user": take_user,
            "attachment": take_attachment,
            "system": take_system,
            "ai-title": _take_agent_title,
            "summary": _take_agent_title,
            "custom-title": _take_custom_title,
            "agent-name": _take_agent_name,
            "permission-mode": _take_permission_mode,
            "cost-state": _take_cost,
        }

    @property
    def tally(self) -> Tally:
        """What was counted so far."""
        return self.scene.tally

    def take(self, offset: int, line: bytes | Giant) -> list[ParsedStep]:
        """Read the next line, which begins at `offset`; returns the steps it made certain."""
        if type(line) is bytes:
            self._take_line(offset, line)
        elif isinstance(line, Giant):
            self._take_giant(offset, line)
        self.scene.steps.settle()
        return self._ready()

    def flush(self) -> list[ParsedStep]:
        """Return every step as it is now."""
        self.scene.steps.flush()
        return self._ready()

    def context(self) -> list[ContextEvent]:
        """Return what the model saw at the answers that were read since this was last called."""
        return self._seen_by_model.events()

    def saved(self) -> bytes:
        """Return its state, for `restore`; only after `flush`."""
        state = {
            "steps": self.scene.steps.saved(),
            "tally": self.tally.saved(),
            "context": self._seen_by_model.saved(),
        }
        return orjson.dumps(state) + b"\n" + self.scene.seen.packed()

    def restore(self, saved: bytes) -> None:
        """Become the automaton that `saved` was called on."""
        state, _, seen = saved.partition(b"\n")
        values = orjson.loads(state)
        self.scene.tally = Tally(**values["tally"])
        self.scene.steps = OpenSteps()
        self.scene.steps.restore(values["steps"])
        self._seen_by_model.restore(values["context"])
        self.scene.seen = SeenLines(seen)

    def _ready(self) -> list[ParsedStep]:
        ready = self.scene.steps.ready
        if ready:
            self.scene.steps.ready = []
        return ready

    def _take_line(self, offset: int, line: bytes) -> None:
        tally = self.tally
        value = decode(line)
        if value is None:
            self._take_bad(line)
            return
        kind = value.get("type")
        if type(kind) is not str or kind not in KNOWN:
            tally.alien(kind, value.get("version"))
            return
        tally.recognised += 1
        tally.line_types[kind] = tally.line_types.get(kind, 0) + 1
        uuid = value.get("uuid")
        if type(uuid) is str and uuid and not self.scene.seen.add(uuid):
            return
        self.scene.raw, self.scene.offset = line, offset
        self.scene.stamp = tally.time(value.get("timestamp"))
        self._note_envelope(value)
        handler = self._handlers.get(kind)
        if handler is not None:
            handler(self.scene, value)
        if self.scene.speaker_of(value) is self.scene.speaker:
            self._seen_by_model.take(value, offset, len(line))

    def _take_bad(self, line: bytes) -> None:
        if line.strip():
            self.tally.bad += 1
        else:
            self.tally.recognised += 1
            add_one(self.tally.line_types, BLANK)

    def _note_envelope(self, line: dict[str, Any]) -> None:
        """Note what every line repeats, when it is not as in the line before."""
        get = line.get
        envelope = (
            get("version"),
            get("cwd"),
            get("gitBranch"),
            get("entrypoint"),
            get("permissionMode"),
            get("slug"),
            get("agentId"),
            get("forkedFrom"),
        )
        if envelope == self._envelope:
            return
        self._envelope = envelope
        tally = self.tally
        names = (
            tally.versions,
            tally.folders,
            tally.branches,
            tally.entrypoints,
            tally.permission_modes,
            tally.slugs,
        )
        for known, value in zip(names, envelope, strict=False):
            note(known, value)
        if tally.agent_id is None and not self.scene.speaker.is_main:
            tally.agent_id = name(envelope[6])
        if tally.forked_from is None:
            origin = envelope[7]
            tally.forked_from = name(origin) or name(mapping(origin).get("sessionId"))

    def _take_giant(self, offset: int, giant: Giant) -> None:
        """Let a step stand for a line too long to be read: that of its call, or one of its own."""
        seen = sniff(giant)
        self._count_giant(giant, seen)
        if seen.uuid is not None and not self.scene.seen.add(seen.uuid):
            return
        self.scene.stamp = self.tally.time(seen.timestamp)
        self._seen_by_model.miss()
        words = f"[a line of {giant.length} bytes, kept in the source and not read]"
        call = seen.tool_use_id
        draft = self.scene.steps.caller(call) if call is not None else None
        if draft is not None and call is not None:
            draft.answer(call, {"source_call_id": call, "content": words}, None)
            self.scene.steps.answered(draft)
        else:
            draft = self._giant_step(giant, seen, words)
        self.tally.giants.append(
            {"ordinal": draft.ordinal, "offset": offset, "length": giant.length + 1}
        )

    def _giant_step(self, giant: Giant, seen: Sniffed, words: str) -> Draft:
        name = seen.uuid or digest(giant.head + giant.tail + str(giant.length).encode())
        role: Role = "agent" if seen.type == "assistant" else "system"
        draft = self.scene.draft({"uuid": seen.uuid}, role, step_key((name,)))
        draft.native["giant"] = "true"
        if seen.tool_use_id is not None:
            draft.observations.append({"source_call_id": seen.tool_use_id, "content": words})
        else:
            draft.texts.append(words)
        if role == "agent":
            draft.call_type = self.scene.speaker.call_type
            self.tally.responses += 1
        self.scene.steps.add(draft)
        return draft

    def _count_giant(self, giant: Giant, seen: Sniffed) -> None:
        if seen.type is not None:
            self.tally.recognised += 1
            add_one(self.tally.line_types, seen.type)
        elif giant.head.lstrip().startswith(b"{"):
            self.tally.unknown += 1
            add_one(self.tally.unknown_types, _GIANT)
        else:
            self.tally.bad += 1


def _take_agent_title(scene: Scene, line: dict[str, Any]) -> None:
    title = text(line.get("aiTitle")) or text(line.get("summary")) or text(line.get("title"))
    if title is not None:
        scene.tally.agent_title = title[:_LONGEST_TITLE]


def _take_custom_title(scene: Scene, line: dict[str, Any]) -> None:
    title = text(line.get("customTitle")) or text(line.get("title"))
    if title is not None:
        scene.tally.custom_title = title[:_LONGEST_TITLE]


def _take_agent_name(scene: Scene, line: dict[str, Any]) -> None:
    name = text(line.get("agentName")) or text(line.get("name"))
    if name is not None:
        scene.tally.agent_name = name[:_LONGEST_TITLE]


def _take_permission_mode(scene: Scene, line: dict[str, Any]) -> None:
    note(scene.tally.permission_modes, text(line.get("permissionMode")) or line.get("mode"))


def _take_cost(scene: Scene, line: dict[str, Any]) -> None:
    cost = line.get("totalCostUSD")
    if isinstance(cost, int | float) and 0 <= cost < 10**9:
        scene.tally.reported_cost_usd = float(cost)
