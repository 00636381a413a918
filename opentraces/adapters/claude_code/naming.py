"""Names for kept files, out of names that nobody vouches for."""

import re
from collections.abc import Iterable

from opentraces.domain.ids import digest

_LONGEST = 120
_LONGEST_FOLDER = 200
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,118}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_NOT_ALPHANUMERIC = re.compile(r"[^a-zA-Z0-9]")


def component(name: str) -> str:
    """Return a file name made of `[A-Za-z0-9._-]`, not hidden and of bounded length.

    A name that had to be changed ends in a hash of what it was, before its suffix: files that
    shared a stem still do.
    """
    if _PLAIN.fullmatch(name) and ".." not in name:
        return name
    stem, dot, suffix = name.partition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    safe = _UNSAFE.sub("_", stem)[:_LONGEST]
    suffix_is_safe = not _UNSAFE.search(suffix) and len(suffix) <= _LONGEST and ".." not in name
    if name and safe == stem and suffix_is_safe and not safe.startswith("."):
        return name
    original = stem if suffix_is_safe else name
    mark = digest(original.encode("utf-8", "surrogatepass"))
    ending = f"{dot}{suffix}" if suffix_is_safe else ""
    return f"{safe.lstrip('.')}-{mark}{ending}"


def relative_name(parts: Iterable[str]) -> str:
    """Join names to a path that stays below any folder it is put into."""
    return "/".join(component(part) for part in parts)


def dashed(folder: str) -> str:
    """Return the name that Claude Code gives to the folder of a project; not reversible."""
    return _NOT_ALPHANUMERIC.sub("-", folder)


def may_be_folder(name: str, folder: str) -> bool:
    """Whether a project folder of this name may hold sessions of `folder` or below it."""
    wanted = dashed(folder)
    if len(wanted) >= _LONGEST_FOLDER:
        return name.startswith(wanted[:_LONGEST_FOLDER])
    return name == wanted or name.startswith(wanted if wanted.endswith("-") else f"{wanted}-")


def may_be_project(name: str, project: str) -> bool:
    """Whether a project folder of this name may hold sessions of a folder called `project`."""
    if len(name) > _LONGEST_FOLDER:
        return True
    wanted = dashed(project)
    return name == wanted or name.endswith(f"-{wanted}")
