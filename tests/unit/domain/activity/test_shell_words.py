"""What commands are for."""

import pytest

from opentraces.domain.activity.deed import Deed
from opentraces.domain.activity.shell_words import Command, command_of

LINES = {
    "cat src/a.py": Command(Deed.READ, ("src/a.py",)),
    "ls -la && cat calc.py": Command(Deed.READ, ("calc.py",)),
    "sed -n '10,20p' src/a.py": Command(Deed.READ, ("src/a.py",)),
    "cd app && head -50 README.md": Command(Deed.READ, ("README.md",)),
    "cat a.txt 2>/dev/null": Command(Deed.READ, ("a.txt",)),
    "ls": Command(Deed.SEARCH),
    "grep -rn 'def ' src | head -20": Command(Deed.SEARCH),
    "git log --oneline | head -3": Command(Deed.SEARCH),
    "git -c core.pager= diff": Command(Deed.COMMAND),
    "git status && git diff": Command(Deed.SEARCH),
    "find . -name '*.py'": Command(Deed.SEARCH),
    "find . -name '*.pyc' -delete": Command(Deed.COMMAND),
    "sed -i 's/a/b/' src/a.py": Command(Deed.COMMAND),
    "cat > a.py <<'EOF'\nprint(1)\nEOF": Command(Deed.COMMAND),
    "echo x >> a.txt": Command(Deed.COMMAND),
    "echo hello": Command(Deed.COMMAND),
    "": Command(Deed.COMMAND),
    "pytest -q": Command(Deed.TEST, runner="pytest"),
    "cd app && python3 -m pytest tests/ -x 2>&1 | tail -5": Command(Deed.TEST, runner="pytest"),
    "PYTHONPATH=. python -m unittest discover": Command(Deed.TEST, runner="unittest"),
    "npm test": Command(Deed.TEST, runner="npm test"),
    "npx jest src": Command(Deed.TEST, runner="jest"),
    "npm run test -- --watch=false": Command(Deed.TEST, runner="npm test"),
    "go test ./...": Command(Deed.TEST, runner="go test"),
    "cargo +nightly test": Command(Deed.TEST, runner="cargo test"),
    "./gradlew :app:test": Command(Deed.TEST, runner="gradle"),
    "mvn -q verify": Command(Deed.TEST, runner="maven"),
    "make -j2 check": Command(Deed.TEST, runner="make test"),
    "cat pytest.ini": Command(Deed.READ, ("pytest.ini",)),
    "grep -rn pytest .": Command(Deed.SEARCH),
    "pip install pytest": Command(Deed.COMMAND),
    "git add -A && git commit -m 'x'": Command(Deed.COMMIT),
    "pytest -q && git commit -am 'x'": Command(Deed.COMMIT),
    "npm run build": Command(Deed.COMMAND),
}


@pytest.mark.parametrize(("line", "command"), LINES.items(), ids=LINES)
def test_its_words_tell(line: str, command: Command) -> None:
    assert command_of(line) == command
