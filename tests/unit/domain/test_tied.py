"""Patches of a record, and the commits they are in, as they follow from a trail."""

from typing import Any

import pytest

from opentraces.domain.assemble import assemble, wire_bytes
from opentraces.domain.envelope import Envelope, KeptSource, TraceHeader
from opentraces.domain.facts import SourceFacts
from opentraces.domain.ids import SessionId, StepKey, TraceId, read_json
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.outcome import Outcome
from opentraces.domain.patch import GitAnchor
from opentraces.domain.session import Agent, SourceKind
from opentraces.domain.step import Step, ToolCall
from opentraces.domain.trace import TraceRecord
from opentraces.domain.trail.events import (
    Anchored,
    AnchorSearched,
    PatchCreated,
    Superseded,
    TrailEvent,
)
from opentraces.domain.trail.file_change import FileChange, Hunk, TextPlace
from opentraces.domain.trail.worktree import WorktreeSigns

TRACE = TraceId("00000000-0000-5000-8000-000000000001")
ROOT, BASE = "1" * 40, "2" * 40
OLD, NEW, LATER = "a" * 40, "b" * 40, "c" * 40
WORKTREE = WorktreeSigns(
    path="/w/widgets",
    root_commit=ROOT,
    remote="github.com/acme/widgets",
    base_commit=BASE,
    branch="main",
)
NOON, ONE, TWO = (f"2026-11-01T{hour}:00:00Z" for hour in (12, 13, 14))


def envelope(
    worktree: WorktreeSigns | None = WORKTREE, replays: tuple[StepKey, ...] = (), **facts: Any
) -> Envelope:
    source = KeptSource(
        kind=SourceKind.TRANSCRIPT,
        name="projects/a b@1.jsonl",
        location="/x",
        size=9,
        facts=SourceFacts(**facts),
    )
    header = TraceHeader(
        agent=Agent.CLAUDE_CODE,
        session_id=SessionId("s"),
        steps=3,
        sources=(source,),
        worktree=worktree,
        replays=replays,
    )
    return Envelope(trace_id=TRACE, commit=1, header=header)


def kept(index: int, *calls: str, key: str | None = None) -> KeptStep:
    made = tuple(ToolCall(tool_call_id=call, tool_name="Edit") for call in calls)
    step = Step(step_index=index, role="agent", model="anthropic/claude-x", tool_calls=made)
    return KeptStep(source=0, ordinal=index - 1, key=StepKey(key or f"{index:016x}"), step=step)


STEPS = [kept(1, "c2", "c1"), kept(2, "c3")]


def patch(name: str, step: int = 1, **more: Any) -> PatchCreated:
    said = {"call": "c1", "path": "/w/widgets/src/a.py", "operation": "edit", **more}
    return PatchCreated(patch_id=name * 64, step_index=step, change=FileChange(**said))


def hunk(*lines: str, start: int | None = None) -> Hunk:
    return Hunk(old_start=start, new_start=start, lines=lines)


def searched(until: str = TWO, repository: str = ROOT) -> AnchorSearched:
    return AnchorSearched(repository=repository, until=until, tips=(NEW,))


def anchored(name: str, commit: str = OLD, committed: str = NOON, **more: Any) -> Anchored:
    said: dict[str, Any] = {
        "path": "src/a.py",
        "blob": "d" * 40,
        "tier": "exact_range_hash",
        "lines": ((1, 1),),
        "repository": ROOT,
        **more,
    }
    return Anchored(patch_id=name * 64, commit=commit, committed=committed, **said)


def replaced(commit: str, by: str) -> Superseded:
    return Superseded(repository=ROOT, commit=commit, by=by)


def record(*events: TrailEvent, steps: list[KeptStep] = STEPS, **more: Any) -> TraceRecord:
    return assemble(envelope(**more), steps, trail=events)


def test_a_trace_without_a_trail_has_no_patches() -> None:
    found = record()

    assert (found.patches, found.git_links, found.attribution) == ((), (), None)
    assert (found.lifecycle, found.outcome) == ("provisional", Outcome())


def test_patches_come_by_step_then_call_then_file() -> None:
    found = record(
        patch("e", 2, call="c3"),
        patch("d", 1, call="c1", number=1),
        patch("c", 1, call="c1"),
        patch("b", 1, call="c2"),
        patch("a", 0, call=None),
    )

    assert [each.patch_id[0] for each in found.patches] == ["a", "b", "c", "d", "e"]
    assert [each.step_index for each in found.patches] == [None, 1, 1, 1, 2]
    assert [each.tool_call_id for each in found.patches] == [None, "c2", "c1", "c1", "c3"]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/w/widgets/src/a.py", "src/a.py"),
        ("/w/widgets/x/../a.py", "a.py"),
        ("/w/widgets/../b.py", "/w/widgets/../b.py"),
        ("/w/widgets2/a.py", "/w/widgets2/a.py"),
        ("/w/widgets", "/w/widgets"),
        ("/etc/a.py", "/etc/a.py"),
        ("a.py", "a.py"),
    ],
)
def test_a_path_inside_the_worktree_is_relative_to_it(path: str, shown: str) -> None:
    assert record(patch("a", path=path)).patches[0].file_path == shown
    assert record(patch("a", path=path), worktree=None).patches[0].file_path == path


def test_contents_are_named_by_where_they_stand() -> None:
    place = TextPlace(offset=7, length=90, pointer="/old~1")
    name = "projects/a%20b%401.jsonl"
    edits = [
        patch("a", after=place, operation="write"),
        patch("b", before=place, hunks=(hunk("+x", start=1),)),
        patch("c", before=place, hunks=(hunk("+x"),)),
        patch("d", before=place, hunks=(hunk("+x", start=1),), limitations=("after_unknown",)),
        patch("e", before=place, operation="delete"),
        patch("f", before=TextPlace(source=9, offset=7, length=90, pointer="")),
    ]

    told = [(p.snapshot_before_id, p.snapshot_after_id) for p in record(*edits).patches]

    there = f"{name}@7+90#/old~1"
    assert told == [
        (None, there),
        (there, f"patched:{'b' * 64}"),
        (there, None),
        (there, None),
        (there, None),
        (None, None),
    ]


def test_patches_of_copied_steps_are_another_traces() -> None:
    copy = kept(3, "c1", key=STEPS[0].key)

    found = record(patch("b", 2), patch("a", 3), patch("a", 1), steps=[*STEPS, copy])
    assert [(each.patch_id[0], each.step_index) for each in found.patches] == [("a", 1), ("b", 2)]

    elsewhere = record(patch("a", 1), patch("b", 2), replays=(STEPS[0].key,))
    assert [each.patch_id[0] for each in elsewhere.patches] == ["b"]


def test_what_was_taken_back_is_no_patch() -> None:
    gone = patch("a", limitations=("taken_back",))

    assert record(patch("a"), gone).patches == ()
    assert len(record(patch("a"), gone, patch("a")).patches) == 1


def test_nobody_searched_is_not_the_same_as_nothing_found() -> None:
    outside = patch("b", path="/etc/a.py")

    assert [each.anchor for each in record(patch("a"), outside).patches] == [None, None]
    found = record(patch("a"), outside, searched(NOON), searched(), patch("c"))
    told = {each.patch_id[0]: each.anchor for each in found.patches}
    assert told == {
        "a": GitAnchor(last_searched_at=TWO, found=False),
        "b": None,
        "c": None,
    }
    elsewhere = record(patch("a"), searched(repository="f" * 40))
    assert elsewhere.patches[0].anchor is None


def test_the_first_commit_that_holds_a_patch_is_its_anchor() -> None:
    found = record(
        patch("a"), anchored("a", NEW, ONE, carried_from=OLD), anchored("a", OLD, NOON), searched()
    )

    [made] = found.patches
    assert made.anchor == GitAnchor(
        last_searched_at=TWO,
        found=True,
        commit_sha=OLD,
        path="src/a.py",
        blob_sha="d" * 40,
        evidence_tier="exact_range_hash",
        evidence_firmness="firm_observed",
    )
    assert made.superseded_by == ()
    assert found.outcome == Outcome(committed=True, commit_sha=NEW)
    assert found.lifecycle == "final"


def test_commits_that_were_replaced_are_named_newest_first() -> None:
    found = record(
        patch("a"),
        anchored("a", OLD, NOON),
        anchored("a", NEW, ONE, carried_from=OLD),
        anchored("a", LATER, TWO, carried_from=NEW),
        replaced(OLD, NEW),
        replaced(NEW, LATER),
    )

    [made] = found.patches
    assert made.anchor is not None
    assert (made.anchor.commit_sha, made.superseded_by) == (LATER, (NEW, OLD))
    assert found.outcome.commit_sha == LATER
    assert [link.revision for link in found.git_links] == [OLD, NEW, LATER]


def test_where_all_were_replaced_the_last_is_named() -> None:
    found = record(
        patch("a"), anchored("a", OLD, NOON), anchored("a", NEW, ONE), *map_replaced(OLD, NEW)
    )

    assert found.patches[0].anchor is not None
    assert (found.patches[0].anchor.commit_sha, found.patches[0].superseded_by) == (NEW, (OLD,))
    assert found.outcome.commit_sha == NEW


def map_replaced(*commits: str) -> list[Superseded]:
    return [replaced(commit, "f" * 40) for commit in commits]


def test_what_is_taken_back_ties_nothing() -> None:
    found = record(patch("a"), anchored("a"), searched(), anchored("a", lines=()))

    assert found.patches[0].anchor == GitAnchor(last_searched_at=TWO, found=False)
    assert (found.git_links, found.outcome, found.attribution) == ((), Outcome(), None)


@pytest.mark.parametrize(
    ("more", "tier"),
    [
        ({"lines": ((1, 2),)}, "tool_emitted"),
        ({"lines": ((1, 1),)}, "tool_emitted_with_divergence"),
        ({"tier": "exact_blob_hash"}, "tool_emitted"),
    ],
)
def test_a_link_says_whether_all_that_was_written_is_there(more: Any, tier: str) -> None:
    found = record(patch("a", hunks=(hunk("+x", "-y", " z", "+w"),)), anchored("a", **more))

    [link] = found.git_links
    assert (link.revision, link.tier) == (OLD, tier)
    assert (link.repo_url, link.vcs_type) == ("github.com/acme/widgets", "git")


def test_a_link_to_another_repository_has_not_our_address() -> None:
    found = record(patch("a"), anchored("a", repository="f" * 40, branch="topic"))

    [link] = found.git_links
    assert (link.repo_url, link.branch) == (None, "topic")


def test_lines_are_attributed_at_the_latest_commit() -> None:
    found = record(
        patch("a"),
        patch("b", 2),
        patch("c", 2),
        anchored("a", NEW, ONE, lines=((4, 6), (9, 9))),
        anchored("b", NEW, ONE, lines=((1, 2),)),
        anchored("c", NEW, ONE, lines=((3, 3),)),
        anchored("c", NEW, ONE, path="a.md", tier="formatter_divergent"),
        anchored("a", OLD, NOON, path="gone.py"),
    )

    assert found.attribution is not None
    wire = found.attribution.as_json()
    assert wire["revision"] == {"vcs_type": "git", "revision": NEW}
    assert wire["experimental"] is True
    assert [file["path"] for file in wire["files"]] == ["a.md", "src/a.py"]
    told = [
        (
            each["url"],
            each["contributor"],
            [(r["start_line"], r["end_line"]) for r in each["ranges"]],
        )
        for each in wire["files"][1]["conversations"]
    ]
    by = {"type": "ai", "model_id": "anthropic/claude-x"}
    assert told == [
        (f"opentraces://{TRACE}/step_1", by, [(4, 6), (9, 9)]),
        (f"opentraces://{TRACE}/step_2", by, [(1, 3)]),
    ]
    assert wire["files"][0]["conversations"][0]["ranges"][0]["confidence"] == "medium"


def test_the_worktree_says_where_it_was_done() -> None:
    found = record(branches=("topic",), native={"git_commit": "not one"})

    assert (found.task.repository, found.task.repository_url) == (
        "acme/widgets",
        "github.com/acme/widgets",
    )
    assert found.task.base_commit == found.environment.vcs.base_commit == BASE
    assert (found.environment.vcs.type, found.environment.vcs.branch) == ("git", "topic")
    assert record().environment.vcs.branch == "main"


def test_what_the_agent_itself_wrote_of_the_repository_comes_first() -> None:
    told = {"git_commit": NEW, "repository_url": "https://me:secret@example.org/other/thing.git"}
    found = record(native=told, worktree=None)

    assert found.task.repository_url == "example.org/other/thing"
    assert found.task.repository == "other/thing"
    assert found.task.base_commit == NEW
    assert record(native=told).environment.vcs.base_commit == NEW


def test_a_remote_that_is_a_folder_is_no_owner_and_name() -> None:
    local = WORKTREE.but(remote="/srv/git/widgets")

    found = record(worktree=local)

    assert (found.task.repository, found.task.repository_url) == (None, "/srv/git/widgets")


def test_the_same_trail_gives_the_same_bytes() -> None:
    events = (patch("a"), anchored("a"), searched())

    one, other = (wire_bytes(record(*events)) for _ in range(2))

    assert one == other
    assert read_json(one)["content_hash"] != record().content_hash
