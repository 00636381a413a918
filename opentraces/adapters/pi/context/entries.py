"""What the model saw at each call of a session, out of the session's own lines.

A call is an answer, one that failed included; what the model saw is all that stands on the way to
it from the root, as Pi puts it together (`told`, `answered`), since the last compaction. `forms`
says how blocks are compared. Limitations are `other_model` (an answer of another model, which is
sent its thinking as text), `other_api`, `maybe_not_sent` (Pi was told to stop, and no answer came),
`copied` (the call is another session's), and those of `going_back`, `rewriting` and `prompts`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from opentraces.adapters.pi.answer_names import answer_id, model_of
from opentraces.adapters.pi.context.answered import answered, calls_in, is_sent_again
from opentraces.adapters.pi.context.forms import Said
from opentraces.adapters.pi.context.going_back import go_back
from opentraces.adapters.pi.context.marks import MIXED
from opentraces.adapters.pi.context.places import Placed
from opentraces.adapters.pi.context.rewriting import GIANT, compact, edit
from opentraces.adapters.pi.context.rows import Row
from opentraces.adapters.pi.context.standing import Standing
from opentraces.adapters.pi.context.told import APIS, came_back, given_back, ran, spoken, summed_up
from opentraces.adapters.pi.line_types import MESSAGE, Line
from opentraces.adapters.pi.tree import Tree
from opentraces.domain.context.carried import COPIED
from opentraces.domain.context.growing import Call
from opentraces.domain.context.templates import literal

OTHER_MODEL, OTHER_API, MAYBE_NOT_SENT = "other_model", "other_api", "maybe_not_sent"

_ANSWER = f"{MESSAGE}assistant"
_LEVEL = "thinking_level_change"
_LONGEST = 200
_LONGEST_LEVEL = 40


def take_entry(standing: Standing, tree: Tree, line: Line, placed: Placed, is_copied: bool) -> None:
    """Read the entry that was placed last; `is_copied`: it is another session's."""
    at = tree.leaf
    over = tree.above(at)
    standing.own.append(0)
    if over != standing.leaf:
        go_back(standing, tree, over, tree.is_orphan(at))
    standing.leaf = at
    standing.since.append(at)
    if line.name == _ANSWER:
        _call(standing, tree, placed.inner("message"), is_copied)
    elif line.name in _SAID:
        _SAID[line.name](standing, placed)
    elif line.name == "compaction":
        compact(standing, tree, placed)
    elif line.name == "context_edit":
        edit(standing, tree, placed)


def take_giant(standing: Standing, tree: Tree, line: Line, is_copied: bool) -> None:
    """Take note of an entry that was too long to be read."""
    take_entry(standing, tree, line._replace(name=""), Placed(None, 0, 0), is_copied)
    if line.name == _ANSWER:
        _call(standing, tree, Placed(line.message, 0, 0), is_copied)
    call = line.message.get("toolCallId")
    standing.due.given(call if type(call) is str else None, ())
    standing.giants.append(standing.leaf)
    standing.hold(standing.mark.lacking(GIANT))


def _call(standing: Standing, tree: Tree, message: Placed, is_copied: bool) -> None:
    """Make the node of a call, and let its answer be what is said next."""
    said: dict[str, Any] = message.value if type(message.value) is dict else {}
    model = model_of(said.get("provider"), said.get("model"))
    api = str(said.get("api") or standing.mark.api)[:_LONGEST_LEVEL]
    growing, mark = standing.growing, standing.mark
    growing.waiting += standing.due.told(api)
    _tell_state(standing, model)
    limits = [*mark.lacks, *_limits(mark.thinker, said, model, api)]
    limits += [COPIED] if is_copied else []
    answer = answer_id(message.inner("responseId").words.text, tree.ids[standing.leaf])
    point = growing.call(Call(id=answer, limitations=tuple(limits)))
    is_again = is_sent_again(message)
    again = answered(message, api) if is_again else []
    calls = calls_in(message) if again else []
    thinker = _thinker(mark.thinker, model or "", again)
    if (api, thinker) != (mark.api, mark.thinker):
        standing.mark = replace(mark, api=api, thinker=thinker)
    standing.calls.add(standing.leaf, point, standing.mark)
    standing.since = [standing.leaf]
    standing.put(Row(standing.blocks(again), calls, is_fixed=not is_again))
    standing.due.asked(calls)


def _tell_state(standing: Standing, model: str | None) -> None:
    """Let the state be that of a call, if it was another one before."""
    level = standing.mark.level
    if standing.state == [model, level]:
        return
    standing.state = [model, level]
    told = {"model": model, "thinking_level": level}
    state = {key: value for key, value in told.items() if value is not None}
    standing.growing.layer("runtime_state", state, literal(state), "approximated")


def _limits(thinker: str, said: dict[str, Any], model: str | None, api: str) -> list[str]:
    """Return what else is not known of a call."""
    is_stopped = said.get("stopReason") == "aborted"
    is_answered = said.get("content") or said.get("responseId")
    limits = [OTHER_MODEL] if thinker not in ("", model) else []
    limits += [OTHER_API] if api not in APIS else []
    return limits + ([MAYBE_NOT_SENT] if is_stopped and not is_answered else [])


def _thinker(before: str, model: str, said: list[Said]) -> str:
    """Return whose thinking is among the blocks when an answer is added."""
    if not any(each.value["type"] == "thinking" for each in said):
        return before
    return model if before in ("", model) else MIXED


def _result(standing: Standing, placed: Placed) -> None:
    message = placed.inner("message")
    said, later = given_back(message, standing.mark.api, standing.is_later)
    call = message.value.get("toolCallId")
    standing.give(said, later, call if type(call) is str else None)


def _level(standing: Standing, placed: Placed) -> None:
    level = placed.inner("thinkingLevel").words.text[:_LONGEST_LEVEL] or None
    standing.hold(replace(standing.mark, level=level))


def _prompted(standing: Standing, placed: Placed) -> None:
    for at in standing.since[:-1]:
        standing.rows.pin(at)
    _told(standing, placed.inner("message"))


def _told(standing: Standing, message: Placed) -> None:
    content = message.inner("content")
    standing.say(spoken(content, standing.mark.api, standing.is_later))


def _ran(standing: Standing, placed: Placed) -> None:
    message = placed.inner("message")
    if not message.value.get("excludeFromContext"):
        standing.say(ran(message), is_fixed=True)


def _left(standing: Standing, placed: Placed) -> None:
    summary = placed.inner("summary")
    if summary.words.text:
        standing.say(came_back(summary), is_fixed=True)


_SAID: Mapping[str, Callable[[Standing, Placed], None]] = {
    f"{MESSAGE}user": _prompted,
    f"{MESSAGE}toolResult": _result,
    f"{MESSAGE}bashExecution": _ran,
    f"{MESSAGE}system": lambda now, it: now.prompt(it.inner("message")),
    f"{MESSAGE}custom": lambda now, it: _told(now, it.inner("message")),
    f"{MESSAGE}hookMessage": lambda now, it: _told(now, it.inner("message")),
    f"{MESSAGE}branchSummary": lambda now, it: _left(now, it.inner("message")),
    f"{MESSAGE}compactionSummary": lambda now, it: now.say(
        summed_up(it.inner("message").inner("summary")), is_fixed=True
    ),
    "custom_message": _told,
    "branch_summary": _left,
    _LEVEL: _level,
}
"""What is done with an entry, by its kind."""
