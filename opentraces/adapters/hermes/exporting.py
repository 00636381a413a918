"""Rows of the database as lines of JSON: the same rows, the same bytes.

Keys are sorted, and a column that is NULL is left out, so that neither the order of columns nor a
new one without a value changes a line. What JSON has no form for stands in an object of one key:
`base64` for a BLOB, `text_base64` for text that is no UTF-8, `real` for an infinite number.
"""

from base64 import b64encode
from math import isfinite
from typing import Any

import orjson


class DamagedText(bytes):
    """Text that is no UTF-8."""


def stored_text(data: bytes) -> str | DamagedText:
    """Return a TEXT as it is kept."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return DamagedText(data)


def line_of(table: str, row: dict[str, Any]) -> bytes:
    """Return a row as a line, its newline included."""
    return orjson.dumps({"row": plain(row), "table": table}, option=orjson.OPT_SORT_KEYS) + b"\n"


def document_of(parts: dict[str, Any]) -> bytes:
    """Return what is said of a session as one indented JSON document."""
    option = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(parts, option=option)


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row's values as JSON has them, without those that are NULL."""
    return {key: _plain(value) for key, value in row.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, DamagedText):
        return {"text_base64": b64encode(value).decode()}
    if isinstance(value, bytes):
        return {"base64": b64encode(value).decode()}
    if isinstance(value, float) and not isfinite(value):
        return {"real": str(value)}
    return value
