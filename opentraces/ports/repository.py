"""The port to the history of one repository."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from opentraces.domain.trail.history import BlamedLine, Commit, CommitId, Heads, ObjectId


class Repository(Protocol):
    """The history of one repository, as far as it is on this machine.

    Contract: tests/contracts/repository.py. Nothing that the repository names is run, fetched or
    written. A missing object (shallow, partial, damaged) is None, never an error. Any method may
    raise RepositoryUnreadable. How many processes are started depends on none of files, commits,
    blobs.
    """

    @abstractmethod
    def heads(self) -> Heads:
        """Return where its branches and reflogs are."""

    @abstractmethod
    def commits(
        self, tips: Collection[CommitId], known: Collection[CommitId], since: int | None
    ) -> Iterator[Commit]:
        """Yield what `tips` lead to and `known` do not, parents before children.

        `since`: seconds since 1970; no commit that was made earlier, nor what lies only behind
        such. None: all. What is not there is passed over.
        """

    @abstractmethod
    def blobs(self, ids: Sequence[ObjectId]) -> Iterator[bytes | None]:
        """Yield the content of files, in the order of `ids`.

        None: it is not there, is no file, or is larger than `history.MOST_BYTES`.
        """

    @abstractmethod
    def files_in(self, commit: CommitId, folders: Collection[str]) -> Mapping[str, ObjectId]:
        """Return what the files hold that stand in some folders of a commit, by path.

        No links, and none of folders below. `""`: the root. What is not there is left out.
        """

    @abstractmethod
    def blame(self, path: str, revision: CommitId | None) -> tuple[BlamedLine, ...]:
        """Return where each line of a file came from. None: the file in the worktree.

        Raises NoSuchFile when there is none.
        """

    @abstractmethod
    def checked_out(self, moment: int) -> CommitId | None:
        """Return what was checked out at a moment, in seconds since 1970, as HEAD's reflog tells.

        None: it does not reach back so far, there is none, or there was no commit.
        """
