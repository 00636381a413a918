"""What a bucket holds, and what it costs."""

from collections import Counter
from pathlib import Path

from opentraces.adapters.filesystem.raw_envelope import read_envelope
from opentraces.adapters.filesystem.trace_ids import trace_ids
from opentraces.adapters.filesystem.tree import Tree, translated
from opentraces.domain.audit import BucketStatus
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound


def status_of(bucket: Tree, index: Tree) -> BucketStatus:
    """Count; traces that cannot be read are left out."""
    agents: Counter[str] = Counter()
    steps = source_bytes = later = 0
    for trace in trace_ids(bucket):
        try:
            header = read_envelope(bucket, trace)["header"]
        except (Corrupt, TraceNotFound):
            continue
        except NewerFormat:
            later += 1
            continue
        source_bytes += sum(source["size"] for source in header.get("sources", ()))
        if header.get("skipped") is None:
            agents[header["agent"]] += 1
            steps += header.get("steps", 0)
    return BucketStatus(
        traces=agents.total(),
        steps=steps,
        source_bytes=source_bytes,
        bucket_bytes=_bytes_below(bucket.root),
        index_bytes=_bytes_below(index.root),
        agents=dict(sorted(agents.items())),
        later=later,
    )


def _bytes_below(folder: Path) -> int:
    """Add up the sizes of all files; those that go meanwhile count for nothing."""
    total = 0
    with translated(str(folder)):
        for path in folder.rglob("*") if folder.is_dir() else ():
            try:
                found = path.lstat()
            except FileNotFoundError:
                continue
            total += 0 if path.is_dir() else found.st_size
    return total
