"""What a command that meets an error ends with: an exit code, and a line. Imports no click."""

from opentraces.domain.errors import (
    BadRequest,
    Corrupt,
    Exhausted,
    NotFound,
    OpentracesError,
    RepositoryUnreadable,
    SourceUnreadable,
    StorageUnavailable,
)
from opentraces.entrypoints.cli import exit_codes

CODES: dict[type[Exception], int] = {
    BadRequest: exit_codes.BAD_REQUEST,
    NotFound: exit_codes.NOT_FOUND,
    Corrupt: exit_codes.CORRUPT,
    Exhausted: exit_codes.UNAVAILABLE,
    StorageUnavailable: exit_codes.UNAVAILABLE,
    OSError: exit_codes.UNAVAILABLE,
    RepositoryUnreadable: exit_codes.UNREADABLE,
    SourceUnreadable: exit_codes.UNREADABLE,
}
"""The branches of the tree of errors, and what a command that meets one ends with."""


def exit_code(error: OpentracesError | OSError) -> int:
    """Return what a command that meets this error ends with."""
    return next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)


def message(error: OpentracesError | OSError) -> str:
    """Return what to say; of what the machine refused with no port before it, the file, too."""
    if not isinstance(error, OSError):
        return str(error)
    said = error.strerror or str(error)
    return said if error.filename is None else f"{error.filename}: {said}"
