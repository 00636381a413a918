"""Names for kept files out of names that nobody vouches for."""

import re

from opentraces.domain.ids import digest

_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,118}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


def component(name: str, longest: int = 120) -> str:
    """Return a name made of `[A-Za-z0-9._-]`, not hidden and of bounded length.

    A name that had to be changed ends in a hash of what it was.
    """
    if _PLAIN.fullmatch(name) and ".." not in name:
        return name
    safe = _UNSAFE.sub("_", name)[:longest].lstrip(".").replace("..", "__")
    return f"{safe}-{digest(name.encode('utf-8', 'surrogatepass'))}"
