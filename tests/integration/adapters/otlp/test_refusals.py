"""What a receiver refuses, with which status, and that it goes on afterwards."""

import gzip
import zlib
from typing import Any

import orjson
import pytest

from opentraces.adapters.otlp import limits
from opentraces.adapters.otlp.admission import PROTOBUF
from opentraces.adapters.otlp.server import OtlpServer
from tests.integration.adapters.otlp.conftest import Client, Connect, Kept, shortened
from tests.otlp_requests import as_json, log, logs

BODY = as_json(logs(log()))
CHUNKED: dict[str, Any] = {"Transfer_Encoding": "chunked", "Content_Length": None}
MIB = 1 << 20


@pytest.fixture(autouse=True)
def it_goes_on(connect: Connect, kept: Kept) -> Any:
    yield
    before = len(kept.lines)
    assert connect().post(BODY).status == 200
    assert len(kept.lines) == before + 1


@pytest.mark.parametrize(
    "host",
    [
        None,
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.evil.example:{port}",
        "localhost:{port}.evil.example",
        "user@localhost:{port}",
        "0.0.0.0:{port}",
        "",
    ],
)
def test_foreign_host_is_forbidden(host: str | None, client: Client, kept: Kept) -> None:
    named = host.format(port=client.port) if host is not None else None

    assert client.post(BODY, Host=named).status == 403
    assert client.is_closed()
    assert kept.told == []


def test_two_hosts_are_forbidden(client: Client) -> None:
    assert client.post(BODY, "Host: evil.example").status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://localhost"])
def test_any_origin_is_forbidden(origin: str, client: Client, kept: Kept) -> None:
    answer = client.post(BODY, Origin=origin)

    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    assert kept.told == []


def test_a_page_may_not_ask_what_it_may(client: Client) -> None:
    answer = client.post(b"", method="OPTIONS", Origin="http://evil.example")

    assert answer.status == 403


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer opentraces-0123456789abcde",
        "Bearer opentraces-0123456789abcdef0",
        "Basic opentraces-0123456789abcdef",
        "opentraces-0123456789abcdef",
        "Bearer \u00e9",
    ],
)
def test_who_lacks_the_token_is_told_to_bring_it(
    said: str | None, client: Client, kept: Kept
) -> None:
    answer = client.post(BODY, Authorization=said)

    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert kept.told == []


@pytest.mark.parametrize(
    "media", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_other_media_are_not_taken(media: str | None, client: Client) -> None:
    assert client.post(BODY, Content_Type=media).status == 415


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "gzip, gzip", "x"])
def test_other_codings_are_not_taken(coding: str, client: Client) -> None:
    answer = client.post(BODY, Content_Encoding=coding)

    assert (answer.status, answer.headers["Accept-Encoding"]) == (415, "gzip")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/logs", 405),
        ("PUT", "/v1/logs", 405),
        ("HEAD", "/health", 405),
        ("POST", "/health", 405),
        ("POST", "/", 404),
        ("POST", "/v1/logs/", 404),
        ("POST", "/v1/../v1/logs", 404),
        ("POST", "http://127.0.0.1/v1/logs", 404),
    ],
)
def test_other_methods_and_paths_are_told(
    method: str, path: str, status: int, client: Client
) -> None:
    client.send(client.head(method=method, path=path, Content_Length=0))

    assert client.answer().status == status


@pytest.mark.parametrize(
    ("headers", "rows", "status"),
    [
        ({"Content_Length": None}, (), 411),
        ({"Content_Length": "-1"}, (), 400),
        ({"Content_Length": "+1"}, (), 400),
        ({"Content_Length": "1_0"}, (), 400),
        ({"Content_Length": "2"}, ("Content-Length: 3",), 400),
        ({"Content_Length": "2", "Transfer_Encoding": "chunked"}, (), 400),
        ({"Content_Length": None, "Transfer_Encoding": "gzip, chunked"}, (), 501),
        ({"Content_Length": "9" * 400}, (), 413),
    ],
)
def test_length_that_is_not_told_once_is_refused(
    headers: dict[str, Any], rows: tuple[str, ...], status: int, client: Client
) -> None:
    assert client.post(b"{}", *rows, **headers).status == status


@pytest.mark.parametrize("length", [limits.BODY + 1, 1 << 30])
def test_large_body_is_refused_before_it_is_read(length: int, client: Client) -> None:
    client.send(client.head(Content_Length=length))

    assert client.answer().status == 413


def test_large_body_is_refused_before_it_is_asked_for(client: Client) -> None:
    client.send(client.head(Content_Length=1 << 30, Expect="100-continue"))

    assert client.answer().status == 413


def test_who_sends_a_large_body_nevertheless_can_read_why(client: Client) -> None:
    client.send(client.head(Content_Length=1 << 30))
    for _ in range(64):
        client.send(b" " * MIB)

    assert client.answer().status == 413


def test_large_body_is_refused_while_its_chunks_are_read(client: Client) -> None:
    client.send(client.head(**CHUNKED))
    sent = 0
    while sent <= limits.BODY:
        client.send(b"%x\r\n%b\r\n" % (MIB, b" " * MIB))
        sent += MIB

    assert client.answer().status == 413


def test_chunk_that_says_to_be_large_is_refused_at_once(client: Client) -> None:
    client.send(client.head(**CHUNKED) + b"ffffffffff\r\n")

    assert client.answer().status == 413


def test_bomb_is_refused_while_it_is_inflated(client: Client, monkeypatch: Any) -> None:
    inflated = []
    real = zlib.decompressobj

    class Counting:
        def __init__(self, bits: int) -> None:
            self._real = real(bits)

        def decompress(self, data: bytes, most: int) -> bytes:
            piece = self._real.decompress(data, most)
            inflated.append(len(piece))
            return piece

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    monkeypatch.setattr("opentraces.adapters.otlp.body.zlib.decompressobj", Counting)
    bomb = gzip.compress(b" " * (256 * MIB), 9)

    assert client.post(bomb, Content_Encoding="gzip").status == 413
    assert sum(inflated) <= limits.BODY + limits.HEAD


@pytest.mark.parametrize(
    "packed", [b"no gzip", gzip.compress(BODY)[:-1], gzip.compress(BODY) + b"x"]
)
def test_damaged_gzip_is_refused_and_the_connection_goes_on(packed: bytes, client: Client) -> None:
    assert client.post(packed, Content_Encoding="gzip").status == 400
    assert client.post(BODY).status == 200


@pytest.mark.parametrize("rest", [b"x\r\n", b"\r\n", b"-1\r\n", b"2\r\n{}x\r\n", b"1" * 2000])
def test_damaged_chunks_are_refused(rest: bytes, client: Client) -> None:
    client.send(client.head(**CHUNKED) + rest)

    assert client.answer().status == 400
    assert client.is_closed()


@pytest.mark.parametrize("sent", [b"{", b"[]", b"", b'{"resourceSpans":[]}', b"[" * 100_000])
def test_what_is_no_request_is_refused_and_the_connection_goes_on(
    sent: bytes, client: Client
) -> None:
    answer = client.post(sent)

    assert answer.status == 400
    assert orjson.loads(answer.body)["code"] == 3
    assert client.post(BODY).status == 200


def test_protobuf_is_told_in_protobuf(client: Client) -> None:
    answer = client.post(b"\xff", Content_Type=PROTOBUF)

    assert (answer.status, answer.headers["Content-Type"]) == (400, PROTOBUF)
    assert answer.body.startswith(b"\x08\x03\x12")


def test_more_values_than_memory_is_for_are_refused(client: Client) -> None:
    sent = b'{"resourceLogs":[' + b",".join([b"{}"] * limits.VALUES) + b"]}"

    assert client.post(sent).status == 413


def test_more_headers_than_anybody_needs_are_refused(connect: Connect) -> None:
    client = connect()
    client.send(client.head(*(f"X-{n}: {'x' * 30_000}" for n in range(5))))
    assert client.answer().status == 431

    client = connect()
    client.send(client.head(*(f"X-{n}: x" for n in range(200))))
    assert client.answer().status == 431

    client = connect()
    client.send(client.head(path="/" + "x" * 100_000))
    assert client.answer().status in (400, 414, 431)


@pytest.mark.parametrize(
    "line", [b"nonsense\r\n\r\n", b"\0\0\0\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"]
)
def test_what_is_no_http_is_refused(line: bytes, client: Client) -> None:
    client.send(line)

    assert client.answer().status in (400, 403, 505)
    assert client.is_closed()


@pytest.mark.parametrize("sent", ["nothing", "a line", "headers", "a part of the body"])
def test_slow_client_is_told_that_it_took_too_long(
    sent: str, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shortened(monkeypatch, REQUEST_S=0.3, LINGER_S=0.1):
        client = connect()
        head = client.head(Content_Length=len(BODY))
        parts = {
            "nothing": b"",
            "a line": head[:20],
            "headers": head,
            "a part of the body": head + BODY[:9],
        }
        client.send(parts[sent])

        assert client.answer().status == 408
        assert client.is_closed()


def test_client_that_sends_byte_by_byte_has_no_more_time(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shortened(monkeypatch, REQUEST_S=0.5, LINGER_S=0.1):
        client = connect()
        client.socket.settimeout(0.02)
        client.send(client.head(Content_Length=len(BODY)))
        sent = 0
        for byte in BODY * 100:
            try:
                client.send(bytes([byte]))
            except OSError:
                break
            sent += 1
            try:
                if client.socket.recv(1) == b"H":
                    break
            except TimeoutError:
                continue

        assert sent < len(BODY)


def test_connection_that_waits_is_closed_without_a_word(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shortened(monkeypatch, IDLE_S=0.2):
        client = connect()
        assert client.post(BODY).status == 200

        assert client.is_closed()


def test_one_connection_more_than_there_may_be_is_turned_away(
    connect: Connect, server: OtlpServer
) -> None:
    clients = [connect() for _ in range(limits.CONNECTIONS)]
    for client in clients:
        assert client.post(BODY).status == 200

    turned_away = connect()
    assert turned_away.answer().status == 503
    assert turned_away.is_closed()
    assert server.counters.refused == 1
    for client in clients:
        client.close()
    _until_free(server)


def test_bodies_have_so_much_room_and_no_more(connect: Connect, server: OtlpServer) -> None:
    held = [connect() for _ in range(limits.IN_FLIGHT // limits.BODY)]
    for client in held:
        client.send(client.head(Content_Length=limits.BODY) + b" " * (limits.BODY - 1))

    # The last piece of each is not whole, so not counted yet; how soon the others are, is open.
    size = (len(held) + 1) * limits.HEAD
    answers = []
    while 503 not in answers:
        client = connect()
        client.send(client.head(Content_Length=size) + b" " * size)
        answers.append(client.answer().status)
        client.close()
        assert len(answers) < 1000
    for client in held:
        client.close()
    _until_free(server)


def test_client_that_goes_away_costs_nothing(connect: Connect, server: OtlpServer) -> None:
    for length in (0, 5, len(BODY) - 1):
        client = connect()
        client.send(client.head(Content_Length=len(BODY)) + BODY[:length])
        client.close()

    _until_free(server)
    assert server.counters.requests == 0


def _until_free(server: OtlpServer) -> None:
    """Wait until every connection has given its place back."""
    for _ in range(limits.CONNECTIONS):
        assert server._slots.acquire(timeout=20)  # noqa: SLF001 # nobody else can tell
    for _ in range(limits.CONNECTIONS):
        server._slots.release()  # noqa: SLF001
