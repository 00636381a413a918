"""What the real client says that it sent is kept, and is what the scripted model got."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from opentraces.adapters.claude_code.request_bodies import answer_in, session_in
from opentraces.adapters.filesystem.request_bodies import FilesystemRequestBodies
from opentraces.domain.context.joining import joined
from opentraces.domain.context.tree import ContextTree
from tests.agents.rig.bodies_story import (
    AFTER,
    CUTTING,
    LIMITED,
    RESUMED,
    RETRIED,
    SHOWN,
    TWIN,
    TWINS,
    bodies_script,
)
from tests.agents.rig.choosing import Chooser
from tests.agents.rig.claude_code import ClaudeCode, new_repository
from tests.agents.rig.fake_api import serving
from tests.agents.rig.story import EDITOR, LATE, MAIN, WRITER, files
from tests.agents.rig.terminal import READY
from tests.recorded_bodies import (
    Keeping,
    Session,
    Wire,
    assert_is_what_was_sent,
    is_request,
    live_calls,
    parsed,
)

pytestmark = pytest.mark.agents

CUT_OFF = {"step"}
"""What a sub-agent in the background asks last may be cut off by the client's end: a step that is
in no transcript."""


@dataclass(frozen=True)
class World:
    """A client that writes bodies down for us, and the model that it talks to."""

    client: ClaudeCode
    api: Chooser
    bodies: FilesystemRequestBodies

    def session(self, name: str) -> Session:
        """Return all that there is of a session."""
        projects = self.client.claude / "projects"
        own = [*projects.glob(f"*/{name}.jsonl")]
        helpers = sorted(projects.glob(f"*/{name}/subagents/*.jsonl"))
        wire = [
            Wire(served.session, served.agent_id, served.message_id, dict(request))
            for served, request in zip(self.api.served, self.api.requests, strict=True)
            if served.session == name
        ]
        answers = {each.message_id for each in wire}
        waiting = [
            (each.name, self.bodies.read(each.name))
            for each in self.bodies.waiting()
            if each.session == name or each.answer in answers
        ]
        return Session(
            name,
            tuple(path.read_bytes() for path in (*own, *helpers)),
            tuple((body, data) for body, data in waiting if data is not None),
            tuple(wire),
        )


@dataclass(frozen=True)
class Told:
    """What is kept of a session, and what the model got."""

    session: Session
    keeping: Keeping

    @property
    def tree(self) -> ContextTree:
        return ContextTree.of(self.keeping.events)

    def check(self) -> Counter[str]:
        """Compare each call with its request; returns what the other requests were for."""
        tree, values = self.tree, self.keeping.values
        found = joined(tree)
        calls = live_calls(found)
        sent = {each.message_id: each.body for each in self.session.wire}
        assert {answer for _, answer in tree.calls if answer in sent} == calls.keys()
        for answer, node in calls.items():
            assert_is_what_was_sent(tree, values, node, sent[answer])
        for name, data in self.session.bodies:
            assert values.body(name) == data
        requests = [name for name, _ in self.session.bodies if is_request(name)]
        assert len(requests) == len(self.session.wire) == len(calls) + len(found.others)
        return Counter(node.purpose for node in found.others)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root = tmp_path_factory.mktemp("bodies")
    repository, spool = root / "rates", root / "home" / ".opentraces" / "spool"
    (spool / "bodies").mkdir(mode=0o700, parents=True)
    new_repository(repository, files())
    with serving(bodies_script(repository)) as (api, address):
        extra = {"OTEL_LOG_RAW_API_BODIES": f"file:{spool / 'bodies'}"}
        client = ClaudeCode(root / "home", repository, address, extra=extra)
        yield World(client, api, FilesystemRequestBodies(spool, session_in, answer_in))


def kept(world: World, name: str) -> Told:
    session = world.session(name)
    return Told(session, Keeping.of(session, parsed))


@pytest.fixture(scope="module")
def busy(world: World) -> str:
    """The session in which much happens, three sub-agents among it."""
    return world.client.prompt(f"{MAIN}: mend the table")


def test_every_call_of_a_busy_session_is_what_was_sent(world: World, busy: str) -> None:
    told = kept(world, busy)

    assert told.check().keys() <= CUT_OFF
    lanes = {each.lane for each in world.api.served if each.session == busy}
    assert lanes == {MAIN, EDITOR, WRITER, LATE}
    calls = joined(told.tree).calls.values()
    branches = Counter(node.branch_type for node in calls)
    assert branches == {"root": 1, "subagent_fork": 3, "linear": len(calls) - 4}


def test_what_follows_a_resume_and_a_compaction_is_what_was_sent(world: World, busy: str) -> None:
    world.client.prompt(f"{RESUMED}: go on", "--resume", busy)
    world.client.run("/compact", "--resume", busy)
    world.client.prompt(f"{AFTER}: and now?", "--resume", busy)

    told = kept(world, busy)

    others = told.check()
    assert others["compaction"] == 1
    assert others.keys() <= {"compaction"} | CUT_OFF
    tree = told.tree
    (fork,) = (
        node for node in joined(tree).calls.values() if node.branch_type == "compaction_fork"
    )
    assert fork.parent is not None
    assert tree.nodes[fork.parent].purpose == "compaction"


def test_a_fork_is_what_was_sent(world: World, busy: str) -> None:
    name = world.client.prompt(f"{SHOWN}: fork", "--resume", busy, "--fork-session")

    assert name != busy
    assert kept(world, name).check() == {}


def test_sub_agents_of_the_same_words_are_told_apart(world: World) -> None:
    name = world.client.prompt(f"{TWINS}: look around")
    told = kept(world, name)

    assert told.check() == {}
    agents = {each.message_id: each.agent for each in told.session.wire if each.agent}
    calls = joined(told.tree).calls
    own: dict[int, set[str | None]] = {}
    for source, answer in calls:
        own.setdefault(source, set()).add(agents.get(answer))
    assert own[0] == {None}
    assert sorted(map(len, own.values())) == [1, 1, 1]
    assert Counter(each.lane for each in world.api.served if each.session == name)[TWIN] == 6


@pytest.mark.parametrize(
    ("word", "calls", "others"),
    [(RETRIED, 2, {"retry": 2}), (CUTTING, 1, {"retry": 1}), (LIMITED, 2, {})],
)
def test_of_what_was_tried_again_the_last_is_the_call(
    world: World, word: str, calls: int, others: dict[str, int]
) -> None:
    told = kept(world, world.client.prompt(f"{word}: try"))

    assert told.check() == others
    assert len(live_calls(joined(told.tree))) == calls


def test_what_a_terminal_asks_beside_the_session_is_no_step(world: World) -> None:
    with world.client.in_terminal() as terminal:
        terminal.wait_for(READY)
        terminal.enter(f"{SHOWN}: begin")
        terminal.wait_for(f"{SHOWN} was said")
        name = next(each.session for each in reversed(world.api.served))
        terminal.enter("/exit")
        assert terminal.wait() == 0

    assert kept(world, name).check() == {"title": 1}


def test_bodies_are_gone_once_they_are_removed(world: World, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    name = world.client.prompt(f"{SHOWN}: once more")
    mine = [each.name for each in world.bodies.waiting() if each.session == name]
    before = len(world.bodies.waiting())

    world.bodies.remove(mine)

    assert len(mine) == 1
    assert len(world.bodies.waiting()) == before - 1
