"""Lines of a real session with a value in them that no agent writes, through the whole program."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.integration.adapters.filesystem.forging import places, replaced
from tests.integration.cli.conftest import DATA, Call, Document

REAL = next((DATA / "edit_commit" / "projects").glob("*/*.jsonl"))
SESSION = REAL.stem
PLACE = "@here@"
UUID = "uuid"


def nested(depth: int) -> str:
    """Return a value that is nested so deep."""
    return '{"a":[' * (depth // 2) + "1" + "]}" * (depth // 2)


ODD = {
    "deeper than what is taken over": nested(120),
    "deeper than what we write": nested(300),
    "as deep as is read": nested(1000),
    "an integer of more than 64 bits": "1" + "0" * 30,
    "an integer of 5,000 digits": "9" * 5000,
    "a number that is too large": "1e999",
    "no number": "NaN",
    "half a letter": '"\\ud800\\u0000"',
    "a key that stands there twice": '{"type":"text","type":"tool_use","id":"x","id":7}',
}


def kinds() -> list[dict[str, Any]]:
    """Return one line of each kind that real sessions have."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for session in sorted(DATA.glob("*/projects/*/*.jsonl")):
        for said in map(orjson.loads, session.read_bytes().splitlines()):
            content = said.get("message", {}).get("content")
            blocks = [each["type"] for each in content] if isinstance(content, list) else []
            of_tool = said.get("toolUseResult")
            told = sorted(of_tool) if isinstance(of_tool, dict) else []
            found.setdefault((said["type"], str(said.get("subtype")), *blocks, *told), said)
    return list(found.values())


LINES = kinds()


def with_odd_values(line: dict[str, Any], text: str) -> Iterator[bytes]:
    """Yield the line as often as it has values, each time with the text in place of one."""
    for number, where in enumerate(places(line)):
        odd = replaced(line, where, PLACE)
        if where != (UUID,):
            odd[UUID] = f"{number}-{line.get(UUID)}"
        yield json.dumps(odd).replace(f'"{PLACE}"', text).encode() + b"\n"


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_line_with_any_value_in_any_place_is_kept_and_hides_no_other(
    home: Path, call: Call, document: Document, text: str
) -> None:
    lines = [odd for line in LINES for odd in with_odd_values(line, text)]
    whole = b"".join([*lines, REAL.read_bytes()])
    transcript = home / ".claude" / "projects" / "-w" / REAL.name
    transcript.parent.mkdir(parents=True)
    transcript.write_bytes(whole)

    assert len(lines) > 1000
    done = document("import", "--all")
    assert (len(done["failed"]), len(done["skipped"])) == (0, 0)
    (hit,) = document("trace", "query", "calc")["hits"]
    trace = hit["trace_id"]
    record = document("trace", "get", trace)
    ids = {call["tool_call_id"] for step in record["steps"] for call in step["tool_calls"]}
    for line in map(orjson.loads, REAL.read_bytes().splitlines()):
        content = line.get("message", {}).get("content")
        for block in content if isinstance(content, list) else ():
            assert block["type"] != "tool_use" or block["id"] in ids
    assert call("trace", "get", trace).exit_code == 0
    assert call("trace", "tail", trace).exit_code == 0
    assert document("bucket", "verify", "--deep")["ok"]
    document("trace", "restore", trace, "--to", str(home / "back"))
    assert next((home / "back").rglob("*.jsonl")).read_bytes() == whole


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_hook_event_with_any_value_in_any_place_is_kept_and_hides_no_other(
    home: Path, call: Call, document: Document, text: str
) -> None:
    transcript = home / ".claude" / "projects" / "-w" / f"{SESSION}.jsonl"
    transcript.parent.mkdir(parents=True)
    transcript.write_bytes(REAL.read_bytes())
    spool = home / ".opentraces" / "spool" / "claude-code" / f"{SESSION}.jsonl"
    spool.parent.mkdir(parents=True)
    told = [orjson.loads(path.read_bytes()) for path in sorted((DATA / "hooks").glob("*.json"))]
    events = [{**each, "transcript_path": str(transcript)} for each in told]
    lines = [{"opentraces": 1, "at": at, "event": event} for at, event in enumerate(events)]
    odd = b"".join(odd for line in lines for odd in with_odd_values(line, text))
    spool.write_bytes(odd + b"".join(json.dumps(line).encode() + b"\n" for line in lines))

    assert call("ingest").exit_code == 0

    (hit,) = document("trace", "query", "calc")["hits"]
    record = document("trace", "get", hit["trace_id"])
    assert record["metadata"]["hooks"]["events"]["Stop"] >= 1
    assert call("trace", "get", hit["trace_id"]).exit_code == 0
    assert call("trace", "get", f"{hit['trace_id']}:1-99").exit_code in (0, 3)
    assert document("trace", "get", f"{hit['trace_id']}:1-9")["steps"]
    assert not spool.exists()


def test_line_of_a_hundred_thousand_levels_is_a_line_that_cannot_be_read(
    home: Path, document: Document
) -> None:
    said = json.dumps({**LINES[-1], "message": PLACE})
    deep = said.replace(f'"{PLACE}"', nested(100_000)).encode()
    transcript = home / ".claude" / "projects" / "-w" / f"{SESSION}.jsonl"
    transcript.parent.mkdir(parents=True)
    transcript.write_bytes(b"[" * 100_000 + b"\n" + deep + b"\n" + REAL.read_bytes())

    done = document("import", "--all")

    assert done["lines"]["bad"] == 2
    assert document("trace", "query", "calc")["total"] == 1
