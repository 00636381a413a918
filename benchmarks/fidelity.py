"""Say, per agent, how much of what the model was sent can be put together from files alone.

Recorded sessions of the real clients, beside the requests that a scripted model got from them.
Nothing but the sessions' own files is read to put a context together; the requests only judge it.
"""

import sys
from collections.abc import Callable, Iterator, Mapping

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.domain.context.comparing import Compared, compared, summed
from opentraces.domain.context.events import NodeObserved
from opentraces.domain.context.lines import of_source
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.context.responses import messages_of
from tests import recorded_bodies
from tests.contracts.context_events import by_id
from tests.contracts.trace_parser import read, transcript
from tests.integration.adapters.claude_code import requests as claude_code
from tests.integration.adapters.codex_cli import test_context as codex_cli
from tests.integration.adapters.pi import test_context as pi
from tests.integration.adapters.pi.fixtures import FILES

Scenes = Iterator[tuple[str, Compared]]


def main() -> None:
    """Print a line for each scene, and one for each agent."""
    for agent, scenes in AGENTS.items():
        found = dict(scenes())
        for scene, result in found.items():
            sys.stdout.write(f"  {_row(scene, result)}\n")
        sys.stdout.write(f"{_row(agent, summed(found.values()))}\n\n")


def of_claude_code() -> Scenes:
    """Compare sessions of Claude Code, from transcripts alone."""
    for folder in claude_code.FOLDERS:
        sent = {call: each.messages for call, each in claude_code.requests(folder).items()}
        reads = [found for _, found in claude_code.read_all(folder)]
        yield (
            folder,
            summed(each for found in reads for each in claude_code.compare(found, sent).values()),
        )
    for scenario in recorded_bodies.SCENARIOS:
        sessions = recorded_bodies.sessions(scenario)
        yield scenario, summed(each for session in sessions for each in _compared(session))


def of_codex_cli() -> Scenes:
    """Compare sessions of the Codex CLI, from rollouts alone."""
    for name in sorted(codex_cli.CALLS):
        yield (
            name,
            summed(
                compared(call.blocks, messages_of(request["input"]))
                for call, request in codex_cli.sent_and_told(name)
            ),
        )


def of_pi() -> Scenes:
    """Compare sessions of Pi, from session files alone."""
    for scene in sorted(FILES):
        nodes, own = pi.every_node(scene), pi.own_nodes(scene)
        yield (
            scene,
            summed(
                pi.against(blocks_at(nodes, own[answer].node_id), body)
                for answer, body in pi.requests(scene)
            ),
        )


AGENTS: Mapping[str, Callable[[], Scenes]] = {
    "claude-code": of_claude_code,
    "codex-cli": of_codex_cli,
    "pi": of_pi,
}
"""What is compared of each agent."""


def _compared(session: recorded_bodies.Session) -> Iterator[Compared]:
    """Compare one session of which bodies were recorded; the bodies are not read."""
    sent = {each.message_id: each.body["messages"] for each in session.wire}
    for number, data in enumerate(session.sources):
        events = read(ClaudeCodeParser(), transcript(data)).context
        placed = [of_source(event, number) for event in events]
        nodes = by_id(node for node in placed if isinstance(node, NodeObserved))
        for node in nodes.values():
            if node.call in sent:
                yield compared(blocks_at(nodes, node.node_id), sent[node.call])


def _row(name: str, found: Compared) -> str:
    kinds = ", ".join(f"{number} {kind}" for kind, number in found.kinds.most_common())
    return (
        f"{name:<24} blocks {found.equal:>5} of {found.sent:>5} {found.share:>7.2%}"
        f"   messages {found.equal_messages:>5} of {found.sent_messages:>5}"
        f" {found.message_share:>7.2%}   {kinds or 'no difference'}"
    )


if __name__ == "__main__":
    main()
