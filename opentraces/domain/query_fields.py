"""Which `name:value` of a query is a field: only one whose value it accepts, else it is text."""

import re
from datetime import datetime

from opentraces.domain.asked_times import parse_since
from opentraces.domain.bounds import is_amount
from opentraces.domain.errors import BadRequest
from opentraces.domain.query import Field, Is
from opentraces.domain.words import has_words

TIMES = frozenset({"since", "until"})
"""The names that are times."""

HAVINGS = ("patch", "commit", "compaction", "subagent", "error")
"""What a trace can have, as `has:` asks for it."""

ROLES = ("user", "agent", "system")
"""Who speaks in a step."""

_NAMES = frozenset(field.value for field in Field)
_TRUTH = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_CHOICES = {
    Field.ERROR: _TRUTH,
    Field.HAS: {each: each for each in HAVINGS},
    Field.ROLE: {each: each for each in ROLES},
}
"""Fields of few values: what is accepted, in lower case, and what it stands for."""

_BARE = {
    Field.AGENT: ("", "-_."),
    Field.MODEL: ("", "-_.:/[]@"),
    Field.TOOL: ("_*", "-_.*"),
    Field.SKILL: ("_*/", "-_.*:/"),
    Field.BRANCH: ("_*", "-_./*#@+"),
    Field.DEP: ("@_*", "-_./@*"),
    Field.COMMAND: ("_", "-_./+"),
    Field.REPO: ("_*~", "-_./*~"),
}
"""Beside letters and digits: what a value without quotes may begin with, and may hold."""

_FORMS = {
    Field.COMMIT: re.compile(r"[0-9a-fA-F]{4,64}", re.ASCII),
    Field.TRACE: re.compile(r"[0-9a-fA-F][0-9a-fA-F-]{3,35}", re.ASCII),
    Field.SESSION: re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{3,127}", re.ASCII),
}
"""How ids are written, whole or their beginning."""

_PATTERNS = (Field.TOOL, Field.FILE, Field.SKILL, Field.BRANCH, Field.DEP, Field.REPO)
"""Fields whose value may be nothing but a `*`."""

_PATH_STARTS = "./~*_@?\\["


def is_name(name: str) -> bool:
    """Whether `name:` can begin a field or a time."""
    return name in _NAMES or name in TIMES


def read_field(name: str, value: str, *, quoted: bool) -> Is | None:
    """Return what `name:value` asks for. None: it is text."""
    if name not in _NAMES:
        return None
    field = Field(name)
    if field in _CHOICES:
        chosen = _CHOICES[field].get(value.lower())
        return Is(field, chosen) if chosen else None
    if field in (Field.COST, Field.TOKENS):
        return Is(field, value) if is_amount(value) else None
    if field in _FORMS:
        return Is(field, value) if _FORMS[field].fullmatch(value) else None
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
    return field not in (Field.PROJECT, Field.FILE) or _is_bare_path(value)


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
    return has_words(value) or (field in _PATTERNS and "*" in value)
