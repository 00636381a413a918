"""The contract of TraceParser, on every real session."""

from collections.abc import Mapping

import pytest

from opentraces.adapters.claude_code.parser import ClaudeCodeParser
from opentraces.domain.session import SourceFile, SourceKind
from tests.contracts.trace_parser import Source, TraceParserContract
from tests.integration.adapters.claude_code.fixtures import every_source

SOURCES: Mapping[str, Source] = every_source()

HISTORY = b"".join(
    b'{"display":"prompt %d","pastedContents":{},"timestamp":%d,"project":"/w","sessionId":"s"}\n'
    % (number, 1795410000000 + number)
    for number in range(3)
)


class TestClaudeCodeParser(TraceParserContract):
    @pytest.fixture
    def parser(self) -> ClaudeCodeParser:
        return ClaudeCodeParser()

    @pytest.fixture(
        params=[name for name, source in SOURCES.items() if b'"type":"assistant"' in source.data]
    )
    def source(self, request: pytest.FixtureRequest) -> Source:
        return SOURCES[request.param]


class TestClaudeCodeParserOfHistory(TraceParserContract):
    @pytest.fixture
    def parser(self) -> ClaudeCodeParser:
        return ClaudeCodeParser()

    @pytest.fixture
    def source(self) -> Source:
        file = SourceFile("history/s.jsonl", SourceKind.HISTORY, "/h#s", len(HISTORY), "new")
        return Source(file, HISTORY)
