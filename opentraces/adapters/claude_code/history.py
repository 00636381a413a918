"""Reads the lines of `history.jsonl`: prompts whose session is gone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from opentraces.adapters._reading.counting import add_one, note
from opentraces.adapters._reading.jsonl import Giant, decode
from opentraces.adapters._reading.values import mapping, text, whole
from opentraces.adapters.claude_code.drafts import Draft
from opentraces.adapters.claude_code.line_types import BLANK
from opentraces.adapters.claude_code.tally import Tally
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.ids import digest, step_key
from opentraces.domain.parsing import ParsedStep

_TYPE = "prompt"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_799_999


class HistoryAutomaton:
    """The prompts of one session, one step each; no step is ever amended."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._count = 0

    def take(self, offset: int, line: bytes | Giant) -> list[ParsedStep]:
        """Read the next line, which begins at `offset`; returns the steps it made certain."""
        value = decode(line) if type(line) is bytes else None
        typed = text(value.get("display")) if value is not None else None
        if value is not None and typed is not None and type(line) is bytes:
            self.tally.recognised += 1
            add_one(self.tally.line_types, _TYPE)
            return [self._prompt(line, value, typed)]
        self._count_other(line, value)
        return []

    def flush(self) -> list[ParsedStep]:
        """Return nothing: no step is held."""
        return []

    def context(self) -> list[ContextEvent]:
        """Return nothing: no call of the model is told of."""
        return []

    def saved(self) -> bytes:
        """Return its state, for `restore`."""
        return orjson.dumps({"count": self._count, "tally": self.tally.saved()})

    def restore(self, saved: bytes) -> None:
        """Become the automaton that `saved` was called on."""
        values = orjson.loads(saved)
        self._count = values["count"]
        self.tally = Tally(**values["tally"])

    def _count_other(self, line: bytes | Giant, value: dict[str, Any] | None) -> None:
        if value is not None:
            self.tally.unknown += 1
            add_one(self.tally.unknown_types, value.get("type"))
        elif type(line) is bytes and not line.strip():
            self.tally.recognised += 1
            add_one(self.tally.line_types, BLANK)
        else:
            self.tally.bad += 1

    def _prompt(self, line: bytes, value: dict[str, Any], typed: str) -> ParsedStep:
        stamp = self.tally.time(_iso(value.get("timestamp")))
        note(self.tally.folders, value.get("project"))
        draft = Draft(self._count, step_key((digest(line),)), "user", self.tally.moment)
        draft.timestamp = stamp
        draft.agent_role = "main"
        draft.texts = [typed, *_pasted(value.get("pastedContents"))]
        command = typed.split(maxsplit=1)[0][1:] if typed.startswith("/") else ""
        if command and "/" not in command:
            self.tally.command(command, "command", self._count)
        self.tally.prompt(typed, has_words=typed.strip() != f"/{command}")
        self._count += 1
        return draft.parsed()


def _iso(moment: Any) -> str | None:
    passed = whole(moment)
    if passed is None or passed > _LATEST:
        return None
    when = _EPOCH + timedelta(milliseconds=passed)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _pasted(contents: Any) -> list[str]:
    """Return the texts that stand in the prompt as a placeholder only."""
    pasted = (mapping(each) for each in mapping(contents).values())
    return [words for each in pasted if (words := text(each.get("content")))]
