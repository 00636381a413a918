"""Which parser reads the sessions of which agent; imported when the first of its is read."""

from collections.abc import Callable, Iterator, Mapping

from opentraces.domain.session import Agent
from opentraces.entrypoints.lazy import lazy
from opentraces.ports.parsing import TraceParser

_MAKERS: Mapping[Agent, Callable[[], TraceParser]] = {
    Agent.CLAUDE_CODE: lazy("opentraces.adapters.claude_code.parser:ClaudeCodeParser"),
    Agent.CODEX_CLI: lazy("opentraces.adapters.codex_cli.parser:CodexCliParser"),
    Agent.HERMES: lazy("opentraces.adapters.hermes.parser:HermesParser"),
    Agent.PI: lazy("opentraces.adapters.pi.parser:PiParser"),
}


class _Parsers(Mapping[Agent, TraceParser]):
    def __init__(self) -> None:
        self._made: dict[Agent, TraceParser] = {}

    def __getitem__(self, agent: Agent) -> TraceParser:
        if agent not in self._made:
            self._made[agent] = _MAKERS[agent]()
        return self._made[agent]

    def __iter__(self) -> Iterator[Agent]:
        return iter(_MAKERS)

    def __len__(self) -> int:
        return len(_MAKERS)


PARSERS: Mapping[Agent, TraceParser] = _Parsers()
"""One for each agent; they have no state."""
