"""What an agent may do with its end of the pipe."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import sleep

import pytest

from tests.integration.hooks.hooked import (
    LONGEST_S,
    SESSION,
    SILENT,
    HookedMachine,
    both,
    ended,
    event,
    hand_over,
)

AGENT_WAITS_S = {"claude-code": 10, "codex-cli": 3}
"""After which an agent ends a hook, if only that of its last events."""

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
    machine.with_patience(2)

    with ExitStack() as pipes:
        pieces = [b"", event()[:20], event().strip()]
        started = [pipes.enter_context(open_pipe(machine, piece)) for piece in pieces]
        assert [ended(process) for process in started] == [SILENT] * len(pieces)

    assert len(machine.events()) == 1


def test_hook_with_its_event_waits_for_no_more(machine: HookedMachine) -> None:
    machine.with_patience(2 * LONGEST_S)

    with open_pipe(machine, event()) as process:
        assert ended(process) == SILENT

    assert len(machine.events()) == 1


def test_event_is_whole_however_slowly_it_comes(machine: HookedMachine) -> None:
    machine.with_patience(2 * LONGEST_S)
    payload = event(prompt="x" * 200_000, tool_input={"a": {}}, tool_response={})
    pieces = [payload[:1], payload[1:30], payload[30:100_000], payload[100_000:-1], payload[-1:]]

    process = machine.start(subprocess.PIPE)
    for piece in pieces:
        hand_over(process, piece)
    assert ended(process) == SILENT

    assert [len(said["prompt"]) for said in machine.events()] == [200_000]


def test_pause_within_an_event_is_waited_for(machine: HookedMachine) -> None:
    machine.with_patience(2 * LONGEST_S)
    payload = event(prompt="x")

    process = machine.start(subprocess.PIPE)
    hand_over(process, payload[:-10])
    sleep(0.3)
    assert process.poll() is None
    assert ended(process, payload[-10:]) == SILENT

    assert len(machine.events()) == 1


@both
def test_hook_waits_for_long_and_is_not_waited_for_in_vain(machine: HookedMachine) -> None:
    script = machine.script.read_text()
    patience_s, tries = (
        float(re.findall(rf"^{name} = ([\d.]+)$", script, re.MULTILINE)[0])
        for name in ("PATIENCE_S", "LOCK_TRIES")
    )

    assert patience_s > 1.5
    assert patience_s + 0.002 * tries < AGENT_WAITS_S[machine.agent]


@contextmanager
def open_pipe(machine: HookedMachine, piece: bytes) -> Iterator[subprocess.Popen[bytes]]:
    """Run the hook on a pipe that holds something already, and stays open."""
    reader, writer = os.pipe()
    os.write(writer, piece)
    try:
        with os.fdopen(reader, "rb") as stdin:
            process = machine.start(stdin)
        yield process
    finally:
        os.close(writer)
