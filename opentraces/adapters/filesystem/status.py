"""What a bucket holds, and what it costs."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from opentraces.adapters.filesystem.kept_files import envelope_name
from opentraces.adapters.filesystem.raw_envelope import count, read_envelope, taken_from, text
from opentraces.adapters.filesystem.trace_ids import trace_ids
from opentraces.adapters.filesystem.tree import Tree, translated
from opentraces.domain.audit import BucketStatus
from opentraces.domain.errors import Corrupt, NewerFormat, TraceNotFound
from opentraces.domain.ids import TraceId


def status_of(bucket: Tree, index: Tree) -> BucketStatus:
    """Count; traces that cannot be read are left out."""
    agents: Counter[str] = Counter()
    steps = source_bytes = later = 0
    for trace in trace_ids(bucket):
        try:
            found = _found(bucket, trace)
        except (Corrupt, TraceNotFound):
            continue
        except NewerFormat:
            later += 1
            continue
        source_bytes += found.source_bytes
        if found.agent is not None:
            agents[found.agent] += 1
            steps += found.steps
    return BucketStatus(
        traces=agents.total(),
        steps=steps,
        source_bytes=source_bytes,
        bucket_bytes=_bytes_below(bucket.root),
        index_bytes=_bytes_below(index.root),
        agents=dict(sorted(agents.items())),
        later=later,
    )


class _Found(NamedTuple):
    agent: str | None
    steps: int
    source_bytes: int


def _found(bucket: Tree, trace: TraceId) -> _Found:
    """Return whose trace it is, and how large; of one whose bytes alone are kept, nobody's."""
    with taken_from(envelope_name(trace)):
        header = read_envelope(bucket, trace)["header"]
        return _Found(
            agent=text(header["agent"]) if header.get("skipped") is None else None,
            steps=count(header.get("steps", 0)),
            source_bytes=sum(count(source["size"]) for source in header.get("sources", ())),
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
