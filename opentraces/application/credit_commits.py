"""Who wrote what the commits of a repository add: history read once, evidence asked of each."""

from collections.abc import Collection, Iterator, Sequence

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.action import Action
from opentraces.domain.trail.credit import Credit
from opentraces.domain.trail.crediting import Crediting
from opentraces.domain.trail.history import Commit, ObjectId, PathChange
from opentraces.ports.repository import Repository
from opentraces.ports.text_diff import TextDiff

_TOGETHER = 64
"""Commits whose files are held in memory together."""


@frozen_dataclass
class CreditCommits:
    """Asks the evidence for each commit who wrote what it adds."""

    diff: TextDiff

    def execute(
        self, repository: Repository, commits: Sequence[Commit], actions: Sequence[Action]
    ) -> Iterator[Credit]:
        """Yield credits, by commit as they come; `commits` stand parents first.

        Raises RepositoryUnreadable.
        """
        if not actions:
            return
        crediting = Crediting(actions, self.diff.edits)
        paths = {path for each in actions for path in (each.path, each.moved_from) if path}
        meant = [each for each in commits if any(_is_meant(c, paths) for c in each.changes)]
        for start in range(0, len(meant), _TOGETHER):
            batch = meant[start : start + _TOGETHER]
            texts = _texts(repository, batch, paths)
            for commit in batch:
                yield from crediting.take(commit, texts)


def _is_meant(change: PathChange, paths: Collection[str]) -> bool:
    return change.path in paths or any(each.path in paths for each in change.before)


def _texts(
    repository: Repository, commits: Sequence[Commit], paths: Collection[str]
) -> dict[ObjectId, bytes]:
    wanted: dict[ObjectId, None] = {}
    for change in (change for each in commits for change in each.changes):
        if change.blob is not None and _is_meant(change, paths):
            wanted |= dict.fromkeys((change.blob, *(each.blob for each in change.before)))
    found = zip(wanted, repository.blobs(list(wanted)), strict=True)
    return {name: text for name, text in found if text is not None}
