"""Which lines of a commit a patch wrote: by content and position, and never by time alone."""

from collections.abc import Iterable, Mapping

from opentraces.domain.trail.action import Action
from opentraces.domain.trail.credit import Credit
from opentraces.domain.trail.history import Commit, ObjectId
from opentraces.domain.trail.text import Edits


class Crediting:
    """The evidence for one repository. Commits are taken parents first."""

    def __init__(self, actions: Iterable[Action], edits: Edits) -> None:
        """`actions`: of all sessions together, in any order."""
        raise NotImplementedError

    def take(self, commit: Commit, texts: Mapping[ObjectId, bytes]) -> tuple[Credit, ...]:
        """Say who wrote what the commit adds; `texts`: contents of the files it names.

        A content that is missing from `texts` is not known, and nothing is said of its file.
        """
        raise NotImplementedError

    def recall(
        self, commit: Commit, texts: Mapping[ObjectId, bytes], found: Iterable[Credit]
    ) -> None:
        """Take a commit of which it was found earlier who wrote what."""
        raise NotImplementedError
