"""The contracts of pyproject.toml, tried: each planted fault must break the one meant for it.

The faults are planted in a small package of our name, since what is tried is the contracts and
not the code; that the code keeps them is what `lint-imports` says in `make check`.
"""

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from importlinter.cli import lint_imports

import opentraces

PACKAGE = Path(opentraces.__path__[0])
PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"

SOUND = {
    "domain/ids.py": "import orjson\n",
    "domain/patch.py": "import opentraces.domain.ids\n",
    "ports/blobs.py": "import opentraces.domain.ids\n",
    "application/keep_blob.py": "import opentraces.ports.blobs\n",
    "adapters/_reading/jsonl.py": "",
    "adapters/_sqlite/form.py": "",
    "adapters/memory/blobs.py": "import opentraces.ports.blobs\n",
    "adapters/filesystem/blobs.py": "import opentraces.ports.blobs\nimport zstandard\n",
    "adapters/sqlite_ledger/ledger.py": "import opentraces.adapters._sqlite.form\n",
    "adapters/claude_code/lines.py": "import opentraces.adapters._reading.jsonl\n",
    "adapters/codex_cli/lines.py": "import opentraces.adapters._reading.jsonl\n",
    "entrypoints/settings.py": "",
    "entrypoints/container/keeping.py": "import opentraces.adapters.filesystem.blobs\n",
    "entrypoints/container/container.py": "import opentraces.entrypoints.container.keeping\n",
    "entrypoints/cli/keep.py": "import opentraces.entrypoints.container.keeping\nimport click\n",
}

LAYERS = "inner layers know nothing of outer ones"
WIRED_ONCE = "only the container names an adapter"
STRANGERS = "no adapter imports another"
PURE = "the core uses the standard library only"
NO_CYCLES = "siblings never import in a circle"


class Fault(NamedTuple):
    """One line too many in one file, and the contract it breaks."""

    what: str
    file: str
    line: str
    contract: str


FAULTS = [
    Fault("domain imports a port", "domain/ids.py", "import opentraces.ports.blobs", LAYERS),
    Fault(
        "use case imports an adapter",
        "application/keep_blob.py",
        "import opentraces.adapters.memory.blobs",
        WIRED_ONCE,
    ),
    Fault(
        "adapter imports a use case",
        "adapters/memory/blobs.py",
        "import opentraces.application.keep_blob",
        LAYERS,
    ),
    Fault(
        "command imports an adapter",
        "entrypoints/cli/keep.py",
        "import opentraces.adapters.filesystem.blobs",
        WIRED_ONCE,
    ),
    Fault(
        "adapter imports another",
        "adapters/filesystem/blobs.py",
        "import opentraces.adapters.memory.blobs",
        STRANGERS,
    ),
    Fault(
        "agent imports another agent",
        "adapters/codex_cli/lines.py",
        "import opentraces.adapters.claude_code.lines",
        STRANGERS,
    ),
    Fault("domain imports click", "domain/ids.py", "import click", PURE),
    Fault("domain starts a process", "domain/ids.py", "import subprocess", PURE),
    Fault("domain dumps JSON outside ids", "domain/patch.py", "import orjson", PURE),
    Fault("use case compresses", "application/keep_blob.py", "import isal.igzip", PURE),
    Fault("a new top folder", "utils/text.py", "x = 1", LAYERS),
    Fault(
        "an import hidden in a function",
        "application/keep_blob.py",
        "def f() -> None:\n    from opentraces.adapters.memory import blobs",
        WIRED_ONCE,
    ),
    Fault("siblings in a circle", "domain/ids.py", "import opentraces.domain.patch", NO_CYCLES),
]

Lint = Callable[[dict[str, str]], str]


@pytest.fixture
def lint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Lint:
    """Write a package of our name, and return what import-linter says of it."""

    def run(files: dict[str, str]) -> str:
        package = tmp_path / "opentraces"
        for name, text in files.items():
            (package / name).parent.mkdir(parents=True, exist_ok=True)
            (package / name).write_text(text, encoding="utf-8")
        for folder in [package, *(path for path in package.rglob("*") if path.is_dir())]:
            (folder / "__init__.py").touch()
        for name in [name for name in sys.modules if name.split(".")[0] == "opentraces"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("COLUMNS", "200")
        failed = lint_imports(config_filename=str(PYPROJECT), no_cache=True, no_logo=True)
        said = capsys.readouterr().out
        assert bool(failed) == ("BROKEN" in said), said
        return said

    return run


def test_a_sound_package_keeps_every_contract(lint: Lint) -> None:
    assert "5 kept, 0 broken" in lint(SOUND)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_planted_fault_breaks_its_contract(fault: Fault, lint: Lint) -> None:
    said = lint(SOUND | {fault.file: f"{SOUND.get(fault.file, '')}{fault.line}\n"})

    assert f"{fault.contract} BROKEN" in said


READS_THE_ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "expanduser", "expandvars"}


def reads_the_environment(source: str) -> bool:
    nodes = list(ast.walk(ast.parse(source)))
    names = {n.attr for n in nodes if isinstance(n, ast.Attribute)}
    names |= {a.name for n in nodes if isinstance(n, ast.ImportFrom) for a in n.names}
    calls = {ast.unparse(n.func) for n in nodes if isinstance(n, ast.Call)}
    return bool(names & READS_THE_ENVIRONMENT or "Path.home" in calls)


def test_only_settings_and_the_hooks_read_the_environment() -> None:
    readers = {
        module.relative_to(PACKAGE)
        for module in PACKAGE.rglob("*.py")
        if reads_the_environment(module.read_text(encoding="utf-8"))
    }

    assert {r for r in readers if r.parts[:2] != ("entrypoints", "hooks")} == {
        Path("entrypoints/settings.py")
    }


def test_only_the_ids_hash() -> None:
    hashing = {
        module.relative_to(PACKAGE)
        for module in PACKAGE.rglob("*.py")
        if "hashlib" in module.read_text(encoding="utf-8")
    }

    assert hashing == {Path("domain/ids.py")}
