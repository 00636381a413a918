"""What is captured and kept of a repository, as JSON."""

from typing import Any

from opentraces.application.repository_status import RepositoryState
from opentraces.domain.kept_brief import KeptBrief
from opentraces.domain.setup import HooksFound
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def status_document(state: RepositoryState) -> dict[str, Any]:
    """`status --json`."""
    project = state.project
    return {
        "schema_version": SCHEMA_VERSION,
        "name": text_of(state.name),
        "path": text_of(state.folder),
        "enrolled": list(project.agents) if project else [],
        "project_id": project.project_id if project else None,
        "hooks": {agent: _hooks(found) for agent, found in state.hooks.items()},
        "events_waiting": len(state.waiting),
        "kept": {"traces": state.kept, "steps": state.steps},
        "not_kept": state.not_kept,
        "last": _last(state.last) if state.last else None,
    }


def _hooks(found: HooksFound) -> dict[str, Any]:
    return {
        "agent_is_there": found.agent_is_there,
        "installed": found.is_installed,
        "in_order": found.is_installed
        and found.interpreter_is_there
        and found.script_is_ours
        and found.is_for_us
        and not found.missing,
        "settings": text_of(found.settings),
        "interpreter": text_of(found.interpreter) if found.interpreter else None,
        "problem": text_of(found.problem) if found.problem else None,
    }


def _last(brief: KeptBrief) -> dict[str, Any]:
    return {
        "trace_id": brief.trace,
        "session_id": brief.session,
        "title": brief.title,
        "ended_at": brief.ended,
        "steps": brief.steps,
    }
