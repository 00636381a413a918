"""What is said of lines: which step wrote them, and how firmly that is tied."""

from typing import NamedTuple

from opentraces.domain.evidence import EvidenceTier

BLOB: EvidenceTier = "exact_blob_hash"
RANGE: EvidenceTier = "exact_range_hash"
CLEAN: EvidenceTier = "git_clean_range_hash"


class Step(NamedTuple):
    """A step of a session."""

    session: str
    number: int


class Run(NamedTuple):
    """Lines of a file in a commit, and which step wrote them."""

    first: int
    last: int
    step: Step
    tier: EvidenceTier


Credits = dict[tuple[str, str], list[Run]]
"""By commit and file."""


def functions(*names: str) -> str:
    """Return functions that nobody wrote before, two lines each, with two empty ones before."""
    return "".join(
        f"\n\ndef {name}_handler(value):\n    return value.{name}_result + 1\n" for name in names
    )
