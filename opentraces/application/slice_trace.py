"""Cut a kept trace into bounded evidence."""

from collections.abc import Iterator

from opentraces.application.map_trace import Mapped, MapTrace
from opentraces.domain.activity.deed import Deed
from opentraces.domain.errors import StepNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.slices.chosen import Chosen
from opentraces.domain.slices.fitting import Setting, Slice, fitted
from opentraces.domain.slices.telling import Patches
from opentraces.domain.slices.templates import Template, around, by_numbers, by_template
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.trail.shown import ShownPatch

_SHORT = 8


@frozen_dataclass
class SliceRequest:
    """Which evidence is wanted: by a template, or else by numbers, or around a step."""

    trace: str
    """An id, the beginning of one, or a session's own id."""

    most: int
    """Tokens of each slice, at most."""

    template: Template | None = None
    """How to cut. None: by numbers, or around a step."""

    steps: tuple[int, int] | None = None
    """The first and the last step wanted; -1: the last of the trace. None: not by numbers."""

    around: int | None = None
    """A step; -1: the last of the trace. None: not around one."""


@frozen_dataclass
class Sliced:
    """Evidence of a trace."""

    trace: TraceId
    """Which."""

    slices: tuple[Slice, ...]
    """By their first steps; empty: the session has nothing of what the template asks for."""


@frozen_dataclass
class SliceTrace:
    """Cut a kept trace into bounded evidence."""

    map: MapTrace

    def execute(self, request: SliceRequest) -> Sliced:
        """Raises BadRequest, TraceNotFound, StepNotFound, Ambiguous, Corrupt, StorageUnavailable.

        BadRequest: a slice cannot be as short as that.
        """
        mapped = self.map.execute(request.trace)
        patches = _by_call(mapped)
        slices = (
            fitted(chosen, _setting(chosen, mapped), patches, request.most)
            for chosen in _chosen(request, mapped)
        )
        return Sliced(mapped.trace, tuple(slices))


def _chosen(request: SliceRequest, mapped: Mapped) -> tuple[Chosen, ...]:
    steps = mapped.course.steps
    if request.template is not None:
        return by_template(request.template, steps)
    last = steps[-1].number if steps else 0
    if request.around is not None:
        number = last if request.around == -1 else request.around
        found = around(number, steps)
    else:
        first, final = request.steps or (1, last)
        number = last if first == -1 else first
        found = by_numbers(number, last if final == -1 else final, steps)
    if not found:
        raise StepNotFound(f"no step {number} in {mapped.trace}: it has {last}")
    return found


def _by_call(mapped: Mapped) -> Patches:
    found: dict[tuple[int, str], list[ShownPatch]] = {}
    for each in mapped.patches:
        made = each.made
        if made.change.call is not None:
            found.setdefault((made.step_index, made.change.call), []).append(each)
    return found


def _setting(chosen: Chosen, mapped: Mapped) -> Setting:
    first, last = chosen.first, chosen.last
    short = mapped.trace[:_SHORT]
    where = f"{short}:{first}" if first == last else f"{short}:{first}-{last}"
    count = len(mapped.course.steps)
    return Setting(
        ref=f"{where} of {count:,} steps",
        agent=mapped.agent,
        folder=mapped.folder or "",
        begun=mapped.started or "",
        title=mapped.title or "",
        commits=tuple(dict.fromkeys(_commits(chosen, mapped))),
    )


def _commits(chosen: Chosen, mapped: Mapped) -> Iterator[str]:
    for shown in mapped.patches_of(chosen.steps):
        yield from (held.commit[:_SHORT] for held in shown.held_by)
    for step in chosen.steps:
        for doing in step.doings:
            if doing.deed is Deed.COMMIT and doing.commit and not doing.is_failed:
                yield doing.commit[:_SHORT]
