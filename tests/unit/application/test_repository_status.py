"""What is captured and kept of one repository."""

from datetime import UTC, datetime

import pytest

from opentraces.adapters.memory.agent_setup import MemoryAgentSetup
from opentraces.adapters.memory.checkouts import MemoryCheckouts
from opentraces.adapters.memory.enrolments import MemoryEnrolments
from opentraces.adapters.memory.overview import MemoryTraceOverview
from opentraces.application.repository_status import RepositoryState, RepositoryStatus
from opentraces.domain.enrolment import Checkout, Project
from opentraces.domain.errors import BadRequest
from opentraces.domain.ids import SessionId
from tests.memory_world import MemoryWorld, trace_of
from tests.transcript_lines import answered, typed

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
MAIN = typed("Fix it", at=0) + answered("Done", at=5)


class Machine:
    """One with a repository in the folder that the world's sessions began in."""

    def __init__(self) -> None:
        self.world = MemoryWorld()
        self.world.leave("s0", {"s0.jsonl": MAIN})
        self.world.run()
        self.folder = str(self.world.traces.envelope(trace_of("s0")).header.folder)
        self.checkouts = MemoryCheckouts([self.folder, "/elsewhere/below"])
        self.checkouts.put(Checkout(self.folder, f"{self.folder}/.git", 1, 2))
        self.enrolments = MemoryEnrolments()
        self.files: dict[str, bytes] = {}
        self.setup = MemoryAgentSetup(self.files)

    def state(self, folder: str | None = None) -> RepositoryState:
        use = RepositoryStatus(
            self.enrolments,
            self.checkouts,
            {"claude-code": self.setup},
            (self.world.spool,),
            MemoryTraceOverview(self.world.bucket),
            self.world.sessions,
        )
        return use.execute(folder or self.folder)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_a_repository_that_is_not_enrolled_says_so_and_counts_what_is_kept(
    machine: Machine,
) -> None:
    state = machine.state()

    assert (state.project, state.kept, state.steps, state.not_kept) == (None, 1, 2, 0)
    assert state.last is not None
    assert state.last.trace == trace_of("s0")
    assert not state.hooks["claude-code"].is_installed


def test_enrolment_and_hooks_are_told(machine: Machine) -> None:
    checkout = Checkout(machine.folder, f"{machine.folder}/.git", 1, 2)
    project = Project("p", "widgets", None, None, ("claude-code",), (checkout,))
    machine.enrolments.update(lambda _: (project,))
    machine.setup.apply(machine.setup.install())

    state = machine.state()

    assert (state.project, state.name) == (project, "widgets")
    assert state.hooks["claude-code"].is_installed


def test_sessions_that_were_found_and_not_kept_are_counted(machine: Machine) -> None:
    machine.world.leave("s1", {"s1.jsonl": MAIN})
    machine.world.agent.append("s0.jsonl", typed("More", at=9))

    assert machine.state().not_kept == 1
    assert machine.state().kept == 1


def test_waiting_events_of_its_sessions_are_counted(machine: Machine) -> None:
    machine.world.spool.write(SessionId("s0"), b"{}\n", AT)
    machine.world.spool.write(SessionId("of another repository"), b"{}\n", AT)

    state = machine.state()

    assert [(each.session, each.newest) for each in state.waiting] == [("s0", AT)]


def test_another_folder_has_nothing_of_it(machine: Machine) -> None:
    state = machine.state("/elsewhere")

    assert (state.kept, state.last, state.waiting) == (0, None, ())


def test_a_folder_that_is_none_is_refused(machine: Machine) -> None:
    with pytest.raises(BadRequest):
        machine.state("/nowhere")


def test_a_folder_below_an_enrolled_one_that_is_no_repository_is_enrolled(
    machine: Machine,
) -> None:
    project = Project("p", "notes", None, None, ("claude-code",), (Checkout("/elsewhere"),))
    machine.enrolments.update(lambda _: (project,))

    assert machine.state("/elsewhere/below").project == project
