"""What a receiver takes, and what it answers."""

import gzip
from typing import Any

import orjson
import pytest

from opentraces.adapters.otlp.admission import JSON, PROTOBUF
from opentraces.adapters.otlp.server import OtlpServer
from opentraces.domain.errors import Busy, SpoolFull, StorageUnavailable
from opentraces.domain.telemetry.records import Signal
from tests.integration.adapters.otlp.conftest import Client, Kept
from tests.otlp_requests import as_json, as_protobuf, log, logs

BODY = as_json(logs(log("one"), log("two")))
SENT = as_protobuf(Signal.LOGS, logs(log("one"), log("two")))


def chunked(body: bytes, size: int = 7) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def bodies(kept: Kept) -> list[Any]:
    return [orjson.loads(line)["record"]["body"] for line in kept.lines]


def test_json_is_taken_and_answered_in_json(client: Client, kept: Kept) -> None:
    answer = client.post(BODY)

    assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, JSON, b"{}")
    assert bodies(kept) == ["one", "two"]


def test_protobuf_is_taken_and_answered_in_protobuf(client: Client, kept: Kept) -> None:
    answer = client.post(SENT, Content_Type=PROTOBUF)

    assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, PROTOBUF, b"")
    assert bodies(kept) == ["one", "two"]


def test_a_connection_takes_many_requests(client: Client, kept: Kept) -> None:
    for _ in range(3):
        assert client.post(BODY).status == 200
        client.send(client.head(Transfer_Encoding="chunked") + chunked(BODY))
        assert client.answer().status == 200

    assert bodies(kept) == ["one", "two"] * 6


@pytest.mark.parametrize("media", [f"{JSON}; charset=utf-8", "Application/JSON"])
def test_media_type_is_read_as_http_says(media: str, client: Client) -> None:
    assert client.post(BODY, Content_Type=media).status == 200


def test_requests_may_come_before_they_are_answered(client: Client, kept: Kept) -> None:
    request = client.head(Content_Length=len(BODY)) + BODY
    client.send(request * 5)

    assert [client.answer().status for _ in range(5)] == [200] * 5
    assert len(kept.lines) == 10


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_chunks_of_any_size_are_taken(size: int, client: Client, kept: Kept) -> None:
    client.send(client.head(Transfer_Encoding="chunked") + chunked(BODY, size))

    assert client.answer().status == 200
    assert bodies(kept) == ["one", "two"]


def test_gzip_is_taken_in_chunks_and_in_members(client: Client, kept: Kept) -> None:
    packed = gzip.compress(BODY[:9]) + gzip.compress(BODY[9:])

    assert client.post(packed, Content_Encoding="gzip").status == 200
    client.send(client.head(Transfer_Encoding="chunked", Content_Encoding="gzip") + chunked(packed))
    assert client.answer().status == 200
    assert bodies(kept) == ["one", "two"] * 2


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LocalHost"])
def test_every_name_of_this_machine_is_known(host: str, client: Client) -> None:
    assert client.post(BODY, Host=f"{host}:{client.port}").status == 200


def test_client_that_asks_first_is_told_to_go_on(client: Client) -> None:
    client.send(client.head(Content_Length=len(BODY), Expect="100-continue"))
    assert client.answer().status == 100

    client.send(BODY)
    assert client.answer().status == 200


def test_what_is_no_record_is_told_and_the_rest_is_kept(client: Client, kept: Kept) -> None:
    answer = client.post(as_json(logs(log("one"), 7, 8)))

    said = orjson.loads(answer.body)["partialSuccess"]
    assert (answer.status, said["rejectedLogRecords"]) == (200, "2")
    assert said["errorMessage"]
    assert bodies(kept) == ["one"]


def test_records_without_room_are_told(client: Client, kept: Kept, server: OtlpServer) -> None:
    kept.left_out = 1

    answer = client.post(SENT, Content_Type=PROTOBUF)

    assert answer.status == 200
    assert answer.body.startswith(b"\x0a")
    assert answer.body[2:4] == b"\x08\x01"
    assert server.counters.records == 1


def test_nothing_is_kept_of_an_empty_request(client: Client, kept: Kept) -> None:
    assert client.post(b"{}").status == 200
    assert client.post(b"", Content_Type=PROTOBUF).status == 200
    assert kept.told == []


@pytest.mark.parametrize(
    ("error", "status"),
    [(SpoolFull("full"), 507), (StorageUnavailable("no"), 507), (Busy("held"), 503)],
)
def test_what_cannot_be_written_down_is_not_taken(
    error: Exception, status: int, client: Client, kept: Kept, server: OtlpServer
) -> None:
    kept.refuses = error
    assert client.post(BODY).status == status

    kept.refuses = None
    assert client.post(BODY).status == 200
    counters = server.counters
    assert (counters.requests, counters.records, counters.refused) == (1, 2, 1)


def test_health_tells_what_came_only_to_who_has_the_token(client: Client, connect: Any) -> None:
    client.post(BODY)
    client.post(b"{")

    said = orjson.loads(connect().post(b"", method="GET", path="/health").body)
    assert said == {"status": "ok", "requests": 1, "records": 2, "refused": 1}
    said = orjson.loads(connect().post(b"", method="GET", path="/health", Authorization="x").body)
    assert said == {"status": "ok"}
