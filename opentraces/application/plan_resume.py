"""Work out how a session can be gone on with from one of its steps."""

from collections.abc import Mapping

from opentraces.application.kept_bytes import kept_bytes
from opentraces.application.past_worktree import PastWorktree, PlannedWorktree
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.domain.address import Address
from opentraces.domain.envelope import Envelope
from opentraces.domain.errors import BadRequest, BytesReleased, Corrupt, NotFound, StepNotFound
from opentraces.domain.header import rank
from opentraces.domain.ids import SessionId, TraceId
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.resuming.copy_id import copy_id
from opentraces.domain.resuming.cutting import Cut, cuts, nearest
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.subagents import helpers_of
from opentraces.ports.blobs import BlobStore
from opentraces.ports.checkouts import Checkouts
from opentraces.ports.resumable import ResumableFormat
from opentraces.ports.traces import TraceStore

_INSTEAD = {
    Agent.CODEX_CLI: "while its own file is there: codex resume {session}; else",
    Agent.PI: "while its own file is there: pi --session {session}; else",
}
"""What can be done instead with sessions of other agents, before what can be done with any."""


@frozen_dataclass
class ResumeRequest:
    """What is to be gone on with, and where."""

    address: Address
    """The trace, and the step that is to be made anew. No step: all of the session."""

    session: SessionId
    """The id of the new session: a UUID that no other has."""

    place: str
    """The folder of ours for such sessions, absolute."""

    here: str | None
    """The folder that somebody stands in: its repository may be the session's. None: gone."""

    wants_worktree: bool = True
    """Whether to go on in a worktree as it was then; else in the session's own folder."""


@frozen_dataclass
class ResumePlan:
    """What is to be done."""

    trace: TraceId
    """The trace."""

    title: str | None
    """Its title. None: it has none."""

    step: int | None
    """The step that is to be made anew. None: none, the session goes on at its end."""

    steps: int
    """How many steps the trace has."""

    source: int
    """The number of the source that holds the session's lines."""

    end: int | None
    """So many lines of it are before the step. None: all of them."""

    session: SessionId
    """The id of the new session."""

    file: str
    """Its file, absolute; it is not there yet."""

    folder: str
    """The folder to go on in, absolute; in the worktree, where one is made."""

    worktree: PlannedWorktree | None
    """The worktree that is made for it. None: none is."""

    reason: str | None
    """Why none is, in words, though it was wanted. None: one is, or none was wanted."""

    command: tuple[str, ...]
    """What goes on with it: a program's name, then its arguments."""


@frozen_dataclass
class PlanResume:
    """Works out how a session can be gone on with. Writes nothing."""

    traces: TraceStore
    blobs: BlobStore
    resolve: ResolveTrace
    formats: Mapping[Agent, ResumableFormat]
    past: PastWorktree
    checkouts: Checkouts

    def execute(self, request: ResumeRequest) -> ResumePlan:
        """Raises TraceNotFound, StepNotFound, BytesReleased, NotFound where no transcript is kept.

        BadRequest: it cannot be cut there, or its agent cannot do it, or there is no folder to go
        on in. Ambiguous, Corrupt, NewerFormat, StorageUnavailable.
        """
        envelope = self.traces.envelope(self.resolve.execute(request.address.trace))
        format_ = self._format(envelope)
        session = copy_id(envelope.header.session_id, request.session)
        step = _step_of(request.address, envelope)
        steps = list(self.traces.steps(envelope, 1, None)) if step is not None else []
        asked = _asked(steps, step, envelope) if step is not None else None
        source = _source(envelope, asked, steps)
        end = self._end(envelope, format_, source, asked, steps) if asked is not None else None
        worktree, reason = None, None
        if request.wants_worktree:
            folder = f"{request.place}/worktrees/{session}"
            worktree, reason = self.past.execute(envelope, asked, steps, folder, request.here)
        name = format_.file_name(session, envelope.header.folder)
        file = f"{request.place}/{name}"
        return ResumePlan(
            trace=envelope.trace_id,
            title=envelope.header.title,
            step=step,
            steps=envelope.header.steps,
            source=source,
            end=end,
            session=session,
            file=file,
            folder=worktree.start if worktree else self._folder(envelope, reason),
            worktree=worktree,
            reason=reason,
            command=format_.command(file),
        )

    def _format(self, envelope: Envelope) -> ResumableFormat:
        """Raises BadRequest: nobody can go on with a session of this agent from what is kept."""
        header = envelope.header
        if header.agent in self.formats:
            return self.formats[header.agent]
        first = _INSTEAD.get(header.agent, "").format(session=header.session_id)
        handover = f"opentraces ctx handover {envelope.trace_id[:8]}"
        raise BadRequest(
            f"only sessions of Claude Code can be gone on with, and this one is {header.agent}'s → "
            f"{first} {handover}".replace("  ", " ")
        )

    def _end(
        self,
        envelope: Envelope,
        format_: ResumableFormat,
        source: int,
        asked: KeptStep,
        steps: list[KeptStep],
    ) -> int:
        firsts: dict[str, list[int]] = {}
        for each in steps:
            if each.source == source and "uuid" in each.native:
                firsts.setdefault(each.native["uuid"], []).append(each.step.step_index)
        pieces = kept_bytes(self.traces, self.blobs, envelope, source)
        try:
            found = cuts(format_.marks(pieces), firsts)
        except Corrupt as error:
            raise Corrupt(f"{error} → opentraces bucket repair") from error
        cut = found.get(asked.step.step_index)
        if cut is None or cut.obstacle is not None:
            raise BadRequest(_refusal(envelope, asked.step.step_index, cut, found))
        return cut.end

    def _folder(self, envelope: Envelope, reason: str | None) -> str:
        """Return the session's own folder. Raises BadRequest when it is gone."""
        folder = envelope.header.folder
        if folder is not None and not folder.startswith("/"):
            folder = None
        if folder is not None and self.checkouts.is_there(folder):
            return folder
        why = f"{reason}; " if reason else ""
        if folder is None:
            raise BadRequest(f"{why}and the session does not say in which folder it was")
        raise BadRequest(
            f"{why}the session's folder is gone: {folder} → make it again, or cd to a checkout of "
            "its repository"
        )


def _step_of(address: Address, envelope: Envelope) -> int | None:
    """Return the step that is meant. Raises BadRequest, StepNotFound."""
    if address.first is None:
        return None
    if address.last is not None:
        raise BadRequest(f"one step is gone on from, not several → {address.trace}:{address.first}")
    count = envelope.header.steps
    step = count if address.first == -1 else address.first
    if not 1 <= step <= count:
        raise StepNotFound(f"no step {step} in {envelope.trace_id}: it has {count}")
    return step


def _asked(steps: list[KeptStep], step: int, envelope: Envelope) -> KeptStep:
    found = next((each for each in steps if each.step.step_index == step), None)
    if found is None:
        raise StepNotFound(f"no step {step} in {envelope.trace_id}")
    return found


def _source(envelope: Envelope, asked: KeptStep | None, steps: list[KeptStep]) -> int:
    """Return the number of the source with the session's lines.

    Raises BadRequest: the step is a sub-agent's; BytesReleased; NotFound: there is no such source.
    """
    header = envelope.header
    if asked is not None and header.sources[asked.source].kind is SourceKind.SUBAGENT:
        raise BadRequest(_of_helper(envelope, asked, steps))
    transcripts = [
        number
        for number, each in enumerate(header.sources)
        if each.kind is SourceKind.TRANSCRIPT and not each.superseded
    ]
    number = min(transcripts, key=lambda each: rank(header.sources[each]), default=None)
    if asked is not None and header.sources[asked.source].kind is SourceKind.TRANSCRIPT:
        number = asked.source
    short = envelope.trace_id[:8]
    if number is None:
        raise NotFound(
            f"no transcript of {short} is kept, only its prompts are → opentraces trace get {short}"
        )
    if header.sources[number].released is not None:
        raise BytesReleased(
            f"the files of {short} are not kept any more: they were older than "
            f"retention.keep_raw_days → opentraces ctx handover {short}"
        )
    return number


def _of_helper(envelope: Envelope, asked: KeptStep, steps: list[KeptStep]) -> str:
    helpers = helpers_of(envelope.header.sources, steps)
    kinds = {each.step.step_index: each.source for each in steps}
    helper, parent = helpers.get(asked.source), None
    while helper is not None and parent != helper.parent_step:
        parent = helper.parent_step
        helper = helpers.get(kinds.get(parent, -1)) if parent is not None else None
    short, step = envelope.trace_id[:8], asked.step.step_index
    said = (
        f"step {step} of {short} is a sub-agent's, and only the session itself can be gone on with"
    )
    return said if parent is None else f"{said} → opentraces ctx resume {short} --at-step {parent}"


def _refusal(envelope: Envelope, step: int, cut: Cut | None, found: Mapping[int, Cut]) -> str:
    short = envelope.trace_id[:8]
    before, after = nearest(found, step)
    why = cut.obstacle if cut is not None and cut.obstacle else "no line of the session holds it"
    near = [f"{side} it: {each}" for side, each in (("before", before), ("after", after)) if each]
    choice = before or after
    ways = f"; steps that can be: {', '.join(near)}" if near else ""
    way = f" → opentraces ctx resume {short} --at-step {choice}" if choice else ""
    return f"step {step} of {short} cannot be gone on from: {why}{ways}{way}"
