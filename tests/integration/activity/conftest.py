import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.integration.program.machine import Machine

DATA = Path(__file__).parents[2] / "data"
SCENES = ("edit_commit", "failures", "permission", "resume", "subagent")


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine on which real sessions of three agents are kept; only read it."""
    root = tmp_path_factory.mktemp("everything")
    for scene in SCENES:
        projects = DATA / "claude-code" / scene / "projects"
        shutil.copytree(projects, root / "claude/projects", dirs_exist_ok=True)
    day = root / "codex/sessions/2026/11/23"
    day.mkdir(parents=True)
    for path in sorted((DATA / "codex-cli").glob("*/rollout-*.jsonl")):
        shutil.copy(path, day)
    for path in sorted((DATA / "pi" / "0.87.1").glob("*/*.jsonl")):
        cwd = json.loads(path.read_bytes().split(b"\n")[0])["cwd"]
        place = root / "machine/.pi/agent/sessions" / f"--{cwd.strip('/').replace('/', '-')}--"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    machine = Machine(root / "machine", root / "claude", root / "codex")
    machine.json("import", "--all")
    return machine


@pytest.fixture(scope="session")
def maps(everything: Machine) -> dict[str, dict[str, Any]]:
    """The map of each session, and its bursts, by the session's own id."""
    hits = everything.json("trace", "query", "--limit", "1000")["hits"]
    traces = [hit["trace_id"] for hit in hits]
    plain = everything.many(("trace", "map", trace, "--json") for trace in traces)
    bursts = everything.many(("trace", "map", trace, "--bursts", "--json") for trace in traces)
    return {
        hit["session_id"]: json.loads(one) | json.loads(other) | {"hit": hit}
        for hit, one, other in zip(hits, plain, bursts, strict=True)
    }
