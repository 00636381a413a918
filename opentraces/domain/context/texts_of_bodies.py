"""Bodies whose bytes their JSON does not give back, kept as text.

A number that is written in another way is enough, and stays in each request after. So a text refers
to an earlier one where both begin or end alike.
"""

from typing import Literal

from opentraces.domain.context.events import BodyKept
from opentraces.domain.context.known_values import KnownValues
from opentraces.domain.context.templates import TEXT, Template, join
from opentraces.domain.ids import blob_id

_MOST = 4
"""Texts that are compared with: conversations that go on beside each other."""


class BodyTexts:
    """The bodies of one session that are kept as text, the last ones at hand."""

    def __init__(self, known: KnownValues) -> None:
        self._known = known
        self._last: dict[str, str] = {}

    def body(self, name: str, kind: Literal["request", "response"], data: bytes) -> BodyKept:
        """Return a body as text, whatever its bytes are."""
        encoding: Literal["utf-8", "latin-1"] = "utf-8"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            encoding = "latin-1"
            text = data.decode(encoding)
        return BodyKept(
            name=name,
            kind=kind,
            sha256=blob_id(data),
            size=len(data),
            content=self._content(name, text),
            is_text=True,
            encoding=encoding,
        )

    def _content(self, name: str, text: str) -> Template:
        alike = [(_alike(text, other), earlier) for earlier, other in self._last.items()]
        (start, end), earlier = max(alike, key=lambda each: sum(each[0]), default=((0, 0), ""))
        before = self._last.get(earlier, "")
        self._last[name] = text
        if len(self._last) > _MOST:
            del self._last[next(iter(self._last))]
        if start + end < len(text) // 2:
            return self._known.shared(text)
        middle = self._known.shared(text[start : len(text) - end])
        whole = len(before)
        return join({TEXT: [earlier, 0, start]}, middle, {TEXT: [earlier, whole - end, whole]})


def _alike(one: str, other: str) -> tuple[int, int]:
    """Return how many characters two texts have in common at their start, and then at their end."""
    start = _common(one, other)
    return start, _common(one[start:][::-1], other[start:][::-1])


def _common(one: str, other: str) -> int:
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least
