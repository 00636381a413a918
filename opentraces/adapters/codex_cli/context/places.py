"""Where in a rollout a value stands."""

from typing import Any, NamedTuple

from opentraces.domain.context.responses import UNSAID
from opentraces.domain.context.templates import Template, at


class Place(NamedTuple):
    """A value in a line of the source."""

    offset: int
    """Where the line begins: bytes from the start of the source."""

    length: int
    """Bytes of the line, without its newline."""

    pointer: str
    """The JSON pointer of the value in the line."""

    def below(self, *keys: str | int) -> "Place":
        """Return the place of a value inside this one; no key has a `/` or `~`."""
        return self._replace(pointer="/".join((self.pointer, *map(str, keys))))

    @property
    def whole(self) -> Template:
        """Stands for the value."""
        return at(*self)

    def said(self, item: dict[str, Any]) -> Template:
        """Stand for the block that `item`, which is the value, is: see `responses`."""
        without = UNSAID if len(item.keys() & UNSAID) > 1 else tuple(item.keys() & UNSAID)
        return at(self.offset, self.length, self.pointer, without)
