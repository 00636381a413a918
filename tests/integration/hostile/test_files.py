"""What lies in an agent's folder, or is named by what lies there, in the hands of an import.

Nothing but regular files in the agent's own folders is read, whatever a line says; no name leaves
the folder that it is restored into.
"""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard

from tests.integration.cli.conftest import Call, Document
from tests.transcript_lines import answered, typed

SESSION = "0a3c5f0e-1111-4111-8111-000000000001"
OTHER = "0a3c5f0e-1111-4111-8111-000000000002"
SECRET = b"BEGIN 8f0e4c1d-secret-7a2b9c PRIVATE KEY"


@pytest.fixture
def project(home: Path) -> Path:
    """The folder of one project, with a good session in it."""
    folder = home / ".claude" / "projects" / "-home-dev-widgets"
    (folder / SESSION / "tool-results").mkdir(parents=True)
    (folder / SESSION / "subagents").mkdir()
    (folder / f"{SESSION}.jsonl").write_bytes(typed("Fix it", at=0, session=SESSION))
    (folder / SESSION / "tool-results" / "own.txt").write_bytes(b"its own output")
    return folder


@pytest.fixture
def secret(home: Path) -> Path:
    """A file of the user's that is no agent's, and a transcript that is none of this agent's."""
    folder = home / ".ssh"
    folder.mkdir()
    (folder / "id").write_bytes(SECRET)
    words = SECRET.decode()
    (folder / "id.jsonl").write_bytes(typed(words, at=0, session=SESSION))
    return folder / "id"


def everything(home: Path) -> bytes:
    """Return all that is kept, unpacked, and all that can be found by."""
    parts = []
    for path in sorted((home / ".opentraces").rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".zst":
                reader = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True)
                data = reader.read()
            parts.append(data)
    return b"\n".join(parts)


def kept_names(document: Document, home: Path) -> set[str]:
    """Restore every trace, and return the names of all files."""
    names = set()
    for hit in document("trace", "query", "--limit", "1000")["hits"]:
        to = home / "back" / hit["trace_id"]
        document("trace", "restore", hit["trace_id"], "--to", str(to))
        names |= {str(path.relative_to(to)) for path in to.rglob("*") if path.is_file()}
    return names


OWN = {
    f"projects/-home-dev-widgets/{SESSION}.jsonl",
    f"projects/-home-dev-widgets/{SESSION}/tool-results/own.txt",
}


def _links(project: Path, secret: Path) -> None:
    lines = secret.with_suffix(".jsonl")
    (project / f"{OTHER}.jsonl").symlink_to(lines)
    (project / "agent-a1.jsonl").symlink_to(lines)
    (project / SESSION / "tool-results" / "b1.txt").symlink_to(secret)
    (project / SESSION / "subagents" / "agent-a2.jsonl").symlink_to(lines)
    (project / SESSION / "subagents" / "agent-a2.meta.json").symlink_to(secret)
    (project / SESSION / "subagents" / "deeper").symlink_to(secret.parent)
    (project / SESSION / "workflows").symlink_to(secret.parent)
    (project / OTHER).mkdir()
    (project / OTHER / "tool-results").symlink_to(secret.parent)
    (project.parent / "-home-dev-linked").symlink_to(secret.parent)
    (project.parent.parent / "history.jsonl").symlink_to(lines)


def _pipes(project: Path, secret: Path) -> None:
    for name in (f"{OTHER}.jsonl", "agent-a1.jsonl"):
        os.mkfifo(project / name)
    os.mkfifo(project / SESSION / "tool-results" / "b1.txt")
    os.mkfifo(project / SESSION / "subagents" / "agent-a2.jsonl")
    os.mkfifo(project.parent.parent / "history.jsonl")
    os.mkfifo(project.parent.parent / "settings.json")


def _folders(project: Path, secret: Path) -> None:
    for name in (f"{OTHER}.jsonl", "agent-a1.jsonl"):
        (project / name).mkdir()
        (project / name / "inside.txt").write_bytes(secret.read_bytes())
    (project / SESSION / "tool-results" / "b1.txt").mkdir()
    (project.parent.parent / "history.jsonl").mkdir()


def _devices(project: Path, secret: Path) -> None:
    for name in (f"{OTHER}.jsonl", "agent-a1.jsonl"):
        (project / name).symlink_to("/dev/zero")
    (project / SESSION / "tool-results" / "b1.txt").symlink_to("/dev/zero")
    if os.geteuid() == 0:
        os.mknod(project / "zero.jsonl", 0o600 | 0o020000, os.makedev(1, 5))
    listening = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(project)  # the path of a socket is short
    listening.bind("socket.jsonl")
    os.chdir(here)
    listening.close()


@pytest.mark.parametrize("lay", [_links, _pipes, _folders, _devices])
def test_only_regular_files_are_kept_and_nothing_is_waited_for(
    project: Path,
    secret: Path,
    home: Path,
    call: Call,
    document: Document,
    lay: Callable[[Path, Path], None],
) -> None:
    lay(project, secret)

    for arguments in (["import", "--all"], ["import", str(project)], ["import", "--all"]):
        result = call(*arguments)
        assert result.exit_code == 0, result.output
    assert call("doctor").exit_code in (0, 1)
    assert kept_names(document, home) == OWN
    assert SECRET not in everything(home)


def test_files_that_turn_into_links_after_they_were_kept_are_left(
    project: Path, secret: Path, home: Path, call: Call, document: Document
) -> None:
    assert call("import", "--all").exit_code == 0
    for path in (project / f"{SESSION}.jsonl", project / SESSION / "tool-results" / "own.txt"):
        path.unlink()
        path.symlink_to(secret)

    call("import", "--all")

    assert kept_names(document, home) == OWN
    assert SECRET not in everything(home)


def test_hard_link_is_a_file_like_any_other_and_is_only_read(
    project: Path, secret: Path, home: Path, call: Call, document: Document
) -> None:
    """Whoever could make it could read the file: there is nothing to tell it by."""
    os.link(secret, project / SESSION / "tool-results" / "linked.txt")
    before = secret.stat()

    assert call("import", "--all").exit_code == 0

    linked = f"projects/-home-dev-widgets/{SESSION}/tool-results/linked.txt"
    assert kept_names(document, home) == {*OWN, linked}
    assert SECRET in everything(home)
    after = secret.stat()
    assert (after.st_mtime_ns, after.st_nlink, after.st_mode) == (
        before.st_mtime_ns,
        before.st_nlink,
        before.st_mode,
    )
    assert secret.read_bytes() == SECRET


def _pointing(secret: Path) -> bytes:
    """Return lines that name a file in every way the agent has."""
    path = str(secret)
    result: Any = {"type": "tool_result", "tool_use_id": "t1", "content": "…"}
    spilled = f"<persisted-output>\nOutput too large. Full output saved to: {path}\n"
    image: Any = {
        "type": "image",
        "source": {"type": "file", "path": path, "url": f"file://{path}"},
    }
    call = {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": f"cat {path}"}}
    told = {
        "persistedOutputPath": path,
        "persistedOutputSize": len(SECRET),
        "outputFile": path,
        "filePath": path,
        "agentId": f"../../../../..{path}",
    }
    snapshot = {"trackedFileBackups": {path: {"backupFileName": path, "version": 1}}}
    return b"".join(
        [
            answered("Look", at=1, blocks=[call], session=SESSION),
            typed([result], at=2, uuid="u1", session=SESSION, toolUseResult=told),
            typed(spilled, at=3, uuid="u2", session=SESSION),
            typed([{**result, "content": spilled}], at=4, uuid="u3", session=SESSION),
            typed([image], at=5, uuid="u4", session=SESSION, transcript_path=path),
            json.dumps({"type": "file-history-snapshot", "snapshot": snapshot}).encode() + b"\n",
            json.dumps({"type": "content-replacement", "path": path}).encode() + b"\n",
            json.dumps({"type": "summary", "leafUuid": path, "file": f"@{path}"}).encode() + b"\n",
        ]
    )


def test_paths_in_lines_are_never_followed(
    project: Path, secret: Path, home: Path, call: Call, document: Document
) -> None:
    with (project / f"{SESSION}.jsonl").open("ab") as file:
        file.write(_pointing(secret))

    assert call("import", "--all").exit_code == 0

    assert kept_names(document, home) == OWN
    (hit,) = document("trace", "query")["hits"]
    record = call("trace", "get", hit["trace_id"], "--json").stdout_bytes
    assert str(secret).encode() in record
    assert SECRET not in record + everything(home)


@pytest.mark.parametrize("named", ["secret", "lines", "pipe", "folder", "nothing"])
def test_paths_in_hook_events_are_followed_to_the_sessions_own_lines_alone(
    project: Path, secret: Path, home: Path, call: Call, document: Document, named: str
) -> None:
    os.mkfifo(home / "pipe.jsonl")
    path = {
        "secret": str(secret),
        "lines": f"{project}/{SESSION}.jsonl",
        "pipe": str(home / "pipe.jsonl"),
        "folder": str(secret.parent),
        "nothing": f"{home}/nothing.jsonl",
    }[named]
    spool = home / ".opentraces" / "spool" / "claude-code"
    spool.mkdir(parents=True)
    event = {
        "session_id": SESSION,
        "transcript_path": path,
        "agent_transcript_path": str(secret),
        "cwd": str(secret.parent),
        "hook_event_name": "Stop",
        "tool_response": {"persistedOutputPath": str(secret)},
    }
    line = json.dumps({"opentraces": 1, "at": 1, "event": event}).encode() + b"\n"
    (spool / f"{SESSION}.jsonl").write_bytes(line)

    assert call("ingest").exit_code == 0

    assert SECRET not in everything(home)
    names = kept_names(document, home)
    assert names == ({*OWN, f"hooks/{SESSION}.jsonl"} if named == "lines" else set())


HOSTILE = [
    *("../../../../etc/cron.d/x", "/etc/passwd", "..", ".", ".ssh", "a/../b", "a\\..\\b", "~"),
    *("a\0b", "a\nb", "a\x1b[2Jb", "\u202egnp", "\ud800", "x" * 5000, "con", "NUL.txt", "-rf"),
    *("s1", "S1", "s\u0131", "\uff53\uff11", "\u0455\u0031", "e\u0301", "\u00e9"),
    *("a;rm -rf", "$(id)", "%2e%2e%2f"),
]
"""Names that lines may hold: those that leave a folder, name a device, or look like another."""


def test_no_id_in_a_line_leaves_a_folder_or_stands_for_another(
    home: Path, call: Call, document: Document
) -> None:
    """A session whose transcript is gone is known by what a line calls it."""
    claude = home / ".claude"
    project = claude / "projects" / "-home-dev-widgets"
    project.mkdir(parents=True)
    prompts = []
    for number, name in enumerate(HOSTILE):
        helper = typed(f"Helper {number}", at=1, session=name, agentId=name)
        (project / f"agent-{number}.jsonl").write_bytes(helper)
        said = {"display": f"Prompt {number}", "timestamp": 1795410000000 + number}
        prompts.append({**said, "project": name, "sessionId": name, "pastedContents": {}})
    lines = [json.dumps(each, separators=(",", ":")).encode() + b"\n" for each in prompts]
    (claude / "history.jsonl").write_bytes(b"".join(lines))
    before = _names_beside(home)

    assert call("import", "--all").exit_code == 0

    hits = document("trace", "query", "--limit", "1000")["hits"]
    assert len({hit["session_id"] for hit in hits}) == len(HOSTILE)
    for name in kept_names(document, home):
        assert all(0 < len(part) < 200 and part[0] != "." for part in name.split("/")), name
        assert name.isascii()
        assert name.isprintable()
    assert _names_beside(home) == before
    files = (path for path in (home / "back").rglob("*") if path.is_file())
    restored = b"".join(path.read_bytes() for path in files)
    assert all(f'Prompt {n}"'.encode() in restored for n in range(len(HOSTILE)))
    assert all(f'Helper {n}"'.encode() in restored for n in range(len(HOSTILE)))
    assert orjson.loads(call("bucket", "verify", "--deep", "--json").stdout)["ok"]


def _names_beside(home: Path) -> set[str]:
    """Return the names of all files but those that are kept, or were restored."""
    ours = {".opentraces", "back"}
    return {str(path) for path in home.rglob("*") if path.relative_to(home).parts[0] not in ours}
