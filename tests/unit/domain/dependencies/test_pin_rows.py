"""Pins as short rows."""

from opentraces.domain.dependencies.pin_rows import pin_rows, pins_of
from opentraces.domain.environment import Pin

PLAIN = Pin(name="a")
WHOLE = Pin(name="b", version="1", source="https://example.org", marker="x")


def test_a_row_ends_with_what_is_told_last() -> None:
    pins = (PLAIN, Pin(name="a", version="2"), Pin(name="a", marker="m"), WHOLE)

    assert pin_rows(pins) == (
        ("a",),
        ("a", "2"),
        ("a", None, None, "m"),
        ("b", "1", "https://example.org", "x"),
    )
    assert pins_of(pin_rows(pins)) == pins


def test_digests_are_left_out_and_what_differs_in_them_alone_is_one() -> None:
    pins = [WHOLE.but(hash=each) for each in (None, "sha256:0", "sha256:1")]

    assert pins_of(pin_rows(pins)) == (WHOLE,)


def test_what_is_no_row_is_left_out() -> None:
    assert pins_of([(), (None, "1"), ("a", "1", None, None, "more"), ("a",)]) == (PLAIN,)
