"""The `*** Begin Patch` grammar, read leniently and never twice."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters._reading.patch_text import Section, sections_of

_HEADS = ("*** Add File: a", "*** Update File: a", "*** Delete File: a", "*** Move to: b")
_MARKS = ("*** Begin Patch", "*** End Patch", "*** End of File", "***", "@@", "@@ x")
_LINES = ("+1", "-2", " 3", "", "\r", "4")
_PARTS = st.sampled_from((*_HEADS, *_MARKS, *_LINES))


@pytest.mark.parametrize(
    ("body", "sections"),
    [
        ("", []),
        ("words\n+x\n", []),
        ("*** Add File: a\n", [Section("add", "a", None, ())]),
        ("*** Add File: a\n+x\n y\n-z\n+\n", [Section("add", "a", None, (("+x", "+"),))]),
        ("*** Add File: a\n+*** End Patch\n", [Section("add", "a", None, (("+*** End Patch",),))]),
        ("*** Delete File:  a b \n-x\n", [Section("delete", "a b", None, ())]),
        ("*** Update File: a\n", []),
        ("*** Update File: a\n@@\n x\n", []),
        ("*** Update File: a\n*** Move to: b\n", [Section("update", "a", "b", ())]),
        ("*** Update File: a\n-x\n+y\n", [Section("update", "a", None, (("-x", "+y"),))]),
        (
            "*** Update File: a\n@@\n\n-x\n\n@@ f\n y\n+z\n\n\n*** End of File\n",
            [Section("update", "a", None, ((" ", "-x"), (" y", "+z")))],
        ),
        (
            "*** Update File: a\n-1\n*** Delete File: a\n*** Update File: a\n+2\n",
            [Section("update", "a", None, (("-1",), ("+2",))), Section("delete", "a", None, ())],
        ),
    ],
)
def test_sections_are_read(body: str, sections: list[Section]) -> None:
    patch = f"*** Begin Patch\n{body}*** End Patch\n*** Delete File: no\n"

    assert sections_of([patch]) == sections
    assert sections_of([patch.replace("\n", "\r\n")]) == sections


@given(st.lists(_PARTS, max_size=30).map("\n".join))
def test_any_order_of_lines_gives_sections_or_none(patch: str) -> None:
    for section in sections_of([patch]):
        assert section.path == "a"
        assert all(line[:1] in (" ", "-", "+") for hunk in section.hunks for line in hunk)
        assert section.kind == "update" or section.moved_to is None


def test_long_patches_take_no_long_time() -> None:
    begun = process_time()

    sections_of(["*** Begin Patch\n" + "*** Update File: a\n+x\n" * 150_000])

    assert process_time() - begun < 10
