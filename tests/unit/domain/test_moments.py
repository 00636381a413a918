import pytest

from opentraces.domain.moments import milliseconds


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("1970-01-01T00:00:01.5Z", 1500),
        ("2026-11-23T05:05:15.731Z", 1795410315731),
        ("2026-11-23T06:05:15.731+01:00", 1795410315731),
        ("2026-11-23T05:05:15.731", 1795410315731),
        ("1969-12-31T23:59:59.999Z", -1),
        (None, None),
        ("", None),
        ("yesterday", None),
        ("2026-13-01T00:00:00Z", None),
        ("2026-11-23T05:05:15." + "0" * 100 + "Z", None),
    ],
)
def test_time_is_milliseconds_since_1970(text: str | None, moment: int | None) -> None:
    assert milliseconds(text) == moment
