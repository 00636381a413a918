"""Runs that are read alone: both ways to read one give the same, and refuse the same."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters.filesystem import members, members_by_isal
from opentraces.domain.errors import Corrupt

_FOUR = gzip.compress(b"four", mtime=0)


@given(plain=st.binary(max_size=4000))
def test_both_give_what_was_packed(plain: bytes) -> None:
    stored = gzip.compress(plain)

    assert members.gunzipped(stored, len(plain), "x") == plain
    assert members_by_isal.gunzipped(stored, len(plain), "x") == plain


@pytest.mark.parametrize(
    ("stored", "plain"),
    [
        (_FOUR, 3),
        (_FOUR, 5),
        (_FOUR, -1),
        (_FOUR, 2**40),
        (_FOUR[:-9], 4),
        (_FOUR[:-1], 4),
        (_FOUR + b"x", 4),
        (_FOUR * 2, 4),
        (_FOUR[:-8] + b"\0" * 8, 4),
        (b"four", 4),
        (b"", 0),
        (b"", 4),
    ],
)
def test_both_refuse_what_is_no_such_run(stored: bytes, plain: int) -> None:
    for each in (members, members_by_isal):
        with pytest.raises(Corrupt):
            each.gunzipped(stored, plain, "x")
