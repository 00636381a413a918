"""What is told of a session when it is handed over: each thing with the step that it comes from."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Literal

from opentraces.domain.context.filling import file_of
from opentraces.domain.context.saying import Saying
from opentraces.domain.handover.fitting import head_of
from opentraces.domain.ids import canonical_bytes
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.step import NO_RESULT, Step, ToolCall
from opentraces.domain.trail.located import located

Section = Literal[
    "first", "next", "summary", "said", "errors", "changed", "commits", "asked", "read"
]
"""The first prompt; what is open; the agent's own summary; the last words of the model before each
prompt; errors that nothing mended; files that were changed; commits that hold that; later prompts;
files read."""

SECTIONS: tuple[Section, ...] = (
    "first",
    "next",
    "summary",
    "said",
    "errors",
    "changed",
    "commits",
    "asked",
    "read",
)
"""In the order in which they may take room."""

_PLANS = {"TodoWrite": ("todos", "content"), "update_plan": ("plan", "step")}
_DONE = "completed"
_TELLING = ("command", "cmd", "file_path", "notebook_path", "path", "pattern", "query", "url")


@frozen_dataclass
class Item:
    """One thing that is told."""

    section: Section
    """What kind of thing."""

    step: int | None
    """The step that it comes from. None: it comes from no one step."""

    text: str
    """What the session says: not to be trusted."""

    note: str = ""
    """What we say of it; empty: nothing."""

    is_cut: bool = False
    """Whether the text goes on."""


@frozen_dataclass
class Change:
    """One change to one file."""

    path: str
    """The file: relative to its worktree with `/`, or as the agent named it."""

    step: int | None
    """The step that made it. None: no one step that we know."""

    commit: str | None = None
    """A commit that holds lines of it. None: none is known."""


@frozen_dataclass
class Done:
    """What a session did."""

    steps: Sequence[Step]
    """Its own, ascending, without those of sub-agents."""

    summaries: Collection[int] = ()
    """The numbers of those that sum up what was said before them."""

    changes: Sequence[Change] = ()
    """What it changed, ascending."""

    roots: Collection[str] = ()
    """The worktrees that paths of changes are relative to."""


def items_of(done: Done, most: int) -> list[Item]:
    """Return what there is to tell, in each section the newest first; `most`: bytes of a text."""
    steps, changes = done.steps, done.changes
    found = [*_prompts(steps), *_open(steps), *_words(steps), *_errors(steps)]
    found += (
        Item("summary", step.step_index, step.content or "")
        for step in reversed(steps)
        if step.step_index in done.summaries
    )
    changed = {change.path for change in changes}
    read = (item for item in _read(steps, done.roots) if item.text not in changed)
    found += [*_changed(changes), *_commits(changes), *read]
    return [_headed(item, most) for item in found]


def _headed(item: Item, most: int) -> Item:
    text, is_cut = head_of(item.text, most)
    return Item(item.section, item.step, text, item.note, is_cut)


def _prompts(steps: Sequence[Step]) -> Iterator[Item]:
    typed = [step for step in steps if _is_typed(step)]
    for step in typed[:1]:
        yield Item("first", step.step_index, step.content or "")
    for step in reversed(typed[1:]):
        yield Item("asked", step.step_index, step.content or "")


def _is_typed(step: Step) -> bool:
    return step.role == "user" and bool(step.content and step.content.strip())


def _words(steps: Sequence[Step]) -> Iterator[Item]:
    """Yield the last words of the model before each prompt, and at the end."""
    is_said = False
    for step in reversed(steps):
        if _is_typed(step):
            is_said = False
        elif step.role == "agent" and not is_said and step.content and step.content.strip():
            is_said = True
            yield Item("said", step.step_index, step.content)


def _open(steps: Sequence[Step]) -> Iterator[Item]:
    last = next((step for step in reversed(steps) if step.role != "system"), None)
    if last is not None and _is_typed(last):
        yield Item("next", last.step_index, last.content or "", "this prompt was never answered")
    for step in reversed(steps):
        for call in reversed(step.tool_calls):
            if call.tool_name in _PLANS:
                yield from _planned(step, call)
                return


def _planned(step: Step, call: ToolCall) -> Iterator[Item]:
    """Yield what is left of a plan, what is to be done next first."""
    listed, key = _PLANS[call.tool_name]
    rows = call.input.get(listed)
    for row in rows if isinstance(rows, list) else ():
        said = row.get(key) if isinstance(row, Mapping) else None
        status = row.get("status") if isinstance(row, Mapping) else None
        if isinstance(said, str) and status != _DONE:
            note = "begun" if status == "in_progress" else "planned"
            yield Item("next", step.step_index, said, note)


def _errors(steps: Sequence[Step]) -> Iterator[Item]:
    """Yield calls that failed, and that nobody made again with success."""
    mended: set[bytes] = set()
    calls = {call.tool_call_id: call for step in steps for call in step.tool_calls}
    for step in reversed(steps):
        for seen in reversed(step.observations):
            call = calls.get(seen.source_call_id)
            key = _key(call) if call is not None else None
            if key is None or key in mended:
                continue
            mended.add(key)
            if seen.error is not None and call is not None:
                yield _error(step, call, seen.error, seen.content)


def _error(step: Step, call: ToolCall, error: str, content: str | None) -> Item:
    if error == NO_RESULT:
        return Item("errors", step.step_index, _about(call), "this call was never answered")
    said = content or error
    return Item("errors", step.step_index, f"{_about(call)}\n{said}", "this call failed")


def _key(call: ToolCall) -> bytes:
    return canonical_bytes([call.tool_name, _telling(call) or call.input])


def _about(call: ToolCall) -> str:
    return f"{call.tool_name} {_telling(call) or ''}".strip()


def _telling(call: ToolCall) -> str | None:
    return next((said for key in _TELLING if isinstance(said := call.input.get(key), str)), None)


def _changed(changes: Sequence[Change]) -> Iterator[Item]:
    for path, found in _grouped(changes, lambda change: change.path).items():
        count = f"{len(found):,} change" if len(found) == 1 else f"{len(found):,} changes"
        pending = sum(change.commit is None for change in found)
        state = f", {pending:,} in no commit that is known" if pending else ""
        yield Item("changed", found[0].step, path, f"{count}{state}")


def _commits(changes: Sequence[Change]) -> Iterator[Item]:
    for commit, found in _grouped(changes, lambda change: change.commit).items():
        files = ", ".join(dict.fromkeys(change.path for change in reversed(found)))
        yield Item("commits", found[0].step, f"{commit}: {files}")


def _grouped(
    changes: Sequence[Change], key: Callable[[Change], str | None]
) -> dict[str, list[Change]]:
    """Return changes by what they have in common, in each group the newest first."""
    found: dict[str, list[Change]] = {}
    for change in reversed(changes):
        name = key(change)
        if name is not None:
            found.setdefault(name, []).append(change)
    return found


def _read(steps: Sequence[Step], roots: Collection[str]) -> Iterator[Item]:
    counts: dict[str, list[int]] = {}
    for step in reversed(steps):
        for call in reversed(step.tool_calls):
            path = file_of(Saying("call", tool=call.tool_name, input=call.input))
            if path is not None:
                place = located(path, roots)
                name = place.path if place is not None else path
                counts.setdefault(name, []).append(step.step_index)
    for path, found in counts.items():
        note = f"read {len(found):,} times" if len(found) > 1 else ""
        yield Item("read", found[0], path, note)
