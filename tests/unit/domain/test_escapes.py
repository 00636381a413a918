import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.escapes import without_escapes

SEEN = {
    "no escapes": "no escapes",
    "\x1b[1m\x1b[31mFAILED\x1b[0m a::\x1b[1mb\x1b[0m": "FAILED a::b",
    "\x1b[2K\r\x1b[36m⠙\x1b[0m building": "\r⠙ building",
    "\x1b[38;2;255;0;10mred\x1b[m": "red",
    "\x1b]8;;https://a.example\x1b\\a link\x1b]8;;\x1b\\": "a link",
    "\x1b]0;a title\x07shown": "shown",
    "\x1b]0;never closed\nshown": "0;never closed\nshown",
    "\x1b(Bplain\x1b7": "plain",
    "cut short \x1b": "cut short ",
    "cut short \x1b[3": "cut short 3",
    "\x1b\x1b[1m[0mtwice": "[0mtwice",
}


@pytest.mark.parametrize(("text", "seen"), SEEN.items())
def test_what_was_seen_is_left(text: str, seen: str) -> None:
    assert without_escapes(text) == seen


@given(st.text(st.sampled_from("\x1b[]0;mKa \n\x07\\")))
def test_no_escape_is_left_and_other_texts_stay(text: str) -> None:
    seen = without_escapes(text)

    assert "\x1b" not in seen
    assert without_escapes(seen) == seen
    assert "\x1b" in text or seen == text
