"""Ids, as short as they can be typed back."""

from collections.abc import Iterable

from opentraces.domain.ids import TraceId

_SHORTEST = 8


def short_ids(traces: Iterable[TraceId]) -> dict[TraceId, str]:
    """Return for each trace the beginning of its id that no other of them has."""
    all_of_them = list(traces)
    length = _SHORTEST
    while len({trace[:length] for trace in all_of_them}) < len(set(all_of_them)):
        length += 1
    return {trace: trace[:length].rstrip("-") for trace in all_of_them}
