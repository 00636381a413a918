"""What an agent may do with its end of the pipe."""

import socket
import subprocess
from collections.abc import Iterable
from time import sleep

import pytest

from tests.integration.hooks.hooked import SESSION, SILENT, HookedMachine, both, ended, event

GARBAGE = {
    "text": b"not an event\n",
    "bytes": bytes(range(256)) * 100,
    "list": b'[{"session_id":"x"}]\n',
    "half": event(prompt="x")[:-3],
    "open": b"{",
    "closed": b"}\n",
    "blank": b"\n \n",
    "nothing": b"",
    "zeros": bytes(100_000_000),
}


@both
@pytest.mark.parametrize("payload", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_is_not_kept(payload: bytes, machine: HookedMachine) -> None:
    assert machine.run(payload) == SILENT

    assert not machine.top.exists()


@both
def test_garbage_in_braces_spoils_no_other_event(machine: HookedMachine) -> None:
    told = machine.environment() | {"CLAUDE_CODE_SESSION_ID": SESSION}

    for payload in (b"{garbage}\n", b'{"session_id":}\n', b"{\xff\n\x00}\n", event()):
        assert machine.run(payload, environment=told) == SILENT

    assert len(machine.lines()) + len(machine.lines("unknown")) == 4
    assert len(machine.events()) == 1


@both
@pytest.mark.parametrize("stdin", ["<&-", "</dev/null", "<."])
def test_stdin_that_is_no_pipe(stdin: str, machine: HookedMachine) -> None:
    assert machine.run(b"", before=f"exec {stdin}") == SILENT

    assert machine.spooled() == []


@both
def test_event_in_a_file(machine: HookedMachine) -> None:
    file = machine.root / "event"
    file.write_bytes(event())

    assert machine.run(b"", before=f"exec <{file}") == SILENT

    assert len(machine.events()) == 1


@both
def test_event_over_a_socket_as_node_makes_one(machine: HookedMachine) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, theirs.makefile("rb") as stdin:
        process = machine.start(stdin)
        ours.sendall(event(prompt="x" * 500_000))
        assert ended(process) == SILENT

    assert [len(said["prompt"]) for said in machine.events()] == [500_000]


def test_hook_ends_although_stdin_stays_open(machine: HookedMachine) -> None:
    pieces = [b"", event()[:20], event().strip(), event()]
    started = [machine.start(subprocess.PIPE) for _ in pieces]
    for process, piece in zip(started, pieces, strict=True):
        _hand_over(process, [piece], pause=0.2)

    started[-1].wait(60)
    assert started[0].poll() is None  # with its event, a hook waits for no more
    for process in started:
        process.wait(60)  # before its pipe is closed
        assert ended(process) == SILENT
    assert len(machine.events()) == 2


def test_event_is_whole_however_slowly_it_comes(machine: HookedMachine) -> None:
    payload = event(prompt="x" * 200_000, tool_input={"a": {}}, tool_response={})
    pieces = [payload[:1], payload[1:30], payload[30:100_000], payload[100_000:-1], payload[-1:]]

    process = machine.start(subprocess.PIPE)
    _hand_over(process, pieces, pause=0.3)
    assert ended(process) == SILENT

    assert [len(said["prompt"]) for said in machine.events()] == [200_000]


def test_pause_within_an_event_is_waited_for(machine: HookedMachine) -> None:
    payload = event(prompt="x")

    process = machine.start(subprocess.PIPE)
    _hand_over(process, [payload[:-10]], pause=1.5)
    assert ended(process, payload[-10:]) == SILENT

    assert len(machine.events()) == 1


def _hand_over(process: subprocess.Popen[bytes], pieces: Iterable[bytes], pause: float = 0) -> None:
    assert process.stdin is not None
    for piece in pieces:
        process.stdin.write(piece)
        process.stdin.flush()
        sleep(pause)
