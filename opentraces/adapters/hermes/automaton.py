"""Reads the lines of a source one by one; what it is in between can be saved."""

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import orjson

from opentraces.adapters._reading.jsonl import Giant, decode
from opentraces.adapters._reading.values import mapping, text
from opentraces.adapters.hermes.messages import ROLES, TABLE, take_message
from opentraces.adapters.hermes.open_steps import OpenSteps
from opentraces.adapters.hermes.rows import is_run
from opentraces.adapters.hermes.scene import Scene
from opentraces.adapters.hermes.session_note import SessionNote
from opentraces.adapters.hermes.tally import Tally
from opentraces.adapters.hermes.trajectories import kind_of, take_run
from opentraces.domain.ids import digest
from opentraces.domain.parsing import ParsedStep

BLANK = "blank"
"""The name under which lines without a character are counted; they are recognised."""

_ROLE = re.compile(rb'"role":"([a-z_]{1,40})"')
_CALL = re.compile(rb'"tool_call_id":("(?:[^"\\]|\\.){1,400}")')
_REWOUND = b'"active":0,"compacted":0,'
_BEGIN = 200
_RUN = re.compile(rb'\A\s*\{.{0,4000}"conversations"\s*:\s*\[', re.DOTALL)
_STORED = b'{"row":{'


class HermesAutomaton:
    """One source, line by line. Deterministic: only the lines decide, not how they were cut."""

    def __init__(self, note: SessionNote) -> None:
        self.scene = Scene(note)

    def take(self, offset: int, line: bytes | Giant) -> list[ParsedStep]:
        """Read the next line, which begins at `offset`; returns the steps it made certain."""
        if isinstance(line, Giant):
            self._take_giant(offset, line)
        else:
            self._take_line(line)
        return self._ready()

    def flush(self) -> list[ParsedStep]:
        """Return every step as it is now."""
        self.scene.steps.flush()
        return self._ready()

    def saved(self) -> bytes:
        """Return its state, for `restore`; only after `flush`."""
        scene = self.scene
        tally = {each.name: getattr(scene.tally, each.name) for each in fields(Tally)}
        return orjson.dumps({"steps": scene.steps.saved(), "tally": tally})

    def restore(self, saved: bytes) -> None:
        """Become the automaton that `saved` was called on."""
        values: Mapping[str, Any] = orjson.loads(saved)
        self.scene.tally = Tally(**values["tally"])
        self.scene.steps = OpenSteps()
        self.scene.steps.restore(values["steps"])

    def _ready(self) -> list[ParsedStep]:
        ready = self.scene.steps.ready
        self.scene.steps.ready = []
        return ready

    def _take_line(self, raw: bytes) -> None:
        tally, value = self.scene.tally, decode(raw)
        self.scene.size = len(raw)
        if value is None:
            if raw.strip():
                tally.bad += 1
            else:
                tally.known(BLANK)
            return
        row = mapping(value.get("row"))
        if is_run(value):
            tally.known(kind_of(value))
            take_run(self.scene, value, digest(raw))
        elif value.get("table") == TABLE and text(row.get("role")) in ROLES:
            tally.known(f"{TABLE}/{row['role']}")
            take_message(self.scene, row)
        else:
            tally.alien(_named(value, row))

    def _take_giant(self, offset: int, giant: Giant) -> None:
        """Let a step stand for a line too long to be read: that of its call, or one of its own."""
        tally = self.scene.tally
        told = _ROLE.findall(giant.tail) if giant.head.startswith(_STORED) else []
        role = told[-1].decode() if told else ""
        if role in ROLES:
            tally.known(f"{TABLE}/{role}")
        elif _RUN.match(giant.head):
            tally.known("trajectory")
        else:
            tally.bad += 1
            return
        if role and _REWOUND in giant.head[:_BEGIN]:
            tally.add("rewound_messages", 1)
            return
        tally.prompts += role == "user"
        tally.responses += role in ("assistant", "")
        self.scene.size = 0
        ordinal = self._giant_step(giant)
        row = {"ordinal": ordinal, "offset": offset, "length": giant.length + 1}
        tally.happened(tally.giants, row)
        tally.limitations["giant_lines"] = None

    def _giant_step(self, giant: Giant) -> int:
        scene = self.scene
        words = f"[a line of {giant.length} bytes, kept in the source and not read]"
        told = _CALL.findall(giant.tail)
        said = decode(b'{"call":' + told[-1] + b"}") if told else None
        call = text(said["call"]) if said else None
        draft = scene.steps.caller(call)
        if draft is not None and call in draft.waits:
            draft.answer(call, words, None)
            scene.steps.settle(draft, 0)
            return draft.ordinal
        draft = scene.aside("giant", words, digest(giant.head + giant.tail))
        draft.native["giant"] = "true"
        scene.steps.add(draft)
        return draft.ordinal


def _named(value: dict[str, Any], row: dict[str, Any]) -> str:
    """Return under which name a line of no known type is counted."""
    table = text(value.get("table"))
    if table is not None:
        return f"{table[:40]}/{text(row.get('role')) or '(none)'}"
    return text(value.get("type")) or "(none)"
