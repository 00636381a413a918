"""Which project a checkout belongs to, as tables of what is known."""

from dataclasses import replace

import pytest

from opentraces.domain.belonging import (
    enlisted,
    followed,
    founded,
    joined,
    may_have_moved,
    project_of,
    with_project,
    without_agents,
)
from opentraces.domain.enrolment import (
    Checkout,
    Exclusion,
    Identity,
    Project,
    Seen,
    enclosing,
    holding,
    listed_paths,
)

ROOT, OTHER_ROOT = "a" * 40, "b" * 40
HERE, FORK = "github.com/acme/widgets", "github.com/me/widgets"
GIT = "/w/widgets/.git"
MAIN = Checkout("/w/widgets", GIT, 1, 10)
FIX = Checkout("/w/fix", GIT, 1, 10)
CLONE = Checkout("/w/clone", "/w/clone/.git", 1, 20)
MOVED = Checkout("/w/moved", "/w/moved/.git", 1, 10)
SAID = Identity(ROOT, HERE)
WIDGETS = Project("id-1", "widgets", ROOT, HERE, ("claude-code",), (MAIN,))
NOTES = Project("id-2", "notes", None, None, ("claude-code",), (Checkout("/w/notes"),))
ALL = (NOTES, WIDGETS)


def plain(path: str) -> Seen:
    return Seen((Checkout(path),), is_repository=False)


ENROLLED_BY_ITS_USER = {
    "the same checkout": (Seen((MAIN,)), SAID, (), WIDGETS),
    "the same, nothing known of it": (Seen((MAIN,)), Identity(), (), WIDGETS),
    "the same, with a rewritten history": (Seen((MAIN,)), Identity(OTHER_ROOT, HERE), (), WIDGETS),
    "the same, from elsewhere now": (Seen((MAIN,)), Identity(ROOT, FORK), (), WIDGETS),
    "the same, on a device of another number": (
        Seen((replace(MAIN, device=7),)),
        SAID,
        (),
        WIDGETS,
    ),
    "a worktree of it": (Seen((FIX, MAIN)), SAID, (), WIDGETS),
    "a worktree with a history of its own": (
        Seen((FIX, MAIN)),
        Identity(OTHER_ROOT, HERE),
        (),
        WIDGETS,
    ),
    "a second clone": (Seen((CLONE,)), SAID, (), WIDGETS),
    "a clone that says not from where": (Seen((CLONE,)), Identity(ROOT), (), WIDGETS),
    "a fork": (Seen((CLONE,)), Identity(ROOT, FORK), (), None),
    "another repository from the same place": (
        Seen((CLONE,)),
        Identity(OTHER_ROOT, HERE),
        (),
        None,
    ),
    "a shallow clone": (Seen((CLONE,)), Identity(None, HERE), (), None),
    "a repository of which nothing is known": (Seen((CLONE,)), Identity(), (), None),
    "a moved one": (Seen((MOVED,)), SAID, ("/w/widgets",), WIDGETS),
    "a moved one, nothing known of it": (Seen((MOVED,)), Identity(), ("/w/widgets",), WIDGETS),
    "another that was given the same number": (
        Seen((MOVED,)),
        Identity(OTHER_ROOT, FORK),
        ("/w/widgets",),
        None,
    ),
    "a new clone in its place": (Seen((replace(MAIN, inode=11),)), SAID, (), WIDGETS),
    "a clone of a fork in its place": (
        Seen((replace(MAIN, inode=11),)),
        Identity(ROOT, FORK),
        (),
        None,
    ),
    "another in its place, with the same number": (
        Seen((MAIN,)),
        Identity(OTHER_ROOT, FORK),
        (),
        None,
    ),
    "the same plain folder": (plain("/w/notes"), Identity(), (), NOTES),
    "a plain folder that became a repository": (
        Seen((Checkout("/w/notes", "/w/notes/.git", 1, 30),)),
        Identity(OTHER_ROOT),
        (),
        NOTES,
    ),
    "another plain folder": (plain("/w/other"), Identity(), (), None),
}


@pytest.mark.parametrize(
    ("seen", "identity", "gone", "project"), ENROLLED_BY_ITS_USER.values(), ids=ENROLLED_BY_ITS_USER
)
def test_what_its_user_enrols(
    seen: Seen, identity: Identity, gone: tuple[str, ...], project: Project | None
) -> None:
    assert project_of(ALL, seen, identity, gone) == project


def test_the_project_of_the_same_remote_goes_before_one_without() -> None:
    nowhere = replace(WIDGETS, project_id="id-3", remote=None, checkouts=())

    assert project_of((nowhere, WIDGETS), Seen((CLONE,)), SAID, ()) == WIDGETS


def test_a_clone_that_may_be_of_two_projects_is_of_none() -> None:
    fork = replace(WIDGETS, project_id="id-3", remote=FORK, checkouts=())

    assert project_of((WIDGETS, fork), Seen((CLONE,)), Identity(ROOT), ()) is None


FOLLOWED = {
    "a worktree": (Seen((FIX, MAIN)), None, (), WIDGETS),
    "a worktree, whatever its history": (
        Seen((FIX, MAIN)),
        Identity(OTHER_ROOT, FORK),
        (),
        WIDGETS,
    ),
    "a worktree of another user": (Seen((FIX, MAIN), is_ours=False), None, (), None),
    "a clone": (Seen((CLONE,)), SAID, (), None),
    "a clone, though the first is gone": (Seen((CLONE,)), SAID, ("/w/widgets",), None),
    "a folder that nobody names": (Seen((Checkout("/w/evil"),)), SAID, ("/w/widgets",), None),
    "a plain folder": (plain("/w/other"), None, ("/w/notes",), None),
    "a worktree of a clone in the old place": (
        Seen((replace(FIX, inode=11), replace(MAIN, inode=11))),
        SAID,
        (),
        None,
    ),
    "a moved one": (Seen((MOVED,)), SAID, ("/w/widgets",), WIDGETS),
    "a moved one from nowhere": (Seen((MOVED,)), Identity(ROOT), ("/w/widgets",), WIDGETS),
    "a moved one of another user": (
        Seen((MOVED,), is_ours=False),
        SAID,
        ("/w/widgets",),
        None,
    ),
    "a second name of one that is there": (Seen((MOVED,)), SAID, (), None),
    "a moved one that was not asked": (Seen((MOVED,)), None, ("/w/widgets",), None),
    "a moved one that says nothing": (Seen((MOVED,)), Identity(), ("/w/widgets",), None),
    "a fork with the same number": (Seen((MOVED,)), Identity(ROOT, FORK), ("/w/widgets",), None),
    "another with the same number": (
        Seen((MOVED,)),
        Identity(OTHER_ROOT, HERE),
        ("/w/widgets",),
        None,
    ),
    "the same number on another device": (
        Seen((replace(MOVED, device=7),)),
        SAID,
        ("/w/widgets",),
        None,
    ),
}


@pytest.mark.parametrize(("seen", "identity", "gone", "project"), FOLLOWED.values(), ids=FOLLOWED)
def test_what_is_followed_without_its_user(
    seen: Seen, identity: Identity | None, gone: tuple[str, ...], project: Project | None
) -> None:
    assert followed(ALL, seen, identity, gone) == project


def test_only_what_may_have_moved_is_asked_who_it_is() -> None:
    assert may_have_moved(ALL, Seen((MOVED,)), ("/w/widgets",))
    assert not may_have_moved(ALL, Seen((MOVED,)), ())
    assert not may_have_moved(ALL, Seen((FIX, MAIN)), ())


def test_a_second_clone_is_one_checkout_more() -> None:
    project = joined(WIDGETS, Seen((CLONE,)), SAID, ())

    assert project == replace(WIDGETS, checkouts=(CLONE, MAIN))
    assert joined(project, Seen((CLONE,)), SAID, ()) == project


def test_worktrees_that_a_repository_names_no_more_go() -> None:
    project = replace(WIDGETS, checkouts=(CLONE, FIX, MAIN))

    assert joined(project, Seen((MAIN,)), SAID, ()).checkouts == (CLONE, MAIN)


def test_a_moved_repository_takes_its_worktrees_and_its_exclusion_along() -> None:
    line = Exclusion(GIT, ".opentraces/\n")
    other = Exclusion("/w/clone/.git", ".opentraces/\n")
    project = replace(WIDGETS, checkouts=(CLONE, FIX, MAIN), exclusions=(line, other))

    moved = joined(project, Seen((MOVED,)), SAID, ("/w/widgets", "/w/fix"))

    assert moved.checkouts == (CLONE, MOVED)
    assert moved.exclusions == (replace(line, repository="/w/moved/.git"), other)


def test_a_linked_worktree_does_not_change_what_a_project_is() -> None:
    own = Identity(OTHER_ROOT, FORK)

    assert joined(WIDGETS, Seen((FIX, MAIN)), own, ()).root_commit == ROOT
    assert joined(WIDGETS, Seen((FIX, MAIN)), own, ()).remote == HERE
    assert joined(WIDGETS, Seen((MAIN, FIX)), own, ()).root_commit == OTHER_ROOT
    assert joined(WIDGETS, Seen((MAIN, FIX)), Identity(), ()).root_commit == ROOT


@pytest.mark.parametrize(
    ("own", "name"),
    [
        (MAIN, "widgets"),
        (FIX, "widgets"),
        (Checkout("/w/fix", "/w/bare.git", 1, 1), "bare"),
        (Checkout("/w/sub", "/w/outer/.git/modules/libs/sub", 1, 1), "sub"),
        (Checkout("/w/notes"), "notes"),
        (Checkout("/"), "/"),
    ],
)
def test_a_project_is_named_after_the_main_folder(own: Checkout, name: str) -> None:
    assert founded("id", Seen((own,)), SAID).name == name


def test_agents_add_up_and_lines_are_remembered() -> None:
    line = Exclusion(GIT, ".opentraces/\n")
    project = enlisted(founded("id", Seen((MAIN,)), SAID), ["b", "a"], line)

    again = enlisted(project, ["a", "c"], None)
    assert (again.agents, again.exclusions) == (("a", "b", "c"), (line,))


def test_a_folder_is_one_project_s_alone() -> None:
    taker = Project("id-3", "taker", None, None, ("claude-code",), (MAIN,))
    both = replace(WIDGETS, checkouts=(CLONE, MAIN))

    assert with_project((NOTES, both), taker) == (NOTES, WIDGETS_AT_CLONE, taker)
    assert with_project(ALL, taker) == (NOTES, taker)


WIDGETS_AT_CLONE = replace(WIDGETS, checkouts=(CLONE,))


def test_a_project_keeps_its_place() -> None:
    changed = replace(NOTES, name="other")

    assert with_project(ALL, changed) == (changed, WIDGETS)


def test_without_its_last_agent_a_project_goes() -> None:
    two = replace(WIDGETS, agents=("claude-code", "other"))

    assert without_agents((NOTES, two), "id-1", ["other"]) == (NOTES, WIDGETS)
    assert without_agents((NOTES, two), "id-1", ["claude-code", "other"]) == (NOTES,)
    assert without_agents((NOTES, two), "id-9", ["claude-code"]) == (NOTES, two)


def test_folders_are_listed_by_agent() -> None:
    two = replace(WIDGETS, agents=("other",), checkouts=(MAIN, FIX))

    assert listed_paths((NOTES, two), "claude-code") == ("/w/notes",)
    assert listed_paths((NOTES, two), "other") == ("/w/fix", "/w/widgets")


def test_the_nearest_enrolled_folder_encloses() -> None:
    assert enclosing(ALL, "/w/notes/a/b") == "/w/notes"
    assert enclosing(ALL, "/w/notes") == "/w/notes"
    assert enclosing(ALL, "/w/notes2") is None
    assert holding(ALL, "/w/widgets") == WIDGETS
    assert holding(ALL, "/w") is None
