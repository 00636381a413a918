"""Unified diffs: what they say is read, and what is no diff says nothing."""

from itertools import islice
from time import process_time

import pytest

from opentraces.adapters._reading.unified_diffs import hunks_of
from opentraces.domain.trail.file_change import Hunk

REMARK = "\\ No newline at end of file"


@pytest.mark.parametrize(
    ("diff", "hunks"),
    [
        ("", ()),
        ("no diff\n@@ nor this @@\n", ()),
        ("@@ -1 +1 @@\n-old\n+new\n", (Hunk(old_start=1, new_start=1, lines=("-old", "+new")),)),
        ("@@ -1 +1 @@\n-old\n+new", (Hunk(old_start=1, new_start=1, lines=("-old", "+new")),)),
        ("@@ -0,0 +1,2 @@\n+a\n+b\n", (Hunk(old_start=0, new_start=1, lines=("+a", "+b")),)),
        ("@@ -1,2 +0,0 @@\n-a\n-b\n", (Hunk(old_start=1, new_start=0, lines=("-a", "-b")),)),
        (
            f"--- a/f\n+++ b/f\n@@ -1 +1 @@ def f():\n-a\n{REMARK}\n+b\n{REMARK}\n",
            (Hunk(old_start=1, new_start=1, lines=("-a", "+b")),),
        ),
        (
            "@@ -1,3 +1,3 @@\n a\r\n-b\n\n+-- c\n",
            (Hunk(old_start=1, new_start=1, lines=(" a\r", "-b", " ", "+-- c")),),
        ),
        (
            "diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -3,0 +4 @@\n+x\x0cy\x85z\n"
            "@@ -9 +10,0 @@\n--- gone\n",
            (
                Hunk(old_start=3, new_start=4, lines=("+x\x0cy\x85z",)),
                Hunk(old_start=9, new_start=10, lines=("--- gone",)),
            ),
        ),
    ],
)
def test_every_hunk_is_read(diff: str, hunks: tuple[Hunk, ...]) -> None:
    assert hunks_of(diff) == hunks


@pytest.mark.parametrize(
    "diff",
    [
        "@@ -1 +1 @@\n",
        "@@ -1 +1 @@",
        "@@ -1,2 +1,2 @@\n-a\n+b\n",
        "@@ -1 +1 @@\n-a\n",
        "@@ -1 +1 @@\n-a\n-b\n+c\n",
        "@@ -1 +1 @@\n-a\nb\n+c\n",
        "@@ -1 +1 @@\n-a\n+b\n@@ -4,2 +4 @@\n-c\n",
        f"@@ -1 +1 @@\n{REMARK}\n",
    ],
)
def test_a_hunk_that_is_not_whole_makes_a_diff_nothing(diff: str) -> None:
    assert hunks_of(diff) is None


def test_a_hunk_is_read_once() -> None:
    diff = "@@ -0,0 +1 @@\n+a\n" * 200_000
    begun = process_time()

    found = hunks_of(diff)

    assert found is not None
    assert len(found) == 200_000
    assert [each.lines for each in islice(found, 2)] == [("+a",), ("+a",)]
    assert process_time() - begun < 20
