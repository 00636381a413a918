"""What happened in a trace, as JSON."""

from collections.abc import Iterable
from typing import Any

from opentraces.application.map_trace import Mapped
from opentraces.domain.activity.bursts import Burst, cost_together
from opentraces.domain.activity.deed import Deed, Doing, SuiteRun
from opentraces.domain.activity.rows import Row, rows_of
from opentraces.domain.activity.turns import Turn
from opentraces.domain.activity.waste import Waste
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.shown import ShownPatch
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def map_document(mapped: Mapped, *, bursts: bool, waste: bool) -> dict[str, Any]:
    """`trace map --json`; the map itself, where neither bursts nor waste is asked for."""
    said: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "trace_id": mapped.trace}
    if bursts:
        said["bursts"] = [_burst(each, mapped) for each in mapped.bursts]
    if waste:
        said["waste"] = [_waste(each) for each in mapped.waste]
    if not bursts and not waste:
        steps = mapped.course.steps
        said |= {
            "agent": mapped.agent,
            "title": _text_or_none(mapped.title),
            "steps": len(steps),
            "tokens": sum(step.tokens for step in steps),
            "cost_usd": cost_together(steps),
            "requests": [_turn(turn, mapped) for turn in mapped.turns],
        }
    return said


def ref_of(trace: TraceId, first: int, last: int) -> str:
    """Return the address of some steps."""
    return f"{trace}:{first}" if first == last else f"{trace}:{first}-{last}"


def patch_row(shown: ShownPatch) -> dict[str, Any]:
    """Return a patch and what became of it, in a few words."""
    return {
        "patch_id": shown.made.patch_id,
        "step": shown.made.step_index,
        "file": text_of(shown.path),
        "operation": shown.made.change.operation,
        "added": shown.added,
        "removed": shown.removed,
        "fate": shown.fate,
        "commits": [held.commit for held in shown.held_by],
        "kept_lines": shown.survival.kept if shown.survival else None,
        "written_lines": shown.survival.written if shown.survival else None,
    }


def test_row(step: int, run: SuiteRun) -> dict[str, Any]:
    """Return what a run of tests said."""
    return {
        "step": step,
        "framework": run.framework,
        "passed": run.passed,
        "failed": run.failed,
        "skipped": run.skipped,
        "is_good": run.is_good,
    }


def _burst(burst: Burst, mapped: Mapped) -> dict[str, Any]:
    return {
        "ref": ref_of(mapped.trace, burst.first, burst.last),
        "steps": [burst.first, burst.last],
        "kind": burst.kind.value,
        "begins": burst.begins,
        "intent": text_of(burst.intent),
        "request": burst.request.number if burst.request else None,
        "files": [text_of(path) for path in burst.files],
        "tests": [test_row(step.number, doing.test) for step, doing in burst.doings if doing.test],
        "patches": [patch_row(each) for each in mapped.patches_of(burst.steps)],
        "failed": sum(doing.is_failed for _, doing in burst.doings),
        "tokens": burst.tokens,
        "cost_usd": burst.cost_usd,
        "seconds": burst.seconds,
    }


def _waste(waste: Waste) -> dict[str, Any]:
    return {
        "kind": waste.kind,
        "what": text_of(waste.what),
        "steps": list(waste.steps),
        "tokens": waste.tokens,
    }


def _turn(turn: Turn, mapped: Mapped) -> dict[str, Any]:
    rows = rows_of(turn.steps, mapped.course)
    return {
        "ref": ref_of(mapped.trace, turn.first, turn.last),
        "steps": [turn.first, turn.last],
        "text": text_of(turn.request.words) if turn.request else None,
        "happenings": [_row(row, mapped) for row in rows if row.deed is not Deed.REQUEST],
    }


def _row(row: Row, mapped: Mapped) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": row.deed.value,
        "steps": list(row.steps),
        "what": [text_of(doing.what) for doing in row.doings],
        "files": list(dict.fromkeys(text_of(f) for doing in row.doings for f in doing.files)),
        "failed": row.failed,
    }
    if row.is_left:
        said["is_left"] = True
    said |= _of_kind(row.deed, row.doings, row.steps)
    if row.deed is Deed.EDIT:
        numbers = set(row.steps)
        mine = (each for each in mapped.patches if each.made.step_index in numbers)
        said["patches"] = [patch_row(each) for each in mine]
    if row.helper is not None:
        said["helper"] = {
            "id": text_of(row.helper.agent_id),
            "kind": _text_or_none(row.helper.agent_type),
            "description": _text_or_none(row.helper.description),
            "tokens": row.tokens,
            "happenings": [_row(each, mapped) for each in row.below],
        }
    return said


def _of_kind(deed: Deed, doings: Iterable[Doing], steps: tuple[int, ...]) -> dict[str, Any]:
    if deed is Deed.TEST:
        return {"tests": [test_row(steps[0], doing.test) for doing in doings if doing.test]}
    if deed is Deed.COMMIT:
        return {"commit": next((doing.commit for doing in doings if doing.commit), None)}
    return {}


def _text_or_none(text: str | None) -> str | None:
    return None if text is None else text_of(text)
