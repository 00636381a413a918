"""How far each trace is indexed, as last committed."""

from collections.abc import Iterator, Mapping

import tantivy

from opentraces.adapters.tantivy_index.asking import Asking, one_document
from opentraces.domain.ids import TraceId
from opentraces.ports.index_writing import Indexed

_FEW = 50
"""So many traces are looked up one by one; then all are read at once."""


class Committed(Mapping[TraceId, Indexed]):
    """Reads no more than is asked for: an update of one trace does not wait for all the others."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._looked_up = 0
        self._all: dict[TraceId, Indexed] | None = None

    def __getitem__(self, trace: TraceId) -> Indexed:
        """Raises KeyError."""
        self._looked_up += 1
        if self._all is None and self._looked_up <= _FEW:
            return self._read(one_document(self._asking.schema, trace, 0), 1)[trace]
        return self._everything()[trace]

    def __iter__(self) -> Iterator[TraceId]:
        return iter(self._everything())

    def __len__(self) -> int:
        if self._all is not None:
            return len(self._all)
        return self._asking.count(self._asking.wholes())

    def _everything(self) -> dict[TraceId, Indexed]:
        if self._all is None:
            self._all = self._read(self._asking.wholes(), len(self))
        return self._all

    def _read(self, query: tantivy.Query, count: int) -> dict[TraceId, Indexed]:
        searcher = self._asking.searcher
        addresses = [address for _, address in searcher.search(query, max(count, 1)).hits]
        names = (searcher.doc(address).get_first("trace") for address in addresses)
        columns = (
            searcher.fast_field_values(name, addresses)
            for name in ("commit", "generation", "steps_length")
        )
        return {
            TraceId(str(name)): Indexed(int(commit or 0), int(generation or 0), int(length or 0))
            for name, commit, generation, length in zip(names, *columns, strict=True)
        }
