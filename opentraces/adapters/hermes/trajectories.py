"""Reads a row of trajectories: one whole run, in the form of training data.

It has no time but that of its end, which is local and without a zone, and says nothing of tokens,
costs, folders and revisions. A call has no id: results are told by their order, and checked by the
name of the tool; the id of the result becomes that of the call.
"""

from typing import Any

from opentraces.adapters._reading.values import inner, mapping, name, text, whole
from opentraces.adapters.hermes.drafts import Draft
from opentraces.adapters.hermes.file_changes import take_changes
from opentraces.adapters.hermes.markup import Marked, returned, spoken, tools_in
from opentraces.adapters.hermes.scene import Scene
from opentraces.adapters.hermes.values import arguments, shown

LIMITATIONS = ("local_time", "no_usage", "results_by_order")
"""What no row of trajectories can say."""

_SAID = ("completed", "partial", "api_calls", "prompt_index", "toolsets_used")
_UNNAMED = "unknown"
_MOST_TOOLS = 500


def kind_of(row: dict[str, Any]) -> str:
    """Return what writes such a row: the agent itself, or its batches."""
    return "batch" if "prompt_index" in row else "trajectory"


def take_run(scene: Scene, row: dict[str, Any], mark: str) -> None:
    """Read a row; `mark` is the digest of its line."""
    about = mapping(row.get("metadata"))
    _take_facts(scene, row, about)
    run = _Run(scene, mark, scene.tally.model(row.get("model") or about.get("model")))
    for turn in _turns(row.get("conversations")):
        run.take(text(turn.get("from")) or "", turn.get("value"))
    run.end()


def _turns(said: Any) -> list[dict[str, Any]]:
    """Return the turns of a run; what is none is a turn of nobody."""
    listed = said if type(said) is list else [said]
    return [each if type(each) is dict else {"value": each} for each in listed]


def _take_facts(scene: Scene, row: dict[str, Any], about: dict[str, Any]) -> None:
    tally = scene.tally
    tally.limitations |= dict.fromkeys(LIMITATIONS)
    stamp = name(row.get("timestamp")) or name(about.get("timestamp"))
    before = tally.first_moment, tally.started
    if tally.time(stamp) is not None:
        tally.first_moment, tally.started = before  # it was written when the run was over
    for key in _SAID:
        value = row.get(key)
        if type(value) in (bool, str) or whole(value) is not None:
            tally.native.setdefault(key, value)
        elif type(value) is list and value:
            named = [each for each in value if name(each)]
            tally.native.setdefault(key, named[:_MOST_TOOLS])
    if whole(about.get("batch_num")) is not None:
        tally.native.setdefault("batch_num", about["batch_num"])
    if stats := _used(row.get("tool_stats")):
        tally.native.setdefault("tool_stats", stats)


def _used(said: Any) -> dict[str, dict[str, int]]:
    """Return how often tools were called; those that were not are listed, too, and left out."""
    used = {}
    for tool, stats in list(mapping(said).items())[:_MOST_TOOLS]:
        counted = {key: whole(value) for key, value in mapping(stats).items() if name(key)}
        kept = {key[:80]: number for key, number in list(counted.items())[:8] if number is not None}
        if any(kept.values()) and name(tool):
            used[tool[:200]] = kept
    return used


class _Run:
    """One run, turn by turn."""

    def __init__(self, scene: Scene, mark: str, model: str | None) -> None:
        self._scene = scene
        self._mark = mark
        self._model = model
        self._turn = 0
        self._tools: list[str] = []
        self._answer: Draft | None = None

    def take(self, speaker: str, value: Any) -> None:
        """Read one turn."""
        words = value if type(value) is str else shown(value) or ""
        if speaker == "tool":
            self._take_results(returned(words))
        else:
            self.end()
            self._take_words(speaker, words)
        self._turn += 1

    def end(self) -> None:
        """Add the answer that no result can follow any more."""
        if self._answer is not None:
            self._answer.waits.clear()
            self._scene.steps.add(self._answer)
        self._answer = None

    def _take_words(self, speaker: str, words: str) -> None:
        scene, key = self._scene, (self._mark, str(self._turn))
        if speaker == "gpt":
            self._answer = self._answered(spoken(words))
        elif speaker == "human":
            scene.tally.prompt(words)
            scene.steps.add(scene.draft("user", words, *key))
        elif speaker == "system":
            self._tools = tools_in(words)
            scene.steps.add(scene.aside("system_prompt", words, *key))
        else:
            scene.tally.add("unknown_speakers", 1)
            scene.steps.add(scene.aside(speaker or _UNNAMED, words, *key))

    def _answered(self, marked: Marked) -> Draft:
        draft = self._scene.draft("agent", marked.text, self._mark, str(self._turn))
        draft.thinking = "\n".join(marked.thoughts) or None
        draft.model = self._model
        draft.tools, self._tools = self._tools, []
        for place, block in enumerate(marked.blocks):
            tool = name(block.get("name")) or _UNNAMED
            draft.call(f"{draft.key}-{place}", tool, arguments(block.get("arguments")))
        if marked.invalid:
            draft.native["invalid_calls"] = str(marked.invalid)
            self._scene.tally.add("invalid_calls", marked.invalid)
        return draft

    def _take_results(self, marked: Marked) -> None:
        """Give each result to its call; what belongs to none is a step of its own."""
        left = list(marked.blocks)
        if self._answer is not None:
            for call in list(self._answer.waits):
                place = _place_of(self._answer.calls[call]["tool_name"], left)
                if place is not None:
                    _answer(self._answer, call, left.pop(place))
        lost = [shown(block) for block in left] + [marked.text]
        for number, words in enumerate(words for words in lost if words):
            self.end()
            self._scene.tally.add("unpaired_results", 1)
            key = (self._mark, str(self._turn), str(number))
            self._scene.steps.add(self._scene.aside("result", words, *key))


def _place_of(tool: str, results: list[dict[str, Any]]) -> int | None:
    """Return which of the results that are left is a tool's. None: none of them.

    The first is, unless it has the name of another tool: then the first of the tool's name.
    """
    names = [name(each.get("name")) or _UNNAMED for each in results]
    if names and names[0] in (tool, _UNNAMED):
        return 0
    return names.index(tool) if tool in names else None


def _answer(draft: Draft, call: str, result: dict[str, Any]) -> None:
    told = name(result.get("tool_call_id"))
    if told is not None and told not in draft.calls:
        draft.calls = {
            (told if key == call else key): {**each, "tool_call_id": told if key == call else key}
            for key, each in draft.calls.items()
        }
        draft.waits.pop(call)
        call = told
    content = result.get("content")
    error = error_in(content)
    draft.answer(call, shown(content), error)
    if error is None:
        take_changes(draft, call, inner(content) or mapping(content), None)


def error_in(content: Any) -> str | None:
    """Return why a call failed, by the rules that Hermes counts failures by. None: it did not."""
    said = content if type(content) is dict else {}
    for each in (said, mapping(said.get("content"))):
        if each.get("error") is not None:
            return shown(each["error"]) or "error"
    if said.get("success") is False:
        return "success: false"
    if type(content) is str and content.strip().lower().startswith("error:"):
        return content.strip().split("\n", 1)[0]
    return None
