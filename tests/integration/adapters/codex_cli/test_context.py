from tests.contracts.context_events import assert_context_sound
from tests.contracts.trace_parser import read
from tests.integration.adapters.codex_cli.fixtures import every_source
from opentraces.adapters.codex_cli.parser import CodexCliParser
import pytest

S = every_source()


@pytest.mark.parametrize("name", S)
def test_x(name):
    assert_context_sound(S[name], read(CodexCliParser(), S[name]), "answer")
