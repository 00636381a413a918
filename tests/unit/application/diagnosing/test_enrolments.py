import pytest

from opentraces.adapters.memory.checkouts import MemoryCheckouts
from opentraces.adapters.memory.enrolments import MemoryEnrolments
from opentraces.application.diagnosing.enrolments import EnrolmentsChecker
from opentraces.domain.enrolment import Checkout, Project
from opentraces.domain.errors import Corrupt
from opentraces.domain.health import Check, Level
from opentraces.ports.enrolments import Projects

AGENT = "claude-code"
WIDGETS = Project("1", "widgets", None, None, (AGENT,), (Checkout("/w"), Checkout("/w2")))


class DamagedEnrolments(MemoryEnrolments):
    """Of which nothing can be read."""

    def projects(self) -> Projects:
        raise Corrupt("projects.json is damaged")


def checker(enrolments: MemoryEnrolments, *folders: str) -> EnrolmentsChecker:
    return EnrolmentsChecker(enrolments, MemoryCheckouts(folders), (AGENT,))


@pytest.fixture
def enrolments() -> MemoryEnrolments:
    enrolments = MemoryEnrolments()
    enrolments.update(lambda _: (WIDGETS,))
    return enrolments


def test_where_nothing_is_enrolled_nothing_is_missed() -> None:
    checks = list(checker(MemoryEnrolments()).checks())

    assert checks == [Check("projects", Level.OK, "nothing is enrolled")]


def test_what_is_enrolled_and_there_is_well(enrolments: MemoryEnrolments) -> None:
    checks = list(checker(enrolments, "/w", "/w2").checks())

    assert checks == [Check("projects", Level.OK, "1 project enrolled, in 2 folders")]
    assert list(checker(enrolments).mend()) == []


def test_a_folder_that_is_gone_is_something_to_look_at(enrolments: MemoryEnrolments) -> None:
    (_, gone) = checker(enrolments, "/w").checks()

    assert gone == Check(
        "projects",
        Level.WARN,
        "widgets is gone from /w2",
        "nothing to do; if it moved, run opentraces status where it is now",
    )


def test_a_list_that_hooks_do_not_find_is_made_anew(enrolments: MemoryEnrolments) -> None:
    enrolments.lose_lists()
    whole = checker(enrolments, "/w", "/w2")

    (_, lost) = whole.checks()
    assert lost == Check(
        "projects",
        Level.WARN,
        "the hooks of claude-code do not find what is enrolled",
        "opentraces doctor --fix",
    )
    assert list(whole.mend()) == ["told the hooks of claude-code what is enrolled"]
    assert enrolments.listed(AGENT) == ("/w", "/w2")
    assert len(list(whole.checks())) == 1


def test_what_cannot_be_read_is_an_error() -> None:
    with pytest.raises(Corrupt):
        list(checker(DamagedEnrolments()).checks())
