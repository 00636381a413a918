"""An empty repository of our own that has the objects of another.

What the other's configuration says counts for nothing there: no filters, no drivers, no remotes
that what is missing could be fetched from; an object that is not there is just not there.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from opentraces.adapters.git.place import Place
from opentraces.domain.slotted import frozen_dataclass

_UNBORN = b"ref: refs/heads/none\n"


@frozen_dataclass
class Borrowed:
    """Such a repository."""

    folder: str
    """Where git is to be run."""

    within: Mapping[str, str]
    """What the environment has to say for it."""


@contextmanager
def borrowed(place: Place, head: str | None = None, settings: str = "") -> Iterator[Borrowed]:
    """Make one, for as long as it is wanted.

    `head`: what is to be checked out in it, with the files of the other's checkout around it;
    None: it has no files. `settings`: lines of its `[core]`.
    """
    with tempfile.TemporaryDirectory(prefix="opentraces-git-") as own:
        folder = Path(own)
        for name in ("objects", "refs"):
            (folder / name).mkdir()
        (folder / "config").write_text(_config(place, settings, is_bare=head is None))
        (folder / "HEAD").write_bytes(_UNBORN if head is None else head.encode("ascii") + b"\n")
        if shallow := place.shallow:
            (folder / "shallow").write_bytes(shallow)
        within = {"GIT_DIR": own, "GIT_OBJECT_DIRECTORY": place.objects}
        if head is not None:
            within["GIT_WORK_TREE"] = place.checkout
        yield Borrowed(own if head is None else place.checkout, within)


def _config(place: Place, settings: str, *, is_bare: bool) -> str:
    version = 0 if place.object_format == "sha1" else 1
    core = f"[core]\n\trepositoryformatversion = {version}\n\tbare = {str(is_bare).lower()}\n"
    extensions = f"[extensions]\n\tobjectformat = {place.object_format}\n" if version else ""
    return f"{core}{settings}{extensions}"
