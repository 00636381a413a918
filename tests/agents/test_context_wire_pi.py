"""What the model saw, out of a session of the real Pi and out of what our extension wrote down."""

import json
import shutil
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.hooks_file.package_setup import PackageSetup
from opentraces.adapters.pi.context.entries import OTHER_MODEL
from opentraces.adapters.pi.hook_events import PiHookEvents
from opentraces.adapters.pi.parser import PiParser
from opentraces.adapters.pi.setup import PACKAGE, package_files
from opentraces.domain.context.carried import COPIED
from opentraces.domain.context.events import ContextEvent, LayerObserved, NodeObserved
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.context.templates import render
from opentraces.entrypoints import hooks
from tests.agents.rig.claude_code import new_repository
from tests.agents.rig.installed import pi_before_program, pi_program
from tests.agents.rig.pi import Listing, Pi
from tests.agents.rig.pi_live import EVENTS, RELEASES
from tests.agents.rig.pi_rpc import spoken_to
from tests.agents.rig.pi_services import Services, serving
from tests.agents.rig.pi_story import (
    COMMANDS,
    FAILING,
    FILES,
    FORKED,
    FORKED_WITHIN,
    LAST,
    LEFT,
    LONG,
    RIGHT,
    ROOT,
    SHORTER,
    UNHEARD,
    script_of,
)
from tests.agents.rig.script import Call, Lane, Text, Thinking, answer
from tests.contracts.context_events import Lines
from tests.contracts.trace_parser import read, transcript
from tests.integration.adapters.pi.wire import Said, prompt, said

pytestmark = pytest.mark.agents

SEEING, MIXED, STOPPED = "koalasees", "koalamixed", "koalastopped"
APIS = ("anthropic-messages", "openai-completions", "openai-responses")
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


def lanes(repository: Path) -> list[Lane]:
    """Return all that the model says: that of other tests, and more."""
    looked = (
        answer(
            Thinking("First the table, then the image."),
            Text("I look."),
            Call("read", {"path": "rates.txt"}),
            Call("read", {"path": "dot.png"}),
        ),
        answer(
            Call("bash", {"command": "printf ''"}),
            Call("bash", {"command": "echo lost; exit 3"}),
            Call("nothing", {"deep": {"ü": [1, 2.5, None], "cache_control": {"type": "mine"}}}),
        ),
        answer(Thinking("So it is."), Text("Seen.")),
        answer(Text("Seen again.")),
    )
    return [
        Lane(SEEING, looked * len(APIS)),
        Lane(MIXED, looked),
        Lane(STOPPED, (answer(Call("bash", {"command": "sleep 60"})), *looked)),
        *script_of(repository),
    ]


@dataclass(frozen=True)
class Wired:
    """A client with our extension, on services that remember what they are asked."""

    client: Pi
    services: Services
    repository: Path

    @property
    def commands(self) -> tuple[str, str]:
        """What makes the client load an extension with commands."""
        path = self.client.user / "commands.ts"
        path.write_text(COMMANDS)
        return "-e", str(path)

    def play(self, *arguments: str, code: int = 0) -> str:
        """Let the client do what its arguments say; returns the session that it left."""
        before = self._states()
        ended = self.client.run(self.repository, *arguments)
        assert ended.code == code, ended
        (session,) = [name for name, size in self._states().items() if size != before.get(name)]
        return session

    def lived(self, session: str) -> "Told":
        """Return what the extension wrote down of a session."""
        data = (self.repository / EVENTS / f"{session}.jsonl").read_bytes()
        reader = PiHookEvents((str(self.client.agent / "sessions"),))
        facts = reader.facts([data])
        told = Told(data, list(reader.contexts([data])))
        assert facts.bad == 0
        assert len(told.nodes) == facts.requests
        return told

    def kept(self, session: str) -> "Told":
        """Return what the session's own lines say."""
        data = self.client.sessions()[session].read_bytes()
        return Told(data, list(read(PiParser(), transcript(data)).context))

    def _states(self) -> dict[str, int]:
        return {name: path.stat().st_size for name, path in self.client.sessions().items()}


@dataclass(frozen=True)
class Told:
    """Nodes and layers, and the bytes that they are kept in."""

    data: bytes
    events: list[ContextEvent]

    @property
    def nodes(self) -> list[NodeObserved]:
        """All nodes, in order."""
        return [each for each in self.events if isinstance(each, NodeObserved)]

    def own(self) -> dict[str, NodeObserved]:
        """Return the nodes by their call, without those of another session."""
        own = (node for node in self.nodes if COPIED not in node.limitations)
        return {node.call: node for node in own if node.call is not None}

    def seen(self, node: NodeObserved) -> list[Said]:
        """Return the blocks that the model saw, put together from what is kept."""
        lines, nodes = Lines(self.data), {each.node_id: each for each in self.nodes}
        blocks = blocks_at(nodes, node.node_id)
        return [(block.role, render(block.content, lines)) for block in blocks]

    def layer(self, layer: str | None) -> Any:
        """Return a layer, put together from what is kept. None: nothing is known of it."""
        lines = Lines(self.data)
        layers = (each for each in self.events if isinstance(each, LayerObserved))
        found: dict[str, Any] = {each.layer_id: each.content for each in layers}
        return render(found[layer], lines) if layer is not None else None


@pytest.fixture(scope="module", params=RELEASES)
def wired(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Wired]:
    """A client with our extension, in a repository that is enrolled."""
    root = tmp_path_factory.mktemp("wired")
    program, node = (pi_before_program(), None) if request.param == RELEASES[0] else pi_program()
    client, repository = Pi(program, node, root / "user"), root / "rates"
    new_repository(repository, FILES)
    (repository / "dot.png").write_bytes(PIXEL)
    with serving(lanes(repository)) as (services, address):
        client.configure(address)
        configure_all(client, address)
        home = client.user / ".opentraces"
        enrolled = home / "state" / "enrolled" / "pi"
        enrolled.parent.mkdir(parents=True)
        enrolled.write_text(f"{repository.resolve()}\n")
        # What a worker runs is for other tests: a program that ends at once stands for it here.
        worker = Path(shutil.which("true") or "/bin/true")
        files = package_files(Path(hooks.__path__[0], PACKAGE.name))
        setup = PackageSetup(PACKAGE, client.agent, home, worker, files, lambda: Listing(client))
        setup.apply(setup.install())
        yield Wired(client, services, repository)


def configure_all(client: Pi, address: str) -> None:
    """Let the client know a model at each of the services, and another at the first."""
    path = client.agent / "models.json"
    said = json.loads(path.read_bytes())
    scripted = said["providers"]["scripted"]
    (model,) = scripted["models"]
    scripted["models"].append({**model, "id": "scripted-2"})
    for api in APIS[1:]:
        provider = {**scripted, "api": api, "baseUrl": f"{address}/v1", "models": [model]}
        said["providers"][api] = provider
    path.write_text(json.dumps(said))


def named(api: str, model: str = "scripted-1") -> tuple[str, str]:
    """Return what makes the client ask a service."""
    return "--model", f"{'scripted' if api == APIS[0] else api}/{model}"


def assert_live(wired: Wired, session: str, least: int) -> None:
    """Fail when what the extension wrote down is not, to a byte, what the service was asked."""
    told, asked = wired.lived(session), wired.services.answered()
    answered = [node for node in told.nodes if node.call in asked]
    assert len(answered) >= least
    for node in answered:
        body = asked[node.call or ""]
        assert told.seen(node) == said(body)
        assert "".join(each["text"] for each in told.layer(node.system)) == prompt(body)
        assert plain(told.layer(node.tool_registry)) == plain(body["tools"])
        assert rest(told.layer(node.runtime_state)) == rest(body)
        assert node.limitations == ()
        assert {*node.completeness.values()} == {"full"}
        assert node.capture_method == "live_capture"


def assert_kept(wired: Wired, session: str, least: int) -> dict[str, NodeObserved]:
    """Fail when what the session's own lines say is not what the service was asked."""
    told, asked = wired.kept(session), wired.services.answered()
    own = told.own()
    answered = {call: node for call, node in own.items() if call in asked}
    assert len(answered) >= least
    for call, node in answered.items():
        if OTHER_MODEL not in node.limitations:
            assert told.seen(node) == said(asked[call])
        if node.system is not None:
            assert "".join(each["text"] for each in told.layer(node.system)) == prompt(asked[call])
    return own


def plain(tools: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return tools without marks for a cache."""
    return [{key: each[key] for key in each if key != "cache_control"} for each in tools]


def rest(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a request has beside what was said, and what the client sends as a header."""
    others = ("messages", "input", "system", "tools", "betas")
    return {key: body[key] for key in body if key not in others}


@pytest.mark.parametrize("api", APIS)
def test_tools_images_failures_and_thinking(api: str, wired: Wired) -> None:
    session = wired.play(*named(api), "-p", f"{SEEING} {api}: look")
    assert wired.play(*named(api), "-c", "-p", f"{SEEING}: again") == session

    assert_live(wired, session, 4)
    assert_kept(wired, session, 4)


def test_branches_that_were_left_and_forks(wired: Wired) -> None:
    session = wired.play(
        *wired.commands,
        "-p",
        f"{ROOT}: begin",
        f"{LEFT}: go left",
        f"/go {LEFT}",
        f"{RIGHT}: go right",
        f"/go {RIGHT} summarize",
        f"{LAST}: go on",
    )
    assert_live(wired, session, 5)
    own = assert_kept(wired, session, 5)
    kinds = [node.branch_type for node in own.values()]
    assert kinds == ["root", "linear", "linear", "rewind_branch", "rewind_branch"]
    live = [node.branch_type for node in wired.lived(session).nodes]
    assert live == kinds

    file = str(wired.client.sessions()[session])
    copy = wired.play("--fork", file, "-p", f"{FORKED}: see to it")
    within = wired.play(
        *wired.commands, "--session", file, "-p", f"/branch {RIGHT} {FORKED_WITHIN}: see to it"
    )
    known = {node.node_id for node in wired.kept(session).nodes}
    for fork in (copy, within):
        assert_live(wired, fork, 1)
        (node,) = assert_kept(wired, fork, 1).values()
        assert node.parent in known


def test_conversation_that_is_summed_up(wired: Wired) -> None:
    session = wired.play(
        *wired.commands,
        "-p",
        f"{LONG}: count",
        "/shorten",
        f"{SHORTER}: and now",
    )
    assert_live(wired, session, 3)
    own = list(assert_kept(wired, session, 3).values())
    live = wired.lived(session).nodes
    assert own[-1].branch_type == live[-1].branch_type == "compaction_fork"
    assert (own[-1].kept, live[-1].kept) == (0, 0)


def test_request_that_failed_is_no_part_of_the_next(wired: Wired) -> None:
    session = wired.play("-p", f"{FAILING}: see to it", code=1)
    assert wired.play("-c", "-p", f"{UNHEARD}: go on") == session

    assert_live(wired, session, 1)
    own = assert_kept(wired, session, 1)
    live = wired.lived(session)
    assert [node.call for node in live.nodes] == list(own)
    assert len(own) == 3


def test_commands_of_the_user_and_a_tool_that_was_stopped(wired: Wired) -> None:
    with spoken_to(wired.client, wired.repository) as rpc:
        rpc.begin(f"{STOPPED}: wait")
        rpc.wait_for("tool_execution_start")
        rpc.ask("abort")
        rpc.ask("bash", command="echo seen; exit 4")
        rpc.prompt(f"{STOPPED}: go on")
        session = rpc.session
        assert rpc.leave() == 0

    assert_live(wired, session, 4)
    own = assert_kept(wired, session, 4)
    told = wired.kept(session)
    ran = [value for _, value in told.seen(list(own.values())[-1]) if "Ran `" in str(value)]
    assert len(ran) == 1
    assert "Command exited with code 4" in ran[0]["text"]


def test_thinking_of_another_model_is_named_as_not_known(wired: Wired) -> None:
    session = wired.play(*named(APIS[0]), "-p", f"{MIXED}: look")
    assert wired.play(*named(APIS[0], "scripted-2"), "-c", "-p", f"{MIXED}: go on") == session

    assert_live(wired, session, 4)
    *others, last = assert_kept(wired, session, 4).values()
    assert OTHER_MODEL in last.limitations
    assert all(node.limitations == () for node in others)
