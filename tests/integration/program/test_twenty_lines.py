"""A bucket is read by the domain and one adapter: no command line, no container, no index."""

import subprocess
import sys

import orjson

from tests.integration.program.machine import Machine

READER = """
import sys
from pathlib import Path
from opentraces.adapters.filesystem.clock import SystemClock
from opentraces.adapters.filesystem.keeper import FilesystemBucketKeeper
from opentraces.adapters.filesystem.traces import FilesystemTraceStore
from opentraces.domain.assemble import Derived, assemble, wire_bytes

home = Path(sys.argv[1])
audit = FilesystemBucketKeeper(home, SystemClock()).verify(deep=True)
assert audit.ok, audit.problems
store = FilesystemTraceStore(home / "bucket")
for trace in store.ids():
    envelope = store.envelope(trace)
    steps, trail = tuple(store.steps(envelope, 1, None)), store.trail(envelope)
    derived = Derived(context=tuple(store.context(envelope)))
    record = assemble(envelope, steps, trail=trail, derived=derived)
    sys.stdout.buffer.write(wire_bytes(record) + b"\\n")
foreign = {"click", "dependency_injector", "tantivy", "pygit2", "sqlite3"} & set(sys.modules)
assert not foreign, foreign
"""


def test_twenty_lines_read_and_verify_a_bucket(imported: Machine) -> None:
    assert len(READER.strip().splitlines()) <= 20

    run = subprocess.run(
        [sys.executable, "-c", READER, str(imported.home)], capture_output=True, check=False
    )

    assert run.returncode == 0, run.stderr
    records = {orjson.loads(line)["trace_id"]: line + b"\n" for line in run.stdout.splitlines()}
    expected = imported.records()
    assert set(records) == set(expected)
    assert [trace for trace in records if records[trace] != expected[trace]] == []
