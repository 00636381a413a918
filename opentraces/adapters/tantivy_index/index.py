"""TraceIndex by tantivy."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from opentraces.adapters.tantivy_index.asking import Asking
from opentraces.adapters.tantivy_index.checking import damaged_files
from opentraces.adapters.tantivy_index.counting import Counting
from opentraces.adapters.tantivy_index.files import disown, is_ready, stamp
from opentraces.adapters.tantivy_index.lock import LOCK, kept_from_writers
from opentraces.adapters.tantivy_index.opening import opened
from opentraces.adapters.tantivy_index.ranking import Ranking
from opentraces.adapters.tantivy_index.ranking_by_cost import CostRanking
from opentraces.adapters.tantivy_index.refusals import refusal
from opentraces.adapters.tantivy_index.schema import FINGERPRINT
from opentraces.domain.errors import Corrupt, StorageUnavailable
from opentraces.domain.query import Phrase, Query
from opentraces.domain.reach import Reach, order_of, reach, wanted
from opentraces.domain.search import Cursor, Facet, FacetCount, Found, Order
from opentraces.ports.index import IndexState, TraceIndex

_WAIT_S = 2.0


class TantivyTraceIndex(TraceIndex):
    """The index of one bucket, in a folder named after its schema."""

    def __init__(self, root: Path, bucket_id: str, passing: Path = Path("/tmp")) -> None:  # noqa: S108
        """Search the index in `root`; `passing` is for what is needed while it is opened."""
        self._folder = root / FINGERPRINT
        self._lock = root / LOCK
        self._bucket_id = bucket_id
        self._passing = passing
        self._seen: tuple[int, ...] | None = None
        self._asking: Asking | None = None

    def state(self) -> IndexState:
        """See TraceIndex. Looks at the length and the last bytes of each file."""
        with self._translated():
            is_whole = is_ready(self._folder, self._bucket_id)
        return IndexState.READY if is_whole else IndexState.ABSENT

    def damaged(self) -> tuple[str, ...]:
        """See TraceIndex. Waits for a writer within a bound, then raises Busy."""
        if self.state() is IndexState.ABSENT:
            return ()
        with self._translated(), kept_from_writers(self._lock, _WAIT_S):
            return tuple(damaged_files(self._folder))

    def search(
        self,
        query: Query,
        limit: int,
        *,
        order: Order = Order.RELEVANCE,
        after: Cursor | None = None,
    ) -> Found:
        """See TraceIndex. An index that is found damaged is absent from then on."""
        with self._translated():
            asking = self._current()
            with_steps = reach(query) is not Reach.TRACES
            question = asking.question(query)
            if order is Order.COST:
                by_cost = CostRanking(asking, question)
                return by_cost.found(max(limit, 0), after, with_steps=with_steps)
            by_moment = order_of(query, order) is Order.TIME
            of_rows = any(isinstance(leaf, Phrase) for leaf in wanted(query.clauses))
            ranking = Ranking(asking, question, by_moment=by_moment, of_rows=of_rows)
            return ranking.found(max(limit, 0), after, with_steps=with_steps)

    def count(self, query: Query, facet: Facet) -> tuple[FacetCount, ...]:
        """See TraceIndex. An index that is found damaged is absent from then on."""
        with self._translated():
            asking = self._current()
            with_steps = reach(query) is not Reach.TRACES
            counting = Counting(asking, asking.question(query), with_steps=with_steps)
            return counting.counted(facet)

    def _current(self) -> Asking:
        """Return how to ask what was committed last."""
        now = stamp(self._folder)
        if self._asking is None or now is None or now != self._seen:
            if not is_ready(self._folder, self._bucket_id):
                raise ValueError("cut short")
            index = opened(self._folder, self._passing)
            self._asking, self._seen = Asking(index.searcher(), index.schema), now
        return self._asking

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except ValueError as error:  # the one class of all of tantivy's errors
            if (refused := refusal(error, self._folder)) is not None:
                raise refused from error
            with suppress(OSError):  # where nothing can be written
                disown(self._folder)
            raise Corrupt(f"the index {self._folder} is damaged: {error}") from error
        except OSError as error:
            place = error.filename or self._folder
            raise StorageUnavailable(f"{place}: {error.strerror or error}") from error
