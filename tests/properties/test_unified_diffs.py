"""Whatever two texts are: their unified diff, read and applied to the one, gives the other."""

import subprocess
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraces.adapters._reading.unified_diffs import hunks_of
from opentraces.domain.trail.file_change import Hunk

_LINES = st.lists(
    st.sampled_from(["", " ", "a", "b", "-a", "+a", "--- a", "+++ a", "@@ -1 +1 @@", "\\ a", "c\r"])
    | st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=4),
    max_size=14,
)


def applied(lines: Sequence[str], hunks: Sequence[Hunk]) -> list[str]:
    """Replace what each hunk says was there."""
    after: list[str] = []
    at = 0
    for hunk in hunks:
        assert hunk.old_start is not None
        assert hunk.new_start is not None
        begins = hunk.old_start - bool(hunk.before)
        after += lines[at:begins]
        assert len(after) == hunk.new_start - bool(hunk.after)
        at = begins + len(hunk.before)
        assert tuple(lines[begins:at]) == hunk.before
        after += hunk.after
    return [*after, *lines[at:]]


@given(_LINES, _LINES, st.integers(0, 4))
def test_a_diff_of_difflib_is_read(old: list[str], new: list[str], context: int) -> None:
    diff = "\n".join(unified_diff(old, new, "a", "b", lineterm="", n=context))

    hunks = hunks_of(diff)

    assert hunks is not None
    assert applied(old, hunks) == new


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("diffs")


@settings(max_examples=60)
@given(_LINES, _LINES, st.booleans(), st.booleans(), st.integers(0, 4))
def test_a_diff_of_git_is_read(
    folder: Path, old: list[str], new: list[str], first: bool, second: bool, context: int
) -> None:
    """With a newline at the end or without, where there is a last line that could lack it."""
    sides = {"old": old, "new": new}
    for (name, lines), is_ended in zip(sides.items(), (first, second), strict=True):
        text = "\n".join(lines) + ("\n" if is_ended or lines[-1:] == [""] else "")
        (folder / name).write_bytes((text if lines else "").encode())
    command = ["git", "diff", "--no-index", "--text", f"-U{context}", "old", "new"]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert run.returncode in (0, 1)

    hunks = hunks_of(run.stdout.decode())

    assert hunks is not None
    assert applied(old, hunks) == new


@given(st.text(st.sampled_from("@ -+,0129\\\nab"), max_size=120))
def test_garbage_is_hunks_or_nothing(text: str) -> None:
    for hunk in hunks_of(text) or ():
        assert all(line[:1] in (" ", "-", "+") for line in hunk.lines)
