"""Kept steps and envelopes as documents that can be found."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from opentraces.domain.claiming import account_of
from opentraces.domain.dependencies.installing import commands_of, installed_by
from opentraces.domain.dependencies.manifests import manifest_of, read_manifest
from opentraces.domain.envelope import Envelope, TraceHeader
from opentraces.domain.facts import SourceFacts
from opentraces.domain.header import live_facts, milliseconds_or_zero, told
from opentraces.domain.identifiers import rows_of
from opentraces.domain.ids import TraceId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.ledger import Claim
from opentraces.domain.remotes import plain_remote
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.domain.skills.uses import skills_used
from opentraces.domain.step import Step
from opentraces.domain.texts import indexed_part, texts_of
from opentraces.domain.trail.noteworthy import Noteworthy
from opentraces.domain.usage.listed import listed_cost

_PATHS = ("file_path", "notebook_path", "path", "filePath")
_PATCHED = "patched_files"
"""Native value of a step that patches files in Codex: `M a.py`, `R a.py -> b.py`, one a line."""

_MILLIONTHS = 1_000_000

_MAY_INSTALL = re.compile(r"\b(?:install|add|get|i)\s")
"""A cheap look at a command, before it is taken apart."""


def step_document(trace: TraceId, kept: KeptStep, claim: Claim) -> StepDocument:
    """Say what can be found of a step; `claim` is the trace's to it."""
    step = kept.step
    texts = texts_of(
        role=step.role,
        content=step.content,
        thinking=step.reasoning_content,
        inputs=[call.input for call in step.tool_calls],
        outputs=[seen.content for seen in step.observations],
    )
    spent = claim.spent if claim.counted else None
    commands = tuple(command for call in step.tool_calls for command in commands_of(call))
    return StepDocument(
        trace=trace,
        step=step.step_index,
        moment=milliseconds_or_zero(step.timestamp),
        texts=texts,
        tools=tuple(dict.fromkeys(call.tool_name for call in step.tool_calls)),
        files=tuple(dict.fromkeys(_files(kept))),
        model=step.model,
        error="failure" in kept.native or any(seen.error for seen in step.observations),
        role=step.role,
        commands=commands,
        deps=tuple(sorted({*_installed(step, commands), *_declared(step)})),
        skills=skills_used(step, kept.native),
        names=rows_of(map(indexed_part, texts.values())),
        key=kept.key,
        tokens=spent.tokens.total if spent else 0,
        cost=_millionths(listed_cost(spent)) if spent else 0,
    )


def trace_document(
    envelope: Envelope, steps_length: int, trail: Noteworthy | None = None
) -> TraceDocument:
    """Say what can be found of a trace as a whole; `trail`: what its trail says. None: nothing."""
    trail = trail or Noteworthy()
    header = envelope.header
    facts = live_facts(header.sources)
    beside = account_of(envelope.trace_id, header).beside
    costs = [_millionths(each.cost_usd) for each in beside]
    title = header.title or ""
    return TraceDocument(
        trace=envelope.trace_id,
        commit=envelope.commit,
        generation=envelope.steps_generation,
        steps_length=steps_length,
        agent=header.agent.value,
        session=header.session_id,
        project=header.folder or header.project or "",
        title=title,
        started=milliseconds_or_zero(header.started),
        ended=milliseconds_or_zero(header.ended),
        repo=_repo(header, facts),
        branches=_branches(header, facts),
        has=tuple(_has(facts, trail)),
        commits=trail.commits,
        deps=tuple(sorted(trail.names)),
        names=rows_of([title, *(subject for _, subject in trail.commits)]),
        replays=header.replays,
        tokens=sum(each.tokens.total for each in beside),
        cost=None if None in costs else sum(cost for cost in costs if cost is not None),
    )


def _files(kept: KeptStep) -> Iterator[str]:
    """Yield the paths that tool calls name, those inside of a patch among them."""
    for call in kept.step.tool_calls:
        yield from _paths(call.input)
    for row in kept.native.get(_PATCHED, "").splitlines():
        mark, _, paths = row.partition(" ")
        yield from paths.split(" -> ") if mark == "R" else [paths]


def _paths(given: Mapping[str, Any]) -> list[str]:
    return [value for name in _PATHS if isinstance(value := given.get(name), str) and value]


def _millionths(dollars: float | None) -> int | None:
    return None if dollars is None else max(round(dollars * _MILLIONTHS), 0)


def _installed(step: Step, commands: Iterable[str]) -> Iterator[str]:
    """Yield the packages that commands of a step installed; where one call failed, none."""
    wanted = [command for command in commands if _MAY_INSTALL.search(command)]
    if wanted and not any(seen.error for seen in step.observations):
        for command in wanted:
            for installed in installed_by(command):
                yield from installed.names


def _declared(step: Step) -> Iterator[str]:
    """Yield what manifests say that a step wrote whole."""
    for call in step.tool_calls:
        content = call.input.get("content")
        manifests = (manifest_of(path) for path in _paths(call.input))
        for manifest in manifests if isinstance(content, str) else ():
            data = str(content).encode("utf-8", "replace")
            said = read_manifest(manifest, data) if manifest else None
            yield from said.names if said else ()


def _repo(header: TraceHeader, facts: Iterable[SourceFacts]) -> str:
    address = told(tuple(facts), "repository_url")
    told_place = plain_remote(address) if address else None
    return told_place or (header.worktree and header.worktree.remote) or ""


def _branches(header: TraceHeader, facts: Iterable[SourceFacts]) -> tuple[str, ...]:
    seen = header.worktree.branch if header.worktree else None
    said = [branch for each in facts for branch in each.branches]
    return tuple(dict.fromkeys([*said, *([seen] if seen and not said else [])]))


def _has(facts: Iterable[SourceFacts], trail: Noteworthy) -> Iterator[str]:
    facts = tuple(facts)
    if trail.patches:
        yield "patch"
    if trail.anchors:
        yield "commit"
    if any(each.compactions for each in facts):
        yield "compaction"
    if any(each.links or each.agent_id is not None for each in facts):
        yield "subagent"
