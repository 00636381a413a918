"""The active branch is the one that Pi itself takes up when it opens a session."""

import json
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from opentraces.adapters.pi.parser import PiParser
from tests.agents.rig.installed import pi_program
from tests.contracts.trace_parser import read, transcript
from tests.integration.adapters.pi.fixtures import FILES

pytestmark = pytest.mark.agents

TREES = 200
KINDS = ("message", "message", "label", "custom", "branch_summary", "model_change", "hologram")
ASK = """
const { SessionManager } = await import(process.argv[1]);
const branch = (file) => SessionManager.open(file).getBranch().map((entry) => entry.id);
const files = JSON.parse(process.argv[2]);
console.log(JSON.stringify(Object.fromEntries(files.map((file) => [file, branch(file)]))));
"""


def grown(seed: int) -> list[dict[str, Any]]:
    """Return a session whose user went back at random, with parents that are not there."""
    random = Random(seed)
    rows: list[dict[str, Any]] = []
    for number in range(random.randint(1, 60)):
        before = [row["id"] for row in rows]
        over = random.choices((before[-1:], before, ["gone"], []), (75, 22, 2, 1))[0]
        row: dict[str, Any] = {"type": random.choice(KINDS), "id": f"{number:08x}"}
        row |= {"summary": "left", "fromId": "root", "label": "here", "targetId": "00000000"}
        row["parentId"] = random.choice(over) if over else None
        if row["type"] == "message":
            row["message"] = {"role": "user", "content": row["id"]}
        rows.append(row)
    return rows


def written(folder: Path, seed: int) -> Path:
    first = {"type": "session", "version": 3, "id": f"s{seed}", "cwd": "/w"}
    stamp = {"timestamp": "2026-11-23T05:00:00.000Z"}
    path = folder / f"{seed}.jsonl"
    path.write_bytes(b"".join(orjson.dumps(row | stamp) + b"\n" for row in (first, *grown(seed))))
    return path


def asked_of_pi(files: list[Path], home: Path) -> dict[str, list[str]]:
    """Return the entries of the branch that Pi takes up, by session."""
    program, node = pi_program()
    package = program.parent.parent / "@earendil-works" / "pi-coding-agent"
    manager = package / "dist" / "core" / "session-manager.js"
    said = subprocess.run(
        [node / "node", "--input-type=module", "-e", ASK, manager, json.dumps([*map(str, files)])],
        env={"HOME": str(home), "PATH": str(node)},
        capture_output=True,
        check=True,
        timeout=120,
    )
    branches: dict[str, list[str]] = orjson.loads(said.stdout)
    return branches


def active(path: Path) -> list[str]:
    """Return the entries of the steps that we say are on the active branch."""
    found = read(PiParser(), transcript(path.read_bytes()))
    left = {
        ordinal
        for shoot in found.source.facts.branching.inactive
        for ordinal in range(shoot.first, shoot.last + 1)
    }
    return [step.native["entry_id"] for step in found.steps if step.ordinal not in left]


def test_steps_of_the_active_branch_are_those_of_pi(tmp_path: Path) -> None:
    grown_at_random = [written(tmp_path, seed) for seed in range(TREES)]
    real = [Path(shutil.copy(path, tmp_path)) for paths in FILES.values() for path in paths]
    theirs = asked_of_pi([*grown_at_random, *real], tmp_path)

    for path in (*grown_at_random, *real):
        found = read(PiParser(), transcript(path.read_bytes()))
        steps = {step.native["entry_id"] for step in found.steps}
        branch = theirs[str(path)]
        assert [*dict.fromkeys(active(path))] == [each for each in branch if each in steps], path
    assert any(len(theirs[str(path)]) < len(grown(n)) for n, path in enumerate(grown_at_random))
