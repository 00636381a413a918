"""Reads the lines of a session one by one; what it is in between can be saved."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson

from opentraces.adapters._reading.counting import add_one, note
from opentraces.adapters._reading.jsonl import Giant, decode
from opentraces.adapters._reading.values import text, whole
from opentraces.adapters.pi.answers import take_cost
from opentraces.adapters.pi.changes import take_copied
from opentraces.adapters.pi.context.entries import take_entry, take_giant
from opentraces.adapters.pi.context.places import Placed
from opentraces.adapters.pi.context.state import restored as restored_context
from opentraces.adapters.pi.context.state import saved as saved_context
from opentraces.adapters.pi.copied import UNTOLD, Copied, said_of_parent
from opentraces.adapters.pi.drafts import Draft
from opentraces.adapters.pi.file_changes import take_change
from opentraces.adapters.pi.handlers import hand_over
from opentraces.adapters.pi.line_types import BLANK, HEADER, MESSAGE, Line, sniff, told_apart
from opentraces.adapters.pi.open_steps import OpenSteps
from opentraces.adapters.pi.results import observation
from opentraces.adapters.pi.scene import Scene
from opentraces.adapters.pi.tally import Tally
from opentraces.adapters.pi.tree import Tree
from opentraces.adapters.pi.values import identity
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.facts import SourceFacts
from opentraces.domain.parsing import ParsedStep

_GIANT = "(giant)"
_SPEAKERS: Mapping[str, Any] = {f"{MESSAGE}user": "user", f"{MESSAGE}assistant": "agent"}
_SILENT = frozenset((HEADER, "label", "session_info", "custom", "usage", "context_edit", _GIANT))
"""Lines that are no step, however long they are."""


class SessionAutomaton:
    """One session, line by line. Deterministic: only the lines decide, not how they were cut."""

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

    def facts(self) -> SourceFacts:
        """Sum up."""
        return self.scene.tally.facts(self.scene.tree.branching())

    def context(self) -> list[ContextEvent]:
        """Return what the model saw at the calls that were read since."""
        return self.scene.context.growing.take()

    def saved(self) -> bytes:
        """Return its state, for `restore`; only after `flush` and `context`."""
        scene = self.scene
        return orjson.dumps(
            {
                "steps": scene.steps.saved(),
                "tally": scene.tally.saved(),
                "tree": scene.tree.saved(),
                "copied": asdict(scene.copied),
                "has_header": scene.has_header,
                "thinking": scene.thinking,
                "tools": scene.tools,
                "prompt": scene.prompt,
                "context": saved_context(scene.context),
            }
        )

    def restore(self, saved: bytes) -> None:
        """Become the automaton that `saved` was called on."""
        values: Mapping[str, Any] = orjson.loads(saved)
        self.scene = Scene(
            tally=Tally(**values["tally"]),
            steps=OpenSteps(),
            tree=Tree.restored(values["tree"]),
            copied=Copied(**values["copied"]),
            has_header=values["has_header"],
            thinking=values["thinking"],
            tools=values["tools"],
            prompt=values["prompt"],
            context=restored_context(values["context"]),
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
        self._count(line)
        if line.name == HEADER:
            self._take_header(value)
            return
        self.scene.offset, self.scene.size = offset, len(raw)
        if self._is_new(line, Placed(value, offset, len(raw))) and line.is_known:
            hand_over(self.scene, line)

    def _count(self, line: Line) -> None:
        tally = self.scene.tally
        if line.is_known:
            tally.recognised += 1
            add_one(tally.line_types, line.name)
        else:
            tally.alien(line.name)

    def _take_header(self, header: dict[str, Any]) -> None:
        """Read the first line; a later one of its kind is nothing that Pi writes."""
        scene = self.scene
        if scene.has_header:
            return
        scene.has_header = True
        scene.tally.time(header.get("timestamp"))
        note(scene.tally.folders, header.get("cwd"))
        version = whole(header.get("version"))
        scene.tally.native["session_version"] = 1 if version is None else version
        for key, said in said_of_parent(header).items():
            scene.tally.say(key, said)
        if not scene.copied.begin(header):
            scene.tally.limitations[UNTOLD] = None

    def _is_new(self, line: Line, placed: Placed | None = None) -> bool:
        """Give an entry its place; False: it is a copy, stands there already, or is no entry.

        `placed`: where all that it says stands. None: it was too long to be read.
        """
        scene = self.scene
        entry = line.entry
        own = identity(entry.get("id"))
        if own is None and not line.is_known:
            return False
        scene.entry = own
        parent = identity(entry.get("parentId"))
        is_new = scene.tree.place(entry, own, parent)
        is_copied = scene.copied.covers(entry.get("timestamp"))
        if is_new and placed is not None:
            take_entry(scene.context, scene.tree, line, placed, is_copied)
        elif is_new:
            take_giant(scene.context, scene.tree, line, is_copied)
        if is_copied:
            scene.tally.add("copied_lines", 1)
            scene.tree.forget_turn()
            take_copied(scene, line)
            return False
        if "copied_lines" in scene.tally.native:
            scene.tally.say("forked_at", parent)
        scene.stamp = scene.tally.time(entry.get("timestamp"))
        scene.tally.add("repeated_lines", not is_new)
        return is_new

    def _take_bad(self, line: bytes) -> None:
        if line.strip():
            self.scene.tally.bad += 1
        else:
            self.scene.tally.recognised += 1
            add_one(self.scene.tally.line_types, BLANK)

    def _take_giant(self, offset: int, giant: Giant) -> None:
        """Let a step stand for a line too long to be read: that of its call, or one of its own."""
        line = sniff(giant)
        scene = self.scene
        if not line.is_known and not giant.head.lstrip().startswith(b"{"):
            scene.tally.bad += 1
            return
        self._count(line if line.is_known else line._replace(name=_GIANT))
        if line.name == HEADER or not self._is_new(line) or line.name in _SILENT:
            return
        if not line.is_known:
            return
        scene.size = 0
        draft = self._giant_step(line, giant.length)
        row = {"ordinal": draft.ordinal, "offset": offset, "length": giant.length + 1}
        scene.tally.happened(scene.tally.giants, row)
        scene.tally.limitations["giant_lines"] = None

    def _giant_step(self, line: Line, length: int) -> Draft:
        scene = self.scene
        words = f"[a line of {length} bytes, kept in the source and not read]"
        call = text(line.message.get("toolCallId"))
        asked = scene.steps.caller(call) if call is not None else None
        if asked is not None and call is not None:
            asked.observations.append(observation(call, words, None))
            asked.is_changed = True
            if line.message.get("isError") is False:
                take_change(scene, asked, call, {})
            asked.waits.pop(call, None)
            scene.tree.belong(asked.ordinal)
            scene.steps.settle(asked)
            return asked
        draft = scene.say(_SPEAKERS.get(line.name, "system"), words)
        draft.native["giant"] = "true"
        take_cost(scene, draft, line.message.get("usage"))
        return draft
