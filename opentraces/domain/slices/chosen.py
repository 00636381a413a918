"""Which steps a slice is of."""

from typing import NamedTuple

from opentraces.domain.activity.course import Passed


class Chosen(NamedTuple):
    """The steps of one slice."""

    steps: tuple[Passed, ...]
    """Ascending; never empty. Steps between them may be missing."""

    request: Passed | None
    """What was asked for, that they serve. None: nothing was yet."""

    about: Passed | None = None
    """The one of them that the slice is about: it stays, whatever must go. None: all alike."""

    @property
    def first(self) -> int:
        """The number of its first step."""
        return self.steps[0].number

    @property
    def last(self) -> int:
        """The number of its last step."""
        return self.steps[-1].number
