"""Whether there is a bucket, and whether it is ours."""

from collections.abc import Iterator

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.amounts import count, size
from opentraces.domain.health import Check, Level
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.bucket import BucketKeeper

_TOPIC = "bucket"


@frozen_dataclass
class BucketChecker(Checker):
    """Looks at the bucket as a whole; its bytes are checked by `bucket verify`."""

    keeper: BucketKeeper

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        if self.keeper.identify() is None:
            yield Check(_TOPIC, Level.WARN, "nothing is kept yet", "opentraces import --all")
            return
        status = self.keeper.status()
        held = f"{count(status.traces, 'trace')}, {size(status.bucket_bytes)}"
        yield Check(_TOPIC, Level.OK, f"format 1, {held}")
