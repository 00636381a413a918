"""A receiver stays small, whatever is sent to it."""

import gzip
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from opentraces.adapters.otlp import limits
from opentraces.domain.telemetry.records import Signal
from tests.integration.otlp.conftest import Receiver
from tests.otlp_requests import as_json, as_protobuf, log, logs

MOST_MB = 80
MIB = 1 << 20
PROTOBUF = {"Content-Type": "application/x-protobuf"}
GZIP = {"Content-Encoding": "gzip"}


def test_it_stays_below_80_mb_under_all_that_it_is_sent(receiver: Receiver) -> None:
    """Counted by the kernel, over the whole life of the process."""
    _load(receiver)
    _bombs(receiver)
    _large_bodies(receiver)
    _slow_clients(receiver)
    _many_values(receiver)

    assert receiver.post(as_json(logs(log()))) == 200
    assert receiver.memory_mb() <= MOST_MB


def _load(receiver: Receiver) -> None:
    """Many clients at once, in both forms, on connections that stay."""
    batch = logs(*(log("x" * 200, n=n, tool="Bash", text="y" * 100) for n in range(20)))
    sent = as_json(batch), as_protobuf(Signal.LOGS, batch)

    def tell(client: int) -> None:
        with closing(receiver.connection()) as connection:
            for number in range(100):
                headers = {**receiver.headers, **(PROTOBUF if number % 2 else {})}
                connection.request("POST", "/v1/logs", sent[number % 2], headers)
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(tell, range(16)))


def _bombs(receiver: Receiver) -> None:
    bomb = gzip.compress(b" " * (1 << 28), 9)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: receiver.post(bomb, **GZIP), range(16)))
    assert {*found} <= {413, 503}
    assert 413 in found


def _large_bodies(receiver: Receiver) -> None:
    """1 GB that is announced, 1 GB in chunks, and as much as may be, many times at once."""
    for chunked in (False, True):
        with closing(socket.create_connection(("127.0.0.1", receiver.port))) as client:
            head = {**receiver.headers, "Host": f"127.0.0.1:{receiver.port}"}
            head |= (
                {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(1 << 30)}
            )
            rows = "".join(f"{name}: {value}\r\n" for name, value in head.items())
            client.sendall(f"POST /v1/logs HTTP/1.1\r\n{rows}\r\n".encode())
            assert _sent_until_answered(client, chunked).startswith(b"HTTP/1.1 413 ")
    texts = [
        as_json(logs(log("x" * (limits.BODY - MIB)))),
        as_json(logs(log("\U0001f600" + "x" * (limits.BODY - MIB)))),
        gzip.compress(as_json(logs(log("z" * (limits.BODY - MIB))))),
    ]
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(
                lambda n: receiver.post(texts[n % 3], **(GZIP if n % 3 == 2 else {})), range(24)
            )
        )
    assert {*found} <= {200, 503}
    assert 200 in found


def _sent_until_answered(client: socket.socket, chunked: bool) -> bytes:
    piece = b"%x\r\n%b\r\n" % (MIB, b" " * MIB) if chunked else b" " * MIB
    try:
        for _ in range(1 << 10):
            client.sendall(piece)
    except OSError:
        pass  # it was refused before the end
    return client.recv(100)


def _slow_clients(receiver: Receiver) -> None:
    """As many as may connect, each with a part of a request."""
    clients = [
        socket.create_connection(("127.0.0.1", receiver.port)) for _ in range(limits.CONNECTIONS)
    ]
    for client in clients:
        client.sendall(b"POST /v1/logs HTTP/1.1\r\nX: " + b"x" * 20_000)
    for client in clients:
        client.close()


def _many_values(receiver: Receiver) -> None:
    """Bodies that Python's objects make many times as large."""
    record = as_json(log(**{f"key{n}": "value" for n in range(30)}))
    sizes = [limits.VALUES * part // 10 for part in (5, 9)]
    bodies = [b'{"resourceLogs":[' + b",".join([b"[]"] * (size // 2)) + b"]}" for size in sizes]
    bodies += [
        b'{"resourceLogs":[{"scopeLogs":[{"logRecords":['
        + b",".join([each] * min(limits.RECORDS, limits.VALUES // (marks + 2)))
        + b"]}]}]}"
        for each, marks in ((b"{}", 2), (b'{"a":1}', 2), (record, 130))
    ]
    assert [receiver.post(body) for body in bodies] == [413, 413, 200, 200, 200]
    empty = b"\x32\x00" * (limits.MESSAGE // 2 - 1)
    many = _run(1, _run(2, b"\x12\x00" * MIB))
    assert receiver.post(_run(1, _run(2, _run(2, empty))), **PROTOBUF) == 200
    for sent in (many, b"\x0a\x00" * MIB):
        assert receiver.post(sent, **PROTOBUF) == 413


def _run(field: int, data: bytes) -> bytes:
    size, left = bytearray(), len(data)
    while left > 0x7F:
        size.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([field << 3 | 2, *size, left]) + data
