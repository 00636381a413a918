"""Reads the lines of a rollout one by one; what it is in between can be saved."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import orjson

from opentraces.adapters._reading.counting import add_one
from opentraces.adapters._reading.jsonl import Giant, decode
from opentraces.adapters._reading.values import mapping, text, whole
from opentraces.adapters.codex_cli.context.places import Place
from opentraces.adapters.codex_cli.context.rollout_context import (
    BAD,
    GIANT,
    UNKNOWN,
    RolloutContext,
    is_seen,
)
from opentraces.adapters.codex_cli.copied import UNTOLD, Copied
from opentraces.adapters.codex_cli.handlers import HANDLERS
from opentraces.adapters.codex_cli.line_types import BLANK, UNREAD, Line, sniff, told_apart
from opentraces.adapters.codex_cli.open_steps import OpenSteps
from opentraces.adapters.codex_cli.results import observation
from opentraces.adapters.codex_cli.scene import Scene, Thread
from opentraces.adapters.codex_cli.tally import Tally
from opentraces.adapters.codex_cli.usage import keep_baseline
from opentraces.domain.parsing import ParsedStep

_GIANT = "(giant)"
_SAID = frozenset(
    (
        "response_item/message",
        "response_item/function_call_output",
        "response_item/custom_tool_call_output",
        "compacted",
    )
)
"""Lines that are a step, or a part of one, also when they are too long to be read."""


class RolloutAutomaton:
    """One rollout, line by line. Deterministic: only the lines decide, not how they were cut."""

    def __init__(self) -> None:
        self.scene = Scene()

    def take(self, offset: int, line: bytes | Giant) -> list[ParsedStep]:
        """Read the next line, which begins at `offset`; returns the steps it made certain."""
        if isinstance(line, Giant):
            self._take_giant(offset, line)
        else:
            self._take_line(offset, line)
        return self._ready()

    def flush(self) -> list[ParsedStep]:
        """Return every step as it is now."""
        self.scene.steps.flush()
        return self._ready()

    def saved(self) -> bytes:
        """Return its state, for `restore`; only after `flush`."""
        scene = self.scene
        copied = scene.copied
        return orjson.dumps(
            {
                "steps": scene.steps.saved(),
                "tally": scene.tally.saved(),
                "thread": scene.thread.saved(),
                "copied": {each.name: getattr(copied, each.name) for each in fields(Copied)},
                "context": scene.context.saved(),
            }
        )

    def restore(self, saved: bytes) -> None:
        """Become the automaton that `saved` was called on."""
        values: Mapping[str, Any] = orjson.loads(saved)
        self.scene = Scene(
            tally=Tally(**values["tally"]),
            steps=OpenSteps(),
            thread=Thread(**values["thread"]),
            copied=Copied(**values["copied"]),
            context=RolloutContext.restored(values["context"]),
        )
        self.scene.steps.restore(values["steps"])

    def _ready(self) -> list[ParsedStep]:
        ready = self.scene.steps.ready
        if ready:
            self.scene.steps.ready = []
        return ready

    def _take_line(self, offset: int, raw: bytes) -> None:
        value = decode(raw)
        if value is None:
            self._take_bad(raw)
            return
        line = told_apart(value)
        scene = self.scene
        if not self._count(line, value):
            scene.context.take_unread(line, UNKNOWN)
            return
        scene.offset, scene.size = offset, len(raw)
        scene.stamp = scene.tally.time(value.get("timestamp"))
        pointer = "" if line.payload is value else "/payload"
        if self._is_copy(line, value.get("ordinal")):
            if is_seen(line):
                scene.context.take_copy(line, Place(offset, len(raw), pointer))
            return
        about = mapping(value.get("metadata"))
        scene.sampled = whole(about.get("sampled_through_sequence"))
        scene.is_summary = about.get("compaction_output") is True
        handler = HANDLERS.get(line.name)
        if handler is not None:
            handler(scene, line.payload)
        if is_seen(line):
            scene.context.take(line, Place(offset, len(raw), pointer))

    def _count(self, line: Line, value: Mapping[str, Any]) -> bool:
        tally = self.scene.tally
        if line.is_known:
            tally.recognised += 1
            add_one(tally.line_types, line.name)
        else:
            said = mapping(value.get("payload")) or value
            tally.alien(line.name, said.get("cli_version"))
        return line.is_known

    def _is_copy(self, line: Line, ordinal: Any) -> bool:
        scene = self.scene
        if not scene.copied.covers(line, ordinal):
            if line.name == "session_meta":
                scene.tally.native.setdefault("thread_id", scene.copied.thread or "")
            return False
        scene.tally.add("copied_lines", 1)
        if scene.copied.is_untold:
            scene.tally.limitations[UNTOLD] = None
        if line.name == "event_msg/token_count":
            keep_baseline(scene, line.payload)
        return True

    def _take_bad(self, line: bytes) -> None:
        if line.strip():
            self.scene.tally.bad += 1
            self.scene.context.take_unread(UNREAD, BAD)
        else:
            self.scene.tally.recognised += 1
            add_one(self.scene.tally.line_types, BLANK)

    def _take_giant(self, offset: int, giant: Giant) -> None:
        """Let a step stand for a line too long to be read: that of its call, or one of its own."""
        line, stamp = sniff(giant)
        scene = self.scene
        if not line.is_known and not giant.head.lstrip().startswith(b"{"):
            scene.tally.bad += 1
            scene.context.take_unread(UNREAD, BAD)
            return
        scene.context.take_unread(line, GIANT)
        if not self._count(line if line.is_known else line._replace(name=_GIANT), {}):
            return
        scene.size, scene.sampled, scene.is_summary = 0, None, False
        scene.stamp = scene.tally.time(stamp)
        if scene.copied.is_inherited or line.name not in _SAID:
            return
        row = {"offset": offset, "length": giant.length + 1}
        words = f"[a line of {giant.length} bytes, kept in the source and not read]"
        scene.tally.happened(scene.tally.giants, {"ordinal": self._giant_step(line, words), **row})
        scene.tally.limitations["giant_lines"] = None

    def _giant_step(self, line: Line, words: str) -> int:
        scene = self.scene
        call = text(line.payload.get("call_id"))
        draft = scene.steps.caller(call)
        if draft is not None and call is not None and draft.waits.pop(call, None) is not None:
            draft.observations.append(observation(call, words, None))
            draft.is_changed = True
            scene.thread.scripts.pop(call, None)
            scene.thread.is_answering = False
            scene.steps.settle(draft)
            return draft.ordinal
        draft = scene.say("system", words, "giant")
        draft.native["giant"] = "true"
        if line.name == "compacted":
            scene.tally.happened(scene.tally.compactions, {"ordinal": draft.ordinal})
        return draft.ordinal
