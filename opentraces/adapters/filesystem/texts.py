"""Single steps as plain text. Imports no models: a search must start at once."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from opentraces.adapters.filesystem.briefs import Briefs, Kept, Run
from opentraces.adapters.filesystem.inflating import StepRun
from opentraces.adapters.filesystem.layout import trace_folder
from opentraces.adapters.filesystem.members import check
from opentraces.adapters.filesystem.raw_envelope import taken_from, text
from opentraces.adapters.filesystem.tree import OpenFile, Tree
from opentraces.domain.errors import Corrupt, StepNotFound
from opentraces.domain.ids import TraceId
from opentraces.domain.search import Place, TraceBrief
from opentraces.domain.texts import texts_of_kept
from opentraces.ports.texts import StepTexts

_MOST_HELD = 8 * 1024 * 1024
"""Bytes of runs that are held for the next time: what is stored never changes."""

_MANY = 64
"""After so many runs, reading them faster is worth importing what does."""

_READER = 48 * 1024
"""Bytes that a run holds beside its own: those of what inflates it."""


class FilesystemStepTexts(StepTexts):
    """See StepTexts. Reads one member, and looks at the envelope of one trace at a time."""

    def __init__(
        self, bucket: Path, unpack: Callable[[bytes, int, str], bytes] | None = None
    ) -> None:
        """`unpack`: reads a run as `members.gunzipped` does; for who reads many. None: no other."""
        self._unpack = unpack
        self._read = 0
        self._bucket = Tree(bucket)
        self._briefs = Briefs(self._bucket)
        self._last: Kept | None = None
        self._opened: OpenFile | None = None
        self._held: dict[tuple[str, Run], StepRun] = {}
        self._size_held = 0

    def brief(self, trace: TraceId) -> TraceBrief:
        """See StepTexts."""
        self._last = self._briefs.of(trace)
        return self._last.brief

    def texts(self, trace: TraceId, step: int) -> Mapping[Place, str]:
        """See StepTexts."""
        with taken_from(trace_folder(trace)):
            texts = texts_of_kept(self._kept(trace, step))
            return {place: text(said) for place, said in texts.items()}

    def _kept(self, trace: TraceId, step: int) -> Any:
        """Return a step as JSON values. Raises StepNotFound."""
        if self._last is not None and self._last.brief.trace == trace:
            found = self._find(self._last, step)
            if found is not None:
                return found
        self._last = self._briefs.read(trace)
        found = self._find(self._last, step)
        if found is None:
            raise StepNotFound(f"trace {trace} has no step {step}")
        return found

    def _find(self, kept: Kept, step: int) -> Any | None:
        """Return the last line of a step, as JSON values. None: the envelope lists none."""
        runs = [run for run in kept.runs if run.first <= step <= run.last]
        if not runs:
            return None
        name = f"{trace_folder(kept.brief.trace)}/{kept.file}"
        opened = self._open(name)
        if opened is None:
            return self._find_again(kept, step)
        for run in reversed(runs):
            found = self._run(opened, run, name).last(step)
            if found is not None:
                return found
        return None

    def _run(self, opened: OpenFile, run: Run, name: str) -> StepRun:
        """Return a run to be read; those asked for last are held."""
        held = self._held.pop((name, run), None)
        if held is None:
            stored = opened.read(run.offset, run.stored)
            check(stored, run.digest, name)
            held = self._unpacked(stored, run, name)
            self._size_held += run.plain + _READER
        self._held[name, run] = held
        while self._size_held > _MOST_HELD:
            oldest = next(iter(self._held))
            del self._held[oldest]
            self._size_held -= oldest[1].plain + _READER
        return held

    def _unpacked(self, stored: bytes, run: Run, name: str) -> StepRun:
        self._read += 1
        if self._unpack is None or self._read <= _MANY:
            return StepRun(stored, run.plain, name)
        return StepRun.of_plain(self._unpack(stored, run.plain, name), name)

    def _open(self, name: str) -> OpenFile | None:
        """Open a file, or go on with it: most traces are asked for several steps in a row."""
        if self._opened is not None:
            if self._opened.name == name and self._opened.is_there:
                return self._opened
            self._opened.close()
        self._opened = self._bucket.open(name)
        return self._opened

    def _find_again(self, kept: Kept, step: int) -> Any | None:
        """Look once more: another process may have written the steps anew."""
        self._last = self._briefs.read(kept.brief.trace)
        if self._last == kept:
            raise Corrupt(f"{trace_folder(kept.brief.trace)}/{kept.file} is missing")
        return self._find(self._last, step)
