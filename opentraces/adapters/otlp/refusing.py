"""Why a request is refused, and what it is answered."""

from http import HTTPStatus


class Refusal(Exception):
    """A request is not taken; its status and the reason are what it is answered."""

    def __init__(
        self, status: HTTPStatus, reason: str, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Keep the answer; `headers`: beside the usual ones."""
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers
