"""Enrolling, un-enrolling and following, in memory."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from opentraces.adapters.memory.checkouts import MemoryCheckouts
from opentraces.adapters.memory.enrolments import MemoryEnrolments
from opentraces.adapters.memory.excludes import MemoryExcludes
from opentraces.adapters.memory.identity import MemoryRepositoryIdentity
from opentraces.application.enrol import Enrol, Enrolled, Unenrol
from opentraces.application.follow_checkout import FollowCheckout
from opentraces.domain.enrolment import Checkout, Identity
from opentraces.domain.errors import BadRequest, NotFound

AGENT = "claude-code"
ROOT, HERE, FORK = "a" * 40, "github.com/acme/widgets", "github.com/me/widgets"
GIT = "/home/me/widgets/.git"
MAIN = Checkout("/home/me/widgets", GIT, 1, 10)
FIX = Checkout("/home/me/fix", GIT, 1, 10)
CLONE = Checkout("/home/me/clone", "/home/me/clone/.git", 1, 20)


class World:
    """One machine, with a repository and a plain folder."""

    def __init__(self) -> None:
        self.enrolments = MemoryEnrolments()
        self.checkouts = MemoryCheckouts(["/home/me/notes", "/home/me/opt"], ["/home/me/b.git"])
        self.checkouts.put(MAIN)
        self.identities = MemoryRepositoryIdentity({MAIN.path: Identity(ROOT, HERE)})
        self.excludes = MemoryExcludes({GIT: b"*.log\n"})
        self.ids = map(str, iter(range(1, 100)))

    def enrol(self, folder: str, *agents: str) -> Enrolled:
        use = Enrol(
            self.enrolments,
            self.checkouts,
            self.identities,
            self.excludes,
            lambda: next(self.ids),
            "/home/me",
        )
        return use.execute(folder, agents or (AGENT,))

    def unenrol(self, folder: str, *agents: str) -> tuple[str, ...]:
        use = Unenrol(self.enrolments, self.checkouts, self.excludes)
        return use.execute(folder, agents or (AGENT,)).remaining

    def follow(self, folder: str) -> bool:
        self.identities.asked = []
        return FollowCheckout(self.enrolments, self.checkouts, self.identities).execute(folder)

    def listed(self) -> tuple[str, ...]:
        return self.enrolments.listed(AGENT)


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    for project in world.enrolments.projects():
        assert project.agents
        assert project.checkouts


def test_a_repository_is_enrolled_with_all_its_worktrees(world: World) -> None:
    world.checkouts.put(FIX)

    enrolled = world.enrol("/home/me/widgets/src")

    assert enrolled.project.project_id == "1"
    assert (enrolled.project.root_commit, enrolled.project.remote) == (ROOT, HERE)
    assert (enrolled.was_enrolled, enrolled.no_root, enrolled.not_excluded) == (False, None, None)
    assert world.listed() == (FIX.path, MAIN.path)
    assert world.excludes.lists[GIT] == b"*.log\n.opentraces/\n"


def test_enrolling_again_changes_nothing_and_says_so(world: World) -> None:
    first = world.enrol(MAIN.path)
    again = world.enrol(MAIN.path)

    assert again.was_enrolled
    assert again.project == first.project
    assert world.enrolments.projects() == (first.project,)


def test_a_second_agent_joins_the_first(world: World) -> None:
    world.enrol(MAIN.path)

    assert not world.enrol(MAIN.path, "other").was_enrolled
    assert world.enrolments.listed("other") == world.listed() == (MAIN.path,)
    assert world.unenrol(MAIN.path, "other", "third") == (AGENT,)
    assert (world.enrolments.listed("other"), world.listed()) == ((), (MAIN.path,))
    assert world.excludes.lists[GIT] == b"*.log\n.opentraces/\n"


def test_a_second_clone_joins_when_its_user_enrols_it(world: World) -> None:
    world.enrol(MAIN.path)
    world.checkouts.put(CLONE)
    world.identities.identities[CLONE.path] = Identity(ROOT, HERE)
    assert not world.follow(CLONE.path)
    assert world.listed() == (MAIN.path,)

    enrolled = world.enrol(CLONE.path)

    assert (enrolled.project.project_id, enrolled.was_enrolled) == ("1", False)
    assert world.listed() == (CLONE.path, MAIN.path)


def test_a_fork_is_a_project_of_its_own(world: World) -> None:
    world.enrol(MAIN.path)
    world.checkouts.put(CLONE)
    world.identities.identities[CLONE.path] = Identity(ROOT, FORK)

    assert world.enrol(CLONE.path).project.project_id == "2"


def test_why_the_first_commit_is_not_known_is_said(world: World) -> None:
    world.identities.identities[MAIN.path] = Identity(None, HERE, "shallow")

    enrolled = world.enrol(MAIN.path)

    assert (enrolled.no_root, enrolled.project.root_commit) == ("shallow", None)


def test_a_list_that_cannot_be_written_stops_nothing(world: World) -> None:
    world.excludes.refused.add(GIT)

    enrolled = world.enrol(MAIN.path)

    assert enrolled.not_excluded == f"{GIT} cannot be written"
    assert world.listed() == (MAIN.path,)
    use = Unenrol(world.enrolments, world.checkouts, world.excludes)
    assert use.execute(MAIN.path, [AGENT]).still_excluded == ()


def test_a_line_that_cannot_be_taken_back_is_said(world: World) -> None:
    world.enrol(MAIN.path)
    world.excludes.refused.add(GIT)

    ended = Unenrol(world.enrolments, world.checkouts, world.excludes).execute(MAIN.path, [AGENT])

    assert ended.still_excluded == (f"{GIT} cannot be written",)
    assert world.listed() == ()


def test_a_line_of_the_user_s_own_stays(world: World) -> None:
    world.excludes.lists[GIT] = b".opentraces/\n"
    world.enrol(MAIN.path)
    world.unenrol(MAIN.path)

    assert world.excludes.lists[GIT] == b".opentraces/\n"


def test_the_end_is_the_end_for_the_whole_project(world: World) -> None:
    world.checkouts.put(FIX)
    world.enrol(MAIN.path)

    assert world.unenrol(FIX.path) == ()

    assert (world.listed(), world.enrolments.projects()) == ((), ())
    assert world.excludes.lists[GIT] == b"*.log\n"


def test_a_clone_that_was_not_enrolled_ends_nothing(world: World) -> None:
    world.enrol(MAIN.path)
    world.checkouts.put(CLONE)
    world.identities.identities[CLONE.path] = Identity(ROOT, HERE)

    with pytest.raises(NotFound, match=r"/home/me/clone is not enrolled → opentraces init"):
        world.unenrol(CLONE.path)

    assert world.listed() == (MAIN.path,)


def test_what_is_not_enrolled_for_an_agent_is_not_found(world: World) -> None:
    world.enrol(MAIN.path, "other")

    with pytest.raises(NotFound):
        world.unenrol(MAIN.path)


def test_a_plain_folder_is_enrolled_without_any_repository(world: World) -> None:
    enrolled = world.enrol("/home/me/notes")

    assert (enrolled.project.name, enrolled.project.root_commit) == ("notes", None)
    assert (enrolled.no_root, enrolled.not_excluded) == (None, None)
    assert world.identities.asked == []
    assert world.listed() == ("/home/me/notes",)


def test_below_an_enrolled_folder_that_folder_is_meant(world: World) -> None:
    world.enrol("/home/me/notes")
    world.checkouts = MemoryCheckouts(["/home/me/notes", "/home/me/notes/deep"])

    assert world.enrol("/home/me/notes/deep").was_enrolled
    assert world.listed() == ("/home/me/notes",)
    assert world.unenrol("/home/me/notes/deep") == ()
    assert world.listed() == ()


@pytest.mark.parametrize("folder", ["/", "/home", "/home/me"])
def test_a_folder_that_holds_everything_is_refused(world: World, folder: str) -> None:
    with pytest.raises(BadRequest, match="holds everything"):
        world.enrol(folder)

    assert world.enrolments.projects() == ()


def test_a_repository_may_be_the_home_folder(world: World) -> None:
    world.checkouts.put(Checkout("/home/me", "/home/me/.git", 1, 30))

    assert world.enrol("/home/me/opt").project.paths == ("/home/me",)


@pytest.mark.parametrize("folder", ["/home/me/b.git", "/home/me/nowhere"])
def test_what_is_no_checkout_is_refused(world: World, folder: str) -> None:
    with pytest.raises(BadRequest):
        world.enrol(folder)


def test_a_name_with_a_line_end_is_refused(world: World) -> None:
    odd = replace(MAIN, path="/home/me/a\nb")
    world.checkouts.put(odd)

    with pytest.raises(BadRequest, match="line end"):
        world.enrol(odd.path)
    assert world.excludes.lists[GIT] == b"*.log\n"

    world.enrol(MAIN.path)
    assert not world.follow(odd.path)
    assert world.listed() == (MAIN.path,)


def test_a_new_worktree_is_followed_without_asking_git(world: World) -> None:
    world.enrol(MAIN.path)
    world.checkouts.put(FIX)

    assert world.follow(f"{FIX.path}/src")
    assert world.listed() == (FIX.path, MAIN.path)
    assert not world.follow(FIX.path)
    assert world.identities.asked == []


def test_a_moved_repository_is_followed(world: World) -> None:
    world.enrol(MAIN.path)
    moved = Checkout("/home/me/moved", "/home/me/moved/.git", 1, 10)
    world.checkouts.take_away(MAIN.path)
    world.checkouts.put(moved)
    world.identities.identities[moved.path] = Identity(ROOT, HERE)
    world.excludes.lists["/home/me/moved/.git"] = world.excludes.lists.pop(GIT)

    assert world.follow(moved.path)

    assert world.listed() == (moved.path,)
    assert world.unenrol(moved.path) == ()
    assert world.excludes.lists["/home/me/moved/.git"] == b"*.log\n"


def test_another_repository_with_a_number_that_was_given_out_again_is_not(world: World) -> None:
    world.enrol(MAIN.path)
    fork = Checkout("/home/me/fork", "/home/me/fork/.git", 1, 10)
    world.checkouts.take_away(MAIN.path)
    world.checkouts.put(fork)
    world.identities.identities[fork.path] = Identity(ROOT, FORK)

    assert not world.follow(fork.path)
    assert world.identities.asked == [fork.path]
    assert world.listed() == (MAIN.path,)


def test_what_belongs_to_another_user_is_not_followed(world: World) -> None:
    world.enrol(MAIN.path)
    world.checkouts.put(FIX, is_ours=False)

    assert not world.follow(FIX.path)
    assert world.listed() == (MAIN.path,)


def test_following_makes_lost_lists_anew(world: World) -> None:
    world.enrol(MAIN.path)
    world.enrolments.lose_lists()

    assert not world.follow("/home/me/notes")
    assert world.listed() == (MAIN.path,)
