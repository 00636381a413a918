"""First commit and remote of a repository, as the `git` command tells them."""

import os
import re

from opentraces.adapters.git.command import NOT_INSTALLED, TOO_SLOW, GitCommand
from opentraces.domain.enrolment import Identity
from opentraces.domain.remotes import plain_remote
from opentraces.ports.repository_identity import RepositoryIdentity

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_MOST_ROOTS = 10_000

SHALLOW = "a shallow clone does not have its first commit"
UNBORN = "there is no commit yet"
FOREIGN = "it belongs to another user, so git does not read it"
UNREADABLE = "git cannot read it"


class GitRepositoryIdentity(RepositoryIdentity):
    """See RepositoryIdentity. Only the repository's own configuration is read, without includes."""

    def __init__(self, git: GitCommand) -> None:
        self._git = git

    def identify(self, checkout: str) -> Identity:
        """See RepositoryIdentity. Of several first commits, the one that Git lists last."""
        shallow = self._git.ask(checkout, "rev-parse", "--is-shallow-repository")
        if shallow.output is None:
            return Identity(reason=reason_of(shallow.said))
        remote = self._remote(checkout)
        if shallow.output != b"false":
            return Identity(None, remote, SHALLOW)
        root, reason = self._root(checkout)
        return Identity(root, remote, reason)

    def _remote(self, checkout: str) -> str | None:
        asked = ("config", "--local", "--no-includes", "--get", "remote.origin.url")
        address = self._git.ask(checkout, *asked).output
        return plain_remote(os.fsdecode(address)) if address else None

    def _root(self, checkout: str) -> tuple[str | None, str | None]:
        """Return the first commit; or why there is none."""
        most = f"--max-count={_MOST_ROOTS}"
        roots = self._git.ask(checkout, "rev-list", "--max-parents=0", most, "HEAD")
        if roots.output is None:
            has_head = self._git.ask(checkout, "rev-parse", "--quiet", "--verify", "HEAD").output
            return None, reason_of(roots.said) if has_head else UNBORN
        last = roots.output.decode("ascii", "replace").rpartition("\n")[2]
        return (last, None) if _COMMIT.fullmatch(last) else (None, UNREADABLE)


def reason_of(said: str) -> str:
    """Return why a repository is not read, in words, by what git said."""
    if said in (NOT_INSTALLED, TOO_SLOW):
        return said
    is_foreign = "dubious ownership" in said or "unsafe repository" in said
    return FOREIGN if is_foreign else UNREADABLE
