"""What each response cost. Every token is counted once, and in one class.

Releases that write a record for each response are taken at that; of others the cumulative count
is compared with the one before. A count that did not change is a repetition, and the first count
of a thread that goes on from another one's is measured by what it says of the last response.
"""

from typing import Any

from opentraces.adapters._reading.values import count, mapping, text
from opentraces.adapters.codex_cli.answers import answer
from opentraces.adapters.codex_cli.drafts import Draft
from opentraces.adapters.codex_cli.scene import Scene

_FIELDS = (
    "input_tokens",
    "output_tokens",
    "cached_input_tokens",
    "cache_write_input_tokens",
    "reasoning_output_tokens",
)
_MOST_RECORDS = 512
_FAST = ("fast", "priority")
"""What the higher speed is called, in older releases and in newer ones."""


def take_record(scene: Scene, payload: dict[str, Any]) -> None:
    """Read the record of one response, once."""
    thread = scene.thread
    response = text(payload.get("response_id"))
    turn = text(payload.get("turn_id")) or thread.turn
    mark = f"{turn}\n{response}"[:400]
    if response is not None and mark in thread.records:
        return
    if response is not None:
        thread.records[mark] = None
        if len(thread.records) > _MOST_RECORDS:
            del thread.records[next(iter(thread.records))]
    draft = _count(scene, _amounts(payload.get("usage")), response)
    thread.is_recorded = True
    if response is not None:
        draft.native["response_id"] = response[:200]


def take_count(scene: Scene, payload: dict[str, Any]) -> None:
    """Read the thread's cumulative count."""
    thread = scene.thread
    info = mapping(payload.get("info"))
    before, now = thread.total, _amounts(info.get("total_token_usage"))
    if not info or now == before:
        return
    thread.total = now
    if thread.is_recorded:
        thread.is_recorded = False
        return
    last = _amounts(info.get("last_token_usage"))
    if before is None:
        spent = last if any(last) else now
    else:
        spent = [new - old for new, old in zip(now, before, strict=True)]
        spent = last if min(spent) < 0 else spent
    if any(spent):
        _count(scene, spent, None)


def take_settings(scene: Scene, payload: dict[str, Any]) -> None:
    """Read which speed is asked for from now on."""
    tier = mapping(payload.get("thread_settings")).get("service_tier")
    scene.thread.is_fast = tier in _FAST if type(tier) is str else False


def keep_baseline(scene: Scene, payload: dict[str, Any]) -> None:
    """Take a count among copied lines: what was spent up to it is another thread's."""
    info = mapping(payload.get("info"))
    if info:
        scene.thread.total = _amounts(info.get("total_token_usage"))


def _amounts(said: Any) -> list[int]:
    usage = mapping(said)
    return [count(usage.get(name)) for name in _FIELDS]


def _count(scene: Scene, amounts: list[int], response: str | None) -> Draft:
    """Give a cost to the last answer, or to one of its own where that has one already."""
    thread = scene.thread
    draft = scene.steps.held(thread.answer)
    if draft is None or draft.usage is not None:
        thread.is_answering = False
        thread.is_counted = True
        draft = answer(scene, response, "")
    whole, written, cached, stored, thought = amounts
    draft.usage = [max(whole - cached - stored, 0), written, cached, stored]
    draft.is_changed = True
    if thread.is_fast:
        draft.native["speed"] = "fast"
    if thought:
        draft.native["reasoning_tokens"] = str(thought)
        scene.tally.add("reasoning_tokens", thought)
    thread.is_answering, thread.is_counted = False, True
    return draft
