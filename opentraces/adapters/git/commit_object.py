"""A commit as Git stores it; nothing that replaces or cuts it short is looked at."""

import re

from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.history import (
    Commit,
    CommitId,
    ObjectId,
    PathChange,
    reverted_by,
)
from opentraces.domain.trail.walk import Node

_SIGNED = re.compile(rb"(?:(.*) )?(\d{1,15}) [+-]\d{1,6}", re.DOTALL)
_ENCODINGS = re.compile(r"(latin|iso-?8859|cp|windows-|koi8|euc|shift|gb|big5)[\w-]{0,12}", re.I)


@frozen_dataclass
class CommitObject:
    """What one commit says of itself."""

    tree: ObjectId
    """Its list of files."""

    parents: tuple[CommitId, ...]
    """As they were when it was made, there or not."""

    author: str
    """`name <address>`."""

    authored: int
    """In seconds since 1970; 0: it does not say."""

    committed: int
    """Likewise, of who made this commit."""

    message: str
    """Whole."""

    @property
    def node(self) -> Node:
        """What of it is needed to walk on."""
        return Node(self.parents, self.committed)

    def told(self, commit: CommitId, changes: tuple[PathChange, ...]) -> Commit:
        """Return it with what it changed."""
        lines = self.message.lstrip().splitlines()
        return Commit(
            commit,
            self.parents,
            self.author,
            self.authored,
            self.committed,
            subject=lines[0].rstrip() if lines else "",
            changes=changes,
            reverts=reverted_by(self.message),
        )


def read_commit(data: bytes) -> CommitObject:
    """Read the bytes of a commit. What is not as it should be is empty, or 0."""
    head, _, message = data.partition(b"\n\n")
    said: dict[bytes, list[bytes]] = {}
    for line in head.split(b"\n"):
        name, _, value = line.partition(b" ")
        said.setdefault(name, []).append(value)
    encoding = said.get(b"encoding", [b""])[0].decode("ascii", "replace")
    author, authored = _signed(said.get(b"author", [b""])[0])
    return CommitObject(
        tree=ObjectId(said.get(b"tree", [b""])[0].decode("ascii", "replace")),
        parents=tuple(
            CommitId(each.decode("ascii", "replace")) for each in said.get(b"parent", [])
        ),
        author=_text(author, encoding),
        authored=authored,
        committed=_signed(said.get(b"committer", [b""])[0])[1],
        message=_text(message, encoding),
    )


def _signed(value: bytes) -> tuple[bytes, int]:
    """Return who it was, and when."""
    found = _SIGNED.fullmatch(value)
    return (found[1] or b"", int(found[2])) if found else (value, 0)


def _text(data: bytes, encoding: str) -> str:
    known = encoding if _ENCODINGS.fullmatch(encoding) else "utf-8"
    try:
        return data.decode(known, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")
