"""Nothing leaves the machine."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.git_repositories import REMOTE, make_repository
from tests.integration.cli.conftest import DATA

COMMANDS = [
    ["setup", "claude-code"],
    ["init", "--import-existing"],
    ["import", "--all"],
    ["ingest"],
    ["status"],
    ["trace", "query", "calc"],
    ["trace", "query", "--json"],
    ["trace", "tail"],
    ["bucket", "status"],
    ["bucket", "verify", "--deep"],
    ["bucket", "repair", "--dry-run"],
    ["bucket", "gc"],
    ["bucket", "snapshot", "--to", "../copy"],
    ["doctor", "--deep"],
    ["remove"],
    ["uninstall", "--purge", "--yes"],
]


def test_no_command_opens_a_connection_or_runs_anything_but_git(home: Path) -> None:
    repository = make_repository(home / "edit-commit", remote=REMOTE)
    shutil.copytree(DATA / "edit_commit" / "projects", home / ".claude" / "projects")
    run = subprocess.run(
        [sys.executable, "-m", "tests.integration.hostile.audited", json.dumps(COMMANDS)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        cwd=repository,
        capture_output=True,
        check=True,
        timeout=300,
    )

    told = json.loads(run.stdout)
    assert len(told["codes"]) == len(COMMANDS)
    assert {*told["codes"]} <= {0, 1, 3}, told["codes"]
    assert told["events"] == []
    assert {Path(program).name for program in told["programs"]} == {"git"}
