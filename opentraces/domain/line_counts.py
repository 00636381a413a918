"""How the lines of a source were understood."""

from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class LineCounts:
    """The three add up to the complete lines of a source."""

    recognised: int = 0
    """Lines of a type that is known."""

    unknown: int = 0
    """Lines of JSON whose type is not known to this release: kept, not understood."""

    bad: int = 0
    """Lines that are no JSON object: kept, not understood."""

    def __add__(self, other: "LineCounts") -> "LineCounts":
        return LineCounts(
            self.recognised + other.recognised, self.unknown + other.unknown, self.bad + other.bad
        )

    def __sub__(self, other: "LineCounts") -> "LineCounts":
        return LineCounts(
            self.recognised - other.recognised, self.unknown - other.unknown, self.bad - other.bad
        )
