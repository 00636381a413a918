"""Whatever people do with the commit of a real agent, the step that wrote a line is named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from opentraces.domain.trail.credit import Reason
from tests.agents.rig.trail_live import CLIENTS, PROMPT, Author, Named, Worked
from tests.agents.rig.trail_people import AMENDED, MOMENTS, THEIRS, Moment
from tests.agents.rig.trail_story import (
    BEFORE,
    DRAFT,
    EDIT,
    ELSE,
    HELP,
    LIMITS,
    NOTES,
    RATES,
    WRITE,
    ZONES,
    Files,
    without_help,
)

pytestmark = pytest.mark.agents

_Patch = tuple[str, str | None, Sequence[str], Sequence[str]]
"""File, who wrote it, how it is known, and what is not."""

_BY_COMMAND: Sequence[_Patch] = [
    (file, None, ["worktree"], ["shell_made"]) for file in (DRAFT, LIMITS, RATES)
]
"""The first is not committed; the others a command committed in the same turn."""

_OF_CODEX, _OF_PI = ["file_change_event", "tool_input"], ["tool_input", "tool_result"]
_UNKNOWN = ["before_unknown"]
_PATCHES: Mapping[str, Sequence[_Patch]] = {
    "claude-code": (
        *_BY_COMMAND,
        (RATES, EDIT, ["tool_input", "tool_result"], []),
        (NOTES, WRITE, ["tool_input", "tool_result"], []),
        (ZONES, HELP, ["hook_response", "tool_input"], []),
    ),
    "codex": (
        *_BY_COMMAND,
        (RATES, EDIT, _OF_CODEX, []),
        (NOTES, WRITE, _OF_CODEX, _UNKNOWN),
    ),
    **{
        f"pi {release}": (
            *_BY_COMMAND,
            (RATES, EDIT, _OF_PI, []),
            (NOTES, WRITE, ["tool_input"], _UNKNOWN),
        )
        for release in ("0.73.1", "0.87.1")
    },
}
"""What each session is to have changed, by hand."""


@dataclass(frozen=True)
class Seen:
    """What was said after each moment."""

    client: str
    worked: Worked
    authors: Mapping[str, Author]
    commits: Sequence[str]
    """The commit of each moment, in order."""

    tables: Mapping[str, Sequence[tuple[str, Named]]]
    """The lines of the table, by moment."""

    added: Mapping[str, Mapping[str, Sequence[tuple[int, Named]]]]
    """The lines that the last commit added, by moment."""

    before: Mapping[str, Any]
    """The record as it was before anybody asked for a trail."""

    after: Mapping[str, Any]

    def files(self, moment: Moment) -> Files:
        """Return what is there after a moment."""
        return moment.files if self.worked.helper else without_help(moment.files)

    def names(self, who: str, named: Named) -> bool:
        """Whether the author of a line is named for it, or nobody where nobody is to be."""
        return isinstance(named, Reason) if who not in self.authors else named == self.authors[who]


@pytest.fixture(scope="module", params=CLIENTS)
def seen(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Seen]:
    with CLIENTS[request.param](tmp_path_factory.mktemp("trail")) as worked:
        before = worked.record()
        tables, added, commits = {}, {}, []
        for moment in MOMENTS:
            moment.act(worked)
            tables[moment.name] = worked.blame(RATES)
            added[moment.name] = worked.blame_commit()
            commits.append(worked.git("rev-parse", "HEAD"))
        authors = _authors(worked)
        after = worked.record()
        yield Seen(request.param, worked, authors, commits, tables, added, before, after)


def _authors(worked: Worked) -> Mapping[str, Author]:
    authors = {
        EDIT: worked.author(worked.edit, RATES),
        WRITE: worked.author(worked.write, NOTES),
    }
    if worked.helper:
        authors[HELP] = worked.author(worked.edit, ZONES, worked.helper)
    return authors


@pytest.mark.parametrize("moment", MOMENTS, ids=[each.name for each in MOMENTS])
def test_file_is_blamed_on_the_steps_that_wrote_it(seen: Seen, moment: Moment) -> None:
    told = seen.tables[moment.name]

    assert [line for line, _ in told] == [line for line, _ in moment.files[RATES]]
    assert [
        (line, named)
        for (line, named), (_, who) in zip(told, moment.files[RATES], strict=True)
        if not seen.names(who, named)
    ] == []


@pytest.mark.parametrize("moment", MOMENTS, ids=[each.name for each in MOMENTS])
def test_commit_is_blamed_on_the_steps_that_wrote_it(seen: Seen, moment: Moment) -> None:
    is_left_out = moment in MOMENTS[:2]
    expected = {
        file: [(at, who) for at, (_, who) in enumerate(lines, 1) if who not in (BEFORE, ELSE)]
        for file, lines in seen.files(moment).items()
        if not (is_left_out and file == DRAFT)
    }
    told = seen.added[moment.name]

    assert {file: [at for at, _ in lines] for file, lines in told.items()} == {
        file: [at for at, _ in lines] for file, lines in expected.items() if lines
    }
    assert [
        (file, at, named)
        for file, lines in told.items()
        for (at, named), (_, who) in zip(lines, expected[file], strict=True)
        if not seen.names(who, named)
    ] == []


@pytest.mark.parametrize("file", [NOTES, LIMITS, DRAFT, ZONES])
def test_every_file_is_blamed_in_the_end(seen: Seen, file: str) -> None:
    held, told = seen.files(MOMENTS[-1])[file], seen.worked.blame(file)

    assert [line for line, _ in told] == [line for line, _ in held]
    assert [
        (line, named)
        for (line, named), (_, who) in zip(told, held, strict=True)
        if not seen.names(who, named)
    ] == []


def test_patches_are_those_of_the_session(seen: Seen) -> None:
    for record in (seen.before, seen.after):
        assert [_patch(each) for each in record["patches"]] == [
            _expected(each, seen.authors, record["trace_id"]) for each in _PATCHES[seen.client]
        ]


def _patch(patch: Mapping[str, Any]) -> object:
    known = patch["capture_method"], patch["limitations"]
    return patch["file_path"], patch["step_index"], patch["tool_call_id"], *known


def _expected(patch: _Patch, authors: Mapping[str, Author], trace: str) -> object:
    file, who, *known = patch
    if who is None:
        return file, None, None, *known
    author = authors[who]
    assert author[0] == trace
    return file, *author[1:], *known


def test_record_is_tied_to_the_commits_that_hold_it(seen: Seen) -> None:
    record, last = seen.after, seen.commits[-1]
    links = [each["revision"] for each in record["git_links"]]

    assert [each["revision"] for each in seen.before["git_links"]] == seen.commits[:1]
    assert set(seen.commits) <= set(links)
    assert {each["tier"] for each in record["git_links"]} == {"tool_emitted"}
    assert (record["outcome"]["committed"], record["outcome"]["commit_sha"]) == (True, last)
    assert seen.before["lifecycle"] == record["lifecycle"] == "final"


def test_patch_is_in_the_last_commit_and_was_in_those_before(seen: Seen) -> None:
    by_command = seen.after["patches"][: len(_BY_COMMAND)]

    assert not any(each["anchor"]["found"] for each in by_command)
    for patch in seen.after["patches"][len(_BY_COMMAND) :]:
        assert patch["anchor"]["commit_sha"] == seen.commits[-1]
        assert patch["superseded_by"] == [*reversed(seen.commits[:-1])]


def test_what_a_command_left_is_said_to_be_its(seen: Seen) -> None:
    (line,) = [named for line, named in seen.worked.blame(DRAFT) if "script" in line]

    assert line is Reason.SCRIPT_WRITTEN


def test_prompt_stands_in_the_description_of_the_commits(seen: Seen) -> None:
    told = seen.worked.json("trail", "pr", f"{THEIRS}~1..main")["commits"]
    of_person, of_agent = ((each["subject"], each["asked"]) for each in told)

    assert of_person == ("Check", [])
    assert of_agent[0] == AMENDED
    asked = {each["trace_id"]: each for each in of_agent[1]}
    own = asked[seen.after["trace_id"]]
    assert own["prompt"] == PROMPT
    assert {RATES, NOTES} <= {*own["files"]}
    assert {*asked} == {trace for trace, _, _ in seen.authors.values()}
    assert PROMPT in seen.worked.ours("trail", "pr", f"{THEIRS}~1..main")


def test_work_of_a_sub_agent_is_its_own(seen: Seen) -> None:
    if not seen.worked.helper:
        pytest.skip("the client has no sub-agents")
    trace, step, call = seen.authors[HELP]
    record = seen.worked.record(seen.worked.helper)
    (patch,) = (each for each in record["patches"] if each["file_path"] == ZONES)
    (made,) = (each for each in record["steps"] if each["step_index"] == step)

    assert (record["trace_id"], patch["step_index"], patch["tool_call_id"]) == (trace, step, call)
    assert (patch["anchor"]["commit_sha"], record["lifecycle"]) == (seen.commits[-1], "final")
    if seen.client == "codex":
        assert trace != seen.after["trace_id"]
    else:
        assert made["call_type"] == "subagent"
        assert patch["snapshot_before_id"].startswith("hooks/")
        assert patch["snapshot_after_id"] == f"patched:{patch['patch_id']}"
