"""Commits that cannot be an agent's are not: nobody is named for them.

Real repositories, real commits by several people and machines in the files and hours of agents,
and sessions that are imported by the program itself. What really happened is known from the story.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from opentraces.domain.ids import TraceId
from opentraces.domain.trail.history import CommitId
from opentraces.domain.trail.noted import NotedCredit
from tests.integration.trail.control.credits import Checkout
from tests.integration.trail.control.judging import Judged, judge
from tests.integration.trail.control.story import Story, tell

OTHERS = {
    "before",
    "person, same checkout",
    "other people",
    "other people, copies",
    "bot, dependencies",
    "bot, formatter",
    "bot, generated",
    "merge",
}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    story = tell(tmp_path_factory.mktemp("control") / "story")
    story.user.import_all()
    return story


@pytest.fixture(scope="module")
def found(story: Story) -> list[NotedCredit]:
    return story.user.credits(story.main.folder)


@pytest.fixture(scope="module")
def judged(story: Story, found: list[NotedCredit]) -> dict[str, Judged]:
    return judge(story, found, story.user.sessions(story.main.folder))


@pytest.mark.parametrize("kind", sorted(OTHERS))
def test_nobody_is_named_for_what_others_committed(kind: str, judged: dict[str, Judged]) -> None:
    assert judged[kind].commits
    assert judged[kind].added or kind == "merge"
    assert (judged[kind].credited, judged[kind].wrong) == (0, [])


def test_there_are_no_commits_of_another_kind(judged: dict[str, Judged]) -> None:
    assert judged.keys() == OTHERS | {"agent"}


def test_agents_are_named_for_what_they_wrote_and_for_nothing_else(
    judged: dict[str, Judged],
) -> None:
    own = judged["agent"]

    assert own.wrong == []
    assert own.right >= 0.98 * own.written  # of two sessions with one line, neither is named
    assert own.written < own.added  # a person wrote into the same commits


def test_sessions_of_all_agents_are_named(story: Story, found: list[NotedCredit]) -> None:
    sessions = story.user.sessions(story.main.folder)

    assert {sessions[one.trace] for one in found} == {one.id for one in story.sessions}


def test_another_repository_with_the_same_texts_gets_nothing(story: Story, tmp_path: Path) -> None:
    other = Checkout(tmp_path / "other", story.user)
    shutil.copytree(story.main.folder, other.folder, ignore=shutil.ignore_patterns(".git"))
    other.git("init", "--quiet")
    other.commit("all of it", story.now, "stranger")

    assert story.user.credits(other.folder) == []


def test_looking_again_says_the_same(story: Story, found: list[NotedCredit]) -> None:
    assert story.user.credits(story.main.folder) == found


def test_a_wrong_credit_is_counted(story: Story, found: list[NotedCredit]) -> None:
    sessions = story.user.sessions(story.main.folder)
    commit = next(one for one, kind in story.kinds.items() if kind == "other people, copies")
    path = story.main.git("show", "--format=", "--name-only", commit).splitlines()[-1]
    first = replace(found[0], commit=CommitId(commit), path=path, first=1, last=1)
    stranger = next(one for one in sessions if one != found[0].trace)
    second = replace(found[0], trace=TraceId(stranger))

    told = judge(story, [*found, first, second], sessions)

    assert len(told["other people, copies"].wrong) == 1
    assert len(told["agent"].wrong) == second.last - second.first + 1
