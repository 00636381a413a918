"""The traces of the stored bucket that tests look at, by what they are good for."""

from typing import Final

from opentraces.domain.ids import TraceId

MANY: Final = TraceId("0bc8ee5a-6626-5d87-ab4f-be30c711cc45")
"""Has sub-agents, notes, a spilled output and hooks; each of its sources has two runs."""
HOOKS: Final = 4
NOTE: Final = 5
OUTPUT: Final = 8

REWRITTEN: Final = TraceId("9526cf54-4ca8-5e08-88ce-c2e19f8dd1a4")
"""Its source 0 was rewritten: what it held is in no file any more."""

PLAIN: Final = TraceId("5fa96c6f-3307-5c33-8ddc-61dcd5cea306")
"""Has a transcript, and nothing else."""

SHORT: Final = TraceId("87886e08-c8c1-58fd-8438-01e2c9894c5d")
"""Another."""

DELETED: Final = TraceId("4a4d2f88-79a7-5c23-9aa0-6229d200a5ab")
"""Is no more."""
