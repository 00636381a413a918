import re

import pytest

from opentraces.domain.globs import name_regex, path_key, path_regex


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("a.py", "a.py", True),
        ("a.py", "/x/a.py", True),
        ("a.py", "/x/aXpy", False),
        ("a.py", "/x/ba.py", False),
        ("x/a.py", "/y/x/a.py", True),
        ("/x/a.py", "/y/x/a.py", False),
        ("/x/a.py", "/x/a.py", True),
        ("src", "/x/src/a/b.py", True),
        ("src/", "/x/src/a/b.py", True),
        ("src", "/x/src2/a.py", False),
        ("src/**", "/x/src/a/b.py", True),
        ("src/*", "/x/src/a/b.py", True),
        ("src/*.py", "/x/src/a/b.py", False),
        ("src/**/b.py", "/x/src/a/c/b.py", True),
        ("src/**/b.py", "/x/src/b.py", True),
        ("**/b.py", "b.py", True),
        ("*.py", "/x/a.py", True),
        ("?.py", "/x/ab.py", False),
        ("./a.py", "/x/a.py", True),
        ("C:\\Code\\*.rs", "c:/code/a.rs", True),
        ("A.PY", "a.py", True),
        ("a(b)[c]+.py", "/x/a(b)[c]+.py", True),
        ("/", "/x", True),
        ("*", "a\nb", True),
    ],
)
def test_paths(pattern: str, path: str, matches: bool) -> None:
    assert bool(re.fullmatch(path_regex(pattern), path_key(path))) is matches


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("Bash", "bash", True),
        ("bas", "bash", False),
        ("mcp__*__log", "mcp__git__log", True),
        ("*", "anything at all/\n", True),
        ("a.b", "axb", False),
    ],
)
def test_names(pattern: str, name: str, matches: bool) -> None:
    assert bool(re.fullmatch(name_regex(pattern), name)) is matches
