"""docs/json.md is what commands print: the same keys, of the same types, in the same order."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from opentraces_schema import TraceRecord  # type: ignore[import-untyped]

from tests.git_repositories import REMOTE, make_repository
from tests.integration.cli.conftest import DATA, Call, Document
from tests.integration.cli.trail.widgets import Widgets

DOCS = (Path(__file__).parents[3] / "docs" / "json.md").read_text(encoding="utf-8")


def example(heading: str) -> Any:
    """The JSON that stands under a heading."""
    text = DOCS.partition(f"\n## `{heading} --json`\n")[2].partition("\n## ")[0]
    return orjson.loads(text.partition("```json\n")[2].partition("```")[0])


def shape(value: Any) -> Any:
    """Keys in order, types in the place of values; a list as its first item."""
    if isinstance(value, dict):
        return [(key, shape(item)) for key, item in value.items()]
    if isinstance(value, list):
        return ["list", *map(shape, value[:1])]
    return type(value).__name__


def test_setup(home: Path, document: Document) -> None:
    (home / ".claude").mkdir()
    (home / ".claude" / "settings.json").write_bytes(b"{}")

    printed = document("setup", "claude-code")

    assert shape(printed) == shape(example("setup"))
    assert [list(change) for change in printed["changes"]] == [
        list(example("setup")["changes"][0])
    ] * 4


def test_import(claude: Path, document: Document) -> None:
    broken = claude / "projects" / "-home-dev-broken"
    broken.mkdir()
    (broken / "0b7d6f3a-0000-4000-8000-000000000001.jsonl").write_text('{"type":"no such"}\n')
    (broken / "0b7d6f3a-0000-4000-8000-000000000002.jsonl").write_text(
        '{"type":"summary","summary":"x","leafUuid":"y"}\n'
    )

    printed = document("import", "--all")

    assert shape(printed) == shape(example("import"))
    assert printed["schema_version"] == "1"


def test_query(kept: Path, document: Document) -> None:
    printed = document("trace", "query", "calc")

    assert shape(printed) == shape(example("trace query"))
    hit = printed["hits"][0]
    trace, _, step = hit["matches"][0]["ref"].partition(":")
    assert (trace, step.isdigit()) == (hit["trace_id"], True)


def test_started_at_is_as_the_agent_wrote_it(kept: Path, document: Document) -> None:
    for hit in document("trace", "query")["hits"]:
        wrote = next(DATA.rglob(f"{hit['session_id']}.jsonl")).read_text()
        assert f'"{hit["started_at"]}"' in wrote


def test_a_whole_trace_is_the_record_of_the_schema(trace: str, call: Call) -> None:
    printed = call("trace", "get", trace, "--json").stdout_bytes

    record = orjson.loads(printed)
    assert printed == orjson.dumps(record, option=orjson.OPT_SORT_KEYS) + b"\n"
    assert TraceRecord.model_validate(record).model_dump(mode="json") == record


def test_steps_are_those_of_the_record(trace: str, document: Document) -> None:
    printed = document("trace", "get", f"{trace}:2")

    documented = example("trace get")
    assert set(printed) == set(documented)
    assert set(documented["steps"][0]) <= set(printed["steps"][0])
    assert printed["steps"] == document("trace", "get", trace)["steps"][1:2]


def test_restore(trace: str, home: Path, document: Document) -> None:
    printed = document("trace", "restore", trace, "--to", str(home / "back"))

    assert shape(printed) == shape(example("trace restore"))


def test_delete(trace: str, document: Document) -> None:
    assert shape(document("trace", "delete", trace, "--yes")) == shape(example("trace delete"))


@pytest.mark.parametrize("name", ["bucket status", "bucket path"])
def test_bucket(kept: Path, document: Document, name: str) -> None:
    assert shape(document(*name.split())) == shape(example(name))


def test_verify(kept: Path, document: Document, call: Call) -> None:
    assert document("bucket", "verify")["problems"] == []
    next((kept / "bucket").rglob("source-0.zst")).write_bytes(b"")

    printed = orjson.loads(call("bucket", "verify", "--json").stdout)

    assert shape(printed) == shape(example("bucket verify"))


def test_gc(kept: Path, document: Document) -> None:
    assert document("bucket", "gc")["problems"] == []
    next((kept / "bucket").rglob("trace.json")).write_bytes(b"")

    printed = document("bucket", "gc", "--dry-run")

    assert shape(printed) == shape(example("bucket gc"))


def test_repair(kept: Path, trace: str, document: Document, call: Call) -> None:
    assert document("bucket", "repair", "--reproject")["reprojected"] == 0
    for path in (kept / "bucket").rglob(f"{trace}/*"):
        path.write_bytes(b"")
    next(path for path in (kept / "bucket").rglob("steps*") if path.stat().st_size).write_bytes(b"")

    printed = orjson.loads(call("bucket", "repair", "--json").stdout)

    assert shape(printed) == shape(example("bucket repair"))


def test_snapshot(kept: Path, home: Path, call: Call) -> None:
    next((kept / "bucket").rglob("source-0.zst")).write_bytes(b"")

    result = call("bucket", "snapshot", "--to", str(home / "copy"), "--json")

    printed = orjson.loads(result.stdout)
    assert shape(printed) == shape(example("bucket snapshot"))
    assert (result.exit_code, printed["traces"]) == (4, 1)


@pytest.fixture
def repository(home: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that we stand in."""
    folder = make_repository(home / "widgets", remote=REMOTE)
    monkeypatch.chdir(folder)
    return folder


def test_init(repository: Path, claude: Path, document: Document) -> None:
    documented = example("init")

    assert shape(document("init")) == shape(documented)
    kept = document("init", "--import-existing")
    assert shape(kept | {"imported": None}) == shape(documented)
    assert list(kept["imported"]) == list(example("import"))


def test_remove(repository: Path, document: Document) -> None:
    document("init")

    printed, documented = document("remove"), example("remove")

    assert shape(printed) == shape(documented)
    assert shape(printed["project"] | {"agents": ["x"]}) == shape(example("init")["project"])


def test_tail(kept: Path, document: Document) -> None:
    printed = document("trace", "tail", "--steps", "1")

    documented = example("trace tail")
    assert set(printed) == set(documented)
    assert set(documented["steps"][0]) <= set(printed["steps"][0])


def test_ingest(claude: Path, home: Path, document: Document) -> None:
    session = "afc0be94-d3d5-4c5a-951b-c0815f74cb07"
    transcript = next(claude.rglob(f"{session}.jsonl"))
    spool = home / ".opentraces" / "spool" / "claude-code"
    spool.mkdir(parents=True)
    event = {"session_id": session, "transcript_path": str(transcript), "hook_event_name": "Stop"}
    line = orjson.dumps({"opentraces": 1, "at": 1, "event": event})
    (spool / f"{session}.jsonl").write_bytes(line + b"\n")

    printed = document("ingest")

    documented = example("ingest")
    assert printed["rounds"][0]["events"] == {"Stop": 1}
    assert set(printed["rounds"][0]) == set(documented["rounds"][0])
    assert shape(printed["rounds"][0]["imported"]) == shape(documented["rounds"][0]["imported"])
    assert printed["rounds"][0]["imported"]["kept"] == 1
    assert document("ingest") == {"schema_version": "1", "rounds": []}


def test_status(kept: Path, repository: Path, document: Document) -> None:
    document("init")

    printed = document("status")

    documented = example("status")
    assert shape({**printed, "last": None, "hooks": None}) == shape(
        {**documented, "last": None, "hooks": None}
    )
    assert set(printed["hooks"]["claude-code"]) == set(documented["hooks"]["claude-code"])
    assert (printed["last"], printed["enrolled"]) == (None, ["claude-code", "codex-cli", "pi"])


def committed(home: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a repository in which a kept session, and a person, wrote a committed file."""
    widgets = Widgets(home.resolve() / "widgets", home)
    session = widgets.session().asks("more", at=10)
    session.edits("a.py", "import os\n", "import os.path\n", at=20).leave()
    (widgets.folder / "by_hand").write_text("a line that nobody is credited with\n")
    widgets.commit("Add more", at=30)
    monkeypatch.chdir(widgets.folder)
    call("import", "--all")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("trail show", ["0b7d6f3a-0000-4000-8000-000000000001:2"]),
        ("trail blame", ["a.py:1"]),
        ("trail graph", []),
        ("trail status", []),
    ],
)
def test_trail(
    name: str,
    arguments: list[str],
    home: Path,
    call: Call,
    document: Document,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    committed(home, call, monkeypatch)

    printed, documented = document(*name.split(), *arguments), example(name)

    if name == "trail show":
        printed["patches"][0]["limitations"] = ["x"]
    if name == "trail graph":
        documented["commits"][0]["sessions"][0]["tiers"] = printed["commits"][0]["sessions"][0][
            "tiers"
        ]
    assert shape(printed) == shape(documented)


def test_trail_pr(
    home: Path, call: Call, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(home, call, monkeypatch)

    printed, documented = document("trail", "pr", "HEAD"), example("trail pr")

    assert printed["commits"][0]["uncredited"] == {"by_hand": 1}
    for each in (printed, documented):
        each["commits"][0]["uncredited"] = each["commits"][0]["asked"][0]["tiers"] = {}
    assert shape(printed) == shape(documented)


def test_a_line_of_nobody_has_the_same_keys(
    home: Path, call: Call, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(home, call, monkeypatch)

    (line,) = document("trail", "blame", "by_hand")["lines"]

    assert list(line) == list(example("trail blame")["lines"][0])
    assert [key for key, value in line.items() if value is None] == [
        *("trace_id", "step", "tool_call_id", "tier")
    ]


def test_usage(kept: Path, document: Document) -> None:
    printed = document("usage", "--by", "model", "--model", "claude-sonnet-4-5")

    assert shape(printed) == shape(example("usage"))


def test_uninstall(kept: Path, repository: Path, document: Document) -> None:
    document("setup", "claude-code")
    document("init")

    printed = document("uninstall", "--dry-run")

    assert shape({**printed, "problems": ["x"]}) == shape(
        {**example("uninstall"), "problems": ["x"]}
    )
    assert printed["done"] is False


def test_doctor(kept: Path, document: Document) -> None:
    (kept / "index").chmod(0o755)

    printed = document("doctor", "--fix")

    documented = example("doctor")
    assert shape({**printed, "checks": []}) == shape({**documented, "checks": []})
    keys = [list(check) for check in documented["checks"]]
    assert [list(check) for check in printed["checks"]] == keys[:1] * len(printed["checks"])
    assert {check["level"] for check in printed["checks"]} <= {"ok", "warn"}
