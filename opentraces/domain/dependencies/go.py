"""Modules of Go: go.mod and go.sum."""

import re
from collections.abc import Iterator

from opentraces.domain.dependencies.declared import Declared, clean, declared, lines_of
from opentraces.domain.environment import Pin

_REQUIRED = re.compile(r"(\S+)\s+(v\S+)\s*(//\s*indirect\b.*)?(?://.*)?")
_SUMMED = re.compile(r"(\S+) (v\S+) (h1:[\w+/=]+)")
_IN_MOD = "/go.mod"


def go_mod(text: str) -> Declared:
    """Read go.mod: what it requires directly; all of it is exact."""
    required = list(_required(text))
    names = (name for name, _, is_indirect in required if not is_indirect)
    return declared(names, (Pin(name=name, version=version) for name, version, _ in required))


def go_sum(text: str) -> Declared:
    """Read go.sum: modules whose content was checked."""
    return declared((), _summed(text))


def _required(text: str) -> Iterator[tuple[str, str, bool]]:
    is_inside = False
    for line in lines_of(text):
        said = line.strip()
        if said == ")":
            is_inside = False
        elif re.fullmatch(r"require\s*\(\s*(//.*)?", said):
            is_inside = True
        elif is_inside or said.startswith(("require ", "require\t")):
            found = _REQUIRED.fullmatch(said if is_inside else said.removeprefix("require").strip())
            if found:
                yield clean(found[1]), clean(found[2]), found[3] is not None


def _summed(text: str) -> Iterator[Pin]:
    for line in lines_of(text):
        found = _SUMMED.fullmatch(line.strip())
        if found and not found[2].endswith(_IN_MOD):
            yield Pin(name=clean(found[1]), version=clean(found[2]), hash=found[3])
