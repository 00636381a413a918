"""Addresses of traces and steps, as they are typed: `<trace>[:step|:last|:A-B]`."""

from opentraces.domain.errors import BadRequest
from opentraces.domain.slotted import frozen_dataclass

_FORM = "an address is <trace>, <trace>:17, <trace>:last or <trace>:10-24"


@frozen_dataclass
class Address:
    """A trace, or some of its steps."""

    trace: str
    """An id, the beginning of one, or a session's own id."""

    first: int | None = None
    """The first step meant; -1: the last one of the trace. None: the trace as a whole."""

    last: int | None = None
    """The last step meant. None: only `first`."""


def parse_address(text: str) -> Address:
    """Read an address. Raises BadRequest."""
    trace, colon, steps = text.strip().partition(":")
    if not trace:
        raise BadRequest(f"{text!r} names no trace: {_FORM}")
    if not colon:
        return Address(trace)
    if steps == "last":
        return Address(trace, first=-1)
    first, dash, last = steps.partition("-")
    if not (_is_number(first) and (_is_number(last) if dash else not last)):
        raise BadRequest(f"{text!r} is no address: {_FORM}")
    address = Address(trace, int(first), int(last) if dash else None)
    if address.first == 0 or (address.last is not None and address.last < int(first)):
        raise BadRequest(f"{text!r} names no step: they count from 1, upwards")
    return address


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
