"""What a setup of telemetry changed, or would."""

from collections.abc import Iterator
from pathlib import Path

from opentraces.application.set_up_agent import SetUp
from opentraces.application.set_up_telemetry import TelemetrySetUp
from opentraces.entrypoints.cli.diffs import diff_lines
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count
from opentraces.entrypoints.cli.views.setup import INDENT, change_line, short
from opentraces.entrypoints.cli.views.telemetry import START

_UNIT = "opentraces-otlp"


def set_up_lines(set_up: TelemetrySetUp, user: Path) -> Iterator[Line]:
    """Show what was done, file by file, and the next step; `user`: the user's home folder."""
    done = set_up.done
    request, found = done.request, done.found
    yield (Bold("Telemetry "), "claude-code ", _answer(done, short(found.settings, user)))
    for change in done.plan.changes:
        if request.is_dry_run and change.is_shared:
            yield from ((line,) for line in diff_lines(change))
        else:
            yield (INDENT, change_line(change, user))
    if not request.is_removal:
        yield from ((Bold("Left      "), one_line(each)) for each in found.obstacles)
    if found.backup and not request.is_dry_run:
        yield (Bold("Backup    "), short(found.backup, user))
    yield from ((Bold("Next      "), line) for line in _next(set_up))


def _answer(done: SetUp, settings: str) -> str:
    found, is_dry = done.found, done.request.is_dry_run
    would = "would be " if is_dry else ""
    if done.request.is_removal:
        if not done.plan.changes:
            return "not set up; nothing to do"
        return f"{would}told no more of us: {settings}"
    keys = count(len(found.missing) + len(found.events), "key")
    if not done.plan.changes:
        return f"set up already: {keys} → {settings}; nothing to do"
    return f"{would}{'brought up to date' if done.was_installed else 'set up'}: {keys} → {settings}"


def _next(set_up: TelemetrySetUp) -> Iterator[str]:
    done = set_up.done
    request, state = done.request, set_up.state
    has_unit = any(change.path.endswith(f"{_UNIT}.service") for change in done.plan.changes)
    if request.is_dry_run and done.plan.changes:
        yield "the same without --dry-run"
    elif has_unit:
        verb = "disable" if request.is_removal else "enable"
        yield f"systemctl --user {verb} --now {_UNIT}"
    elif not request.is_removal:
        is_other = state.is_running and done.plan.changes
        restart = "opentraces capture-otlp restart"
        yield restart if is_other else START if not state.is_running else "start claude anew"
