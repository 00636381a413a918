"""A trace as something to read: who said what, what was run, what came back."""

from collections.abc import Iterator, Mapping

from opentraces.application.get_trace import Gotten
from opentraces.domain.branches import left_out
from opentraces.domain.json_value import JsonValue
from opentraces.domain.step import Observation, Step, ToolCall
from opentraces.domain.trace import TraceRecord
from opentraces.entrypoints.cli.output import Bold, Dim, Line
from opentraces.entrypoints.cli.plain import one_line, plain
from opentraces.entrypoints.cli.views.amounts import clock, count, lasting, moment
from opentraces.entrypoints.cli.views.arguments import main_argument
from opentraces.entrypoints.cli.views.ids import short_ids
from opentraces.entrypoints.cli.views.patches import patch_lines

_HEAD_LINES = 12
_HEAD_CHARACTERS = 2000
_NONE: Mapping[str, JsonValue] = {}


def gotten_lines(gotten: Gotten) -> Iterator[Line]:
    """Show a trace, long texts by their heads; or steps of it, whole."""
    short = short_ids([gotten.record.trace_id])[gotten.record.trace_id]
    yield from _heading(gotten.record, short)
    inactive = frozenset(gotten.inactive)
    for step in gotten.steps:
        yield ()
        if step.step_index in inactive:
            yield (Dim("not on the active branch"),)
        cut_for = short if gotten.is_whole else None
        yield from _step_lines(step, cut_for, gotten.responses)


def tail_lines(gotten: Gotten, *, with_heading: bool) -> Iterator[Line]:
    """Show the last steps of a trace, long texts by their heads."""
    short = short_ids([gotten.record.trace_id])[gotten.record.trace_id]
    if with_heading:
        yield from _heading(gotten.record, short)
    for step in gotten.steps:
        yield ()
        yield from _step_lines(step, short)


def _heading(record: TraceRecord, short: str) -> Iterator[Line]:
    title = one_line(str(record.metadata.get("title") or "(no title)"))
    yield (Bold(short), f" · {title}")
    metrics, agent = record.metrics, record.agent
    written = metrics.total_output_tokens
    others = sum(1 for _ in left_out(record))
    facts = [
        f"{agent.name} {agent.version}" if agent.version else agent.name,
        str(record.metadata.get("project") or ""),
        moment(record.timestamp_start),
        count(metrics.total_steps, "step"),
        f"{others:,} on other branches" if others else "",
        lasting(metrics.total_duration_s) if metrics.total_duration_s is not None else "",
        f"{written:,} tokens written" if written else "",
        agent.model or "",
    ]
    yield (Dim(" · ".join(one_line(fact) for fact in facts if fact)),)


def _step_lines(
    step: Step, cut_for: str | None, responses: Mapping[str, JsonValue] = _NONE
) -> Iterator[Line]:
    """Show a step; `cut_for`: the trace's id, when long texts are cut. None: they are whole.

    `responses`: what its tools gave back, whole, by id of the call.
    """
    address = f"{cut_for}:{step.step_index}" if cut_for else None
    facts = (clock(step.timestamp), step.model or "", _under(step))
    yield (
        Bold(f":{step.step_index:<4} {step.role}"),
        Dim("".join(f"  {one_line(fact)}" for fact in facts if fact)),
    )
    for number, line in enumerate(_head(step.reasoning_content, address)):
        yield ("  ", Dim(line if number else f"thinking: {line}"))
    yield from (("  ", line) for line in _head(step.content, address))
    came_back: dict[str, list[Observation]] = {call.tool_call_id: [] for call in step.tool_calls}
    late: list[Observation] = []
    for seen in step.observations:
        came_back.get(seen.source_call_id, late).append(seen)
    for call in step.tool_calls:
        yield _call_line(call)
        yield from patch_lines(responses.get(call.tool_call_id))
        for seen in came_back[call.tool_call_id]:
            yield from _seen_lines(seen, address)
    for seen in late:
        yield from _seen_lines(seen, address)


def _under(step: Step) -> str:
    role = step.agent_role if step.agent_role != "main" else None
    under = f"under :{step.parent_step}" if step.parent_step is not None else ""
    return " ".join(filter(None, (role, under)))


def _call_line(call: ToolCall) -> Line:
    return ("  ", Bold(f"→ {one_line(call.tool_name)}"), f"  {main_argument(call)}")


def _seen_lines(seen: Observation, address: str | None) -> Iterator[Line]:
    head = "failed  " if seen.error else ""
    for line in _head(_said(seen), address):
        yield ("    ", Bold(head), line)
        head = ""


def _said(seen: Observation) -> str:
    """Return what came back; an error's words once, where the output repeats them."""
    content, error = seen.content or "", seen.error or ""
    if error.removeprefix("Error: ") in content:
        return content or error
    return f"{error}\n{content}"


def _head(text: str | None, address: str | None) -> Iterator[str]:
    """Yield the lines of a text; of a long one the first, then how much more there is."""
    clean = plain(text or "").strip("\n")
    shown = clean
    if address is not None:
        shown = "\n".join(clean[:_HEAD_CHARACTERS].split("\n")[:_HEAD_LINES])
    yield from shown.split("\n") if shown else ()
    rest = clean[len(shown) :]
    if rest:
        yield _left_out(rest, address)


def _left_out(rest: str, address: str | None) -> str:
    lines = rest.strip("\n").count("\n") + 1
    much = count(lines, "line") if lines > 1 else count(len(rest), "character")
    return f"… {much} more → opentraces trace get {address}"
