"""The change that an edit made, as its tool gave it back."""

from collections.abc import Iterator

from opentraces.domain.json_value import JsonValue
from opentraces.entrypoints.cli.output import Dim, Line
from opentraces.entrypoints.cli.plain import one_line, plain


def patch_lines(response: JsonValue) -> Iterator[Line]:
    """Show the hunks of an edit; nothing, where the tool gave back none."""
    hunks = response.get("structuredPatch") if isinstance(response, dict) else None
    for hunk in hunks if isinstance(hunks, list) else ():
        if isinstance(hunk, dict):
            yield ("    ", Dim(_head(hunk)))
            lines = hunk.get("lines")
            for line in lines if isinstance(lines, list) else ():
                yield ("    ", plain(str(line)).replace("\n", " "))


def _head(hunk: dict[str, JsonValue]) -> str:
    old, new = (
        f"{hunk.get(f'{side}Start', '?')},{hunk.get(f'{side}Lines', '?')}"
        for side in ("old", "new")
    )
    return one_line(f"@@ -{old} +{new} @@")
