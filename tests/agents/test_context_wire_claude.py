"""What the model saw at each call of the real client, put together from its transcripts alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.adapters.claude_code.sessions import ClaudeCodeSessions
from opentraces.domain.context.comparing import Compared, summed
from opentraces.domain.session import Scope
from tests.agents.rig.claude_code import ClaudeCode, new_repository
from tests.agents.rig.context_story import SCENARIOS
from tests.agents.rig.fake_api import serving
from tests.agents.rig.installed import claude_code_program
from tests.agents.rig.script import COMPACTION, Served
from tests.contracts.context_events import nodes_of
from tests.contracts.trace_parser import Read, read
from tests.integration.adapters.claude_code.fixtures import sources
from tests.integration.adapters.claude_code.requests import Messages, compare

pytestmark = pytest.mark.agents

SHARES: Mapping[str, tuple[float, set[str]]] = {
    # A helper is told of kinds of helpers after its first call, and its transcript is not.
    "work": (0.95, {"other user tool_result"}),
    "reads": (1.0, set()),
    "tasks": (1.0, set()),
    "skills": (1.0, set()),
    # To go on after `max_tokens`, the client says words that no transcript holds.
    "fails": (0.95, {"missing user text"}),
    "hooked": (1.0, set()),
    "typed": (1.0, set()),
    "queued": (1.0, set()),
    # A project's own instructions are in no transcript.
    "instructed": (0.75, {"other user text"}),
}
"""Of each scenario: the least share of equal blocks, and the kinds of difference there may be."""


@dataclass(frozen=True)
class Happened:
    """A scenario that was played: what was read of it, and what was sent."""

    found: list[Read]
    requests: Mapping[str, Messages]
    served: list[Served]

    def compared(self) -> Compared:
        """Compare every call that has a node with its request."""
        results = [compare(found, self.requests) for found in self.found]
        return summed(each for calls in results for each in calls.values())


@pytest.fixture(scope="module", params=SCENARIOS)
def happened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Happened]:
    claude_code_program()
    name: str = request.param
    scenario = SCENARIOS[name]
    root = tmp_path_factory.mktemp(name)
    home, repository = root / "home", root / "repository"
    (home / ".claude").mkdir(parents=True)
    new_repository(repository, scenario.files)
    settings = home / ".claude" / "settings.json"
    settings.write_bytes(orjson.dumps(scenario.settings(root)))
    with serving(scenario.lanes(repository)) as (api, address):
        scenario.act(ClaudeCode(home, repository, address), api)
        asked = zip(api.served, api.requests, strict=True)
        sent = {served.message_id: request["messages"] for served, request in asked}
        return name, Happened(read_home(home), sent, api.served)


def read_home(home: Path) -> list[Read]:
    found = ClaudeCodeSessions((home / ".claude",)).discover(Scope())
    parser = ClaudeCodeParser()
    return [read(parser, source) for session in found for source in sources(session)]


def test_every_block_is_as_it_was_sent_but_for_what_is_known(
    happened: tuple[str, Happened],
) -> None:
    name, told = happened
    share, kinds = SHARES[name]
    found = told.compared()

    assert found.sent > 0
    assert found.share >= share, found.kinds
    assert set(found.kinds) <= kinds


def test_every_answer_in_a_conversation_has_one_node(happened: tuple[str, Happened]) -> None:
    _, told = happened
    nodes = [node for found in told.found for node in nodes_of(found)]
    ids = {call: {node.node_id for node in nodes if node.call == call} for call in told.requests}

    assert all(len(each) <= 1 for each in ids.values())
    answers = {
        step.native["message_id"]
        for found in told.found
        for step in found.steps
        if step.native.get("message_id") in told.requests
    }
    assert {call for call, each in ids.items() if each} == answers
    compactions = {one.message_id for one in told.served if one.lane == COMPACTION}
    assert not compactions & answers
