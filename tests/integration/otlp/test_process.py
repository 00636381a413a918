"""The receiver's own process: what it answered it keeps, and there is one."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from random import Random
from threading import Event
from time import sleep

import orjson
import pytest

from tests.integration.otlp.conftest import COMMAND, Receiver
from tests.otlp_requests import as_json, log, logs

CLIENTS, KILLS = 4, 4


def test_what_was_answered_outlives_a_kill(receiver: Receiver) -> None:
    answered: set[str] = set()
    random, ended = Random(5), Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        for client in range(CLIENTS):
            pool.submit(tell, receiver, client, answered, ended)
        for _ in range(KILLS):
            before = len(answered)
            while len(answered) < before + 100 * random.random():
                sleep(0.001)
            receiver.kill()
            receiver.process = receiver.started()
        ended.set()

    [lines] = receiver.spooled().values()
    told = [_body(line) for line in lines]
    assert len(answered) > 0
    assert answered <= {*told}


def tell(receiver: Receiver, client: int, answered: set[str], ended: Event) -> None:
    """Send requests until it is over, and note each record that was answered."""
    headers, number = receiver.headers, 0
    with closing(receiver.connection()) as connection:
        while not ended.is_set():
            words = [f"{client}-{number}-{each}" for each in range(3)]
            number += 1
            try:
                connection.request("POST", "/v1/logs", as_json(logs(*map(log, words))), headers)
                with connection.getresponse() as answer:
                    answer.read()
                    if answer.status == 200:
                        answered.update(words)
            except (OSError, HTTPException):
                connection.close()
                sleep(0.01)


def _body(line: bytes) -> str:
    """Return what a line says; of one that was cut by a kill, nothing."""
    try:
        return str(orjson.loads(line)["record"]["body"])
    except orjson.JSONDecodeError:
        return ""


def test_asked_to_it_ends_well_and_what_came_is_there(receiver: Receiver) -> None:
    assert receiver.post(as_json(logs(log("said")))) == 200

    assert receiver.end() == 0
    assert [len(lines) for lines in receiver.spooled().values()] == [1]


def test_a_second_one_says_that_one_runs(receiver: Receiver) -> None:
    environment = {**os.environ, "OPENTRACES_HOME": str(receiver.store)}
    second = subprocess.run(COMMAND, env=environment, capture_output=True, check=False)

    assert second.returncode == 5
    assert b"runs already" in second.stdout
    assert receiver.post(as_json(logs(log()))) == 200


def test_all_of_the_home_is_for_its_owner_alone(receiver: Receiver) -> None:
    receiver.post(as_json(logs(log())))

    every = [receiver.store / "otlp", receiver.store / "otlp" / "token"]
    every += (receiver.store / "spool").rglob("*")
    assert [str(path) for path in every[1:] if path.stat().st_mode & 0o077] == []
    assert (receiver.store / "spool" / "bodies").stat().st_mode & 0o777 == 0o700


def test_folder_for_bodies_is_made_private_again(store: Path) -> None:
    (store / "spool" / "bodies").mkdir(parents=True)
    (store / "spool" / "bodies").chmod(0o755)
    receiver = Receiver(store)
    receiver.kill()

    assert (store / "spool" / "bodies").stat().st_mode & 0o777 == 0o700


def test_path_that_an_event_names_is_not_followed(receiver: Receiver, home: Path) -> None:
    secret = home / "secret"
    secret.write_bytes(b"a secret")
    os.utime(secret, (1, 1))
    event = log("x", **{"body_ref": str(secret), "event.name": "api_request_body"})

    assert receiver.post(as_json(logs(event))) == 200
    assert secret.stat().st_atime == 1
    assert b"a secret" not in b"".join(*receiver.spooled().values())


HEAVY = {
    *("tantivy", "pygit2", "dependency_injector", "pydantic", "sqlite3", "subprocess", "asyncio"),
    *("isal", "zstandard", "rich", "click", "google", "opentelemetry"),
}


def test_it_imports_nothing_that_keeps_searches_or_asks_git() -> None:
    code = "import sys, opentraces.entrypoints.otlp.receiver; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    tops = {module.partition(".")[0] for module in run.stdout.split()}
    assert not tops & HEAVY
    ours = {module for module in run.stdout.split() if module.startswith("opentraces.")}
    assert not [m for m in ours if m.startswith(("opentraces.application", "opentraces.sample"))]
    assert len(ours) < 60


def test_protobuf_is_imported_at_the_first_request_in_that_form(receiver: Receiver) -> None:
    assert receiver.post(as_json(logs(log()))) == 200
    assert "google/_upb" not in receiver.modules()

    assert receiver.post(b"", **{"Content-Type": "application/x-protobuf"}) == 200
    assert "google/_upb" in receiver.modules()


@pytest.mark.parametrize("port", ["", "x", "0", "99999999", "-1"])
def test_port_that_is_none_is_the_usual_one(port: str, store: Path) -> None:
    (store / "otlp").mkdir(parents=True)
    (store / "otlp" / "port").write_text(port)
    code = (
        "from opentraces.adapters.filesystem.receiver_files import ReceiverFiles as F;"
        "from pathlib import Path; import sys; print(F(Path(sys.argv[1])).port())"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, store / "otlp"], capture_output=True, check=True
    )

    assert said.stdout == b"4318\n"
