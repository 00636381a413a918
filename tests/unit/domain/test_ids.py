"""Names that must never change: kept traces and links to them rely on these very digits."""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.ids import (
    BlobHash,
    SessionId,
    blob_id,
    canonical_bytes,
    content_hash,
    digest,
    read_json,
    step_key,
    trace_id,
    uuid_of,
)


def test_names_are_what_they_always_were() -> None:
    assert trace_id("claude-code", SessionId("s1")) == "ef25134d-59c0-5b79-a27c-16d8c287500a"
    assert step_key(("msg_1", "req_1")) == "22110613906957d1"
    assert digest(b"stored") == "87b04e58961f9a99"
    assert blob_id(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_same_session_of_another_agent_is_another_trace() -> None:
    assert trace_id("pi", SessionId("s1")) != trace_id("claude-code", SessionId("s1"))


@given(st.text(), st.text())
def test_a_uuid_is_the_one_of_version_5(one: str, other: str) -> None:
    namespace = UUID("5c6f4f5e-6f70-5e74-9261-636573000001")

    assert uuid_of(one, other) == str(uuid5(namespace, f"{one}\0{other}"))


def test_key_parts_do_not_run_together() -> None:
    assert step_key(("ab", "c")) != step_key(("a", "bc"))


def test_blob_in_pieces_has_the_name_of_the_whole() -> None:
    pieces = BlobHash()
    pieces.update(b"who")
    pieces.update(b"le")

    assert pieces.blob_id() == blob_id(b"whole")
    assert pieces.digest() == digest(b"whole")


def test_json_has_one_text() -> None:
    assert canonical_bytes({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


def test_any_number_has_a_text_that_every_reader_takes() -> None:
    assert canonical_bytes([2**64 - 1, -(2**63)]) == b"[18446744073709551615,-9223372036854775808]"
    assert read_json(canonical_bytes({"b": {"a": 10**30}})) == {"b": {"a": 1e30}}


def test_hash_of_a_record_leaves_its_names_out() -> None:
    record: dict[str, object] = {"trace_id": "t", "content_hash": None, "steps": []}

    assert content_hash(record) == content_hash({**record, "trace_id": "u", "content_hash": "x"})
    assert content_hash(record) != content_hash({**record, "steps": [1]})
