"""Values of a line, each with the place where it stands."""

from typing import Any, NamedTuple

from opentraces.domain.context.templates import Template, at, join


class Placed(NamedTuple):
    """A value in a line of the source, and where that is."""

    value: Any
    offset: int
    length: int
    pointer: str = ""

    def inner(self, key: str) -> "Placed":
        """Return the value of a key; None where it is not there."""
        value, offset, length, pointer = self
        found = value.get(key) if type(value) is dict else None
        if "~" in key or "/" in key:
            key = key.replace("~", "~0").replace("/", "~1")
        return Placed(found, offset, length, f"{pointer}/{key}")

    def each(self) -> list["Placed"]:
        """Return the values of a list; anything else has none."""
        value, offset, length, pointer = self
        if type(value) is not list:
            return []
        return [
            Placed(each, offset, length, f"{pointer}/{number}") for number, each in enumerate(value)
        ]

    @property
    def content(self) -> Template:
        """Stands for the value."""
        return at(self.offset, self.length, self.pointer)

    @property
    def words(self) -> "Words":
        """The value as a text; of anything else, an empty one."""
        if type(self.value) is str and self.value:
            return Words(self.value, self.content)
        return Words("", "")


class Words(NamedTuple):
    """A text, and what stands for it."""

    text: str
    content: Template

    @property
    def is_blank(self) -> bool:
        """Whether nobody would see any of it."""
        return not self.text.strip()


def joined(*parts: "str | Words", between: str = "") -> Words:
    """Return texts, one after the other."""
    if len(parts) == 1 and not isinstance(parts[0], str):
        return parts[0]
    said: list[Words] = []
    for part in parts:
        if said and between:
            said.append(Words(between, between))
        said.append(Words(part, part) if isinstance(part, str) else part)
    if len(said) == 1:
        return said[0]
    return Words("".join(each.text for each in said), join(*(each.content for each in said)))
