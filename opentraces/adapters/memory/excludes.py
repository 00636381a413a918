"""Lists of exclusions in a dict."""

from opentraces.domain.enrolment import Exclusion, Made
from opentraces.domain.errors import StorageUnavailable
from opentraces.domain.excluding import addition, without
from opentraces.ports.excludes import Excludes


class MemoryExcludes(Excludes):
    """The list of each repository, as bytes; None: the repository has none."""

    def __init__(self, lists: dict[str, bytes | None] | None = None) -> None:
        self.lists = {} if lists is None else lists
        self.refused: set[str] = set()
        """Repositories that nothing can be written to."""

    def add(self, repository: str) -> Exclusion | None:
        """See Excludes."""
        if repository in self.refused:
            raise StorageUnavailable(f"{repository} cannot be written")
        listed = self.lists.get(repository)
        added = addition(listed or b"")
        if not added:
            return None
        self.lists[repository] = (listed or b"") + added.encode()
        return Exclusion(repository, added, Made.FILE if listed is None else Made.NOTHING)

    def take_back(self, exclusion: Exclusion) -> bool:
        """See Excludes."""
        if exclusion.repository in self.refused:
            raise StorageUnavailable(f"{exclusion.repository} cannot be written")
        listed = self.lists.get(exclusion.repository)
        left = without(listed or b"", exclusion.added)
        if listed is None or left == listed:
            return False
        is_gone = not left and exclusion.made is not Made.NOTHING
        self.lists[exclusion.repository] = None if is_gone else left
        return True
