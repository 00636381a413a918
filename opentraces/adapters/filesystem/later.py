"""How this release says that a later one wrote something. Imports no models."""

from opentraces.domain.errors import NewerFormat


def of_later_release(name: str, what: object) -> NewerFormat:
    """Return the error: `name` is the file at fault, `what` in it is not known here."""
    return NewerFormat(f"{name} was written by a later release: {what} → upgrade opentraces")
