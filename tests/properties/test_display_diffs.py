"""Whatever two texts are: what Pi shows of a change, applied to the one, gives the other."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters.pi.display_diffs import hunks_in
from tests.properties.test_unified_diffs import applied

CONTEXT = 4
_LINES = st.lists(st.sampled_from(["", " ", "a", "b", " 1 x", "...", "+ 2", "c", "\x0c", "\r"]))
_LONG = st.lists(st.integers(0, 3).map(str), min_size=20, max_size=60)


def shown(old: Sequence[str], new: Sequence[str]) -> str:
    """Write a difference as `generateDiffString` of Pi's edit-diff.js does."""
    rows: list[str] = []
    width = len(str(max(len(old), len(new)) + 1))
    blocks = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    for at, (kind, first, last, begin, end) in enumerate(blocks):
        if kind != "equal":
            rows += [f"-{number + 1:>{width}} {old[number]}" for number in range(first, last)]
            rows += [f"+{number + 1:>{width}} {new[number]}" for number in range(begin, end)]
            continue
        leads = first + CONTEXT if at > 0 else first
        trails = last - CONTEXT if at + 1 < len(blocks) else last
        is_left_out = False
        for number in range(first, last):
            if number < leads or (number >= trails and trails < last):
                rows.append(f" {number + 1:>{width}} {old[number]}")
            elif not is_left_out:
                is_left_out = True
                rows.append(f" {'':>{width}} ...")
    return "\n".join(rows)


@given(_LINES | _LONG, _LINES | _LONG)
def test_what_is_shown_is_read(old: list[str], new: list[str]) -> None:
    if old == new:
        return

    hunks = hunks_in(shown(old, new))

    assert hunks is not None
    assert applied(old, hunks) == new


@given(_LONG, st.data())
def test_changes_far_apart_are_several_hunks(old: list[str], data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, len(old) - 1), min_size=1, max_size=3))
    new = ["new" if at in places else line for at, line in enumerate(old)]

    hunks = hunks_in(shown(old, new))

    assert hunks is not None
    assert applied(old, hunks) == new


@given(st.text(st.sampled_from(" +-123.a\n"), max_size=60))
def test_garbage_is_hunks_or_nothing(text: str) -> None:
    for hunk in hunks_in(text) or ():
        assert hunk.lines
        assert (hunk.old_start or 0) >= 0
        assert (hunk.new_start or 0) >= 0
