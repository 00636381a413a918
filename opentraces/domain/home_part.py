"""What the home folder holds of ours."""

from typing import NamedTuple


class HomePart(NamedTuple):
    """One file or folder that we made in the home folder."""

    path: str
    """Absolute."""

    size: int
    """Bytes, all that is in it counted."""
