"""Many hooks at once: as many whole lines as events, whoever takes lines away meanwhile."""

import fcntl
import json
from collections import Counter
from random import Random
from threading import Event, Thread

import pytest

from opentraces.adapters.filesystem.spool import FilesystemEventSpool
from opentraces.domain.ids import SessionId
from opentraces.domain.session import Agent
from tests.integration.hooks.hooked import BEGIN, SESSION, SILENT, HookedMachine, ended, event

HOOKS = 200
SIZES = (1, 1, 1, 1, 1, 200, 4_000, 70_000, 300_000, 5_000_000)
"""Characters of a prompt: a pipe holds 65,536 bytes, a page 4,096."""


def sessions(count: int) -> list[str]:
    return [f"{number:08x}-0000-4000-8000-000000000000" for number in range(count)]


def crowd(machine: HookedMachine, among: list[str]) -> dict[str, list[bytes]]:
    """Run all hooks at once; return what was sent, by session."""
    random, sent = Random(5), {session: list[bytes]() for session in among}
    payloads = machine.root / "payloads"
    payloads.mkdir()
    started = []
    for number in range(HOOKS):
        session = among[number % len(among)]
        said = event(session=session, number=number, prompt="x" * SIZES[number % len(SIZES)])
        place = payloads / str(random.getrandbits(64))
        place.write_bytes(said)
        sent[session].append(said)
        with place.open("rb") as stdin:
            started.append(machine.start(stdin))
    assert [ended(process) for process in started] == [SILENT] * HOOKS
    return sent


@pytest.mark.parametrize("count", [1, 7])
def test_each_event_of_a_crowd_is_one_whole_line(count: int, machine: HookedMachine) -> None:
    sent = crowd(machine, sessions(count))

    lines = {session: machine.lines(session) for session in sent}
    assert sum(map(len, lines.values())) == HOOKS
    for session, said in sent.items():
        assert all(json.loads(line)["opentraces"] == 1 for line in lines[session])
        assert Counter(map(_event_of, lines[session])) == Counter(map(bytes.strip, said))


def _event_of(line: bytes) -> bytes:
    """Return the agent's own bytes in a line."""
    assert line.startswith(BEGIN)
    assert line.endswith(b"}\n")
    return line.partition(b',"event":')[2][:-2]


def test_no_event_is_lost_while_a_worker_takes_files_away(machine: HookedMachine) -> None:
    spool = FilesystemEventSpool(
        machine.store / "spool", machine.store / "state", Agent.CLAUDE_CODE
    )
    session, taken, is_over = SessionId(SESSION), list[bytes](), Event()

    def take() -> None:
        while not is_over.is_set():
            held = b"".join(spool.read(session, 0))
            if held and spool.clear(session, len(held)):
                taken.append(held)

    taker = Thread(target=take)
    taker.start()
    try:
        sent = crowd(machine, [SESSION])[SESSION]
    finally:
        is_over.set()
        taker.join()

    assert len(taken) > 1
    kept = b"".join([*taken, *machine.lines()]).splitlines(keepends=True)
    assert Counter(map(_event_of, kept)) == Counter(map(bytes.strip, sent))


def test_file_that_somebody_holds_for_ever_is_written_to(machine: HookedMachine) -> None:
    machine.run(event(prompt="x"))

    with (machine.spool / f"{SESSION}.jsonl").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert machine.run(event(prompt="y")) == SILENT

    assert [said["prompt"] for said in machine.events()] == ["x", "y"]
