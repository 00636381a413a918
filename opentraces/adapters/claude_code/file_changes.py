r"""What calls of Claude Code's tools did to files: by their results, or else by their arguments.

In a result the content before is whole up to 10,000 characters, beyond that null; a notebook's is
always whole. A file that was empty counts as none when it is written. Line ends are told as `\n`.
Results of sub-agents' calls are in no line, but in what a hook was told.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from opentraces.adapters._reading.changed_files import resolved, text_place
from opentraces.adapters._reading.values import mapping, name
from opentraces.adapters.claude_code.replacing import (
    Replacing,
    hunks_without_place,
    replaced,
    replacings,
)
from opentraces.adapters.claude_code.shown_hunks import FileLines, Shown, has_tabs, shown_hunks
from opentraces.domain.trail.file_change import (
    AFTER_UNKNOWN,
    BEFORE_UNKNOWN,
    INDENT_UNKNOWN,
    PLACE_UNKNOWN,
    USER_MODIFIED,
    Method,
)

Fields = dict[str, Any]
"""Of a FileChange, but for `call` and `number`."""

_BEFORE = ("originalFile", "originalFileContents", "original_file")
_WRITTEN = ("create", "update")


class Heard(NamedTuple):
    """The result of a call that did not fail."""

    details: dict[str, Any]
    """What the tool gave back, as JSON values."""

    offset: int
    """Where its line begins: bytes from the start of the source."""

    length: int
    """Bytes of the line, its newline not counted."""

    way: tuple[str, ...]
    """From the line's object to `details`."""

    method: Method
    """What the line is."""

    folder: str | None
    """The working directory. None: not said."""

    moment: int | None
    """When: milliseconds since 1970. None: not said."""

    source: int = 0
    """Number of the source; 0: not numbered yet."""

    is_tabbed: bool = False
    """Whether the file is known to have lines that begin with a tab."""

    def text(self, key: str) -> str | None:
        """Return a text in it. None: there is none."""
        value = self.details.get(key)
        return value if type(value) is str else None

    def place(self, *keys: str) -> Fields:
        """Return where a text in it stands, as a TextPlace's fields."""
        place = text_place(self.offset, self.length, *self.way, *keys)
        return {**place, "source": self.source}


def change_heard(heard: Heard, tool: str | None) -> Fields | None:
    """Return what a result says of a file. None: nothing. `tool` None: the call is not known."""
    take = _OF_RESULTS.get(tool or _tool_of(heard.details))
    path = name(heard.details.get("filePath")) or name(heard.details.get("notebook_path"))
    path = path or name(mapping(heard.details.get("file")).get("filePath"))
    fields = take(heard) if take and path else None
    if fields is None or path is None:
        return None
    limitations = set(fields["limitations"])
    if heard.details.get("userModified") is True:
        limitations.add(USER_MODIFIED)
    return {
        **fields,
        "path": resolved(path, heard.folder),
        "moment": heard.moment,
        "methods": (heard.method,),
        "limitations": tuple(sorted(limitations)),
    }


def shows_tabs(details: dict[str, Any]) -> bool:
    """Whether a result holds lines of a file that begin with a tab."""
    seen = mapping(details.get("file")).get("content")
    texts = (seen, *(details.get(key) for key in _BEFORE))
    return has_tabs(*(text for text in texts if type(text) is str))


def agrees(given: dict[str, Any], details: dict[str, Any]) -> bool:
    """Whether a call's arguments say what its result says."""
    edits = replacings(given)
    if edits:
        return edits == replacings(details)
    key = "content" if "content" in given else "new_source"
    return type(given.get(key)) is str and given.get(key) == details.get(key)


def _tool_of(details: dict[str, Any]) -> str:
    if "notebook_path" in details:
        return "NotebookEdit"
    if "structuredPatch" in details:
        return "Write" if details.get("type") in _WRITTEN else "Edit"
    return "Read"


def _edit(heard: Heard) -> Fields:
    key = next((key for key in _BEFORE if heard.text(key) is not None), None)
    before = heard.text(key) if key else None
    edits = replacings(heard.details)
    hunks, limitations = _edited(heard, before, edits)
    if key is None:
        limitations.add(BEFORE_UNKNOWN)
    return {
        "operation": "edit",
        "had_file": None if before == "" else True,
        "before": heard.place(key) if key else None,
        "hunks": hunks,
        "limitations": limitations,
    }


def _edited(
    heard: Heard, before: str | None, edits: Sequence[Replacing]
) -> tuple[list[Fields], set[str]]:
    """Return the hunks of an edit; those without place where that is all that can be said."""
    texts = [text for edit in edits for text in edit[:2]]
    after = replaced(before, edits) if before is not None and edits else None
    shown = shown_hunks(heard.details.get("structuredPatch"))
    if shown:
        hunks, is_sure = FileLines(before, after, texts).read(shown)
        if is_sure or not edits:
            return hunks, set() if is_sure else {INDENT_UNKNOWN}
        if not heard.is_tabbed and not has_tabs(*texts):
            return hunks, {INDENT_UNKNOWN}
    hunks, limitations = hunks_without_place(edits)
    return hunks, limitations if edits else {PLACE_UNKNOWN, AFTER_UNKNOWN}


def _write(heard: Heard) -> Fields:
    is_new = heard.details.get("type") == "create"
    before, after = heard.text("originalFile"), heard.text("content")
    limitations = set()
    shown: Sequence[Shown] = shown_hunks(heard.details.get("structuredPatch")) or ()
    hunks, is_sure = FileLines(before, after, ()).read(shown)
    if not is_sure:
        limitations.add(INDENT_UNKNOWN)
    if before is None and not is_new:
        limitations.add(BEFORE_UNKNOWN)
    if after is None:
        limitations.add(AFTER_UNKNOWN)
    return {
        "operation": "write",
        "had_file": not is_new if heard.details.get("type") in _WRITTEN else None,
        "before": heard.place("originalFile") if before is not None else None,
        "after": heard.place("content") if after is not None else None,
        "hunks": hunks,
        "limitations": limitations,
    }


def _notebook(heard: Heard) -> Fields | None:
    """Return a change of a notebook: Claude Code writes all of it anew."""
    if heard.text("error"):
        return None
    before, after = heard.text("original_file"), heard.text("updated_file")
    limitations = {BEFORE_UNKNOWN} if before is None else set()
    return {
        "operation": "edit",
        "had_file": True,
        "before": heard.place("original_file") if before is not None else None,
        "after": heard.place("updated_file") if after is not None else None,
        "limitations": limitations | ({AFTER_UNKNOWN} if after is None else set()),
    }


def _read(heard: Heard) -> Fields | None:
    """Return the sight of a whole file. None: it was a part of it, or no text."""
    file = mapping(heard.details.get("file"))
    lines = file.get("numLines")
    is_whole = file.get("startLine") == 1 and type(lines) is int and lines == file.get("totalLines")
    if heard.details.get("type") != "text" or not is_whole:
        return None
    if file.get("truncatedByTokenCap") is True or type(file.get("content")) is not str:
        return None
    return {
        "operation": "read",
        "had_file": True,
        "after": heard.place("file", "content"),
        "limitations": (),
    }


_OF_RESULTS: dict[str, Callable[[Heard], Fields | None]] = {
    "Edit": _edit,
    "MultiEdit": _edit,
    "Write": _write,
    "NotebookEdit": _notebook,
    "Read": _read,
}
