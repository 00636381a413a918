"""What a later release added to projects.json outlives every rewrite of an older one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.filesystem.added_keys import with_added
from opentraces.adapters.filesystem.enrolments import FilesystemEnrolments
from opentraces.domain.enrolment import Checkout
from tests.contracts.enrolments import NOTES, WIDGETS, put

ADDED = {"later": [{"é": 1}, None], "b": {"c": 1.5}}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A home in which a later release said more of everything that is enrolled."""
    FilesystemEnrolments(tmp_path).update(put(WIDGETS))
    said = read(tmp_path)
    for each in objects(said):
        each.update(ADDED)
    (tmp_path / "projects.json").write_text(json.dumps(said))
    return tmp_path


def read(store: Path) -> Any:
    return json.loads((store / "projects.json").read_bytes())


def objects(said: Any) -> list[dict[str, Any]]:
    """The file's object, the first project's, and those of its checkouts and exclusions."""
    (project, *_) = said["projects"]
    return [said, project, *project["checkouts"], *project["exclusions"]]


def is_added(each: dict[str, Any]) -> bool:
    return {key: each.get(key) for key in ADDED} == ADDED


def test_another_project_takes_nothing_away(store: Path) -> None:
    FilesystemEnrolments(store).update(put(WIDGETS, NOTES))

    said = read(store)
    assert all(map(is_added, objects(said)))
    assert not set(ADDED) & set(said["projects"][1])
    assert FilesystemEnrolments(store).projects() == (WIDGETS, NOTES)


def test_a_project_that_changes_keeps_what_was_said_of_it(store: Path) -> None:
    more = replace(
        WIDGETS,
        agents=("another-agent", *WIDGETS.agents),
        checkouts=(*WIDGETS.checkouts, Checkout("/w/widgets-new")),
    )

    FilesystemEnrolments(store).update(put(more))

    said = read(store)
    *before, new = said["projects"][0]["checkouts"]
    assert all(map(is_added, [said, said["projects"][0], *before]))
    assert not set(ADDED) & set(new)


def test_a_checkout_that_was_moved_keeps_what_was_said_of_it(store: Path) -> None:
    first, *others = WIDGETS.checkouts
    moved = replace(WIDGETS, checkouts=(replace(first, path="/moved"), *others))

    FilesystemEnrolments(store).update(put(moved))

    assert all(map(is_added, objects(read(store))))


def test_what_goes_takes_what_was_said_of_it_along(store: Path) -> None:
    FilesystemEnrolments(store).update(put(NOTES))

    said = read(store)
    assert is_added(said)
    assert not set(ADDED) & set(said["projects"][0])


@pytest.mark.parametrize("old", [{}, {"a": 1}, {"a": [1]}, {"a": {"x": 1}}, {"a": None}])
def test_what_is_of_another_kind_gives_way(old: dict[str, Any]) -> None:
    for new in ({"a": "said"}, {"a": ["said"]}, {"a": [{"path": "/a"}]}, {"a": {"b": 1}}):
        merged = with_added(new, old)

        assert merged["a"] == new["a"] or merged["a"] == {"b": 1, "x": 1}
