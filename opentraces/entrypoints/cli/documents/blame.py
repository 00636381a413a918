"""Who wrote lines, as JSON."""

from typing import Any

from opentraces.domain.trail.blame import Blame, BlameLine
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def blame_document(blame: Blame, file: str | None) -> dict[str, Any]:
    """`trail blame --json`; `file`: as it was asked about. None: a commit was."""
    return {
        "schema_version": SCHEMA_VERSION,
        "file": text_of(file) if file is not None else None,
        "lines": [
            {**_line(each), **({} if file is not None else {"path": text_of(each.path)})}
            for each in blame.lines
        ],
    }


def _line(line: BlameLine) -> dict[str, Any]:
    author = line.author
    return {
        "line": line.line,
        "commit": line.commit,
        "trace_id": author.trace if author else None,
        "step": (author.step_index or None) if author else None,
        "tool_call_id": author.call if author else None,
        "tier": author.tier if author else None,
        "reason": line.reason.value if line.reason else None,
    }
