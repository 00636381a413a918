"""What a step does, from the calls that it makes and what came back."""

import re
from collections.abc import Iterator, Sequence

from opentraces.domain.activity.deed import Answer, Deed, Doing, SuiteRun
from opentraces.domain.activity.run_output import run_told
from opentraces.domain.activity.shell_words import Command, command_of
from opentraces.domain.activity.tool_kinds import kind_of
from opentraces.domain.dependencies.installing import commands_of
from opentraces.domain.escapes import without_escapes
from opentraces.domain.ids import plain_bytes
from opentraces.domain.step import NO_RESULT, Observation, Step, ToolCall

_CALLED_BY = "called_by"
"""What a call that a script of the model made has in its input: the call that is the script."""

_FILES = ("file_path", "notebook_path", "path", "filePath")
_WHAT = ("pattern", "query", "url", "description", "task_name", "prompt", "message", "task", "goal")
_MADE = re.compile(r"^\[\S[^\]\n]* ([0-9a-f]{7,64})\] |^([0-9a-f]{40}|[0-9a-f]{64})$", re.MULTILINE)
"""What Git prints of a commit that it made, and `git rev-parse` after it."""

_PATCH_FILE = ("*** Update File: ", "*** Add File: ", "*** Delete File: ")


def doings_of(step: Step) -> tuple[Doing, ...]:
    """Return what a step does, in its order; without calls, that it says something."""
    seen: dict[str, list[Observation]] = {}
    for each in step.observations:
        seen.setdefault(each.source_call_id, []).append(each)
    scripts = {str(call.input.get(_CALLED_BY)) for call in step.tool_calls}
    calls = (call for call in step.tool_calls if call.tool_call_id not in scripts)
    return tuple(_doing(call, seen.get(call.tool_call_id, ())) for call in calls)


def _doing(call: ToolCall, seen: Sequence[Observation]) -> Doing:
    output = "\n".join(each.content for each in seen if each.content)
    is_failed = bool(seen) and seen[-1].error is not None
    kind = kind_of(call.tool_name)
    if kind is None:
        doing = _command(call, output, is_failed=is_failed) or Doing(Deed.TOOL, call.tool_name)
    elif kind in (Deed.READ, Deed.EDIT):
        files = tuple(dict.fromkeys(_files(call)))
        doing = Doing(kind, ", ".join(files) or call.tool_name, files)
    else:
        doing = Doing(kind, _what(call), tuple(_paths(call)))
    made = _MADE.search(output) if doing.deed is Deed.COMMIT else None
    commit = (made[1] or made[2]) if made else ""
    return doing._replace(
        is_failed=is_failed,
        call=call.tool_call_id,
        tool=call.tool_name,
        given=tuple((name, _value(value)) for name, value in call.input.items()),
        output=output,
        answers=tuple(map(_answer, filter(_has_come, seen))),
        commit=commit,
    )


def _value(value: object) -> str:
    if isinstance(value, str):
        return without_escapes(value)
    try:
        return plain_bytes(value).decode()
    except (ValueError, RecursionError):
        return "[nested too deep]"


def _has_come(seen: Observation) -> bool:
    return seen.content is not None or seen.error != NO_RESULT


def _answer(seen: Observation) -> Answer:
    words = without_escapes(seen.content or "")
    return Answer(words or seen.error or "", is_failed=seen.error is not None)


def _command(call: ToolCall, output: str, *, is_failed: bool) -> Doing | None:
    """Return what a call does that runs a command. None: it runs none."""
    lines = tuple(commands_of(call))
    if not lines:
        return None
    line = "\n".join(lines)
    command = command_of(line)
    run = _run(command, output, is_failed=is_failed)
    if run is not None:
        return Doing(Deed.TEST, line, command.files, test=run, is_shell=True)
    return Doing(command.deed, line, command.files, is_shell=True)


def _run(command: Command, output: str, *, is_failed: bool) -> SuiteRun | None:
    """Return what a run of tests said. None: it is none.

    A command that only shows what stands somewhere may show what a run printed.
    """
    if command.deed in (Deed.READ, Deed.SEARCH):
        return None
    told = run_told(output)
    if command.runner is None:
        return told
    if told is None:
        return SuiteRun(command.runner, is_good=False if is_failed else None)
    return told._replace(is_good=False) if is_failed else told


def _files(call: ToolCall) -> Iterator[str]:
    yield from _paths(call)
    changes = call.input.get("changes")
    if isinstance(changes, dict):
        yield from (str(path) for path in changes)
    patch = next((call.input.get(key) for key in ("input", "patch") if key in call.input), None)
    for line in patch.splitlines() if isinstance(patch, str) else ():
        for mark in _PATCH_FILE:
            if line.startswith(mark):
                yield line.removeprefix(mark).strip()


def _paths(call: ToolCall) -> Iterator[str]:
    for key in _FILES:
        value = call.input.get(key)
        if isinstance(value, str) and value:
            yield value


def _what(call: ToolCall) -> str:
    for key in _WHAT:
        value = call.input.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return call.tool_name
