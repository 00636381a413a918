"""Lines of a transcript, to what the model saw at each of its answers."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from opentraces.adapters._reading.values import mapping, text
from opentraces.adapters.claude_code.context.conversation import Conversation
from opentraces.adapters.claude_code.context.early import EarlyLines
from opentraces.adapters.claude_code.context.merging import Heard
from opentraces.adapters.claude_code.context.pieces import Line, short
from opentraces.adapters.claude_code.context.reading import (
    is_summary,
    may_go_back,
    said_by_attachment,
    said_by_model,
    said_by_program,
    said_by_user,
)
from opentraces.adapters.claude_code.context.snapshots import note_snapshot
from opentraces.domain.context.events import ContextEvent

UNKNOWN_PARENT = "unknown_parent"
"""A limitation of a call: what was typed goes on from a line that is not known any more."""

UNKNOWN_ATTACHMENT = "attachment_unknown"
"""A limitation of a call: something was attached, and it is not known what the model was told."""

NOT_KEPT = "kept_messages_unknown"
"""A limitation of a call: a compaction kept messages that are not known any more."""

EDITED = "context_edited"
"""A limitation of a call: the client took something out of earlier messages."""

GIANT = "giant_line"
"""A limitation of a call: a line is too long to be read."""

SYNTHETIC = "<synthetic>"
"""Stands where the name of a model stands, in lines that no model wrote."""

_ONE_PROCESS_A_TURN = "sdk-cli"


class TranscriptContext:
    """What the model saw, line by line. Deterministic: only the lines decide."""

    def __init__(self, *, is_main: bool) -> None:
        self._said = Conversation(None if is_main else "subagent_fork")
        self._answer: str | None = None
        self._prompt: str | None = None
        self._kept: list[str] = []
        self._is_compacted = False
        self._early = EarlyLines()
        self._is_early = True

    def take(self, value: dict[str, Any], offset: int, length: int) -> None:
        """Read a line that begins at `offset`."""
        if value["type"] not in self._HANDLERS and "uuid" not in value and not self._is_early:
            return
        line = Line(value, offset, length)
        if self._is_early:
            self._take_early(line)
            self._is_early = not self._early.is_over
        else:
            self._take(line)

    def _take_early(self, line: Line) -> None:
        for each in self._early.ready_before(line):
            self._said.limitations.add(UNKNOWN_PARENT)
            self._take(each)
        if self._early.waits(line, self._is_known):
            return
        self._take(line)
        for each in self._early.ready_after(line):
            self._take(each)

    def miss(self) -> None:
        """Note a line that is too long to be read."""
        self._said.limitations.add(GIANT)

    def events(self) -> list[ContextEvent]:
        """Return what was made since this was last called."""
        return self._said.context.take()

    def _is_known(self, line: str) -> bool:
        return self._said.places.at(line) is not None

    def _take(self, line: Line) -> None:
        handler = self._HANDLERS.get(line.value["type"])
        if handler is not None:
            handler(self, line)
        if line.name is not None:
            self._said.remember(line.name)

    def _take_answer(self, line: Line) -> None:
        if line.value.get("isApiErrorMessage") is True:
            return
        message = mapping(line.value.get("message"))
        if message.get("model") == SYNTHETIC:
            self._said.interject()
            self._answer = None
        elif self._answer is None or message.get("id") != self._answer:
            self._begin_answer(line, message)
        self._said.speak(said_by_model(line, message))

    def _begin_answer(self, line: Line, message: dict[str, Any]) -> None:
        native, model = text(message.get("id")), text(message.get("model"))
        answer = native or text(line.value.get("requestId")) or line.name
        if answer is not None and answer == self._answer:
            return
        if model is not None:
            self._said.settings["model"] = model
        self._said.call(native)
        self._answer = answer

    def _take_user(self, line: Line) -> None:
        heard, is_summed_up = said_by_user(line), is_summary(line)
        if is_summed_up and not self._is_compacted:
            self._compact([])
        if may_go_back(line, heard):
            self._begin_turn(line)
            self._go_on(line, heard)
        mode = text(line.value.get("permissionMode"))
        if mode is not None:
            self._said.settings["permission_mode"] = mode
        self._said.hear(line, heard)
        if is_summed_up:
            self._is_compacted = False
            self._keep()

    def _keep(self) -> None:
        if not all(self._is_known(each) for each in self._kept):
            self._said.limitations.add(NOT_KEPT)
        if self._kept:
            self._said.keep(self._kept)

    def _begin_turn(self, line: Line) -> None:
        prompt = text(line.value.get("promptId"))
        self._said.past.is_begun_again = line.value.get("entrypoint") == _ONE_PROCESS_A_TURN
        if prompt != self._prompt:
            self._prompt = prompt
            self._said.begin_turn()

    def _go_on(self, line: Line, heard: Heard) -> None:
        parent, places = short(line.value.get("parentUuid")), self._said.places
        place = places.start if parent is None else places.at(parent)
        if place is None or not self._said.go_on_from(place):
            self._said.limitations.add(UNKNOWN_PARENT)
        elif place is not self._said.place:
            self._answer = None
        if heard.is_prompt and parent is not None:
            places.typed(parent, self._said.place)

    def _take_attachment(self, line: Line) -> None:
        note_snapshot(self._said.context, line)
        heard = said_by_attachment(line)
        if heard is None:
            self._said.limitations.add(UNKNOWN_ATTACHMENT)
        else:
            self._said.hear(line, heard)

    def _take_program(self, line: Line) -> None:
        subtype = line.value.get("subtype")
        if subtype == "compact_boundary":
            kept = mapping(mapping(line.value.get("compactMetadata")).get("preservedMessages"))
            uuids = kept.get("uuids")
            names = [short(each) for each in uuids] if isinstance(uuids, list) else []
            self._compact([name for name in names if name is not None])
        elif subtype == "microcompact_boundary":
            self._said.limitations.add(EDITED)
        else:
            self._said.hear(line, said_by_program(line))

    def _take_edit(self, line: Line) -> None:
        self._said.limitations.add(EDITED)

    def _compact(self, kept: list[str]) -> None:
        self._said.compact()
        self._answer, self._kept, self._is_compacted = None, kept, True

    def saved(self) -> dict[str, Any]:
        """Return it as JSON values, for `restore`; only when no event is left to take."""
        return {
            "said": self._said.saved(),
            "answer": self._answer,
            "prompt": self._prompt,
            "kept": self._kept,
            "is_compacted": self._is_compacted,
            "early": self._early.saved(),
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Become what `saved` was called on."""
        self._said.restore(saved["said"])
        self._answer, self._prompt = saved["answer"], saved["prompt"]
        self._kept, self._is_compacted = saved["kept"], saved["is_compacted"]
        self._early = EarlyLines.restored(saved["early"])
        self._is_early = not self._early.is_over

    _HANDLERS: ClassVar[Mapping[str, Callable[["TranscriptContext", Line], None]]] = {
        "assistant": _take_answer,
        "user": _take_user,
        "attachment": _take_attachment,
        "system": _take_program,
        "content-replacement": _take_edit,
    }
    """By type of line. Of the class: methods bound to it would keep each one alive by itself."""
