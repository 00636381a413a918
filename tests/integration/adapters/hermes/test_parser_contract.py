"""The contract of TraceParser, on rows of trajectories and of the database."""

from pathlib import Path

import pytest

from opentraces.adapters.hermes.parser import HermesParser
from tests.contracts.trace_parser import Source, TraceParserContract
from tests.integration.adapters.hermes.fixtures import VERSIONS, every_row, stored

ROWS = every_row()


class TestRowsOfTrajectories(TraceParserContract):
    @pytest.fixture
    def parser(self) -> HermesParser:
        return HermesParser()

    @pytest.fixture(params=sorted(ROWS))
    def source(self, request: pytest.FixtureRequest) -> Source:
        return ROWS[request.param]


class TestRowsOfTheDatabase(TraceParserContract):
    @pytest.fixture
    def parser(self) -> HermesParser:
        return HermesParser()

    @pytest.fixture(params=VERSIONS)
    def source(self, request: pytest.FixtureRequest, tmp_path: Path) -> Source:
        return stored(tmp_path, request.param)
