"""The real client going on with sessions that were cut, and what it asked the model then."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from opentraces.application.plan_resume import ResumePlan, ResumeRequest
from opentraces.domain.address import Address
from opentraces.domain.context.blocks import normal
from opentraces.domain.context.messages import flattened
from opentraces.domain.errors import BadRequest
from opentraces.domain.ids import SessionId, trace_id
from opentraces.domain.kept_step import KeptStep
from opentraces.entrypoints.container import resuming
from opentraces.entrypoints.container.kept import traces
from opentraces.entrypoints.settings import Settings
from tests.agents.rig.live import Live

AGAIN = "emuagain"
"""The prompt with which a client goes on with a session that was cut."""

CONTINUED = ("user", {"type": "text", "text": "Continue from where you left off."})
UNASKED = ("assistant", {"type": "text", "text": "No response requested."})
_OWN = ("<system-reminder>", "<task-notification>", "[SYSTEM NOTIFICATION")

Said = list[tuple[str, Any]]
"""Blocks of messages in their normal form, each with who speaks."""


@dataclass(frozen=True)
class GoneOn:
    """A client that went on before a step."""

    step: KeptStep
    plan: ResumePlan
    asked: Said
    """What it asked the model first."""


@dataclass(frozen=True)
class Cutting:
    """One home, in which sessions are cut and gone on with."""

    live: Live

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(self.live.program.environment)

    def steps(self, session: str) -> list[KeptStep]:
        """Return the steps of a session and its sub-agents."""
        store = traces(self.settings)
        envelope = store.envelope(trace_id("claude-code", SessionId(session)))
        return list(store.steps(envelope, 1, None))

    def planned(self, session: str, step: int | None, *, worktree: bool = False) -> ResumePlan:
        """Work out how to go on before a step. Raises BadRequest where that cannot be."""
        request = ResumeRequest(
            address=Address(session, step),
            session=SessionId(str(uuid4())),
            place=str(self.settings.resumed),
            here=None,
            wants_worktree=worktree,
        )
        return resuming.plan_resume(self.settings).execute(request)

    def refusal(self, session: str, step: int) -> str | None:
        """Return why it cannot be gone on from a step. None: it can."""
        try:
            self.planned(session, step)
        except BadRequest as error:
            return str(error)
        return None

    def gone_on(self, session: str) -> list[GoneOn]:
        """Go on from every step that it can be gone on from."""
        steps = self.steps(session)
        steps = [each for each in steps if self.refusal(session, each.step.step_index) is None]
        plans = [self.planned(session, each.step.step_index) for each in steps]
        with ThreadPoolExecutor(2) as workers:
            return list(workers.map(self.go_on, steps, plans))

    def go_on(self, step: KeptStep, plan: ResumePlan) -> GoneOn:
        """Let the client go on as a plan says."""
        resuming.resume_session(self.settings).execute(plan, resuming.destination(self.settings))
        client = replace(self.live.client, repository=Path(plan.folder))
        ended = client.run(f"{AGAIN}: go on", *plan.command[1:])
        assert ended.code == 0, ended
        assert ended.session == plan.session
        return GoneOn(step, plan, self.asked_first(plan.session))

    def asked_first(self, session: str) -> Said:
        """Return what the model was asked first in a session."""
        pairs = zip(self.live.api.served, self.live.api.requests, strict=True)
        return said(next(asked for sent, asked in pairs if sent.session == session))

    def asked_for(self, message: str) -> Said:
        """Return what the model was asked when it answered with a message."""
        pairs = zip(self.live.api.served, self.live.api.requests, strict=True)
        return said(next(asked for sent, asked in pairs if sent.message_id == message))


def said(request: Mapping[str, Any]) -> Said:
    """Return the blocks of a request, normal, and without newlines at the end of user text."""
    return [(role, _trimmed(role, normal(each))) for role, each in flattened(request["messages"])]


def added(asked: Said, before: Said) -> Said:
    """Return what a request has behind what another began with; fails where it does not."""
    assert asked[: len(before)] == before
    return asked[len(before) :]


def is_of_client(blocks: Said) -> bool:
    """Whether blocks are what the client adds, and the new prompt at last."""
    *own, last = blocks
    return AGAIN in str(last) and all(_is_own(each) for each in own)


def _is_own(block: tuple[str, Any]) -> bool:
    role, value = block
    text = value.get("text", "") if isinstance(value, dict) else ""
    return block in (CONTINUED, UNASKED) or (role == "user" and text.startswith(_OWN))


def _trimmed(role: str, block: Any) -> Any:
    if role == "user" and isinstance(block, dict) and block.get("type") == "text":
        return {**block, "text": block["text"].rstrip("\n")}
    return block
