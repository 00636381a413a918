"""What the model saw at each call of a thread, line by line of its rollout.

The items of the conversation stand in the rollout as they are sent, but for keys that are not, and
in their order: each becomes one block (see `domain.context.responses`). A call is made where the
first part of its answer stands. What is sent and is no item of a rollout: the base instructions,
which stand in its first line as they were before a tool was left out (`system`, `approximated`; of
a model that calls its tools from scripts they are an item); the catalogue of tools, unless it is
an item too; what asks for a summary; the outputs that the client makes up for calls that were cut
short, which are added here without their ids.
"""

from typing import Any

from opentraces.adapters._reading.values import mapping, text, whole
from opentraces.adapters.codex_cli.context.cut_calls import CutCalls
from opentraces.adapters.codex_cli.context.places import Place
from opentraces.adapters.codex_cli.context.prompts import Prompts
from opentraces.adapters.codex_cli.context.settings import begun_with, turned_to
from opentraces.adapters.codex_cli.copied import is_helper
from opentraces.adapters.codex_cli.line_types import EVENT, RESPONSE, Line
from opentraces.adapters.codex_cli.origins import told_by
from opentraces.domain.context.blocks import Block
from opentraces.domain.context.events import ContextEvent, Purpose
from opentraces.domain.context.growing import Call, GrowingContext, Point
from opentraces.domain.context.node_ids import layer_id
from opentraces.domain.context.responses import role_of, said_of

HISTORY_ELSEWHERE = "history_elsewhere"
"""What was said before stands in the rollout that `history_base` names."""

PROMPT_UNTOLD = "compaction_prompt_untold"
"""What asked for the summary was sent behind all that is known."""

REBUILT = "history_rebuilt"
"""Of what took the place of the conversation only the summary is told."""

MADE_UP = "outputs_made_up"
"""What the model was told of a call that was cut short is no part of the rollout."""

GIANT, BAD, UNKNOWN = "giant_lines", "bad_lines", "unknown_items"
"""A line was too long to be read; was no JSON; holds an item of a type that is not known."""

ROLLBACK_UNTOLD = "rollback_untold"
"""It was gone back further than is known."""

_ROLLBACK, _TURN = f"{EVENT}thread_rolled_back", f"{EVENT}task_started"
_UNSENT = f"{RESPONSE}ghost_snapshot"
_READ = frozenset(("session_meta", "turn_context", "compacted", _ROLLBACK, _TURN))


def is_seen(line: Line) -> bool:
    """Whether a line has a part in what the model sees."""
    return line.name in _READ or (line.name.startswith(RESPONSE) and line.name != _UNSENT)


class RolloutContext:
    """The context of one rollout; what it is between two lines can be saved."""

    def __init__(self) -> None:
        self._growing = GrowingContext()
        self._limits: dict[str, None] = {}
        self._prompts = Prompts()
        self._calls = CutCalls()
        self._settings: dict[str, Any] = {}
        self._has_new_tools = False

    @property
    def waiting(self) -> tuple[Block, ...]:
        """What was said since the last call."""
        return tuple(self._growing.waiting)

    def take(self, line: Line, place: Place) -> None:
        """Read a line that `is_seen` and the thread's own, after what it begins.

        `place`: of its payload.
        """
        if line.name == "session_meta":
            self._begin(line.payload, place)
        elif line.name == "turn_context":
            self._set(turned_to(line.payload))
        else:
            self.take_copy(line, place)

    def take_copy(self, line: Line, place: Place) -> None:
        """Read a line that was copied from another thread: the model sees it just the same."""
        if line.name == "compacted":
            self._compact(line.payload, place)
        elif line.name == _ROLLBACK:
            self._roll_back(line.payload)
        elif line.name == _TURN:
            self._calls.end_turn()
        elif line.name.startswith(RESPONSE):
            self._add(line.payload, place)

    def take_unread(self, line: Line, limit: str) -> None:
        """Note that a line could not be read; `line`: what it seems to be."""
        call = line.payload.get("call_id")
        if line.name == "compacted":
            self._replace()
            self._limits[REBUILT] = None
        elif type(call) is str:
            self._calls.answered(call)
        if line.name == "compacted" or limit == BAD or line.name.startswith(RESPONSE):
            self._limits[limit] = None

    def answer(self, call: str, is_summary: bool) -> None:
        """Take that the model begins to answer, of which nothing is read yet."""
        growing = self._growing
        for at, block in self._calls.made_up():
            growing.waiting.insert(at + 1, block)
            self._limits[MADE_UP] = None
        limits = [*self._limits, *([PROMPT_UNTOLD] if is_summary else ())]
        purpose: Purpose = "compaction" if is_summary else "step"
        self._prompts.answered(
            growing.call(Call(id=call, limitations=tuple(limits), purpose=purpose))
        )
        self._calls.clear()
        self._has_new_tools = False

    def events(self) -> list[ContextEvent]:
        """Return what was made since this was last called."""
        return self._growing.take()

    def saved(self) -> dict[str, Any]:
        """Return it as values that JSON can hold."""
        return {
            "growing": self._growing.saved(),
            "limits": self._limits,
            "prompts": self._prompts.saved(),
            "calls": self._calls.saved(),
            "settings": self._settings,
            "has_new_tools": self._has_new_tools,
        }

    @classmethod
    def restored(cls, saved: dict[str, Any]) -> "RolloutContext":
        """Become what `saved` was called on; events that were not taken then are gone."""
        made = cls()
        made._growing = GrowingContext.restored(saved["growing"])
        made._prompts, made._calls = Prompts(saved["prompts"]), CutCalls(saved["calls"])
        made._limits, made._settings = saved["limits"], saved["settings"]
        made._has_new_tools = saved["has_new_tools"]
        return made

    def _begin(self, meta: dict[str, Any], place: Place) -> None:
        growing = self._growing
        words = text(mapping(meta.get("base_instructions")).get("text"))
        if words is not None:
            where = place.below("base_instructions", "text")
            growing.layer("system", words, where.whole, "approximated")
        self._set(begun_with(meta))
        if growing.point.node is not None or growing.waiting:
            return
        if "history_base" in self._settings:
            self._limits[HISTORY_ELSEWHERE] = None
        if is_helper(meta):
            growing.go_to(Point(), "subagent_fork")

    def _set(self, said: dict[str, Any]) -> None:
        if said.items() <= self._settings.items():
            return
        model = said.get("model")
        is_new = model is not None and self._settings.get("model", model) != model
        if is_new and not self._has_new_tools:
            self._growing.forget("tool_registry")
        self._settings = self._settings | said
        self._growing.layer("runtime_state", self._settings, dict(self._settings), "approximated")

    def _add(self, item: dict[str, Any], place: Place) -> None:
        growing = self._growing
        growing.add(role_of(item), said_of(item), place.said(item))
        self._calls.take(item, place, len(growing.waiting) - 1)
        if item.get("type") == "message":
            self._heed(item, place)
        elif item.get("type") == "additional_tools" and type(item.get("tools")) is list:
            growing.layer("tool_registry", item["tools"], place.below("tools").whole, "full")
            self._has_new_tools = True

    def _heed(self, message: dict[str, Any], place: Place) -> None:
        """Note what a message is beside a block: what was typed, or the base instructions."""
        role, content = message.get("role"), message.get("content")
        if role == "user" and None in told_by(message):
            self._prompts.typed(self._growing.blocks - 1)
        elif role == "developer" and type(content) is list and len(content) == 1:
            words = text(mapping(content[0]).get("text"))
            system = self._growing.known("system")
            if words is not None and layer_id("system", words) == system:
                self._growing.layer_again("system", system, "full")

    def _compact(self, payload: dict[str, Any], place: Place) -> None:
        self._replace()
        history, words = payload.get("replacement_history"), text(payload.get("message"))
        if type(history) is list:
            for at, item in enumerate(history):
                if type(item) is dict:
                    self._add(item, place.below("replacement_history", at))
            return
        self._limits[REBUILT] = None
        if words is not None:
            summary = _message(words), _message(place.below("message").whole)
            self._growing.add("user", *summary)

    def _replace(self) -> None:
        """Let nothing be left of the conversation."""
        growing = self._growing
        growing.go_to(growing.point, "compaction_fork", kept=0 if growing.point.node else None)
        growing.forget("tool_registry")
        system = growing.known("system")
        if system is not None:
            growing.layer_again("system", system, "approximated")
        self._limits.clear()
        self._prompts.clear()
        self._calls.clear()

    def _roll_back(self, payload: dict[str, Any]) -> None:
        self._calls.clear()
        if not self._prompts.take_back(whole(payload.get("num_turns")) or 0, self._growing):
            self._limits[ROLLBACK_UNTOLD] = None


def _message(words: Any) -> dict[str, Any]:
    content = [{"type": "input_text", "text": words}]
    return {"type": "message", "role": "user", "content": content}
