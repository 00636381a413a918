"""The header of a trace, from what its sources say of the session."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from opentraces.domain.envelope import KeptSource, TraceHeader
from opentraces.domain.facts import SourceFacts
from opentraces.domain.ids import StepKey
from opentraces.domain.ledger import Seniority
from opentraces.domain.line_counts import LineCounts
from opentraces.domain.moments import milliseconds
from opentraces.domain.session import FoundSession, SourceKind
from opentraces.domain.skipping import ALARMS, why_no_trace
from opentraces.domain.trail.worktree import WorktreeSigns

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_TITLE = 200
_NO_MOMENT = 2**62


def rank(source: KeptSource) -> tuple[bool, str]:
    """Order sources of one trace: transcripts first, then by name; not by arrival."""
    return (source.kind is not SourceKind.TRANSCRIPT, source.name)


def live_facts(sources: Iterable[KeptSource]) -> tuple[SourceFacts, ...]:
    """Return the facts of all sources that are read for steps, transcripts first."""
    return tuple(kept.facts for kept in _live(sources) if kept.facts is not None)


def told(facts: Sequence[SourceFacts], key: str) -> str | None:
    """Return what the agent itself wrote of the repository. None: it did not."""
    said = (each.native.get(key) for each in facts)
    return next((text for text in said if text and isinstance(text, str)), None)


def told_commit(facts: Sequence[SourceFacts]) -> str | None:
    """Return the full id of the commit that the agent wrote down. None: it did not."""
    said = told(facts, "git_commit")
    return said if said and _COMMIT.fullmatch(said) else None


def base_commit(header: TraceHeader) -> str | None:
    """Return the full id of the commit that a session began at. None: nothing tells."""
    seen = header.worktree.base_commit if header.worktree else None
    return told_commit(live_facts(header.sources)) or seen


def alien_files(header: TraceHeader) -> Mapping[str, str]:
    """Return the files of a trace in which nothing was recognised: why, by location."""
    reasons = {kept.location: _why_no_trace([kept]) for kept in _live(header.sources)}
    return {place: reason for place, reason in reasons.items() if reason in ALARMS}


def header_of(
    session: FoundSession,
    sources: Sequence[KeptSource],
    *,
    steps: int,
    generation: int,
    replays: tuple[StepKey, ...],
    worktree: WorktreeSigns | None = None,
) -> TraceHeader:
    """Say of the whole session what its sources say of their part."""
    facts = live_facts(sources)
    folder = next((folder for each in facts for folder in each.folders), None)
    return TraceHeader(
        agent=session.agent,
        session_id=session.session,
        generation=generation,
        title=_title(facts),
        project=folder.rstrip("/").rpartition("/")[2] or folder if folder else None,
        folder=folder,
        started=min(_times(each.started for each in facts), key=milliseconds_or_zero, default=None),
        ended=max(_times(each.ended for each in facts), key=milliseconds_or_zero, default=None),
        steps=steps,
        skipped=_why_no_trace(_live(sources)),
        sources=tuple(sources),
        worktree=worktree,
        replays=replays,
    )


def seniority(header: TraceHeader) -> Seniority:
    """Say how early the session began, by the first timestamp of its first source."""
    first = first_moment(header)
    moment = _NO_MOMENT if first is None else first
    return Seniority(first_moment=moment, session=header.session_id)


def first_moment(header: TraceHeader) -> int | None:
    """Return the first timestamp of its first source, in milliseconds since 1970. None: none."""
    moments = (each.first_moment for each in live_facts(header.sources))
    return next((moment for moment in moments if moment is not None), None)


def milliseconds_or_zero(text: str | None) -> int:
    """Return a time as milliseconds since 1970; 0 when it is none."""
    return milliseconds(text) or 0


def lines_of(facts: Iterable[SourceFacts]) -> LineCounts:
    """Add up how lines were understood."""
    return sum((each.lines for each in facts), LineCounts())


def _title(facts: Sequence[SourceFacts]) -> str | None:
    candidates = (
        *(each.given_title for each in facts),
        *(each.agent_title for each in facts if each.agent_id is None),
        *(each.first_prompt for each in facts if each.agent_id is None),
    )
    title = next((text for text in candidates if text and text.strip()), None)
    return " ".join(title.split())[:_TITLE] if title else None


def _live(sources: Iterable[KeptSource]) -> list[KeptSource]:
    read = (kept for kept in sources if kept.facts is not None and not kept.superseded)
    return sorted(read, key=rank)


def _why_no_trace(live: Sequence[KeptSource]) -> str | None:
    facts = [kept.facts for kept in live if kept.facts is not None]
    said = sum(each.prompts + each.responses for each in facts)
    return why_no_trace(said, lines_of(facts), sum(kept.size for kept in live))


def _times(texts: Iterable[str | None]) -> Iterator[str]:
    return (text for text in texts if text)
