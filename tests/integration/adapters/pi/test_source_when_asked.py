"""Pi's sessions, by what imports their reader only where there are any."""

from pathlib import Path

import pytest

from opentraces.adapters.pi.sessions import PiSessions
from opentraces.domain.session import Scope
from opentraces.entrypoints.container.source_when_asked import SourceWhenAsked
from opentraces.ports.sessions import SessionSource
from tests.contracts.session_source import API, A, SessionSourceContract
from tests.integration.adapters.pi.test_sessions import Machine, PiAtWork


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "agent")


class TestSourceWhenAsked(SessionSourceContract):
    @pytest.fixture
    def agent(self, machine: Machine, tmp_path: Path) -> PiAtWork:
        at_work = PiAtWork(machine)
        at_work.source = SourceWhenAsked((tmp_path,), lambda: machine.source)
        return at_work


def test_where_there_is_no_folder_nothing_is_made() -> None:
    def make() -> SessionSource:
        raise AssertionError

    assert list(SourceWhenAsked((), make).discover(Scope())) == []


def test_what_a_user_names_is_found_where_there_is_no_folder(machine: Machine) -> None:
    file = machine.session(A, API)
    source = SourceWhenAsked((), lambda: PiSessions(()))

    (found,) = source.discover(Scope(places=(str(file),)))

    assert found.location == str(file)
    assert b"".join(source.read(found.files[0], 0)) == file.read_bytes()
