"""What sessions changed, and what became of it, as JSON."""

from typing import Any

from opentraces.application.describe_range import Asked, DescribedCommit, DescribedRange
from opentraces.application.graph_trail import GraphRow, TrailGraph
from opentraces.application.show_trail import ShownTrail
from opentraces.application.trail_status import TrailState
from opentraces.domain.moments import iso_text
from opentraces.domain.trail.commit_brief import CommitBrief
from opentraces.domain.trail.file_change import Hunk
from opentraces.domain.trail.shown import HeldBy, ShownPatch
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def state_document(state: TrailState) -> dict[str, Any]:
    """`trail status --json`."""
    tally = state.tally
    return {
        "schema_version": SCHEMA_VERSION,
        "patches": tally.patches,
        "anchored": tally.anchored,
        "pending": tally.pending,
        "reverted": tally.reverted,
        "lost": tally.lost,
    }


def shown_document(shown: ShownTrail) -> dict[str, Any]:
    """`trail show --json`."""
    with_hunks = shown.steps is not None
    return {
        "schema_version": SCHEMA_VERSION,
        "trace_id": shown.trace,
        "patches": [_patch(each, with_hunks=with_hunks) for each in shown.patches],
    }


def graph_document(graph: TrailGraph) -> dict[str, Any]:
    """`trail graph --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "commits": [_row(each, graph) for each in graph.rows],
    }


def described_document(described: DescribedRange) -> dict[str, Any]:
    """`trail pr --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "range": text_of(described.said),
        "added": described.added,
        "credited": described.credited,
        "commits": [_described(each) for each in described.commits],
    }


def _patch(shown: ShownPatch, *, with_hunks: bool) -> dict[str, Any]:
    change, survival = shown.made.change, shown.survival
    hunks = shown.hunks if with_hunks else None
    return {
        "patch_id": shown.made.patch_id,
        "step": shown.made.step_index or None,
        "tool_call_id": change.call,
        "file": text_of(shown.path),
        "operation": change.operation,
        "added": shown.added,
        "removed": shown.removed,
        "state": shown.fate,
        "commits": [_held(each) for each in shown.held_by],
        "survival": {
            "state": survival.state,
            "kept": survival.kept,
            "written": survival.written,
        }
        if survival
        else None,
        "limitations": list(change.limitations),
        "hunks": [_hunk(each) for each in hunks] if hunks is not None else None,
    }


def _held(held: HeldBy) -> dict[str, Any]:
    return {
        "commit": held.commit,
        "subject": text_of(held.subject) if held.subject is not None else None,
        "committed_at": held.committed,
        "file": text_of(held.path),
        "tier": held.tier,
        "lines": held.lines,
        "replaced_by": held.replaced_by,
    }


def _hunk(hunk: Hunk) -> dict[str, Any]:
    return {
        "old_start": hunk.old_start,
        "new_start": hunk.new_start,
        "lines": [text_of(line) for line in hunk.lines],
    }


def _commit(commit: CommitBrief) -> dict[str, Any]:
    return {
        "commit": commit.commit,
        "committed_at": iso_text(commit.committed),
        "subject": text_of(commit.subject),
    }


def _row(row: GraphRow, graph: TrailGraph) -> dict[str, Any]:
    return {
        **_commit(row.commit),
        "parents": list(row.commit.parents),
        "sessions": [
            {
                "trace_id": part.trace,
                "agent": graph.agents.get(part.trace),
                "lines": part.lines,
                "tiers": dict(part.tiers),
                "files": [text_of(path) for path in part.paths],
                "steps": [step for step in part.steps if step],
            }
            for part in row.parts
        ],
    }


def _described(commit: DescribedCommit) -> dict[str, Any]:
    return {
        **_commit(commit.commit),
        "added": commit.added,
        "credited": commit.credited,
        "asked": [_asked(each) for each in commit.asked],
        "uncredited": {text_of(path): lines for path, lines in commit.uncredited.items()},
    }


def _asked(asked: Asked) -> dict[str, Any]:
    prompt, part = asked.prompt, asked.part
    return {
        "trace_id": part.trace,
        "agent": prompt.agent if prompt else None,
        "step": prompt.asked if prompt else None,
        "prompt": text_of(prompt.text) if prompt and prompt.asked is not None else None,
        "lines": part.lines,
        "tiers": dict(part.tiers),
        "files": [text_of(path) for path in part.paths],
        "steps": [step for step in part.steps if step],
    }
