"""A process that writes traces whose notes change: `python -m … HOME ROUNDS SEED TRACE…`.

A trace's note is one of few, so what one round leaves to nobody, another finds and names again.
Some rounds are abandoned, some begin the steps anew, and after some a trace of this process alone
is kept and deleted. Prints how many steps each trace has at the end, and a digest of every envelope
that this process committed.
"""

import json
import random
import sys
from pathlib import Path

from opentraces.adapters.filesystem.blobs import FilesystemBlobStore
from opentraces.adapters.filesystem.envelope_file import encode
from opentraces.domain.ids import TraceId, digest
from opentraces.ports.trace_writing import TraceBatch, TraceEdit
from tests.contracts.samples import header, named, source, step
from tests.integration.adapters.filesystem.on_disk import traces_of, writer_of

NOTES = [b"note %d\n" % number * 500 for number in range(3)]


class Abandoned(Exception):
    """Raised in a batch, to leave it."""


def line(number: int) -> bytes:
    return b"line %d\n" % number


def add(home: Path, batch: TraceBatch, trace: TraceId, chance: random.Random) -> TraceEdit:
    """Add a line and a step, and put another note in the place of the last one."""
    note = chance.choice(NOTES)
    blob = FilesystemBlobStore(home / "bucket").put([note])
    edit = batch.edit(trace, wait=True)
    before = edit.envelope.header.steps if edit.envelope else 0
    first = before + 1
    if chance.random() < 0.3:
        edit.restart_steps()
        first = 1
    for number in range(first, before + 2):
        edit.append_step(step(number))
    edit.append_source(0, line(before + 1))
    size = sum(len(line(number)) for number in range(1, before + 2))
    edit.commit(header(source(size), source(len(note), "note", blob), steps=before + 1))
    return edit


def main(home: Path, rounds: int, seed: int, traces: list[TraceId]) -> None:
    chance = random.Random(seed)
    committed: list[str] = []
    for number in range(rounds):
        try:
            with writer_of(home).batch() as batch:
                edit = add(home, batch, traces[number % len(traces)], chance)
                if chance.random() < 0.2:
                    raise Abandoned
        except Abandoned:
            continue
        committed.append(digest(encode(edit.committed)))
        if number % 5 == 0:
            victim = named(f"victim {seed} {number}")
            with writer_of(home).batch() as batch:
                edit = add(home, batch, victim, chance)
            committed.append(digest(encode(edit.committed)))
            writer_of(home).delete(victim)
    counts = [traces_of(home).envelope(trace).header.steps for trace in traces]
    sys.stdout.write(json.dumps([counts, committed]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), [*map(TraceId, sys.argv[4:])])
