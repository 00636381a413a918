"""A patch as it is shown: its hunks, its commits, what is left of it."""

import pytest

from opentraces.adapters.memory.text_diff import MemoryTextDiff
from opentraces.domain.trail.events import (
    Anchored,
    PatchCreated,
    Superseded,
    SurvivalObserved,
    TrailEvent,
)
from opentraces.domain.trail.file_change import REPEATED, FileChange, Hunk, Operation
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.known import KnownTrail, known_trail
from opentraces.domain.trail.shown import Found, ShownPatch, fates, held_by, hunks_of
from opentraces.domain.trail.survival import State
from tests.checked import checked

EDITS = MemoryTextDiff().edits


def change(operation: Operation = "write", **more: object) -> FileChange:
    return checked(FileChange, {"call": "c", "path": "/w/a", "operation": operation, **more})


def hunk(*lines: str, old: int | None = 1, new: int | None = 1) -> Hunk:
    return Hunk(old_start=old, new_start=new, lines=lines)


TOLD = hunk("-a", "+b")

CHANGES: dict[str, tuple[FileChange, bytes | None, bytes | None, tuple[Hunk, ...] | None]] = {
    "what was told": (change("edit", hunks=(TOLD,)), b"x\n", b"y\n", (TOLD,)),
    "a new file": (change(had_file=False), None, b"a\nb\n", (hunk("+a", "+b", old=0, new=1),)),
    "a new file without lines": (change(had_file=False), None, b"", (hunk(old=0, new=0),)),
    "a deleted file": (change("delete"), b"a\n", None, (hunk("-a", old=1, new=0),)),
    "a deleted file that nobody saw": (change("delete"), None, None, None),
    "another whole file": (
        change(),
        b"a\nb\nc\n",
        b"a\nB\nc\nd",
        (hunk("-b", "+B", old=2, new=2), hunk("+d", old=3, new=4)),
    ),
    "the same whole file": (change(), b"a\n", b"a\n", ()),
    "a file that may have been there": (change(had_file=None), None, b"a\n", None),
    "a file that was there": (change(had_file=True), None, b"a\n", None),
    "nothing at all": (change("edit"), None, None, None),
    "what is no text": (change(had_file=False), None, b"\xff\n", (hunk("+\ufffd", old=0, new=1),)),
}


@pytest.mark.parametrize(("made", "before", "after", "hunks"), CHANGES.values(), ids=CHANGES)
def test_hunks_are_told_or_follow_from_the_files(
    made: FileChange, before: bytes | None, after: bytes | None, hunks: tuple[Hunk, ...] | None
) -> None:
    assert hunks_of(made, before, after, EDITS) == hunks


def shown(made: FileChange, hunks: tuple[Hunk, ...] | None) -> ShownPatch:
    return ShownPatch(
        made=PatchCreated(patch_id="p", step_index=1, change=made),
        path="a",
        hunks=hunks,
        held_by=(),
        survival=None,
        fate="pending",
    )


def test_lines_are_counted_by_their_signs() -> None:
    found = shown(change(), (hunk(" a", "-b", "+c", "+d"), hunk("+-")))

    assert (found.added, found.removed) == (3, 1)


def test_what_is_not_known_is_not_counted() -> None:
    assert shown(change(), None).added is None
    assert shown(change(limitations=(REPEATED,)), (hunk("+a"),)).removed is None


def created(patch: str) -> PatchCreated:
    return PatchCreated(patch_id=patch, step_index=1, change=change())


def anchored(patch: str, commit: str, repository: str = "r", at: int = 1) -> Anchored:
    return Anchored(
        patch_id=patch,
        repository=repository,
        commit=commit,
        committed=f"2026-11-01T10:00:{at:02}Z",
        path="a",
        blob="b",
        tier="patch_id",
        lines=((1, 2), (5, 5)),
    )


def left(patch: str, state: State, repository: str = "r", kept: int = 0) -> SurvivalObserved:
    return SurvivalObserved(
        patch_id=patch, repository=repository, head="h", kept=kept, written=3, state=state
    )


def trail_of(*events: TrailEvent) -> KnownTrail:
    return known_trail(events)


def found_in(trail: KnownTrail, repository: str | None = "r") -> Found:
    return fates(trail, repository)["p"]


def test_a_patch_that_no_commit_holds_is_pending() -> None:
    assert found_in(trail_of(created("p"))) == Found("pending")


def test_what_was_taken_back_does_not_hold_it() -> None:
    anchor = anchored("p", "c")
    trail = trail_of(created("p"), anchor, anchor.but(lines=()))

    assert found_in(trail).fate == "pending"


def test_the_oldest_commit_comes_first() -> None:
    trail = trail_of(created("p"), anchored("p", "c2", at=9), anchored("p", "c1", at=3))

    assert [each.commit for each in found_in(trail).anchors] == ["c1", "c2"]
    assert found_in(trail).fate == "anchored"


def test_what_another_repository_says_counts_only_where_this_one_says_nothing() -> None:
    gone = (created("p"), anchored("p", "c", "other"), left("p", "lost", "other"))
    held = trail_of(*gone, anchored("p", "c"), left("p", "alive", kept=3))

    assert found_in(trail_of(*gone)).fate == "lost"
    assert found_in(held).fate == "anchored"
    assert found_in(held, "other").fate == "lost"
    assert found_in(held, None).fate == "anchored"
    assert [each.repository for each in found_in(held).anchors] == ["r"]


def test_an_anchor_here_is_not_lost_for_what_was_seen_elsewhere() -> None:
    trail = trail_of(created("p"), anchored("p", "c"), left("p", "lost", "other"))

    assert found_in(trail).fate == "anchored"


def test_what_is_said_of_unknown_patches_is_passed_over() -> None:
    assert fates(trail_of(anchored("q", "c"), left("q", "lost")), "r") == {}


def test_commits_have_subjects_where_they_are_there_and_what_replaced_them() -> None:
    replaced = Superseded(repository="r", commit="c1", by="c2")
    trail = trail_of(created("p"), anchored("p", "c1"), anchored("p", "c2", at=2), replaced)

    first, second = held_by(found_in(trail).anchors, {CommitId("c2"): "Again"}, trail)

    assert (first.subject, first.replaced_by, first.lines) == (None, "c2", 3)
    assert (second.subject, second.replaced_by) == ("Again", None)
