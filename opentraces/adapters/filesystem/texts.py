"""Single steps as plain text. Imports no models: a search must start at once."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from opentraces.adapters.filesystem.kept_files import envelope_name
from opentraces.adapters.filesystem.layout import trace_folder
from opentraces.adapters.filesystem.members import check, gunzipped
from opentraces.adapters.filesystem.raw_envelope import (
    count,
    read_envelope,
    taken_from,
    text,
    text_or_none,
)
from opentraces.adapters.filesystem.tree import OpenFile, Tree
from opentraces.domain.errors import Corrupt, StepNotFound
from opentraces.domain.ids import SessionId, TraceId, read_json
from opentraces.domain.search import Place, TraceBrief
from opentraces.domain.texts import texts_of_kept
from opentraces.ports.texts import StepTexts

_MOST_HELD = 4 * 1024 * 1024
"""Plain bytes of runs that are held for the next time: what is stored never changes."""

_Run = tuple[int, int, int, str]
"""Where a run is stored, its stored bytes, its plain bytes, its digest."""


class FilesystemStepTexts(StepTexts):
    """See StepTexts. Reads one member, and looks at the envelope of one trace at a time."""

    def __init__(self, bucket: Path) -> None:
        self._bucket = Tree(bucket)
        self._last: tuple[TraceId, dict[str, Any]] | None = None
        self._opened: OpenFile | None = None
        self._held: dict[tuple[str, _Run], bytes] = {}
        self._size_held = 0

    def brief(self, trace: TraceId) -> TraceBrief:
        """See StepTexts."""
        said = self._envelope(trace)
        with taken_from(envelope_name(trace)):
            header = said["header"]
            return TraceBrief(
                trace=trace,
                session=SessionId(text(header["session_id"])),
                agent=text(header["agent"]),
                project=text_or_none(header.get("project")),
                title=text_or_none(header.get("title")),
                started=text_or_none(header.get("started")),
                steps=count(header.get("steps", 0)),
            )

    def texts(self, trace: TraceId, step: int) -> Mapping[Place, str]:
        """See StepTexts."""
        with taken_from(trace_folder(trace)):
            texts = texts_of_kept(self._kept(trace, step))
            return {place: text(said) for place, said in texts.items()}

    def _kept(self, trace: TraceId, step: int) -> Any:
        """Return a step as JSON values. Raises StepNotFound."""
        if self._last is not None and self._last[0] == trace:
            found = self._find(trace, self._last[1], step)
            if found is not None:
                return found
        found = self._find(trace, self._envelope(trace), step)
        if found is None:
            raise StepNotFound(f"trace {trace} has no step {step}")
        return found

    def _envelope(self, trace: TraceId) -> dict[str, Any]:
        said = read_envelope(self._bucket, trace)
        self._last = (trace, said)
        return said

    def _find(self, trace: TraceId, said: dict[str, Any], step: int) -> Any | None:
        """Return the last line of a step, as JSON values. None: the envelope lists none."""
        file = _steps_file(said)
        runs = list(_runs(said["files"][file]["members"], step)) if file else []
        if not runs:
            return None
        name = f"{trace_folder(trace)}/{file}"
        opened = self._open(name)
        if opened is None:
            return self._find_again(trace, said, step)
        for run in reversed(runs):
            found = _line_of(step, self._plain(opened, run, name))
            if found is not None:
                return found
        return None

    def _plain(self, opened: OpenFile, run: _Run, name: str) -> bytes:
        """Return the plain bytes of a run; those asked for last are held."""
        held = self._held.pop((name, run), None)
        plain = _plain(opened, run, name) if held is None else held
        self._size_held += len(plain) if held is None else 0
        self._held[name, run] = plain
        while self._size_held > _MOST_HELD:
            oldest = next(iter(self._held))
            self._size_held -= len(self._held.pop(oldest))
        return plain

    def _open(self, name: str) -> OpenFile | None:
        """Open a file, or go on with it: most traces are asked for several steps in a row."""
        if self._opened is not None:
            if self._opened.name == name and self._opened.is_there:
                return self._opened
            self._opened.close()
        self._opened = self._bucket.open(name)
        return self._opened

    def _find_again(self, trace: TraceId, said: dict[str, Any], step: int) -> Any | None:
        """Look once more: another process may have written the steps anew."""
        newest = self._envelope(trace)
        if newest == said:
            raise Corrupt(f"{trace_folder(trace)}/{_steps_file(said)} is missing")
        return self._find(trace, newest, step)


def _steps_file(said: dict[str, Any]) -> str | None:
    return next((file for file in said["files"] if file.startswith("steps.")), None)


def _runs(members: list[list[Any]], step: int) -> Iterator[_Run]:
    """Yield the runs that may hold a step, in the order they were written."""
    offset = 0
    for first, last, plain, stored, digest, *_ in members:
        if first <= step <= last:
            yield offset, stored, plain, digest
        offset += stored


def _plain(opened: OpenFile, run: _Run, name: str) -> bytes:
    offset, length, plain, digest = run
    stored = opened.read(offset, length)
    check(stored, digest, name)
    return gunzipped(stored, plain, name)


def _line_of(step: int, plain: bytes) -> Any | None:
    """Return the last line of a step's number. None: none of these lines is."""
    number = b'"step_index":%d' % step
    end = len(plain)
    while (at := plain.rfind(number, 0, end)) >= 0:
        end = plain.rfind(b"\n", 0, at) + 1
        after = plain.find(b"\n", at)
        kept = read_json(plain[end : after if after >= 0 else len(plain)])["step"]
        if kept["step_index"] == step:
            return kept
    return None
