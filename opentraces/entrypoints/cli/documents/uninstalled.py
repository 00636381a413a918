"""What was taken off the machine, as JSON."""

from typing import Any

from opentraces.application.uninstall import Uninstalled
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def uninstalled_document(done: Uninstalled) -> dict[str, Any]:
    """`uninstall --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "done": done.is_done,
        "purged": done.is_purged,
        "files": [
            {
                "agent": agent,
                "path": text_of(change.path),
                "action": "removed" if change.after is None else "changed",
            }
            for agent, changes in done.changes.items()
            for change in changes
        ],
        "projects": [text_of(project.name) for project in done.projects],
        "problems": [text_of(problem) for problem in done.still_excluded],
        "kept": [{"path": text_of(part.path), "bytes": part.size} for part in done.kept],
    }
