"""The contract of TraceParser, on every real session."""

import pytest

from opentraces.adapters.codex_cli.parser import CodexCliParser
from tests.contracts.trace_parser import Source, TraceParserContract
from tests.integration.adapters.codex_cli.fixtures import every_source

SOURCES = every_source()


class TestCodexCliParser(TraceParserContract):
    @pytest.fixture
    def parser(self) -> CodexCliParser:
        return CodexCliParser()

    @pytest.fixture(params=sorted(SOURCES))
    def source(self, request: pytest.FixtureRequest) -> Source:
        return SOURCES[request.param]
