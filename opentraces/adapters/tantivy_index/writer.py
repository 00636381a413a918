"""IndexWriter by tantivy."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import tantivy

from opentraces.adapters.tantivy_index.asking import Asking, one_document
from opentraces.adapters.tantivy_index.committed import Committed
from opentraces.adapters.tantivy_index.documents import of_step, of_trace
from opentraces.adapters.tantivy_index.files import disown, is_ready
from opentraces.adapters.tantivy_index.lock import LOCK, held
from opentraces.adapters.tantivy_index.making import begin_anew, claim
from opentraces.adapters.tantivy_index.mapping import check_maps
from opentraces.adapters.tantivy_index.refusals import refusal
from opentraces.adapters.tantivy_index.schema import FINGERPRINT, build_schema, teach_words
from opentraces.adapters.tantivy_index.sealing import broken_seals, seal, unseal
from opentraces.adapters.tantivy_index.spending import Spending
from opentraces.domain.errors import Busy, StorageUnavailable
from opentraces.domain.ids import TraceId
from opentraces.domain.media import UNWRITABLE, unwritable
from opentraces.domain.searchable import StepDocument, TraceDocument
from opentraces.ports.index_writing import Indexed, IndexUpdate, IndexWriter

_HEAP_BYTES = 48_000_000

_MOST_WAITING = 32_000_000
"""Characters of text that may wait for tantivy's thread, where that can be bounded."""


class TantivyIndexWriter(IndexWriter):
    """The index of one bucket, in a folder named after its schema."""

    def __init__(self, root: Path, bucket_id: str, wait_s: float) -> None:
        self._root = root
        self._bucket_id = bucket_id
        self._wait_s = wait_s

    @contextmanager
    def updating(self) -> Iterator[IndexUpdate]:
        """See IndexWriter."""
        with ExitStack() as stack:
            with _translated():
                self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
                stack.enter_context(held(self._root / LOCK, self._wait_s))
                update = _TantivyUpdate(self._root / FINGERPRINT, self._bucket_id)
            stack.callback(update.let_go)
            yield update
            update.finish()

    def discard(self) -> None:
        """See IndexWriter."""
        with ExitStack() as stack, _translated():
            if self._root.is_dir():
                stack.enter_context(held(self._root / LOCK, self._wait_s))
                disown(self._root / FINGERPRINT)


class _TantivyUpdate(IndexUpdate):
    """The index, while its lock is held."""

    def __init__(self, folder: Path, bucket_id: str) -> None:
        self._folder = folder
        self._bucket_id = bucket_id
        self._index, self._is_claimed = _opened(folder, bucket_id)
        self._writer: tantivy.IndexWriter | None = None
        self._spending = Spending(None)
        self._known = self._committed()
        self._put: set[TraceId] = set()
        self._waiting = 0
        self._is_dirty = False

    def indexed(self) -> Mapping[TraceId, Indexed]:
        """See IndexUpdate."""
        return self._known

    def put_step(self, document: StepDocument, *, replaces: bool) -> None:
        """See IndexUpdate."""
        with _translated():
            if replaces:
                self._delete(document.trace, document.step)
            self._writing().add_document(of_step(document))
            self._spending.add(document)
            self._waiting += sum(map(len, document.texts.values()))
            self._bound_what_waits()

    def put_trace(self, document: TraceDocument) -> None:
        """See IndexUpdate."""
        with _translated():
            if document.trace in self._put or document.trace in self._known:
                self._delete(document.trace, 0)
            amounts = self._spending.of(document)
            self._writing().add_document(of_trace(document, amounts))
            self._put.add(document.trace)

    def forget(self, trace: TraceId) -> None:
        """See IndexUpdate."""
        with _translated():
            self._writing().delete_documents_by_term("trace", trace)
            self._spending.forget(trace)

    def commit(self) -> None:
        """See IndexUpdate."""
        with _translated():
            self._writing().commit()
            self._is_dirty = False
            self._waiting = 0
            if not self._is_claimed:
                claim(self._folder, self._bucket_id)
                self._is_claimed = True
            self._known = self._committed()

    def finish(self) -> None:
        """Drop what was not committed, and let merges end: they hold many files open."""
        if self._writer is None:
            return
        with _translated():
            if self._is_dirty:
                self._writer.rollback()
            self._writer.wait_merging_threads()
            if self._is_claimed:
                seal(self._folder)

    def let_go(self) -> None:
        """Let tantivy free what it holds, its own lock included."""
        self._writer = None

    def _writing(self) -> tantivy.IndexWriter:
        self._is_dirty = True
        if self._writer is None:
            unseal(self._folder)
            self._writer = self._index.writer(_HEAP_BYTES, 1)
            # What a killed commit left may have the name of what the same work makes again.
            self._writer.garbage_collect_files()
        return self._writer

    def _delete(self, trace: TraceId, step: int) -> None:
        query = one_document(self._index.schema, trace, step)
        self._writing().delete_documents_by_query(query)

    def _bound_what_waits(self) -> None:
        """Wait for tantivy's thread when it has fallen far behind.

        It can only be waited for by a commit, and only a new index, which nobody may read yet,
        can be committed before its time.
        """
        if self._waiting > _MOST_WAITING and not self._is_claimed:
            self._writing().commit()
            self._waiting = 0

    def _committed(self) -> Mapping[TraceId, Indexed]:
        if not self._is_claimed:
            return {}
        self._index.reload()
        asking = Asking(self._index.searcher(), self._index.schema)
        self._spending = Spending(asking)
        return Committed(asking)


def _opened(folder: Path, bucket_id: str) -> tuple[tantivy.Index, bool]:
    """Return the index, and whether it was there; one that cannot be relied on begins anew."""
    if is_ready(folder, bucket_id) and not any(broken_seals(folder)):
        try:
            index = tantivy.Index.open(str(folder))
            teach_words(index)
            return index, True
        except ValueError as error:
            if (refused := refusal(error, folder)) is not None:
                raise refused from error
            # It is damaged after all: what is derived may be made again.
    begin_anew(folder)
    check_maps(folder)
    index = tantivy.Index(build_schema(), str(folder))
    teach_words(index)
    return index, False


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ValueError as error:  # the one class of all of tantivy's errors
        if "LockBusy" in str(error):
            raise Busy("another process is writing to the index") from error
        raise StorageUnavailable(f"the index cannot be written: {error}") from error
    except OSError as error:
        if error.errno in UNWRITABLE:
            place = Path(str(error.filename))
            folder = place if os.path.isdir(place) else place.parent  # noqa: PTH112
            raise StorageUnavailable(unwritable(str(folder), str(error.strerror))) from error
        raise StorageUnavailable(f"the index cannot be written: {error}") from error
