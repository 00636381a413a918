"""What the receiver of a home is told: where to listen, and the token that it asks for."""

from pathlib import Path
from secrets import token_hex

from opentraces.adapters.filesystem.durable import replace
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.telemetry.receiving import USUAL_PORT

TOKEN, PORT = "token", "port"
_MARK = "opentraces-"
_BYTES = 24
_HIGHEST = 65535
_LONGEST = 200


class ReceiverFiles:
    """`token` and `port` in a folder of the home."""

    def __init__(self, folder: Path) -> None:
        """Look into `folder`."""
        self._folder = folder
        self._tree = Tree(folder)

    def port(self) -> int:
        """Return where to listen: what was chosen, else the usual."""
        said = self._read(PORT)
        is_port = said.isascii() and said.isdigit() and 0 < int(said) <= _HIGHEST
        return int(said) if is_port else USUAL_PORT

    def token(self) -> str | None:
        """Return the token. None: there is none yet."""
        return self._read(TOKEN) or None

    def made_token(self) -> str:
        """Return the token, which is made where there is none."""
        token = self.token()
        if token is None:
            token = new_token()
            replace(self._folder, TOKEN, f"{token}\n".encode())
        return token

    def _read(self, name: str) -> str:
        stored = self._tree.read(name) or b""
        return stored[:_LONGEST].decode("utf-8", "replace").strip()


def new_token() -> str:
    """Return a token that nobody can guess, and that is known as ours."""
    return _MARK + token_hex(_BYTES)
