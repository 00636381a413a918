"""How a session is gone on with: what is cut, in which folder, with which files."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.claude_code.resuming import ClaudeCodeResuming
from opentraces.adapters.memory.checkouts import MemoryCheckouts
from opentraces.adapters.memory.destination import MemoryDestination
from opentraces.adapters.memory.identity import MemoryRepositoryIdentity
from opentraces.adapters.memory.new_worktrees import MemoryNewWorktrees
from opentraces.adapters.memory.repository import MemoryRepositories, MemoryRepository
from opentraces.adapters.memory.revisions import MemoryRevisions
from opentraces.application.kept_texts import KeptTexts
from opentraces.application.open_repository import OpenRepository
from opentraces.application.past_worktree import PastWorktree
from opentraces.application.plan_resume import PlanResume, ResumePlan, ResumeRequest
from opentraces.application.read_actions import ReadActions
from opentraces.application.read_trail import ReadTrail
from opentraces.application.resolve_trace import ResolveTrace
from opentraces.application.resume_session import ResumeSession
from opentraces.domain.address import Address
from opentraces.domain.enrolment import Checkout, Identity
from opentraces.domain.errors import BadRequest, BytesReleased, StepNotFound
from opentraces.domain.ids import SessionId
from opentraces.domain.resuming.file_states import FileState
from opentraces.domain.session import Agent
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.worktree import WorktreeSigns
from tests.memory_world import FOLDER, MemoryWorld, release_of
from tests.transcript_lines import answered, typed

TEN = 1_793_527_200
"""Ten o'clock of the transcripts, in seconds since 1970."""

BEFORE, AFTER = b"one\n", b"one\ntwo\n"


def wrote(content: bytes, *, at: int, name: str = "w", path: str = "f.txt") -> bytes:
    """A message that writes a file, and its result a second later."""
    given = {"file_path": f"{FOLDER}/{path}", "content": content.decode()}
    call = {"type": "tool_use", "id": name, "name": "Write", "input": given}
    told = {"type": "update", "filePath": given["file_path"], "content": given["content"]}
    result = [{"type": "tool_result", "tool_use_id": name, "content": "done"}]
    more: dict[str, Any] = {"toolUseResult": {**told, "structuredPatch": [], "originalFile": None}}
    return answered(name, at=at, blocks=[call]) + typed(result, at=at + 1, uuid=f"r-{name}", **more)


LINES = (
    b'{"type":"mode","sessionId":"s1"}\n'
    + typed("begin", at=10)
    + wrote(AFTER, at=20)
    + answered("done", at=30)
    + typed("more", at=40)
    + answered("end", at=50)
)
"""Steps: 1 a prompt, 2 writes, 3 says that it is done, 4 a prompt, 5 an answer."""

NEW = SessionId("ffffffff-0000-4000-8000-00000000000e")


class Machine:
    """A machine with a kept session, and a repository at its folder."""

    def __init__(
        self,
        lines: bytes = LINES,
        *,
        is_start_known: bool = True,
        beside: Mapping[str, bytes] | None = None,
    ) -> None:
        self.world = MemoryWorld(parser=ClaudeCodeParser())
        self.repository = MemoryRepository()
        self.first = self.repository.commit({"f.txt": BEFORE}, at=TEN)
        self.repository.move(self.first)
        self.checkouts = MemoryCheckouts()
        self.checkouts.put(Checkout(FOLDER, "/r", 1, 2))
        self.identity = MemoryRepositoryIdentity({FOLDER: Identity(root_commit=self.first)})
        signs = WorktreeSigns(path=FOLDER, root_commit=self.first)
        self.world.worktrees.worktrees[FOLDER] = signs
        if is_start_known:
            self.world.worktrees.checked_out[FOLDER] = {0: self.first}
        self.made = MemoryNewWorktrees({FOLDER: self.repository})
        self.destination = MemoryDestination()
        self.world.leave("s1", {"s1.jsonl": lines, **(beside or {})})
        self.world.run()

    def commit(self, content: bytes, at: int) -> CommitId:
        """Commit another content of the file so many seconds after the hour."""
        made = self.repository.commit({"f.txt": content}, [self.first], at=TEN + at)
        self.repository.move(made)
        return made

    def plan(self, first: int | None = None, *, last: int | None = None, **more: Any) -> ResumePlan:
        request = ResumeRequest(Address("s1", first, last), NEW, "/ours", more.pop("here", None))
        places = [each for each in (FOLDER, "/other") if self.checkouts.is_there(each)]
        repositories = dict.fromkeys(places, self.repository)
        self.made.repositories = dict(repositories)
        store = self.world.traces
        use = PlanResume(
            traces=store,
            blobs=self.world.blobs,
            resolve=ResolveTrace(store),
            formats=more.pop("formats", {Agent.CLAUDE_CODE: ClaudeCodeResuming()}),
            past=PastWorktree(
                open=OpenRepository(
                    self.checkouts, self.identity, MemoryRepositories(repositories)
                ),
                trails=ReadTrail(store, self.world.hooks),
                actions=ReadActions(KeptTexts(store)),
                revisions=MemoryRevisions(repositories),
                worktrees=self.made,
            ),
            checkouts=self.checkouts,
        )
        return use.execute(replace(request, **more))

    def resume(self, plan: ResumePlan) -> list[Any]:
        """Do what was planned; returns the lines of the new session."""
        formats = {Agent.CLAUDE_CODE: ClaudeCodeResuming()}
        use = ResumeSession(self.world.traces, self.world.blobs, formats, self.made)
        made = use.execute(plan, self.destination)
        (data,) = self.destination.files.values()
        assert (made.file, made.left) == (next(iter(self.destination.files)), ())
        return [orjson.loads(line) for line in data.splitlines()]


def test_what_is_before_the_step_is_taken_along_under_the_new_id() -> None:
    machine = Machine()

    plan = machine.plan(3)
    lines = machine.resume(plan)

    assert (plan.step, plan.steps, plan.end) == (3, 5, 4)
    assert [line["uuid"] for line in lines] == ["u-begin", "a-w", "r-w"]
    assert {line["sessionId"] for line in lines} == {NEW}
    assert plan.command == ("claude", "--resume", plan.file)
    assert plan.file == f"/ours/projects/-home-dev-widgets/{NEW}.jsonl"


def test_without_a_step_all_of_the_session_is() -> None:
    machine = Machine()

    plan = machine.plan()

    assert (plan.step, plan.end) == (None, None)
    assert len(machine.resume(plan)) == 6


def test_what_is_kept_stays() -> None:
    machine = Machine()
    before = machine.world.records()

    machine.resume(machine.plan(5))

    assert machine.world.records() == before
    assert machine.world.restored("s1") == {"s1.jsonl": LINES}


def test_a_prompt_is_asked_anew() -> None:
    machine = Machine()

    assert machine.resume(machine.plan(4))[-1]["uuid"] == "a-done"


def test_the_last_step_can_be_meant() -> None:
    assert Machine().plan(-1).step == 5


@pytest.mark.parametrize(("first", "last"), [(2, 3), (2, 2)])
def test_several_steps_are_refused(first: int, last: int) -> None:
    with pytest.raises(BadRequest, match="one step"):
        Machine().plan(first, last=last)


@pytest.mark.parametrize("step", [0, 6])
def test_a_step_that_is_not_there_is_refused(step: int) -> None:
    with pytest.raises(StepNotFound, match="it has 5"):
        Machine().plan(step)


def test_a_step_that_cannot_be_cut_at_names_those_that_can() -> None:
    with pytest.raises(
        BadRequest, match=r"nothing is said before it.*after it: 2 → .* --at-step 2"
    ):
        Machine().plan(1)


def test_before_a_step_the_file_is_as_it_was_committed() -> None:
    machine = Machine()

    plan = machine.plan(2)
    machine.resume(plan)

    assert plan.worktree is not None
    assert (plan.worktree.commit, plan.worktree.files, plan.reason) == (machine.first, (), None)
    assert machine.made.made == {f"/ours/worktrees/{NEW}/widgets": {"f.txt": BEFORE}}
    assert plan.folder == plan.worktree.start == f"/ours/worktrees/{NEW}/widgets"


@pytest.mark.parametrize("step", [3, None])
def test_after_a_step_the_file_is_as_it_left_it(step: int | None) -> None:
    machine = Machine()

    plan = machine.plan(step)
    machine.resume(plan)

    assert plan.worktree is not None
    assert plan.worktree.files == (FileState("f.txt", AFTER),)
    assert [*machine.made.made.values()] == [{"f.txt": AFTER}]


def test_the_commit_is_the_one_that_was_checked_out_then() -> None:
    machine = Machine()
    later = machine.commit(AFTER, at=35)

    found = {step: machine.plan(step).worktree for step in (3, 4, None)}

    commits = {
        step: tree and (tree.commit, tree.is_start, tree.files) for step, tree in found.items()
    }
    assert commits == {
        3: (machine.first, False, (FileState("f.txt", AFTER),)),
        4: (later, False, ()),
        None: (later, False, ()),
    }


def test_a_file_that_somebody_else_committed_stays_as_it_is_there() -> None:
    machine = Machine()
    machine.commit(b"else\n", at=35)

    tree = machine.plan(4).worktree

    assert tree is not None
    assert tree.files == ()
    assert [each.path for each in tree.left] == ["f.txt"]


def test_the_commit_of_the_beginning_stands_for_one_that_is_not_known() -> None:
    machine = Machine()
    machine.checkouts.put(Checkout("/other", "/r", 1, 2))
    machine.checkouts.take_away(FOLDER)
    machine.identity.identities["/other"] = machine.identity.identities[FOLDER]
    machine.commit(b"else\n", at=35)

    tree = machine.plan(4, here="/other").worktree

    assert tree is not None
    assert (tree.checkout, tree.commit, tree.is_start) == ("/other", machine.first, True)
    assert tree.files == (FileState("f.txt", AFTER),)


def test_what_a_file_held_is_not_made_up_where_the_beginning_is_not_known() -> None:
    machine = Machine(is_start_known=False)
    machine.commit(b"else\n", at=35)

    tree = machine.plan(4).worktree

    assert tree is not None
    assert (tree.is_start, tree.files) == (False, ())
    assert [each.path for each in tree.left] == ["f.txt"]


def test_a_repository_that_is_another_is_not_taken() -> None:
    machine = Machine()
    machine.checkouts = MemoryCheckouts([FOLDER])
    machine.checkouts.put(Checkout("/other", "/o", 1, 3))
    machine.identity.identities["/other"] = Identity(root_commit="f" * 40)

    assert machine.plan(4, here="/other").worktree is None


def test_a_call_without_a_result_may_not_have_happened() -> None:
    whole = wrote(AFTER, at=20).splitlines(keepends=True)
    machine = Machine(typed("begin", at=10) + whole[0] + typed("more", at=40))

    tree = machine.plan(3).worktree

    assert tree is not None
    assert (tree.files, tree.left) == ((), ())


def test_without_a_repository_it_goes_on_in_the_sessions_folder() -> None:
    machine = Machine()
    machine.checkouts = MemoryCheckouts([FOLDER])

    plan = machine.plan(3)

    assert (plan.worktree, plan.folder) == (None, FOLDER)
    assert plan.reason == "the session's repository is not there any more"


def test_without_a_commit_it_goes_on_in_the_sessions_folder() -> None:
    machine = Machine(is_start_known=False)
    machine.repository = MemoryRepository()

    plan = machine.plan(3)

    assert (plan.worktree, plan.folder) == (None, FOLDER)
    assert plan.reason == "the commit that was checked out then is not known"


def test_a_commit_that_is_gone_is_said() -> None:
    machine = Machine()
    machine.repository.forget(machine.first)

    assert machine.plan(3).reason == (
        "the commit that was checked out then is not in the repository any more"
    )


def test_whoever_wants_no_worktree_gets_none() -> None:
    plan = Machine().plan(3, wants_worktree=False)

    assert (plan.worktree, plan.folder, plan.reason) == (None, FOLDER, None)


@pytest.mark.parametrize("wants_worktree", [True, False])
def test_without_any_folder_it_is_refused(wants_worktree: bool) -> None:
    machine = Machine()
    machine.checkouts = MemoryCheckouts()

    with pytest.raises(BadRequest, match=f"the session's folder is gone: {FOLDER} → "):
        machine.plan(3, wants_worktree=wants_worktree)


def test_a_step_of_a_sub_agent_names_the_one_that_started_it() -> None:
    call = {"type": "tool_use", "id": "c", "name": "Agent", "input": {"prompt": "help"}}
    lines = typed("begin", at=10) + answered("ask", at=20, blocks=[call])
    more: dict[str, Any] = {"agentId": "ah", "isSidechain": True}
    helper = typed("help", at=21, uuid="h1", **more) + answered("helped", at=22, **more)
    meta = b'{"agentType":"general-purpose","toolUseId":"c"}'
    machine = Machine(
        lines,
        beside={"s1/subagents/agent-ah.jsonl": helper, "s1/subagents/agent-ah.meta.json": meta},
    )

    with pytest.raises(BadRequest, match=r"step 4 .* a sub-agent's.* → .* --at-step 2$"):
        machine.plan(4)


def test_bytes_that_were_let_go_cannot_be_gone_on_with() -> None:
    machine = Machine()
    release_of(machine.world).execute(datetime(2027, 1, 1, tzinfo=UTC), dry_run=False)

    with pytest.raises(BytesReleased, match="ctx handover"):
        machine.plan(3)


def test_sessions_of_other_agents_name_what_can_be_done() -> None:
    with pytest.raises(BadRequest, match=r"only .* Claude Code .* → opentraces ctx handover"):
        Machine().plan(3, formats={})
