"""Rows of Hermes that are far too large are kept or named, and never held in memory whole."""

import gzip
import hashlib
import json
from pathlib import Path

from tests.hermes_agent import Store, answer, human, run
from tests.integration.program.machine import Machine
from tests.integration.program.test_giants import MOST, measured

MIB = 1 << 20
ONE = run(human("hello"), answer("hello"))


def test_a_row_of_three_hundred_megabytes_is_kept_in_bounded_memory(tmp_path: Path) -> None:
    begin, end = run(human("@"), answer("far too long")).split(b"@")
    packed = tmp_path / "runs.jsonl.gz"
    with gzip.open(packed, "wb", compresslevel=1) as file:
        file.write(begin)
        for _ in range(300):
            file.write(b"zebra giraffe " * 74899 + b"ab")
        file.write(end + ONE)
    machine = Machine(tmp_path / "machine", tmp_path / "claude")

    code, memory = measured(machine, "import", str(packed))

    assert code == 0
    assert memory < MOST
    assert machine.json("import", str(packed))["unchanged"] == 2
    giant = gzip.decompress(packed.read_bytes())[: -len(ONE)]
    expected = {hashlib.sha256(line).hexdigest() for line in (giant, ONE)}
    assert {*machine.restored().values()} == expected


def test_messages_of_many_megabytes_are_kept_or_named_in_bounded_memory(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine", tmp_path / "claude")
    store = Store(machine.root / ".hermes/state.db")
    for session, size in (("small", 1), ("large", 60 * MIB), ("beyond", 65 * MIB)):
        store.session(session)
        store.say(session, "user", "hello")
        store.say(session, "assistant", "x" * size)
    store.close()

    code, memory = measured(machine, "import", "--agent", "hermes", "--all")

    assert code == 0
    assert memory < MOST
    _, out, errors = machine.run("import", "--agent", "hermes", "--all", "--json")
    done = json.loads(out)
    assert done["unchanged"] == 2
    assert [row["path"] for row in done["failed"]] == [f"{store.path}#beyond"]
    assert b"string or blob too big" in errors
