"""Sessions as Hermes leaves them, made by the formats that tests/data/hermes/README.md names."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "hermes"
SCHEMAS = {int(path.stem.partition("-")[2]): path for path in DATA.glob("schema-*")}
"""The tables of the database, by version."""

NEWEST = max(SCHEMAS)

Json = dict[str, Any]


def call(tool: str, arguments: Any) -> str:
    """Return a call as it stands in the text of a turn."""
    said = json.dumps({"name": tool, "arguments": arguments}, ensure_ascii=False)
    return f"<tool_call>\n{said}\n</tool_call>"


def answer(text: str = "", *calls: str, thought: str = "") -> Json:
    """Return a turn of the model."""
    think = f"<think>\n{thought}\n</think>\n" if thought else "<think>\n</think>\n"
    return {"from": "gpt", "value": think + "\n".join([text, *calls] if text else calls)}


def results(*told: tuple[str, str, Any]) -> Json:
    """Return what came back in a turn: id, name and content of each result."""
    blocks = [
        json.dumps({"tool_call_id": call, "name": tool, "content": content}, ensure_ascii=False)
        for call, tool, content in told
    ]
    value = "\n".join(f"<tool_response>\n{block}\n</tool_response>" for block in blocks)
    return {"from": "tool", "value": value}


def system(*tools: str) -> Json:
    """Return the turn that offers tools."""
    listed: list[Json] = [
        {"name": tool, "description": "", "parameters": {}, "required": None} for tool in tools
    ]
    value = f"You are a function calling AI model.\n<tools>\n{json.dumps(listed)}\n</tools>\n"
    return {"from": "system", "value": value}


def human(text: str) -> Json:
    """Return a turn of the user."""
    return {"from": "human", "value": text}


def run(*turns: Json, **fields: Any) -> bytes:
    """Return one row of trajectories."""
    row = {
        "conversations": turns,
        "timestamp": "2026-11-23T04:54:33.398211",
        "model": "anthropic/claude-opus-4.6",
        "completed": True,
    }
    return _line({key: value for key, value in (row | fields).items() if value is not None})


def batch_run(index: int, *turns: Json, **fields: Any) -> bytes:
    """Return one row of a batch."""
    stats = {"count": 1, "success": 1, "failure": 0}
    none = {"count": 0, "success": 0, "failure": 0}
    row = {
        "prompt_index": index,
        "conversations": turns,
        "metadata": {
            "batch_num": 0,
            "timestamp": "2026-11-23T05:00:00.000001",
            "model": "nousresearch/hermes-4-405b",
        },
        "completed": True,
        "partial": False,
        "api_calls": 2,
        "toolsets_used": ["terminal"],
        "tool_stats": {"terminal": stats, "web_search": none},
        "tool_error_counts": {"terminal": 0, "web_search": 0},
    }
    return _line(row | fields)


class Store:
    """Hermes' `state.db`, open as Hermes has it: in WAL mode."""

    def __init__(self, path: Path, version: int = NEWEST) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.executescript(SCHEMAS[version].read_text())

    def session(self, session: str, cwd: str | None = "/home/dev/api", **columns: Any) -> None:
        """Begin a session."""
        row = {"id": session, "source": "cli", "started_at": 1763873673.398, "cwd": cwd}
        self._insert("sessions", row | {"model": "anthropic/claude-opus-4.6"} | columns)

    def say(self, session: str, role: str, content: str | None = None, **columns: Any) -> int:
        """Write a message; returns its number."""
        row = {"session_id": session, "role": role, "content": content}
        return self._insert("messages", {"timestamp": 1763873674.5} | row | columns)

    def usage(self, session: str, model: str, **columns: Any) -> None:
        """Write what a model cost."""
        self._insert("session_model_usage", {"session_id": session, "model": model} | columns)

    def prompt(self, name: str, prompt: str) -> None:
        """Write a system prompt that sessions share."""
        self._insert("system_prompts", {"hash": name, "prompt": prompt})

    def execute(self, statement: str, *values: Any) -> None:
        """Change something."""
        self.connection.execute(statement, values)

    def close(self) -> None:
        """Leave the database as Hermes leaves it when it ends: without its log."""
        self.connection.close()

    def _insert(self, table: str, row: Mapping[str, Any]) -> int:
        marks = ",".join("?" * len(row))
        names = ",".join(row)
        cursor = self.connection.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
            [*row.values()],
        )
        return int(cursor.lastrowid or 0)


def tool_calls(*calls: tuple[str, str, Any]) -> str:
    """Return calls as a message holds them: id, tool and arguments of each."""
    return json.dumps(
        [
            {
                "id": call,
                "type": "function",
                "function": {
                    "name": tool,
                    "arguments": given if isinstance(given, str) else json.dumps(given),
                },
            }
            for call, tool, given in calls
        ]
    )


def told(store: Store, session: str = "20261123_045433_ab12cd") -> None:
    """Write a session with a call, its result and an answer, and what it cost."""
    store.session(
        session,
        input_tokens=1200,
        output_tokens=340,
        cache_read_tokens=5000,
        cache_write_tokens=700,
        estimated_cost_usd=0.125,
        cost_status="estimated",
        title="Fix the build",
        git_branch="main",
        ended_at=1763873699.25,
    )
    store.say(session, "user", "fix the build")
    store.say(
        session,
        "assistant",
        "Looking.",
        tool_calls=tool_calls(("call_1", "terminal", {"command": "make"})),
        reasoning="First run it.",
        finish_reason="tool_calls",
        timestamp=1763873676.25,
    )
    store.say(
        session,
        "tool",
        '{"output": "ok", "exit_code": 0, "error": null}',
        tool_call_id="call_1",
        tool_name="terminal",
        timestamp=1763873677.0,
    )
    store.say(session, "assistant", "It builds.", finish_reason="stop", timestamp=1763873678.0)


def _line(row: Json) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"
