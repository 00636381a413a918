"""Changes to files, as they are held while their step is open."""

import pytest

from opentraces.adapters._reading.changed_files import (
    NO_CALL,
    changes_of,
    moment_of,
    resolved,
    text_place,
)
from opentraces.domain.trail.file_change import FileChange


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("a.py", "/w", "/w/a.py"),
        ("./d/../a.py", "/w/", "/w/a.py"),
        ("../a.py", "/w/d", "/w/a.py"),
        ("../../../a.py", "/w", "/a.py"),
        ("/x/./a.py", "/w", "/x/a.py"),
        ("//x//a.py", None, "/x/a.py"),
        ("a.py", None, "a.py"),
        ("./d/../a.py", "w", "a.py"),
        ("C:\\d\\a.py", "/w", "C:\\d\\a.py"),
        ("\\\\host\\a.py", "/w", "\\\\host\\a.py"),
    ],
)
def test_paths_are_absolute_where_that_is_told(
    path: str, folder: str | None, expected: str
) -> None:
    assert resolved(path, folder) == expected


def test_a_pointer_tells_slashes_of_names_from_its_own() -> None:
    place = text_place(7, 9, "changes", "/w/a~b", 0, "")

    assert place == {"offset": 7, "length": 9, "pointer": "/changes/~1w~1a~0b/0/"}


@pytest.mark.parametrize(
    ("stamp", "otherwise", "expected"),
    [
        ("1970-01-01T00:00:01.5Z", 7, 1500),
        ("1969-01-01T00:00:00Z", 7, 7),
        ("soon", 7, 7),
        (None, 0, None),
    ],
)
def test_a_moment_is_told_or_none(stamp: str | None, otherwise: int, expected: int | None) -> None:
    assert moment_of(stamp, otherwise) == expected


def test_files_are_numbered_within_their_call() -> None:
    one, other = {"path": "a", "operation": "edit"}, {"path": "b", "operation": "delete"}

    assert changes_of({"c": [one, other], NO_CALL: [one]}) == (
        FileChange(call="c", number=0, path="a", operation="edit"),
        FileChange(call="c", number=1, path="b", operation="delete"),
        FileChange(call=None, number=0, path="a", operation="edit"),
    )
