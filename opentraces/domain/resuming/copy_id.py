"""What the copy of a session is called."""

from opentraces.domain.ids import SessionId

_LAST = "ffffffff"


def copy_id(source: SessionId, new: SessionId) -> SessionId:
    """Return the id of a copy: `new`, made to come after that of its source in the order of ids.

    Of two sessions that begin with the same line, the one whose id is smaller has what both hold:
    a copy must not take that from its source.
    """
    return new if new > source else SessionId(_LAST + new[len(_LAST) :])
