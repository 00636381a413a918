"""What a setup changed, and what hooks there are, as JSON."""

from typing import Any

from opentraces.application.set_up_agent import SetUp
from opentraces.domain.setup import FileChange, HooksFound
from opentraces.entrypoints.cli.diffs import diff_lines
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def set_up_document(done: SetUp, agent: str) -> dict[str, Any]:
    """`setup --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "agent": agent,
        "removal": done.request.is_removal,
        "dry_run": done.request.is_dry_run,
        "changes": [change_document(change) for change in done.plan.changes],
        "hooks": hooks_document(done.found),
    }


def hooks_document(found: HooksFound) -> dict[str, Any]:
    """What is installed for one agent."""
    return {
        "settings": text_of(found.settings),
        "events": [text_of(event) for event in found.events],
        "missing": list(found.missing),
        "interpreter": _path(found.interpreter),
        "interpreter_is_there": found.interpreter_is_there,
        "script": _path(found.script),
        "script_is_ours": found.script_is_ours,
        "home": _path(found.home),
        "is_for_us": found.is_for_us,
        "agent_is_there": found.agent_is_there,
        "needs_trust": found.trusted_by is not None,
        "is_switched_off": found.is_switched_off,
        "backup": _path(found.backup),
        "obstacles": [text_of(each) for each in found.obstacles],
        "shadowed_by": _path(found.shadowed_by),
        "problem": _path(found.problem),
    }


def _path(text: str | None) -> str | None:
    return None if text is None else text_of(text)


def change_document(change: FileChange) -> dict[str, Any]:
    """One file that a setup changed, or would."""
    return {
        "path": text_of(change.path),
        "action": _action(change),
        "bytes": None if change.after is None else len(change.after),
        "diff": text_of("".join(f"{line}\n" for line in diff_lines(change)))
        if change.is_shared
        else None,
    }


def _action(change: FileChange) -> str:
    if change.before is None:
        return "create"
    return "remove" if change.after is None else "change"
