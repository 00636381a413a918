"""The contract of TraceParser, on every real session."""

import pytest

from opentraces.adapters.pi.parser import PiParser
from tests.contracts.trace_parser import Source, TraceParserContract
from tests.integration.adapters.pi.fixtures import every_source

SOURCES = every_source()


class TestPiParser(TraceParserContract):
    @pytest.fixture
    def parser(self) -> PiParser:
        return PiParser()

    @pytest.fixture(params=sorted(SOURCES))
    def source(self, request: pytest.FixtureRequest) -> Source:
        return SOURCES[request.param]
