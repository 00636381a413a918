"""Taking everything of ours off the machine."""

import pytest

from opentraces.adapters.memory.agent_setup import SETTINGS, MemoryAgentSetup
from opentraces.adapters.memory.enrolments import MemoryEnrolments
from opentraces.adapters.memory.excludes import MemoryExcludes
from opentraces.adapters.memory.home import MemoryHome
from opentraces.application.uninstall import Uninstall
from opentraces.domain.enrolment import Checkout, Project

BEFORE = b"theirs\n"
REPOSITORY = "/home/me/widgets/.git"


class Machine:
    """One with hooks, an enrolled project, and something kept."""

    def __init__(self) -> None:
        self.files = {SETTINGS: BEFORE}
        self.setup = MemoryAgentSetup(self.files)
        self.setup.apply(self.setup.install())
        self.excludes = MemoryExcludes({REPOSITORY: b"*.o\n"})
        exclusion = self.excludes.add(REPOSITORY)
        assert exclusion is not None
        project = Project(
            "p1",
            "widgets",
            None,
            None,
            ("claude-code",),
            (Checkout("/home/me/widgets", REPOSITORY),),
            (exclusion,),
        )
        self.enrolments = MemoryEnrolments((project,))
        self.enrolments.relist()
        self.home = MemoryHome({"/home/me/.opentraces/bucket": 7})

    @property
    def use(self) -> Uninstall:
        return Uninstall({"claude-code": self.setup}, self.enrolments, self.excludes, self.home)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_hooks_enrolments_and_exclusions_go_and_what_was_kept_stays(machine: Machine) -> None:
    done = machine.use.execute(purge=False, dry_run=False)

    assert machine.files == {SETTINGS: BEFORE}
    assert machine.enrolments.projects() == ()
    assert machine.enrolments.listed("claude-code") == ()
    assert machine.excludes.lists[REPOSITORY] == b"*.o\n"
    assert [part.size for part in machine.home.parts()] == [7]
    assert ([project.name for project in done.projects], done.is_done) == (["widgets"], True)
    assert done.changes["claude-code"][0].path == SETTINGS


def test_a_dry_run_says_the_same_and_changes_nothing(machine: Machine) -> None:
    files = dict(machine.files)

    said = machine.use.execute(purge=True, dry_run=True)

    assert machine.files == files
    assert len(machine.enrolments.projects()) == 1
    assert [part.size for part in machine.home.parts()] == [7]
    done = machine.use.execute(purge=True, dry_run=False)
    assert (said.changes, said.projects, said.kept) == (done.changes, done.projects, done.kept)
    assert (said.is_done, done.is_done) == (False, True)


def test_a_purge_removes_what_was_kept(machine: Machine) -> None:
    done = machine.use.execute(purge=True, dry_run=False)

    assert machine.home.parts() == ()
    assert (done.is_purged, [part.size for part in done.kept]) == (True, [7])


@pytest.mark.parametrize("purge", [False, True])
def test_a_second_run_finds_nothing_to_do(machine: Machine, purge: bool) -> None:
    machine.use.execute(purge=purge, dry_run=False)

    again = machine.use.execute(purge=purge, dry_run=False)

    assert (dict(again.changes), again.projects) == ({"claude-code": ()}, ())


def test_a_list_that_cannot_be_written_is_told_and_stops_nothing(machine: Machine) -> None:
    machine.excludes.refused.add(REPOSITORY)

    done = machine.use.execute(purge=False, dry_run=False)

    assert done.still_excluded == (f"{REPOSITORY} cannot be written",)
    assert machine.enrolments.projects() == ()
