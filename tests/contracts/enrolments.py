"""What every Enrolments keeps to."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from opentraces.domain.enrolment import Checkout, Exclusion, Made, Project
from opentraces.domain.session import Agent
from opentraces.ports.enrolments import Enrolments, Projects

CLAUDE = Agent.CLAUDE_CODE.value
WIDGETS = Project(
    project_id="6f1d0c58-0000-4000-8000-000000000001",
    name="widgets",
    root_commit="4f2a91c" + "0" * 33,
    remote="github.com/acme/widgets",
    agents=(CLAUDE,),
    checkouts=(
        Checkout("/w/widgets", "/w/widgets/.git", 2049, 12),
        Checkout("/w/widgets-fix", "/w/widgets/.git", 2049, 12),
    ),
    exclusions=(Exclusion("/w/widgets/.git", "\r\n.opentraces/\r\n", Made.FOLDER),),
)
NOTES = Project(
    project_id="6f1d0c58-0000-4000-8000-000000000002",
    name="notes \udcff",
    root_commit=None,
    remote=None,
    agents=("another-agent",),
    checkouts=(Checkout("/w/é/notes \udcff"),),
)


def put(*projects: Project) -> Callable[[Projects], Projects]:
    return lambda _: projects


class EnrolmentsContract:
    @pytest.fixture
    def enrolments(self) -> Enrolments:
        raise NotImplementedError("give empty enrolments")

    @pytest.fixture
    def lose_lists(self, enrolments: Enrolments) -> Callable[[], None]:
        raise NotImplementedError("give what loses the lists of `enrolments`")

    def test_nothing_is_enrolled_at_first(self, enrolments: Enrolments) -> None:
        assert enrolments.projects() == ()
        assert enrolments.listed(CLAUDE) == ()

    def test_an_update_is_kept_whole_and_in_order(self, enrolments: Enrolments) -> None:
        assert enrolments.update(put(WIDGETS, NOTES)) == (WIDGETS, NOTES)
        assert enrolments.projects() == (WIDGETS, NOTES)

    def test_an_update_is_given_what_is_there(self, enrolments: Enrolments) -> None:
        enrolments.update(put(WIDGETS))
        enrolments.update(lambda projects: (NOTES, *projects))

        assert enrolments.projects() == (NOTES, WIDGETS)

    def test_an_update_that_raises_changes_nothing(self, enrolments: Enrolments) -> None:
        def change(_: Projects) -> Projects:
            raise LookupError

        enrolments.update(put(WIDGETS))
        with pytest.raises(LookupError):
            enrolments.update(change)

        assert enrolments.projects() == (WIDGETS,)
        assert enrolments.update(put(NOTES)) == (NOTES,)

    def test_each_agent_s_list_has_its_projects_folders(self, enrolments: Enrolments) -> None:
        enrolments.update(put(WIDGETS, NOTES))

        assert enrolments.listed(CLAUDE) == ("/w/widgets", "/w/widgets-fix")
        assert enrolments.listed("another-agent") == ("/w/é/notes \udcff",)
        assert enrolments.listed("a-third") == ()

    def test_a_list_loses_what_is_enrolled_no_more(self, enrolments: Enrolments) -> None:
        enrolments.update(put(WIDGETS, NOTES))
        enrolments.update(put(replace(WIDGETS, checkouts=WIDGETS.checkouts[:1])))

        assert enrolments.listed(CLAUDE) == ("/w/widgets",)
        assert enrolments.listed("another-agent") == ()

        enrolments.update(put())
        assert enrolments.listed(CLAUDE) == ()

    def test_lost_lists_are_made_anew(
        self, enrolments: Enrolments, lose_lists: Callable[[], None]
    ) -> None:
        enrolments.update(put(WIDGETS))
        lose_lists()
        assert enrolments.listed(CLAUDE) == ()

        enrolments.relist()
        enrolments.relist()

        assert enrolments.listed(CLAUDE) == WIDGETS.paths
        assert enrolments.projects() == (WIDGETS,)

    def test_an_update_that_changes_nothing_makes_lost_lists_anew(
        self, enrolments: Enrolments, lose_lists: Callable[[], None]
    ) -> None:
        enrolments.update(put(WIDGETS))
        lose_lists()

        enrolments.update(lambda projects: projects)

        assert enrolments.listed(CLAUDE) == WIDGETS.paths
