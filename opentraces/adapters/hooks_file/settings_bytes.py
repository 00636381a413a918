"""An agent's settings: bytes in, bytes out, and each fault with its place."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from opentraces.adapters.hooks_file.hooks_text import (
    Frame,
    Ours,
    frame_of,
    is_switched_off,
    ours_in,
    refuse,
)
from opentraces.adapters.hooks_file.merging import Groups, with_ours, without_ours
from opentraces.adapters.hooks_file.scanning import BOM, NotJson, place
from opentraces.domain.errors import SettingsInvalid

_NOTHING = "{}\n"
"""What a file without a word in it stands for, and one that is not there."""


class SettingsBytes:
    """What the settings hold. Any method raises SettingsInvalid, with the place of the fault."""

    def __init__(self, path: Path, data: bytes | None, keys: Collection[str] | None = None) -> None:
        """Keep what stands in `path`; None: it is not there. `keys`: as in AgentHooks."""
        self.path = path
        self.data = data
        self._keys = keys
        self._text = self._decoded(data or b"")

    def ours(self) -> tuple[Ours, ...]:
        """Return our handlers that run, in order."""
        with self._placed():
            self._refuse()
            return ours_in(self._text)

    def has_ours(self) -> bool:
        """Whether anything of ours is in it, even where nothing runs it."""
        return self.without_ours(Frame()) != self.data

    def frame(self) -> Frame:
        """Return what stands in it, in the place of what is ours."""
        with self._placed():
            return frame_of(self._text)

    def is_switched_off(self, switch: str) -> bool:
        """Whether no hook runs at all, as it says under a key."""
        with self._placed():
            return is_switched_off(self._text, switch)

    def with_ours(self, wanted: Groups, frame: Frame) -> bytes | None:
        """Return it with ours in it."""
        with self._placed():
            self._refuse()
            return self._encoded(with_ours(self._text, wanted, frame))

    def without_ours(self, frame: Frame) -> bytes | None:
        """Return it without ours; of what is empty then, the frame stays."""
        with self._placed():
            return self._encoded(without_ours(self._text, frame))

    def _refuse(self) -> None:
        if self._keys is not None and self.data is not None:
            refuse(self._text, self._keys)

    def _decoded(self, data: bytes) -> str:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line, column = place(data[: error.start].decode("utf-8"), error.start)
            raise self._invalid(line, column, "bytes that are not UTF-8") from error
        if text.removeprefix(BOM).strip(" \t\r\n"):
            return text
        return (BOM if text.startswith(BOM) else "") + _NOTHING

    def _encoded(self, text: str) -> bytes | None:
        if text == self._text:
            return self.data
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise SettingsInvalid(
                f"{self.path}: a folder whose name is not UTF-8 cannot be named in it"
            ) from error

    @contextmanager
    def _placed(self) -> Iterator[None]:
        try:
            yield
        except NotJson as error:
            raise self._invalid(*place(self._text, error.at), str(error)) from error

    def _invalid(self, line: int, column: int, what: str) -> SettingsInvalid:
        where = f"{self.path}: line {line}, column {column}"
        return SettingsInvalid(f"{where}: {what} → correct it, then run the command again")
