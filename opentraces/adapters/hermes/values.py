"""Values of foreign JSON, taken only when they are of the type they should be."""

from typing import Any

import orjson

from opentraces.adapters._reading.nesting import fault_of
from opentraces.adapters._reading.values import inner

_LARGEST = 2**53


def shown(value: Any) -> str | None:
    """Return text as it is, and anything else as JSON. None: there is none.

    What is nested too deep, or too much, is `[too_deep]` or `[too_many]`.
    """
    if value is None or type(value) is str:
        return value or None
    fault = fault_of([value])
    return f"[{fault}]" if fault else orjson.dumps(value).decode()


def arguments(given: Any) -> dict[str, Any]:
    """Return a call's arguments: an object, JSON as text, or anything else under the key `input`.

    What is nested too deep is replaced by `too_deep: true`, too many values by `too_many: true`.
    """
    said = inner(given)
    if said is None:
        said = given if type(given) is dict else {}
        if type(given) is not dict and given not in (None, ""):
            said = {"input": given}
    fault = fault_of(said)
    return {fault: True} if fault else said
