"""Whether what agents write is understood."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.amounts import count
from opentraces.domain.health import Check, Level
from opentraces.domain.skipping import ALARMS
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.overview import TraceOverview

_TOPIC = "formats"
_NAMED = 4
_KEPT = "all bytes are kept; a newer opentraces may understand them"
_AGAIN = f"{_KEPT}: bucket repair --reproject"


@frozen_dataclass
class FormatsChecker(Checker):
    """Looks at the lines of kept sessions that were not understood."""

    overview: TraceOverview

    def checks(self) -> Iterator[Check]:
        """See Checker."""
        alien = dict[str, list[str]]()
        unknown: Counter[str] = Counter()
        bad = 0
        for brief in self.overview.briefs():
            writer = _writer(brief.agent, brief.release)
            for file in brief.alien:
                alien.setdefault(_writer(brief.agent, file.release), []).append(file.location)
            if brief.skipped not in ALARMS:
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


def _writer(agent: str, release: str | None) -> str:
    return f"{agent} {release or 'of no known release'}"


def _alien(alien: Mapping[str, Sequence[str]]) -> Iterator[Check]:
    """Count the files by who wrote them; the most first."""
    for writer, files in sorted(alien.items(), key=lambda item: -len(item[1])):
        text = (
            f"no line, or hardly one, was recognised in {count(len(files), 'file')} of {writer}, "
            f"such as {files[0]}: the agent may have changed its format"
        )
        yield Check(_TOPIC, Level.FAIL, text, _AGAIN)


def _most(unknown: Counter[str]) -> str:
    named = [f"{number:,} {kind}" for kind, number in unknown.most_common(_NAMED)]
    return ", ".join([*named, "…"] if len(unknown) > _NAMED else named)
