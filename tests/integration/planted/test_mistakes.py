"""Tests that cannot fail prove nothing: with each mistake planted, some of them do."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.planted.mistakes import MISTAKES

ROOT = Path(__file__).parents[3]
CAUGHT = re.compile(r"^E +(AssertionError|assert |Failed: DID NOT RAISE)", re.MULTILINE)
"""What a test says that finds something wrong; one that cannot be run says something else."""

PLUGIN = "tests.integration.planted.mistakes"


@pytest.mark.parametrize("name", MISTAKES)
def test_it_is_caught(name: str) -> None:
    options = ("-q", "-x", "-p", PLUGIN, "-p", "no:cacheprovider", "-p", "no:xdist")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *MISTAKES[name].caught_by],
        cwd=ROOT,
        env={**os.environ, "PLANTED_MISTAKE": name},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout + run.stderr
    assert CAUGHT.search(run.stdout), run.stdout
    assert re.search(r"^1 failed(, \d+ passed)?.* in ", run.stdout, re.MULTILINE), run.stdout
