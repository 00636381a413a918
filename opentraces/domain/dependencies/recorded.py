"""What a TraceRecord says on what its project is built."""

from opentraces.domain.dependencies.gathered import Dependencies
from opentraces.domain.trace import TraceRecord

NONE_SEEN = Dependencies()
"""Of a session that shows nothing of it."""


def with_dependencies(record: TraceRecord, found: Dependencies) -> TraceRecord:
    """Return a record that says so; the evidence stands in `metadata.dependencies`."""
    if found == NONE_SEEN:
        return record
    environment = {
        "language_ecosystem": found.ecosystems,
        "resolved_dependencies": found.pins,
    }
    evidence = {"dependencies": dict(found.evidence)} if found.evidence else {}
    changes = {
        "dependencies": found.names,
        "environment": record.environment.but(**environment),
        "metadata": {**record.metadata, **evidence},
    }
    return record.but(**changes)
