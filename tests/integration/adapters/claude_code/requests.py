"""Sessions of the real client beside the requests that it sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opentraces.adapters.claude_code.parser import CALL, ClaudeCodeParser
from opentraces.adapters.claude_code.sessions import ClaudeCodeSessions
from opentraces.domain.context.comparing import Compared, compared
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.ids import read_json
from opentraces.domain.session import Scope
from tests.contracts.context_events import by_id, nodes_of
from tests.contracts.trace_parser import Read, Source, read
from tests.integration.adapters.claude_code.fixtures import sources

DATA = Path(__file__).parents[3] / "data" / "claude-code-requests"
FOLDERS = sorted(path.name for path in DATA.iterdir() if path.is_dir())

Messages = list[dict[str, Any]]


@dataclass(frozen=True)
class Request:
    """What the model was sent before one answer."""

    messages: Messages
    lane: str
    """What of the script answered it."""


def requests(folder: str) -> dict[str, Request]:
    """Return the requests of one folder by the id of their answer, each put together again."""
    found: dict[str, Request] = {}
    before: dict[tuple[str, str | None], Messages] = {}
    for line in (DATA / folder / "requests.jsonl").read_bytes().splitlines():
        told = read_json(line)
        conversation = (told["session"], told["agent_id"])
        messages = before.get(conversation, [])[: told["keep"]] + told["messages"]
        before[conversation] = messages
        found[told["message_id"]] = Request(messages, told["lane"])
    return found


def read_all(folder: str) -> list[tuple[Source, Read]]:
    """Parse every source of one folder."""
    return [(source, read(ClaudeCodeParser(), source)) for source in all_sources(folder)]


def all_sources(folder: str) -> Iterator[Source]:
    """Yield every source of one folder."""
    for session in ClaudeCodeSessions((DATA / folder,)).discover(Scope()):
        yield from sources(session)


def compare(found: Read, sent: Mapping[str, Messages]) -> dict[str, Compared]:
    """Compare the nodes of a source with the requests there are, by the id of the answer."""
    nodes = by_id(nodes_of(found))
    return {
        call: compared(blocks_at(nodes, node.node_id), sent[call])
        for call, node in by_call(found).items()
        if call in sent
    }


def by_call(found: Read) -> dict[str, NodeObserved]:
    """Return the nodes of a source by the id of their answer."""
    return {str(node.call): node for node in nodes_of(found)}


def answers(found: Read) -> set[str]:
    """Return the ids of the answers of the model in a source."""
    return {
        step.native[CALL]
        for step in found.steps
        if step.step.role == "agent" and "synthetic" not in step.native
    }
