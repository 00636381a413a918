"""Which `name:value` of a query is a field: only one whose value it accepts, else it is text."""

from datetime import datetime

from opentraces.domain.asked_times import parse_since
from opentraces.domain.errors import BadRequest
from opentraces.domain.query import Field, Is
from opentraces.domain.words import has_words

TIMES = frozenset({"since", "until"})
"""The names that are times."""

_NAMES = frozenset(field.value for field in Field)
_TRUTH = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_BARE = {
    Field.AGENT: ("", "-_."),
    Field.MODEL: ("", "-_.:/[]@"),
    Field.TOOL: ("_*", "-_.*"),
}
"""Beside letters and digits: what a value without quotes may begin with, and may hold."""

_PATH_STARTS = "./~*_@?\\["


def is_name(name: str) -> bool:
    """Whether `name:` can begin a field or a time."""
    return name in _NAMES or name in TIMES


def read_field(name: str, value: str, *, quoted: bool) -> Is | None:
    """Return what `name:value` asks for. None: it is text."""
    if name not in _NAMES:
        return None
    field = Field(name)
    if field is Field.ERROR:
        truth = _TRUTH.get(value.lower())
        return Is(field, truth) if truth else None
    accepted = _is_askable(field, value) and (quoted or is_bare(field, value))
    return Is(field, value) if accepted else None


def read_time(name: str, value: str, now: datetime) -> int | None:
    """Return the time that `since:value` or `until:value` names. None: it is text."""
    if name not in TIMES:
        return None
    try:
        return parse_since(value, now)
    except BadRequest:
        return None


def is_bare(field: Field, value: str) -> bool:
    """Whether a value needs no quotes to be taken for one."""
    if field in _BARE:
        starts, others = _BARE[field]
        return (value[0].isalnum() or value[0] in starts) and all(
            character.isalnum() or character in others for character in value
        )
    if field is Field.ERROR:
        return True
    return _is_bare_path(value)


def _is_bare_path(value: str) -> bool:
    """Whether it reads as a path or a name, and not as a URL, a scope (`a::b`) or a place in it."""
    rest = value[2:] if value[1:3] in (":\\", ":/") else value
    starts_well = value[0].isalnum() or value[0] in _PATH_STARTS
    return (
        starts_well
        and not value.startswith("//")
        and not any(character.isspace() or character in ':"' for character in rest)
    )


def _is_askable(field: Field, value: str) -> bool:
    return has_words(value) or (field in (Field.TOOL, Field.FILE) and "*" in value)
