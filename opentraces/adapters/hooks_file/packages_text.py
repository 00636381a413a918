"""Where packages stand in the text of an agent's settings, and which of them is ours.

`packages` → sources: texts, or objects with `source`. One is ours when it is a path to a folder of
our name in a folder of ours. Any function here raises NotJson.
"""

from typing import Any, NamedTuple

from opentraces.adapters.hooks_file.hooks_text import live
from opentraces.adapters.hooks_file.scanning import Container, root_of, value_of
from opentraces.adapters.hooks_file.writing import (
    appended,
    edited,
    member,
    next_indent,
    removed,
    style_of,
    written,
)

FOLDER = "opentraces"
"""The folder of the agent's in which our package is."""


class PackagesFrame(NamedTuple):
    """What stays even when it is empty, because it was there before anything of ours."""

    packages: bool
    """Whether the list was."""


class PackagesText:
    """The settings as text, and how our package stands in them."""

    def __init__(self, text: str, key: str, name: str) -> None:
        """`key`: of the list of packages; `name`: our package's."""
        self._text = text
        self._key = key
        self._place = f"{FOLDER}/{name}"

    def frame(self) -> PackagesFrame:
        """Return what stands in a text that has nothing of ours."""
        return PackagesFrame(self._packages() is not None)

    def has_ours(self) -> bool:
        """Whether our package is among them."""
        return bool(self._ours())

    def with_ours(self) -> str:
        """Return the text with our package behind all others; where it is, it stays."""
        if self._ours():
            return self._text
        text, packages = self._text, self._packages()
        root = root_of(text)
        style = style_of(text, root)
        outer = next_indent(text, root, style, is_spread=True)
        if packages is None:
            piece = member(self._key, [self._place], style, outer)
            return edited(text, [appended(text, root, [piece], style, outer)])
        inner = next_indent(text, packages, style, is_spread=outer is not None)
        piece = written(self._place, style, inner)
        return edited(text, [appended(text, packages, [piece], style, inner)])

    def without_ours(self, frame: PackagesFrame) -> str:
        """Return the text without our package; of a list that is empty then, the frame stays."""
        packages, ours = self._packages(), self._ours()
        if packages is None or not ours:
            return self._text
        if len(ours) < len(packages.parts) or frame.packages:
            return edited(self._text, removed(self._text, packages, ours))
        root = root_of(self._text)
        keys = [number for number, part in enumerate(root.parts) if part.key == self._key]
        return edited(self._text, removed(self._text, root, keys))

    def _packages(self) -> Container | None:
        return live(self._text, root_of(self._text), self._key, "[", self._key)

    def _ours(self) -> list[int]:
        packages = self._packages()
        if packages is None:
            return []
        sources = [value_of(self._text, part) for part in packages.parts]
        return [number for number, source in enumerate(sources) if self._is_ours(source)]

    def _is_ours(self, source: Any) -> bool:
        said = source.get("source") if isinstance(source, dict) else source
        return isinstance(said, str) and f"/{said.rstrip('/')}".endswith(f"/{self._place}")
