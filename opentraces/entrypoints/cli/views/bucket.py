"""A bucket: how much it holds, and whether it is as it was written."""

from collections.abc import Iterator
from pathlib import Path

from opentraces.domain.audit import Audit, BucketStatus
from opentraces.entrypoints.cli.output import Bold, Line
from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.amounts import count, size

_UPGRADE = "upgrade opentraces"


def status_lines(status: BucketStatus, bucket: Path) -> Iterator[Line]:
    """Show what a bucket holds, and what it costs."""
    agents = ", ".join(f"{number:,} {name}" for name, number in status.agents.items())
    yield (
        Bold(f"{count(status.traces, 'trace')}, {count(status.steps, 'step')}"),
        f"  ({agents})" if agents else "",
    )
    yield (
        f"{size(status.source_bytes)} of sessions → {size(status.bucket_bytes)} in the bucket, ",
        f"{size(status.index_bytes)} in the index",
    )
    if status.later:
        yield (f"{count(status.later, 'trace')} of a later release not counted → {_UPGRADE}",)
    yield (str(bucket),)


def audit_lines(audit: Audit) -> Iterator[Line]:
    """Show what a verification found, the damage first."""
    checked = (
        f"{count(audit.traces, 'trace')}, {count(audit.files, 'file')}, {size(audit.bytes)} checked"
    )
    if audit.aside:
        checked += f"; {count(audit.aside, 'thing')} in quarantine"
    if audit.ok:
        yield (Bold("ok"), f"  {checked}")
        return
    yield (Bold(count(len(audit.problems), "problem")), f"  {checked}")
    for problem in audit.problems:
        of_trace = f"  (trace {problem.trace})" if problem.trace else ""
        yield (f"  {problem.kind:<10} {one_line(problem.path)}{of_trace}",)
    if any(problem.kind == "newer" for problem in audit.problems):
        yield (f"newer: of a later release, which alone can check it → {_UPGRADE}",)
    if any(problem.kind == "untrue" for problem in audit.problems):
        yield ("untrue: to be made again from kept bytes → opentraces bucket repair --reproject",)
    if any(problem.kind not in ("newer", "untrue") for problem in audit.problems):
        yield ("what can be mended, from what is whole → opentraces bucket repair --dry-run",)
