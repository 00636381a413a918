"""How one package of Python is asked for: in manifests, and on command lines."""

import re
from typing import Final

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?")
REQUIREMENT: Final = re.compile(
    rf"({_NAME.pattern})\s*+(?:\[[^\]]*+\])?+\s*+"
    r"(?:@\s*+[^\s;]++\s*+(?=;|\Z)|(?P<wanted>(?:[<>=!~(][^;]*+)?+))(?:;(?P<marker>.*))?",
    re.DOTALL,
)
"""A name, then extras, then where it is from or which versions are wanted, then a marker."""


def name_of(text: str) -> str | None:
    """Return the name in a requirement, as PyPI spells it. None: there is none."""
    found = REQUIREMENT.fullmatch(text.strip())
    return normal(found[1]) if found else None


def normal(name: str) -> str:
    """Return a name as PyPI spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()
