"""The whole TraceRecord, from an envelope and its steps. Pure: the same bucket, the same bytes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from opentraces.domain.branches import BRANCHES, Branches, branches_of
from opentraces.domain.context.events import ContextEvent
from opentraces.domain.context.seen import seen_by
from opentraces.domain.copies import copied_steps
from opentraces.domain.dependencies.gathered import Dependencies
from opentraces.domain.dependencies.recorded import NONE_SEEN, with_dependencies
from opentraces.domain.envelope import Envelope, TraceHeader
from opentraces.domain.environment import Environment, VersionControl
from opentraces.domain.facts import SourceFacts, Surroundings
from opentraces.domain.header import live_facts, told, told_commit
from opentraces.domain.hook_facts import HookFacts
from opentraces.domain.hook_join import FROM_TRANSCRIPT, hooks_metadata, joined_step
from opentraces.domain.ids import canonical_bytes, content_hash
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.metadata import metadata_of
from opentraces.domain.metrics import metrics_of
from opentraces.domain.remotes import owner_and_name, plain_remote
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.spending import cost_of, spent_of
from opentraces.domain.step import NO_RESULT, Observation, Step, TokenUsage
from opentraces.domain.subagents import Helper, helpers_of
from opentraces.domain.tied import tied_of
from opentraces.domain.trace import AgentInfo, Task, TraceRecord
from opentraces.domain.trail.events import TrailEvent
from opentraces.domain.trail.worktree import WorktreeSigns

NO_HOOKS = HookFacts()
"""Of a session that ran without hooks."""


@frozen_dataclass
class Derived:
    """What is known of a session beside its steps and what they changed."""

    dependencies: Dependencies = NONE_SEEN
    """What it shows of the packages that its project is built on."""

    context: tuple[ContextEvent, ...] = ()
    """The events of its Context Tree."""


NOTHING_DERIVED = Derived()
"""Of a session of which nothing else is known."""


def assemble(
    envelope: Envelope,
    kept: Sequence[KeptStep],
    hooks: HookFacts = NO_HOOKS,
    damage: Sequence[str] = (),
    trail: Iterable[TrailEvent] = (),
    derived: Derived = NOTHING_DERIVED,
) -> TraceRecord:
    """Put a trace together; `kept` are all its steps, ascending, each as last amended.

    `hooks`: what the session's events say. `damage`: what is lost of all that. `trail`: its trail,
    as it was written; patches of copied steps are another trace's.
    """
    header = envelope.header
    facts = live_facts(header.sources)
    copied = copied_steps(kept, header.replays)
    helpers = helpers_of(header.sources, kept)
    branches = branches_of(header.sources, kept)
    seen = seen_by(header.agent, kept, derived.context, copied)
    every = seen.steps(_every(kept, hooks, copied, helpers))
    steps = tuple(each for each in every if each.step_index not in branches.inactive)
    own = [each for each in kept if each.step.step_index not in copied]
    tied = tied_of(envelope, trail, kept, copied)
    said = metadata_of(envelope, kept, copied, helpers, _native(every, own, branches, facts))
    record = TraceRecord(
        trace_id=envelope.trace_id,
        session_id=header.session_id,
        timestamp_start=header.started,
        timestamp_end=header.ended,
        execution_context="devtime",
        task=_task(facts, header.worktree),
        agent=_agent(header, facts, steps),
        environment=_environment(facts, header.worktree),
        steps=steps,
        metrics=metrics_of(steps, header.started, header.ended, _cost(own, branches)),
        generation_index=header.generation,
        metadata=_joined(said | tied.of_metadata, _hooks(envelope, kept, hooks), damage),
    )
    found = record.but(**(tied.of_record | {"context_tree_summary": seen.summary}))
    return _hashed(with_dependencies(found, derived.dependencies))


def wire_bytes(record: TraceRecord) -> bytes:
    """Return the one JSON text of a record: the wire form of opentraces-schema 0.9.0."""
    return canonical_bytes(record.as_json())


def _hashed(record: TraceRecord) -> TraceRecord:
    wire = record.as_json()
    return record.but(content_hash=content_hash(wire))


def _every(
    kept: Sequence[KeptStep],
    hooks: HookFacts,
    copied: Collection[int],
    helpers: Mapping[int, Helper],
) -> list[Step]:
    return [
        _projected(each, joined_step(each.step, hooks), each.step.step_index in copied, helpers)
        for each in kept
    ]


def _projected(kept: KeptStep, step: Step, copied: bool, helpers: Mapping[int, Helper]) -> Step:
    changes: dict[str, Any] = {}
    answered = {seen.source_call_id for seen in step.observations}
    silent = [c for c in step.tool_calls if c.tool_call_id not in answered]
    if silent:
        lost = (Observation(source_call_id=c.tool_call_id, error=NO_RESULT) for c in silent)
        changes["observations"] = (*step.observations, *lost)
    if copied:
        changes["token_usage"] = TokenUsage()
    helper = helpers.get(kept.source)
    if helper:
        changes["parent_step"] = helper.parent_step
        changes["agent_role"] = helper.agent_type or step.agent_role
    return step.but(**changes) if changes else step


def _cost(own: Sequence[KeptStep], branches: Branches) -> float | None:
    return cost_of(each for each in own if each.step.step_index not in branches.inactive)


def _native(
    steps: Sequence[Step],
    own: Sequence[KeptStep],
    branches: Branches,
    facts: Sequence[SourceFacts],
) -> dict[str, Any]:
    return {
        BRANCHES: branches.of(_left(steps, branches)),
        "spent": spent_of(own, [expense for each in facts for expense in each.expenses]),
    }


def _left(steps: Sequence[Step], branches: Branches) -> list[Step]:
    """Return the steps that are not on the active branch; the first of each says where it forks."""
    return [
        step.but(parent_step=fork) if fork is not None else step
        for step in steps
        if step.step_index in branches.inactive
        for fork in (branches.parent_of(step.step_index),)
    ]


def _hooks(envelope: Envelope, kept: Sequence[KeptStep], hooks: HookFacts) -> dict[str, Any]:
    source = envelope.events_source
    is_told = bool(hooks.requests) or not envelope.header.agent.tells_requests
    limited = {} if is_told else {"limitations": (FROM_TRANSCRIPT,)}
    if source is None:
        return limited
    said = hooks_metadata(hooks, kept, envelope.header.sources[source].name)
    return {**limited, **({"hooks": said} if said else {})}


def _agent(header: TraceHeader, facts: Sequence[SourceFacts], steps: Sequence[Step]) -> AgentInfo:
    return AgentInfo(
        name=header.agent.value,
        version=next((each.versions[-1] for each in facts if each.versions), None),
        model=_main_model(steps),
    )


def _joined(
    metadata: Mapping[str, Any], hooks: Mapping[str, Any], damage: Sequence[str]
) -> dict[str, Any]:
    words = (*metadata.get("limitations", ()), *hooks.get("limitations", ()))
    said = {"limitations": list(words), "damage": list(damage)}
    return {**metadata, **hooks, **{key: value for key, value in said.items() if value}}


def _environment(facts: Sequence[SourceFacts], worktree: WorktreeSigns | None) -> Environment:
    branch = next((branch for each in facts for branch in each.branches), None)
    said = next((e.surroundings for e in facts if e.surroundings != Surroundings()), Surroundings())
    in_git = branch is not None or bool(said.is_repository) or worktree is not None
    seen = worktree or WorktreeSigns(path="")
    base = told_commit(facts) or seen.base_commit
    version = VersionControl(type="git", base_commit=base, branch=branch or seen.branch)
    return Environment(
        os=said.os,
        shell=said.shell,
        arch=said.arch,
        platform=said.platform,
        vcs=version if in_git else VersionControl(),
    )


def _task(facts: Sequence[SourceFacts], worktree: WorktreeSigns | None) -> Task:
    prompt = next((each.first_prompt for each in facts if each.first_prompt), None)
    address = told(facts, "repository_url")
    remote = (plain_remote(address) if address else None) or (worktree and worktree.remote) or None
    return Task(
        description=prompt,
        source="user_prompt" if prompt else None,
        repository=owner_and_name(remote) if remote else None,
        repository_url=remote,
        base_commit=told_commit(facts) or (worktree.base_commit if worktree else None),
    )


def _main_model(steps: Sequence[Step]) -> str | None:
    """Return the model that answered most of the session's own steps; the first of equals."""
    counts: dict[str, int] = {}
    own = [step for step in steps if step.call_type != "subagent"] or steps
    for step in own:
        if step.model:
            counts[step.model] = counts.get(step.model, 0) + 1
    return max(counts, key=counts.__getitem__, default=None)
