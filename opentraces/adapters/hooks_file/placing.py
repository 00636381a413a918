"""Text of an agent's settings out of bytes and back, and where in it a fault is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opentraces.adapters.hooks_file.scanning import BOM, NotJson, place
from opentraces.domain.errors import SettingsInvalid

_NOTHING = "{}\n"
"""What a file without a word in it stands for, and one that is not there."""


def decoded(data: bytes, path: Path) -> str:
    """Return the text of settings; of a file without a word, an empty object."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = place(data[: error.start].decode("utf-8"), error.start)
        raise _invalid(path, line, column, "bytes that are not UTF-8") from error
    if text.removeprefix(BOM).strip(" \t\r\n"):
        return text
    return (BOM if text.startswith(BOM) else "") + _NOTHING


def encoded(text: str, path: Path) -> bytes:
    """Return text as bytes. Raises SettingsInvalid for what cannot be."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SettingsInvalid(
            f"{path}: a folder whose name is not UTF-8 cannot be named in it"
        ) from error


@contextmanager
def placed(text: str, path: Path) -> Iterator[None]:
    """Raise SettingsInvalid, with line and column, for a NotJson."""
    try:
        yield
    except NotJson as error:
        raise _invalid(path, *place(text, error.at), str(error)) from error


def _invalid(path: Path, line: int, column: int, what: str) -> SettingsInvalid:
    where = f"{path}: line {line}, column {column}"
    return SettingsInvalid(f"{where}: {what} → correct it, then run the command again")
