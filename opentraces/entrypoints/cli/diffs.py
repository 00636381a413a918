"""What a change does to the text of a file, as a unified diff."""

from collections.abc import Iterator
from difflib import unified_diff

from opentraces.domain.setup import FileChange
from opentraces.domain.telemetry.environment import MARK, TOKEN

_NO_NEWLINE = "\\ No newline at end of file"


def diff_lines(change: FileChange) -> Iterator[str]:
    """Yield the lines of the diff, without their ends; a file that is not there is /dev/null.

    A token of ours is not shown.
    """
    before, after = _lines(change.before), _lines(change.after)
    names = (
        "/dev/null" if change.before is None else change.path,
        "/dev/null" if change.after is None else change.path,
    )
    for told in unified_diff(before, after, *names):
        line = TOKEN.sub(f"{MARK}…", told)
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield _NO_NEWLINE


def _lines(data: bytes | None) -> list[str]:
    """Return the lines with their ends: nothing but a line feed ends one."""
    *lines, last = (data or b"").decode("utf-8", "replace").split("\n")
    return [*(f"{line}\n" for line in lines), *([last] if last else [])]
