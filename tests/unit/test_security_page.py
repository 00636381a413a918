"""What SECURITY.md promises, it promises by tests that are there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[^`]+)`", PAGE)))
PROMISES = PAGE.partition("## What is promised")[2].partition("\n## ")[0]


@pytest.mark.parametrize("named", NAMED)
def test_tests_that_it_names_are_there(named: str) -> None:
    file, _, test = named.partition("::")
    tree = ast.parse((ROOT / file).read_text())

    found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert any(name.startswith("test_") for name in found)
    assert not test or test in found


def test_each_promise_names_a_test() -> None:
    promises = re.findall(r"^- .*(?:\n  .*)*", PROMISES, re.MULTILINE)

    assert len(promises) > 10
    assert [promise for promise in promises if "`tests/" not in promise] == []
