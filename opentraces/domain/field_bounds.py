"""What a value of a kept field must be beyond its type, for whoever checks it.

Each stands in an `Annotated`. It says so itself, and in the way that pydantic asks: a schema of
pydantic's is a dictionary, for which nothing of it is imported here.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

_Schema = dict[str, Any]


class Bound(ABC):
    """What values of a field have in common."""

    @abstractmethod
    def holds(self, value: Any) -> bool:
        """Whether a value of the field's type may stand there."""


class Between(Bound):
    """A number that is neither less than one nor more than another."""

    def __init__(self, least: float, most: float | None = None) -> None:
        """Both may be reached; `most` None: there is no end."""
        self.least = least
        self.most = most

    def holds(self, value: Any) -> bool:
        """See Bound."""
        return bool(self.least <= value and (self.most is None or value <= self.most))

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> _Schema:
        most = {} if self.most is None else {"le": self.most}
        return {**handler(source), "ge": self.least, **most}


class Shaped(Bound):
    """A text in which a pattern is found."""

    def __init__(self, pattern: str) -> None:
        r"""`pattern`: with `\\A` and `\\z` where all of the text is meant."""
        self._pattern = pattern

    def holds(self, value: Any) -> bool:
        """See Bound."""
        return re.search(self._pattern.replace(r"\z", r"\Z"), value) is not None

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> _Schema:
        return {**handler(source), "pattern": self._pattern}


class Checked(Bound):
    """A value that a function lets pass."""

    def __init__(self, check: Callable[[Any], Any]) -> None:
        """`check`: returns the value, or raises ValueError."""
        self._check = check

    def holds(self, value: Any) -> bool:
        """See Bound."""
        try:
            self._check(value)
        except ValueError:
            return False
        return True

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> _Schema:
        function = {"type": "no-info", "function": self._check}
        return {"type": "function-after", "function": function, "schema": handler(source)}
