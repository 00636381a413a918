"""Whether what agents write is understood."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.amounts import count
from opentraces.domain.health import Check, Level
from opentraces.domain.skipping import NOTHING_RECOGNISED
from opentraces.ports.overview import TraceOverview

_TOPIC = "formats"
_NAMED = 4
_KEPT = "all bytes are kept; a newer opentraces may understand them"


@dataclass(frozen=True, slots=True)
class FormatsChecker(Checker):
    """Looks at the lines of kept sessions that were not understood."""

    overview: TraceOverview

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        alien: Counter[str] = Counter()
        unknown: Counter[str] = Counter()
        bad = 0
        for brief in self.overview.briefs():
            writer = f"{brief.agent} {brief.release or 'of no known release'}"
            if brief.skipped == NOTHING_RECOGNISED:
                alien[writer] += 1
            else:
                unknown.update({f"{kind} ({writer})": n for kind, n in brief.unknown_types.items()})
                bad += brief.bad_lines
        yield from _alien(alien)
        if unknown:
            lines = count(unknown.total(), "line")
            text = f"{lines} of types not understood: {_most(unknown)}"
            yield Check(_TOPIC, Level.WARN, text, _KEPT)
        if bad:
            yield Check(_TOPIC, Level.WARN, f"{count(bad, 'line')} that are no JSON", _KEPT)
        if not (alien or unknown or bad):
            yield Check(_TOPIC, Level.OK, "every line that is kept was understood")


def _alien(alien: Counter[str]) -> Iterator[Check]:
    for writer, number in alien.most_common():
        text = (
            f"no line was recognised in {count(number, 'session')} of {writer}: "
            "the agent may have changed its format"
        )
        yield Check(_TOPIC, Level.FAIL, text, _KEPT)


def _most(unknown: Counter[str]) -> str:
    named = [f"{number:,} {kind}" for kind, number in unknown.most_common(_NAMED)]
    return ", ".join([*named, "…"] if len(unknown) > _NAMED else named)
