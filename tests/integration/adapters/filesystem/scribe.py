"""A process that writes to a bucket: `python -m … HOME ROUNDS WORD TRACE…`.

Line n of a trace's source and step n are written together, so that whatever is left of it can be
told whole from half.
"""

import sys
from pathlib import Path

from opentraces.domain.ids import TraceId
from opentraces.ports.trace_writing import TraceBatch
from tests.contracts.samples import header, source, step
from tests.integration.adapters.filesystem.on_disk import traces_of, writer_of


def line(number: int) -> bytes:
    return b"line %d %s\n" % (number, b"x" * (number % 7 * 400))


def text(number: int) -> str:
    return f"step {number} " * (number % 5 * 40 + 1)


def add(batch: TraceBatch, trace: TraceId, count: int, *, wait: bool) -> int:
    """Add some lines and as many steps; now and then all steps are written anew."""
    edit = batch.edit(trace, wait=wait)
    kept = edit.envelope
    before, size = (kept.header.steps, kept.header.sources[0].size) if kept else (0, 0)
    first = before + 1
    if kept and kept.commit % 5 == 0:
        edit.restart_steps()
        first = 1
    new = b"".join(line(number) for number in range(before + 1, before + count + 1))
    edit.append_source(0, new)
    for number in range(first, before + count + 1):
        edit.append_step(step(number, text(number)))
    edit.commit(header(source(size + len(new)), steps=before + count))
    return before + count


def check(home: Path, trace: TraceId) -> int:
    """Return how many steps a trace has; each must be there, and each line."""
    traces = traces_of(home)
    kept = traces.envelope(trace)
    count = kept.header.steps
    steps = [each.step.content for each in traces.steps(kept, 1, None)]
    assert steps == [text(number) for number in range(1, count + 1)]
    data = b"".join(traces.source(kept, 0, 0))
    assert data == b"".join(line(number) for number in range(1, count + 1))
    return count


def main(home: str, rounds: str, *ids: str) -> None:
    """Add three lines to each trace, `rounds` times; after each, say what is durable."""
    for _ in range(int(rounds)):
        counts: list[int] = []
        for group in ids:
            with writer_of(Path(home)).batch() as batch:
                for number, trace in enumerate(group.split(",")):
                    counts.append(add(batch, TraceId(trace), 3, wait=number == 0))
        sys.stdout.write(f"{counts}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
