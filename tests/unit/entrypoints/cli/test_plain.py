"""What a transcript holds, a terminal only shows."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.entrypoints.cli.plain import one_line, plain

CASES = {
    "plain text": ("a b\tc\nd é 漢 🙂", "a b\tc\nd é 漢 🙂"),
    "a colour": ("\x1b[1;31mred\x1b[0m", "red"),
    "a cursor movement": ("a\x1b[2J\x1b[Hb", "ab"),
    "a private mode": ("\x1b[?1049hx", "x"),
    "a colour of eight bits": ("\x9b31mred\x9b0m", "red"),
    "a link": ("\x1b]8;;http://evil\x1b\\text\x1b]8;;\x1b\\", "text"),
    "a link ended by bell": ("\x1b]8;;http://evil\x07text\x1b]8;;\x07", "text"),
    "the clipboard": ("\x1b]52;c;cm0gLXJmIH4=\x07done", "done"),
    "the clipboard in eight bits": ("\x9d52;c;cm0=\x9cdone", "done"),
    "a title": ("\x1b]0;title\x07x", "x"),
    "a device control string": ("\x1bP+q544e\x1b\\x", "x"),
    "an application command": ("\x1b_Gf=24;AAAA\x1b\\x", "x"),
    "a string that never ends": ("\x1b]52;c;AAAA\nnext", "52;c;AAAA\nnext"),
    "a cut escape": ("a\x1b", "a"),
    "a cut colour": ("a\x1b[31", "a31"),
    "a character set": ("\x1b(0lqk", "lqk"),
    "a reset": ("\x1bcx", "x"),
    "a return to the line's begin": ("good\rbad", "goodbad"),
    "line ends of Windows": ("a\r\nb", "a\nb"),
    "a backspace": ("safe\x08\x08evil", "safeevil"),
    "bell and delete": ("a\x07\x7fb", "ab"),
    "a turn of direction": ("a\u202egnp.exe\u202cb", "agnp.exeb"),
    "an isolate": ("\u2066a\u2069", "a"),
    "a mark of direction": ("a\u200fb\u061c", "ab"),
    "a line separator": ("a\u2028b\u2029c", "abc"),
    "unseen tags": ("a\U000e0041\U000e007fb", "ab"),
    "unseen selectors": ("a\U000e0100\U000e01efb", "ab"),
    "unseen spaces": ("a\u200bb\u2060c\ufeffd\u180ee\u00adf", "abcdef"),
    "unseen operators": ("f\u2061(x)\u2063\u2064\u206a\u206f", "f(x)"),
    "joiners of scripts and of pictures": (
        "\u0646\u0645\u06cc\u200c 👩\u200d🔧",
        "\u0646\u0645\u06cc\u200c 👩\u200d🔧",
    ),
    "half a character": ("a\udcffb", "a\ufffdb"),
    "an escape inside an escape": ("\x1b\x1b[31m[31mx", "[31mx"),
}


@pytest.mark.parametrize(("text", "shown"), CASES.values(), ids=CASES.keys())
def test_what_is_shown(text: str, shown: str) -> None:
    assert plain(text) == shown


ALPHABET = st.one_of(
    st.sampled_from([*"\x1b\x9b\x9d\x90\x9c\x07\r\n\t[]P\\;?0m8\u202e\u2066\ud800"]),
    st.characters(codec=None, categories=None),
)


@given(st.text(ALPHABET))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = plain(text)

    assert plain(shown) == shown
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n"]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u061c\u2060\ufeff]", shown)
    shown.encode()


@given(st.text(ALPHABET))
def test_one_line_is_one(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize("unit", ["\x9d", "\x1b]", "\x1b[", "\x1b", "\x9b0", "\x1bP;"])
def test_a_long_text_takes_no_long_time(unit: str) -> None:
    assert len(plain(unit * 200_000)) <= 400_000
