"""What is wrong with one trace, in a form that says what can be done about it."""

from contextlib import closing

from opentraces.adapters.filesystem.blobs import decoded, stored_digest
from opentraces.adapters.filesystem.deleting import check_tombstone
from opentraces.adapters.filesystem.findings import Findings
from opentraces.adapters.filesystem.kept_files import envelope_name, is_deleted
from opentraces.adapters.filesystem.layout import (
    ENVELOPE,
    blob_file,
    is_sources,
    source_number,
    tombstone,
    trace_folder,
)
from opentraces.adapters.filesystem.tree import Tree
from opentraces.adapters.filesystem.verifying_trace import VerifyingTrace
from opentraces.domain.envelope import BlobRef, Envelope, is_context, is_steps, is_trail
from opentraces.domain.errors import Corrupt, NewerFormat, StorageUnavailable
from opentraces.domain.ids import BlobId, TraceId
from opentraces.domain.mending import Damage


def damage_of(bucket: Tree, trace: TraceId, envelope: Envelope | None) -> Damage:
    """Say what a deep verification finds. `envelope`: as committed; None: it cannot be read.

    Raises NewerFormat when some of it is of a later release.
    """
    if _has_tombstone(bucket, trace):
        return Damage(tombstone=_damaged_tombstone(bucket, trace))
    findings = Findings(bucket)
    VerifyingTrace(findings, trace, deep=True).run()
    problems = findings.audit().problems
    if any(problem.kind == "newer" for problem in problems):
        raise NewerFormat(f"{trace_folder(trace)} is of a later release → upgrade opentraces")
    strangers = tuple(each.path for each in problems if each.kind == "unexpected")
    paths = {each.path.rpartition("/")[2]: each.path for each in problems}
    mine = {name: path for name, path in sorted(paths.items()) if path not in strangers}
    if ENVELOPE not in bucket.names(trace_folder(trace)):
        mine[ENVELOPE] = envelope_name(trace)
    numbered = {source_number(name): path for name, path in mine.items()}
    return Damage(
        envelope=mine.get(ENVELOPE),
        steps=next((path for name, path in mine.items() if is_steps(name)), None),
        trail=next((path for name, path in mine.items() if is_trail(name)), None),
        context=next((path for name, path in mine.items() if is_context(name)), None),
        listing=next((path for name, path in mine.items() if is_sources(name)), None),
        sources={number: path for number, path in numbered.items() if number is not None},
        blobs=_damaged_blobs(bucket, envelope) if envelope else {},
        strangers=strangers,
    )


def stored_ref(bucket: Tree, blob: BlobId) -> BlobRef | None:
    """Return what names a blob as it is stored. None: it is not there, or damaged."""
    try:
        opened = bucket.open(blob_file(blob))
        if opened is None:
            return None
        with closing(opened):
            size = sum(len(piece) for piece in decoded(opened, blob))
            return BlobRef(blob=blob, size=size, stored=opened.size, digest=stored_digest(opened))
    except (Corrupt, StorageUnavailable):
        return None


def _damaged_blobs(bucket: Tree, envelope: Envelope) -> dict[int, str]:
    return {
        number: blob_file(kept.blob.blob)
        for number, kept in enumerate(envelope.header.sources)
        if kept.blob is not None and stored_ref(bucket, kept.blob.blob) != kept.blob
    }


def _has_tombstone(bucket: Tree, trace: TraceId) -> bool:
    folder, _, file = tombstone(trace).rpartition("/")
    return is_deleted(bucket, trace) or file in bucket.names(folder)


def _damaged_tombstone(bucket: Tree, trace: TraceId) -> str | None:
    try:
        check_tombstone(bucket.read(tombstone(trace)) or b"", trace)
    except (Corrupt, StorageUnavailable) as error:
        if isinstance(error, NewerFormat):
            raise
        return tombstone(trace)
    return None
