"""What of a TraceRecord follows from its trail: patches, and the commits they are in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from posixpath import normpath
from typing import Any
from urllib.parse import quote

from opentraces.domain.attribution import Attribution
from opentraces.domain.envelope import Envelope, KeptSource
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.outcome import Outcome
from opentraces.domain.patch import GitAnchor, GitLink, LinkTier, Patch
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.attributed import attribution_of
from opentraces.domain.trail.events import Anchored, PatchCreated, StartObserved, TrailEvent
from opentraces.domain.trail.file_change import AFTER_UNKNOWN, FileChange, TextPlace
from opentraces.domain.trail.known import KnownTrail, known_trail
from opentraces.domain.trail.worktree import WorktreeSigns


@frozen_dataclass
class Tied:
    """Patches, and what became of them."""

    patches: tuple[Patch, ...] = ()
    """By step, then by call, then by file."""

    links: tuple[GitLink, ...] = ()
    """One for each commit that holds lines, oldest first."""

    outcome: Outcome = field(default_factory=Outcome)
    """Whether any commit does."""

    attribution: Attribution | None = None
    """The lines in the latest of them. None: there is none."""

    start: StartObserved | None = None
    """What was not committed when the session began. None: not known."""

    @property
    def of_metadata(self) -> dict[str, Any]:
        """Return what it says beyond the fields of a TraceRecord; empty: nothing."""
        return {"worktree_at_start": _start(self.start)} if self.start else {}

    @property
    def of_record(self) -> dict[str, Any]:
        """Return what it says of the fields of a TraceRecord."""
        return {
            "outcome": self.outcome,
            "attribution": self.attribution,
            "lifecycle": "final" if self.outcome.committed else "provisional",
            "patches": self.patches,
            "git_links": self.links,
        }


def tied_of(
    envelope: Envelope,
    events: Iterable[TrailEvent],
    kept: Sequence[KeptStep],
    left_out: Collection[int],
) -> Tied:
    """Project a trail. `kept`: the trace's steps; `left_out`: those that are another trace's."""
    worktree, names = envelope.header.worktree, names_of(envelope.header.sources)
    trail = known_trail(events, left_out)
    if not trail.patches:
        return Tied(start=trail.start)
    made = _in_order(trail.patches.values(), kept)
    anchors = trail.every_anchor
    latest = _latest(anchors, trail.replaced)
    steps = {each.step.step_index: each.step for each in kept}
    return Tied(
        patches=tuple(_patch(each, trail, worktree, names) for each in made),
        links=tuple(_links(anchors, trail, worktree)),
        outcome=Outcome(committed=latest is not None, commit_sha=latest),
        attribution=attribution_of(envelope.trace_id, latest, made, trail, steps)
        if latest
        else None,
        start=trail.start,
    )


def text_place(place: TextPlace | None, names: Sequence[str]) -> str | None:
    """Name where a text is kept: `<name of the source>@<offset>+<length>#<pointer>`.

    `names`: of the sources, by number; numbers tell in which order they came. None: nowhere.
    """
    if place is None or place.source >= len(names):
        return None
    return f"{names[place.source]}@{place.offset}+{place.length}#{place.pointer}"


def names_of(sources: Iterable[KeptSource]) -> Sequence[str]:
    """Return the names of sources as a URL has them, so that no `@` is in one."""
    return [quote(source.name) for source in sources]


def _in_order(
    patches: Iterable[PatchCreated], kept: Iterable[KeptStep]
) -> tuple[PatchCreated, ...]:
    calls = {
        (each.step.step_index, call.tool_call_id): place
        for each in kept
        for place, call in enumerate(each.step.tool_calls)
    }

    def place(made: PatchCreated) -> tuple[int, int, int, str]:
        call = calls.get((made.step_index, made.change.call or ""), len(calls))
        return (made.step_index, call, made.change.number, made.patch_id)

    return tuple(sorted(patches, key=place))


def _patch(
    made: PatchCreated,
    trail: KnownTrail,
    worktree: WorktreeSigns | None,
    names: Sequence[str],
) -> Patch:
    change = made.change
    path = _inside(change.path, worktree)
    anchor, others = _anchor(made.patch_id, path is not None, trail, worktree)
    return Patch(
        patch_id=made.patch_id,
        file_path=path or change.path,
        step_index=made.step_index or None,
        tool_call_id=change.call,
        capture_method=change.methods,
        snapshot_before_id=text_place(change.before, names),
        snapshot_after_id=_after(made, names),
        anchor=anchor,
        superseded_by=others,
        limitations=change.limitations,
    )


def _after(made: PatchCreated, names: Sequence[str]) -> str | None:
    change = made.change
    if change.after is not None or change.operation == "delete":
        return text_place(change.after, names)
    is_placed = bool(change.hunks) and all(hunk.old_start is not None for hunk in change.hunks)
    follows = change.before is not None and AFTER_UNKNOWN not in change.limitations
    return f"patched:{made.patch_id}" if is_placed and follows else None


def _inside(path: str, worktree: WorktreeSigns | None) -> str | None:
    """Return a path relative to the worktree. None: it is not inside, or there is none known."""
    root = worktree.path.rstrip("/") + "/" if worktree else None
    if root is None or not path.startswith("/"):
        return None
    plain = normpath(path)
    return plain[len(root) :] or None if plain.startswith(root) else None


def _anchor(
    patch: str, is_inside: bool, trail: KnownTrail, worktree: WorktreeSigns | None
) -> tuple[GitAnchor | None, tuple[str, ...]]:
    """Return where a patch is in history, and the commits that held it before."""
    found = sorted(trail.anchors_of(patch), key=lambda each: each.committed)
    if not found:
        asked = trail.search_of(patch, _keys(worktree)) if is_inside or not worktree else None
        return (GitAnchor(last_searched_at=asked.until, found=False) if asked else None), ()
    first = _first(found, trail.replaced)
    search = trail.search_of(patch, (first.repository,))
    before = (e.commit for e in reversed(found) if e.commit in trail.replaced)
    return GitAnchor(
        last_searched_at=search.until if search else first.committed,
        found=True,
        commit_sha=first.commit,
        path=first.path,
        blob_sha=first.blob,
        evidence_tier=first.tier,
        evidence_firmness=first.firmness,
    ), tuple(dict.fromkeys(commit for commit in before if commit != first.commit))


def _first(found: Sequence[Anchored], replaced: Collection[str]) -> Anchored:
    """Return the first anchor that was not replaced, or else the last that was."""
    standing = [each for each in found if each.commit not in replaced]
    return standing[0] if standing else found[-1]


def _keys(worktree: WorktreeSigns | None) -> Collection[str] | None:
    """Return what the worktree's repository may be called. None: anything."""
    if worktree is None or worktree.root_commit is None:
        return None
    return (worktree.key, worktree.path)


def _latest(anchors: Iterable[Anchored], replaced: Collection[str]) -> str | None:
    """Return the latest commit that holds a patch: one that was replaced only for want of others.

    None: none does.
    """
    best = max(
        anchors,
        key=lambda each: (each.commit not in replaced, each.committed, each.commit),
        default=None,
    )
    return best.commit if best else None


def _start(seen: StartObserved) -> dict[str, Any]:
    is_dirty = bool(seen.files)
    return {
        "is_dirty": is_dirty if is_dirty or seen.is_whole else None,
        "files": [file.as_json() for file in seen.files],
        "is_whole": seen.is_whole,
        "observed": seen.observed,
    }


def _links(
    anchors: Iterable[Anchored], trail: KnownTrail, worktree: WorktreeSigns | None
) -> Iterable[GitLink]:
    by_commit: dict[str, list[Anchored]] = {}
    for each in sorted(anchors, key=lambda each: (each.committed, each.commit)):
        by_commit.setdefault(each.commit, []).append(each)
    keys = _keys(worktree)
    for commit, held in by_commit.items():
        is_ours = worktree is not None and (keys is None or held[0].repository in keys)
        yield GitLink(
            revision=commit,
            repo_url=worktree.remote if worktree and is_ours else None,
            branch=next((each.branch for each in held if each.branch), None),
            tier=_link_tier(held, trail.patches),
        )


def _link_tier(held: Iterable[Anchored], patches: Mapping[str, PatchCreated]) -> LinkTier:
    """Say whether a commit has all lines of one of its patches."""
    lines: dict[str, int] = {}
    for each in held:
        if each.tier == "exact_blob_hash":
            return "tool_emitted"
        count = sum(last - first + 1 for first, last in each.lines)
        lines[each.patch_id] = lines.get(each.patch_id, 0) + count
    is_whole = any(
        count >= (_authored(patches[patch].change) or count + 1) for patch, count in lines.items()
    )
    return "tool_emitted" if is_whole else "tool_emitted_with_divergence"


def _authored(change: FileChange) -> int:
    """Return how many lines a change wrote; 0: its hunks do not say."""
    return sum(len(hunk.authored) for hunk in change.hunks)
