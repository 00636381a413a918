"""What programs that run tests really print, read."""

import subprocess
import sys
from pathlib import Path

import pytest

from opentraces.domain.activity.deed import SuiteRun
from opentraces.domain.activity.run_output import run_told

TESTS = """
import unittest


class TestIt(unittest.TestCase):
    def test_good(self):
        pass

    def test_bad(self):
        self.assertEqual(1, 2)

    @unittest.skip("not now")
    def test_later(self):
        pass
"""


@pytest.mark.parametrize(
    ("framework", "arguments"),
    [
        ("pytest", ["pytest", "-p", "no:cacheprovider"]),
        ("pytest", ["pytest", "-p", "no:cacheprovider", "-q", "--color=yes"]),
        ("unittest", ["unittest", "-v"]),
        ("unittest", ["unittest", "-b", "test_it"]),
    ],
)
def test_a_run_of_python_is_read(tmp_path: Path, framework: str, arguments: list[str]) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)

    run = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )

    assert run.returncode != 0
    assert run_told(run.stdout) == SuiteRun(framework, 1, 1, 1, is_good=False)
