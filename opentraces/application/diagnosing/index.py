"""Whether what is kept can be found."""

from collections.abc import Iterator

from opentraces.application.catch_up import CatchUp
from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.amounts import count
from opentraces.domain.health import Check, Level
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.index import IndexState

_TOPIC = "index"
_NAMED = 3

_NO_TRAILS = (
    "what sessions did to files is not noted, or by another release or for another bucket: "
    "the next question about it notes it anew"
)


@frozen_dataclass
class IndexChecker(Checker):
    """Looks at the index, and brings it up to date."""

    catch_up: CatchUp

    deep: bool
    """Whether every byte of it is read."""

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        if self.catch_up.index.state() is IndexState.ABSENT:
            yield self._absent()
            return
        if self.deep and (damaged := self.catch_up.index.damaged()):
            advice = "opentraces doctor --deep --fix"
            yield Check(_TOPIC, Level.FAIL, f"damaged: {_listed(damaged)}", advice)
            return
        behind = len(self.catch_up.markers.marked())
        later = f", {count(behind, 'trace')} behind: the next search catches up" if behind else ""
        read = ", every byte of it read" if self.deep else ""
        yield Check(_TOPIC, Level.OK, f"ready{read}{later}")
        if self._lacks_trails():
            yield Check(_TOPIC, Level.WARN, _NO_TRAILS, "opentraces doctor --fix")

    def mend(self) -> Iterator[str]:
        """See Checker. One that is damaged is made anew."""
        if not self._is_anything_kept():
            return
        if self.deep and self.catch_up.index.damaged():
            self.catch_up.index_writer.discard()
            yield "gave the damaged index up"
        if self.catch_up.is_needed():
            lacks_trails = self._lacks_trails()
            done = self.catch_up.execute()
            if done.complete and (done.traces or not lacks_trails):
                yield f"brought the index up to date: {count(done.traces, 'trace')}"
            if done.complete and lacks_trails:
                yield "noted anew what sessions did to files"

    def _absent(self) -> Check:
        if self._is_anything_kept():
            text = "not there, or of another release or bucket: the next search makes it anew"
            return Check(_TOPIC, Level.WARN, text, "opentraces doctor --fix")
        return Check(_TOPIC, Level.OK, "nothing is to be found yet")

    def _lacks_trails(self) -> bool:
        return (
            self.catch_up.may_settle
            and self._is_anything_kept()
            and not self.catch_up.are_trails_noted()
        )

    def _is_anything_kept(self) -> bool:
        return any(True for _ in self.catch_up.traces.ids())


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
