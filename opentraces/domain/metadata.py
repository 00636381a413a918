"""What a TraceRecord says beyond its schema: the contents of `metadata`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from opentraces.domain.branches import key_of
from opentraces.domain.envelope import Envelope, KeptSource
from opentraces.domain.facts import SourceFacts
from opentraces.domain.header import lines_of, live_facts, rank
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.subagents import Helper
from opentraces.domain.texts import WHOLE, texts_of


def metadata_of(
    envelope: Envelope,
    steps: Sequence[KeptStep],
    copied: Collection[int],
    helpers: Mapping[int, Helper],
    native: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what has no place in the schema; keys without content are absent.

    `native`: what is added to what only this agent has.
    """
    header = envelope.header
    facts = live_facts(header.sources)
    numbers = {(kept.source, kept.ordinal): kept.step.step_index for kept in steps}
    values: dict[str, Any] = {
        "title": header.title,
        "project": header.project,
        "folders": _distinct(folder for each in facts for folder in each.folders),
        "branches": _distinct(branch for each in facts for branch in each.branches),
        "models": _distinct(model for each in facts for model in each.models),
        "versions": _distinct(version for each in facts for version in each.versions),
        "sources": [_source(kept) for kept in sorted(header.sources, key=rank)],
        "lines": asdict(lines_of(facts)),
        "line_types": _summed(each.line_types for each in facts),
        "unknown_types": _summed(each.unknown_types for each in facts),
        "limitations": _distinct(word for each in facts for word in each.limitations),
        "copied_steps": [_copy(kept) for kept in steps if kept.step.step_index in copied],
        "subagents": _subagents(helpers, steps),
        "indexed_in_part": [each.step.step_index for each in steps if _is_long(each)],
        key_of(header.agent.value): _native(facts) | {key: v for key, v in native.items() if v},
    }
    values |= _events(header.sources, numbers)
    return {key: value for key, value in values.items() if value}


def _events(
    sources: Sequence[KeptSource], numbers: Mapping[tuple[int, int], int]
) -> dict[str, Any]:
    """Return what happened at single steps, with the ordinals of sources as step numbers."""
    events: dict[str, list[Any]] = {}
    for number, kept in enumerate(sources):
        if kept.facts is None or kept.superseded:
            continue
        for name, rows in _events_of(kept.facts).items():
            for ordinal, row in rows:
                step = numbers.get((number, ordinal))
                if step is not None:
                    events.setdefault(name, []).append({"step_index": step, **row})
    return {name: sorted(rows, key=_by_step) for name, rows in events.items()}


def _events_of(facts: SourceFacts) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    def rows(items: Iterable[Any]) -> list[tuple[int, dict[str, Any]]]:
        dumps = [
            {name: value for name, value in item.as_json().items() if value is not None}
            for item in items
        ]
        return [(dump.pop("ordinal"), dump) for dump in dumps]

    return {
        "compactions": rows(facts.compactions),
        "commands": rows(facts.commands),
        "giant_lines": rows(facts.giants),
        "interruptions": [(ordinal, {}) for ordinal in facts.interruptions],
        "failures": [(ordinal, {}) for ordinal in facts.failures],
        "unseen_by_model": [(ordinal, {}) for ordinal in facts.unseen],
    }


def _by_step(row: Mapping[str, Any]) -> tuple[int, str]:
    return (row["step_index"], str(row.get("name", "")))


def _copy(kept: KeptStep) -> dict[str, Any]:
    ids = {name: kept.native[name] for name in sorted(kept.native) if name.endswith("id")}
    return {"step_index": kept.step.step_index, **ids}


def _source(kept: KeptSource) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": kept.kind.value, "name": kept.name, "size": kept.size}
    if kept.blob:
        row["sha256"] = kept.blob.blob
    if kept.released:
        row |= {"size": kept.released.size, "sha256": kept.released.sha256, "released": True}
    if kept.superseded:
        row["superseded"] = True
    return row


def _subagents(helpers: Mapping[int, Helper], steps: Iterable[KeptStep]) -> list[dict[str, Any]]:
    made: dict[int, list[int]] = {number: [] for number in helpers}
    for kept in steps:
        if kept.source in made:
            made[kept.source].append(kept.step.step_index)
    rows = [
        {
            "agent_id": helper.agent_id,
            "agent_type": helper.agent_type,
            "description": helper.description,
            "tool_call_id": helper.tool_call_id,
            "parent_step": helper.parent_step,
            "steps": made[number],
        }
        for number, helper in helpers.items()
    ]
    return sorted(rows, key=lambda row: str(row["agent_id"]))


def _native(facts: Sequence[SourceFacts]) -> dict[str, Any]:
    """Return what only this agent has: the main source's values, those of others by sub-agent."""
    own: dict[str, Any] = {}
    for each in facts:
        if each.agent_id is None:
            own = {**each.native, **own}
    helpers = {each.agent_id: dict(each.native) for each in facts if each.agent_id and each.native}
    return {**own, "subagents": helpers} if helpers else own


def _is_long(kept: KeptStep) -> bool:
    step = kept.step
    texts = texts_of(
        role=step.role,
        content=step.content,
        thinking=step.reasoning_content,
        inputs=[call.input for call in step.tool_calls],
        outputs=[seen.content for seen in step.observations],
    )
    return any(len(text) > WHOLE for text in texts.values())


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counts:
        for name, number in each.items():
            total[name] = total.get(name, 0) + number
    return dict(sorted(total.items()))
