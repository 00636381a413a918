"""A Context Tree, drawn."""

from collections import Counter
from collections.abc import Iterator, Mapping

from opentraces.application.draw_context import DrawnTree
from opentraces.domain.amounts import count
from opentraces.domain.context.drawing import Row
from opentraces.domain.context.events import BranchType, Purpose
from opentraces.domain.context.standing import Standing
from opentraces.domain.subagents import Helper
from opentraces.entrypoints.cli.output import Bold, Dim, Line, Odd, has_style
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.ctx_words import extent_words
from opentraces.entrypoints.cli.views.ids import short_ids
from opentraces.entrypoints.cli.views.trail_words import cut

_DEEPEST = 20
_DESCRIPTION = 60

_PURPOSES: Mapping[Purpose, str] = {
    "step": "",
    "title": "a title",
    "compaction": "a summary",
    "retry": "a retry",
    "other": "",
}


def tree_lines(found: DrawnTree) -> Iterator[Line]:
    """Show how many calls there are, then how they follow from one another."""
    short = short_ids([found.trace])[found.trace]
    nodes, steps = found.standing.nodes, found.standing.steps
    branches = Counter(node.branch_type for node in nodes.values())
    others = sum(name not in steps for name in nodes)
    others += sum(map(len, found.standing.again.values()))
    facts = (
        count(sum(map(found.standing.calls, nodes)), "call"),
        count(sum(map(len, steps.values())), "step"),
        _some(others, "call that is no step", "calls that are no step"),
        _some(branches["compaction_fork"], "compaction", "compactions"),
        _some(branches["rewind_branch"], "rewind", "rewinds"),
        _some(len({r.helper for r in found.rows if r.helper}), "sub-agent", "sub-agents"),
    )
    yield (Bold(short), f" · {found.agent} · {' · '.join(fact for fact in facts if fact)}")
    for row in found.rows:
        yield _row(row, found.standing)


def _some(number: int, one: str, several: str) -> str:
    return "" if not number else f"1 {one}" if number == 1 else f"{number:,} {several}"


def _row(row: Row, standing: Standing) -> Line:
    first = row.nodes[0]
    names = [node.node_id for node in row.nodes]
    calls = count(sum(map(standing.calls, names)), "call")
    purpose = _PURPOSES[first.purpose]
    again = Counter(purpose for name in names for purpose in standing.again.get(name, ()))
    besides = "".join(f", {number:,} {purpose}" for purpose, number in sorted(again.items()))
    return (
        _indent(row.depth),
        Bold(f"{_steps(row.steps):<8}") if row.steps else Dim("no step "),
        " ",
        _branch(first.branch_type, is_lost=first.parent is not None and row.is_root),
        f"  {calls}{besides and f' ({besides[2:]})'}, {extent_words(row.extent)}",
        Dim(f"  {purpose}" if purpose else ""),
        Dim(_captured(row)),
        Dim(_helper(row.helper) if row.helper is not None else ""),
    )


def _indent(depth: int) -> str:
    shown = min(depth, _DEEPEST)
    if not shown:
        return ""
    return "│ " * (shown - 1) + "├─ " if has_style() else "  " * shown


def _steps(steps: tuple[int, ...]) -> str:
    return f":{steps[0]}" if len(steps) == 1 else f":{steps[0]}-{steps[-1]}"


def _branch(branch: BranchType, *, is_lost: bool) -> str:
    if is_lost:
        return Odd(f"{branch}, from a call that is not kept")
    return Dim(branch) if branch in ("root", "linear") else Odd(branch)


def _captured(row: Row) -> str:
    methods = {node.capture_method for node in row.nodes}
    return "" if methods == {"transcript_reconstruction"} else f"  {', '.join(sorted(methods))}"


def _helper(helper: Helper) -> str:
    words = [one_line(helper.agent_type or "sub-agent")]
    if helper.description:
        words.append(cut(helper.description, _DESCRIPTION))
    started = (
        f"started at :{helper.parent_step}" if helper.parent_step else "who started it: not kept"
    )
    return f"  {' · '.join([*words, started])}"
