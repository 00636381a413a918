"""How a session is gone on with, as JSON."""

from typing import Any

from opentraces.application.past_worktree import PlannedWorktree
from opentraces.application.plan_resume import ResumePlan
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def resume_document(plan: ResumePlan, *, is_written: bool) -> dict[str, Any]:
    """`ctx resume --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "trace_id": plan.trace,
        "step": plan.step,
        "lines": plan.end,
        "session_id": plan.session,
        "file": text_of(plan.file),
        "folder": text_of(plan.folder),
        "worktree": _worktree(plan.worktree) if plan.worktree else None,
        "reason": plan.reason,
        "command": [text_of(each) for each in plan.command],
        "written": is_written,
    }


def _worktree(planned: PlannedWorktree) -> dict[str, Any]:
    return {
        "folder": text_of(planned.folder),
        "commit": planned.commit,
        "at": "session" if planned.is_start else "step",
        "command": [text_of(each) for each in planned.command],
        "writes": [text_of(each.path) for each in planned.files if each.content is not None],
        "deletes": [text_of(each.path) for each in planned.files if each.content is None],
        "left": [{"path": text_of(each.path), "reason": each.reason} for each in planned.left],
        "not_known": [text_of(each.path) for each in planned.dirty],
    }
