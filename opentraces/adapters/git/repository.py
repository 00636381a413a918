"""The history of one repository, whichever way its objects are read."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from opentraces.adapters.git.blaming import Blaming
from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.history import History
from opentraces.adapters.git.objects import Source
from opentraces.domain.trail.history import BlamedLine, Commit, CommitId, Heads, ObjectId
from opentraces.domain.trail.walk import walk
from opentraces.ports.repository import Repository


class GitRepository(Repository):
    """See Repository."""

    def __init__(self, source: Source, git: GitCommand) -> None:
        """`git`: for what only the command can tell."""
        self._source = source
        self._blaming = Blaming(git, source.place)

    def heads(self) -> Heads:
        """See Repository."""
        return self._source.heads()

    def commits(
        self, tips: Collection[CommitId], known: Collection[CommitId], since: int | None
    ) -> Iterator[Commit]:
        """See Repository."""
        with self._source.objects() as objects:
            history = History(objects)
            for commit in walk(tips, known, since, history.node):
                told = history.commit(commit)
                if told is not None:
                    yield told

    def blobs(self, ids: Sequence[ObjectId]) -> Iterator[bytes | None]:
        """See Repository."""
        with self._source.objects() as objects:
            history = History(objects)
            for name in ids:
                yield history.content(name)

    def files_in(self, commit: CommitId, folders: Collection[str]) -> Mapping[str, ObjectId]:
        """See Repository."""
        with self._source.objects() as objects:
            return History(objects).files_in(commit, folders)

    def blame(self, path: str, revision: CommitId | None) -> tuple[BlamedLine, ...]:
        """See Repository. Needs the git command, however objects are read."""
        if revision is not None:
            return self._blaming.at(path, revision)
        return self._blaming.as_it_is(path, self._source.head())

    def checked_out(self, moment: int) -> CommitId | None:
        """See Repository."""
        return self._source.checked_out(moment)
