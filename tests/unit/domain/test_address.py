import pytest

from opentraces.domain.address import Address, parse_address
from opentraces.domain.errors import BadRequest


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a1f3c2", Address("a1f3c2")),
        ("a1f3c2:17", Address("a1f3c2", 17)),
        ("a1f3c2:last", Address("a1f3c2", -1)),
        ("a1f3c2:10-24", Address("a1f3c2", 10, 24)),
        (" a1f3c2:3-3 ", Address("a1f3c2", 3, 3)),
    ],
)
def test_address_is_read(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    ["", ":3", "a:", "a:0", "a:-3", "a:3-", "a:5-3", "a:x", "a:1-2-3", "a:٣", "a:12345678901"],
)
def test_what_is_no_address_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadRequest, match=r"no trace|no address|no step"):
        parse_address(text)
