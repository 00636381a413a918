"""A bucket as JSON: how much it holds, and whether it is as it was written."""

from pathlib import Path
from typing import Any

from opentraces.domain.audit import Audit, BucketStatus
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def path_document(bucket: Path) -> dict[str, Any]:
    """`bucket path --json`."""
    return {"schema_version": SCHEMA_VERSION, "path": text_of(str(bucket))}


def status_document(status: BucketStatus) -> dict[str, Any]:
    """`bucket status --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "traces": status.traces,
        "steps": status.steps,
        "source_bytes": status.source_bytes,
        "bucket_bytes": status.bucket_bytes,
        "index_bytes": status.index_bytes,
        "agents": dict(status.agents),
        "later": status.later,
    }


def audit_document(audit: Audit) -> dict[str, Any]:
    """`bucket verify --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "ok": audit.ok,
        "checked": {"traces": audit.traces, "files": audit.files, "bytes": audit.bytes},
        "problems": [
            {"kind": problem.kind, "path": text_of(problem.path), "trace_id": problem.trace}
            for problem in audit.problems
        ],
    }
