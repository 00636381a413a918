"""Sessions of Claude Code under another id."""

from pathlib import Path

import orjson
import pytest

from opentraces.adapters.claude_code.resuming import ClaudeCodeResuming
from opentraces.domain.resuming.cutting import LineMarks
from opentraces.ports.resumable import ResumableFormat
from tests.contracts.resumable_format import NEW, ResumableFormatContract

DATA = Path(__file__).parents[3] / "data" / "claude-code"
TRANSCRIPTS = sorted(DATA.rglob("projects/*/*.jsonl"))
FORMAT = ClaudeCodeResuming()


class TestClaudeCodeResuming(ResumableFormatContract):
    @pytest.fixture
    def form(self) -> ResumableFormat:
        return FORMAT

    @pytest.fixture
    def source(self) -> bytes:
        return next(DATA.glob("edit_commit/projects/*/*.jsonl")).read_bytes()


def renamed(line: bytes) -> bytes:
    (found,) = FORMAT.renamed([line + b"\n"], NEW)
    return found


def marks(line: bytes) -> LineMarks:
    (found,) = FORMAT.marks([line + b"\n"])
    return found


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem[:8])
def test_nothing_of_a_real_line_changes_but_the_id_of_the_session(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)

    for line, after in zip(lines, FORMAT.renamed(lines, NEW), strict=True):
        value = orjson.loads(line)
        if "uuid" in value:
            own = value["sessionId"].encode()
            assert after == line.replace(
                b'"sessionId":"' + own + b'"', f'"sessionId":"{NEW}"'.encode()
            )
        else:
            assert after == b""


@pytest.mark.parametrize(
    "line",
    [
        b'{"uuid":"u","toolUseResult":{"sessionId":"inner"},"sessionId":"s"}',
        b'{"sessionId" : "s","uuid":"u","toolUseResult":{"sessionId":"s"}}',
        b'{"uuid":"u","message":{"content":"\\"sessionId\\":\\"s\\""},"sessionId":"s"}',
        b'{"uuid":"u","message":{"content":"\\ud83d"},"sessionId":"s"}',
        b'{"uuid":"u","n":1.50,"e":"\\u00e9","sessionId":"s"}',
    ],
)
def test_only_the_sessions_own_id_is_replaced(line: bytes) -> None:
    after = renamed(line)

    assert orjson.loads(after.replace(rb"\ud83d", b"?"))["sessionId"] == NEW
    assert after.replace(f'"{NEW}"'.encode(), b'"s"', 1) == line + b"\n"


def test_a_line_without_the_id_of_a_session_stays() -> None:
    assert renamed(b'{"uuid":"u", "x":1}') == b'{"uuid":"u", "x":1}\n'


@pytest.mark.parametrize("before", [b"", b'"sessionId":"s",'])
@pytest.mark.parametrize("after", [b"", b',"sessionId":"s"'])
def test_of_a_giant_line_the_ends_are_enough(before: bytes, after: bytes) -> None:
    giant = b"x" * (9 * 2**20)
    line = b'{"type":"user",%s"message":{"content":[{"type":"tool_result","tool_use_id":"c",'
    line = (line + b'"content":"%s"}]},"uuid":"u"%s}') % (before, giant, after)

    assert marks(line) == LineMarks("u", results=("c",), is_said=True)
    found = renamed(line)
    assert (b'"s"' in found) == bool(before and after)
    assert found.count(NEW.encode()) == bool(before or after)
    assert len(found) - len(line) - 1 == (35 if before or after else 0)


def test_a_giant_line_without_an_id_is_not_taken_along() -> None:
    assert renamed(b'{"type":"file-history-snapshot","x":"%s"}' % (b"x" * (9 * 2**20))) == b""


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            {"type": "user", "parentUuid": "t", "message": {"content": "hi"}},
            LineMarks("u", "t", is_said=True, is_prompt=True),
        ),
        ({"type": "user", "isMeta": True}, LineMarks("u", is_said=True)),
        ({"type": "user", "isCompactSummary": True}, LineMarks("u", is_said=True)),
        (
            {
                "type": "assistant",
                "message": {
                    "id": "m",
                    "content": [{"type": "text"}, {"type": "tool_use", "id": "c"}],
                },
            },
            LineMarks("u", message="m", calls=("c",), is_said=True),
        ),
        (
            {
                "type": "user",
                "isSidechain": True,
                "message": {"content": [{"type": "tool_result", "tool_use_id": "c"}, 1]},
            },
            LineMarks("u", results=("c",), is_said=True, is_aside=True),
        ),
        ({"type": "attachment"}, LineMarks("u")),
        ({"type": "system", "subtype": "compact_boundary"}, LineMarks("u", awaits_summary=True)),
        ({"type": "never heard of", "message": []}, LineMarks("u")),
    ],
)
def test_what_a_line_is(line: dict[str, object], found: LineMarks) -> None:
    assert marks(orjson.dumps({"uuid": "u", **line})) == found


def test_the_client_is_told_the_file() -> None:
    assert FORMAT.command("/x/s.jsonl") == ("claude", "--resume", "/x/s.jsonl")


@pytest.mark.parametrize(
    ("folder", "name"),
    [("/home/dev/a b.c", "-home-dev-a-b-c"), (None, "-"), ("/" + "x" * 300, "-" + "x" * 199)],
)
def test_the_file_is_where_an_import_looks_for_sessions_of_the_folder(
    folder: str | None, name: str
) -> None:
    assert FORMAT.file_name(NEW, folder) == f"projects/{name}/{NEW}.jsonl"
