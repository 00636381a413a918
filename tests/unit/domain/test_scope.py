"""Which sessions a scope means, by the folder that they began in."""

import pytest

from opentraces.domain.session import Scope, is_inside


@pytest.mark.parametrize(
    ("folder", "outer", "expected"),
    [
        ("/w/a", "/w/a", True),
        ("/w/a/", "/w/a", True),
        ("/w/a/b", "/w/a/", True),
        ("/w/ab", "/w/a", False),
        ("/w", "/w/a", False),
        ("/w/a", "/", True),
        ("/", "/", True),
        ("/", "/w", False),
        (None, "/", False),
    ],
)
def test_a_folder_is_inside_of_itself_and_of_those_above_it(
    folder: str | None, outer: str, expected: bool
) -> None:
    assert is_inside(folder, ["/elsewhere", outer]) is expected


@pytest.mark.parametrize(
    ("scope", "folder", "expected"),
    [
        (Scope(), None, True),
        (Scope(places=("/x",)), None, True),
        (Scope(folders=("/w",)), None, False),
        (Scope(folders=("/w",)), "/w/a", True),
        (Scope(folders=("/w",)), "/v", False),
        (Scope(project="a"), "/w/a", True),
        (Scope(project="/w/a/"), "/w/a", True),
        (Scope(project="w"), "/w/a", False),
        (Scope(project="a"), None, False),
        (Scope(folders=("/v",), project="a"), "/w/a", False),
        (Scope(folders=("/w",), project="a"), "/w/a/", True),
    ],
)
def test_all_that_is_said_has_to_hold(scope: Scope, folder: str | None, expected: bool) -> None:
    assert scope.holds(folder) is expected
