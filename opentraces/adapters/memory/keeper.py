"""A bucket in dicts, as a whole."""

from collections import Counter
from collections.abc import Iterator

from opentraces.adapters.memory.bucket import MemoryBucket, checked_runs
from opentraces.domain.audit import Audit, BucketStatus, Problem
from opentraces.domain.errors import Corrupt
from opentraces.domain.ids import BlobId, TraceId, blob_id
from opentraces.ports.bucket import BucketKeeper

_NAME = "00000000-0000-4000-8000-000000000001"


class MemoryBucketKeeper(BucketKeeper):
    """See BucketKeeper."""

    def __init__(self, bucket: MemoryBucket) -> None:
        self._bucket = bucket

    def prepare(self) -> None:
        """See BucketKeeper."""
        self._bucket.name = self._bucket.name or _NAME

    def identify(self) -> str | None:
        """See BucketKeeper."""
        return self._bucket.name

    def verify(self, *, deep: bool) -> Audit:
        """See BucketKeeper. What is stored is plain, so there is nothing deeper."""
        traces, blobs = self._bucket.traces.values(), self._bucket.blobs
        files = [data for kept in traces for data in kept.files.values()]
        return Audit(
            traces=len(traces),
            files=len(files) + len(blobs),
            bytes=sum(map(len, files)) + sum(map(len, blobs.values())),
            problems=tuple(self._problems()),
        )

    def status(self) -> BucketStatus:
        """See BucketKeeper."""
        headers = [
            kept.envelope.header
            for trace, kept in self._bucket.traces.items()
            if trace not in self._bucket.later
        ]
        whole = [header for header in headers if header.skipped is None]
        files = [data for kept in self._bucket.traces.values() for data in kept.files.values()]
        return BucketStatus(
            traces=len(whole),
            steps=sum(header.steps for header in whole),
            source_bytes=sum(source.size for header in headers for source in header.sources),
            bucket_bytes=sum(map(len, files)) + sum(map(len, self._bucket.blobs.values())),
            index_bytes=0,
            agents=dict(sorted(Counter(header.agent.value for header in whole).items())),
            later=len(self._bucket.later),
        )

    def _problems(self) -> Iterator[Problem]:
        yield from (Problem("newer", trace, trace) for trace in self._bucket.later)
        for trace, kept in self._bucket.traces.items():
            for name, said in kept.envelope.files.items():
                try:
                    checked_runs(name, kept.files.get(name, b""), said)
                except Corrupt:
                    yield Problem("damaged", f"{trace}/{name}", trace)
        named = self._named()
        for blob in {**named, **dict.fromkeys(self._bucket.blobs)}:
            if blob_id(self._bucket.blobs.get(blob, b"")) != blob:
                kind = "damaged" if blob in self._bucket.blobs else "missing"
                yield Problem(kind, blob, named.get(blob))

    def _named(self) -> dict[BlobId, TraceId]:
        """Return the blobs that traces name, each with one of them."""
        return {
            blob.blob: trace
            for trace, kept in self._bucket.traces.items()
            for blob in kept.envelope.header.blobs
        }
