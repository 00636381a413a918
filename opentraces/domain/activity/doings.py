"""What a step does, from the calls that it makes and what came back."""

import re
from collections.abc import Iterator

from opentraces.domain.activity.deed import Deed, Doing, SuiteRun
from opentraces.domain.activity.run_output import run_told
from opentraces.domain.activity.shell_words import Command, command_of
from opentraces.domain.activity.tool_kinds import kind_of
from opentraces.domain.dependencies.installing import commands_of
from opentraces.domain.search import Place
from opentraces.domain.step import Observation, Step, ToolCall
from opentraces.domain.texts import texts_of

_CALLED_BY = "called_by"
"""What a call that a script of the model made has in its input: the call that is the script."""

_FILES = ("file_path", "notebook_path", "path", "filePath")
_WHAT = ("pattern", "query", "url", "description", "task_name", "prompt", "message", "task", "goal")
_MADE = re.compile(r"^\[\S[^\]\n]* ([0-9a-f]{7,64})\] |^([0-9a-f]{40}|[0-9a-f]{64})$", re.MULTILINE)
"""What Git prints of a commit that it made, and `git rev-parse` after it."""

_PATCH_FILE = ("*** Update File: ", "*** Add File: ", "*** Delete File: ")


def doings_of(step: Step) -> tuple[Doing, ...]:
    """Return what a step does, in its order; without calls, that it says something."""
    seen = {each.source_call_id: each for each in step.observations}
    scripts = {str(call.input.get(_CALLED_BY)) for call in step.tool_calls}
    calls = (call for call in step.tool_calls if call.tool_call_id not in scripts)
    return tuple(_doing(call, seen.get(call.tool_call_id)) for call in calls)


def _doing(call: ToolCall, seen: Observation | None) -> Doing:
    output = (seen.content if seen else None) or ""
    is_failed = seen is not None and seen.error is not None
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
        asked=texts_of(
            role="agent", content=None, thinking=None, inputs=[call.input], outputs=()
        ).get(Place.CALL, ""),
        output=output,
        commit=commit,
    )


def _command(call: ToolCall, output: str, *, is_failed: bool) -> Doing | None:
    """Return what a call does that runs a command. None: it runs none."""
    lines = tuple(commands_of(call))
    if not lines:
        return None
    line = "\n".join(lines)
    command = command_of(line)
    run = _run(command, output, is_failed=is_failed)
    if run is not None:
        return Doing(Deed.TEST, line, command.files, test=run)
    return Doing(command.deed, line, command.files)


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
