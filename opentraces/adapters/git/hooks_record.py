"""What is remembered of the hooks of a repository: where they were put."""

import os
from collections.abc import Iterator
from pathlib import Path

from opentraces.adapters.git import hook_files
from opentraces.domain.git_hooks import key_of
from opentraces.domain.ids import canonical_bytes, read_json
from opentraces.domain.slotted import frozen_dataclass

_FORMAT = 1
_SUFFIX = ".json"


@frozen_dataclass
class Record:
    """Where the hooks of a repository were put."""

    repository: str
    """The folder of its objects."""

    checkout: str
    """The root of the worktree in which that was asked for."""

    hooks: str
    """The folder of hooks, absolute."""

    is_made: bool
    """Whether that folder was made for them."""

    def stored(self) -> bytes:
        """Return it as a file."""
        return canonical_bytes(
            {
                "opentraces": _FORMAT,
                "repository": os.fsencode(self.repository).hex(),
                "checkout": os.fsencode(self.checkout).hex(),
                "hooks": os.fsencode(self.hooks).hex(),
                "made": self.is_made,
            }
        )


def record_of(folder: Path, repository: str) -> Path:
    """Return the file in which the hooks of a repository are remembered."""
    return folder / f"{key_of(repository)}{_SUFFIX}"


def read_record(path: Path) -> Record | None:
    """Return what is remembered. None: nothing that could be read."""
    try:
        said = read_json(hook_files.look_at(path).data or b"{}")
    except ValueError:
        return None
    if not isinstance(said, dict) or said.get("opentraces") != _FORMAT:
        return None
    names = [said.get(name) for name in ("repository", "checkout", "hooks")]
    try:
        repository, checkout, hooks = (os.fsdecode(bytes.fromhex(str(name))) for name in names)
    except ValueError:
        return None
    if not all(place.startswith("/") for place in (repository, checkout, hooks)):
        return None
    return Record(repository, checkout, hooks, said.get("made") is True)


def records(folder: Path) -> Iterator[Record]:
    """Yield what is remembered of all repositories."""
    names = sorted(folder.glob(f"*{_SUFFIX}")) if folder.is_dir() else []
    for name in names:
        record = read_record(name)
        if record is not None and name == record_of(folder, record.repository):
            yield record
