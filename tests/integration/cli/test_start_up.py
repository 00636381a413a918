"""What each command imports: start-up is counted in modules, and timed by `make bench`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from opentraces import __version__
from opentraces.entrypoints.cli.commands import overview
from tests.integration.cli.conftest import DATA, PROGRAM, Call, Process
from tests.integration.cli.ctx.made_up import MadeUp, text
from tests.integration.cli.trail.widgets import SECOND, Widgets

HEAVY = {
    "asyncio",
    "dependency_injector",
    "isal",
    "logging",
    "pydantic",
    "pygit2",
    "rich",
    "sqlite3",
    "subprocess",
    "zstandard",
}

WRITING = {
    f"opentraces.entrypoints.container.{name}"
    for name in (
        "bucket_care",
        "catching_up",
        "container",
        "deleting",
        "keeping",
        "keeping_events",
        "keeping_requests",
        "repairing",
        "settling",
        "writing",
    )
}
"""What makes use cases that write."""


def imported(*arguments: str, cwd: Path) -> set[str]:
    """The modules that a process imports, those before our first one left out."""
    run = subprocess.run(
        [PROGRAM[0], "-X", "importtime", *PROGRAM[1:], *arguments],
        capture_output=True,
        check=True,
        cwd=cwd,
        text=True,
    )
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"]])
def test_help_imports_next_to_nothing(arguments: list[str], home: Path) -> None:
    modules = imported(*arguments, cwd=home)

    tops = {module.partition(".")[0] for module in modules}
    assert not tops & (HEAVY | {"click", "orjson", "tantivy", "dataclasses", "json", "pathlib"})
    assert {module for module in modules if module.startswith("opentraces.")} == {
        "opentraces.entrypoints",
        "opentraces.entrypoints.cli",
        "opentraces.entrypoints.cli.commands",
        "opentraces.entrypoints.cli.entry",
        "opentraces.entrypoints.cli.exit_codes",
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["trace", "query", "calc"],
        ["trace", "query", "--tool", "Bash", "--json"],
        ["trace", "query"],
        ["trace", "query", "calc OR ko* has:patch", "--sort", "cost", "--facet", "tool"],
        ["trace", "query", "calc~", "cost:<1", "--jsonl"],
        ["trace", "query", "-h"],
        ["bucket", "path"],
        ["trace", "-h"],
        ["completion", "zsh"],
    ],
    ids=" ".join,
)
def test_a_search_imports_no_models_no_container_and_nothing_that_writes(
    arguments: list[str], kept: Path, home: Path
) -> None:
    modules = imported(*arguments, cwd=home)

    assert not {module.partition(".")[0] for module in modules} & HEAVY
    assert not modules & WRITING


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--kind", "mcp"], ["-h"]], ids=" ".join)
def test_a_list_of_skills_imports_no_models_once_all_is_counted(
    arguments: list[str], kept: Path, home: Path
) -> None:
    subprocess.run([*PROGRAM, "trace", "skills"], cwd=home, check=True, capture_output=True)

    modules = imported("trace", "skills", *arguments, cwd=home)

    assert not {module.partition(".")[0] for module in modules} & (HEAVY | {"tantivy"})
    assert not modules & WRITING


def test_reading_a_trace_imports_no_models_and_no_container(trace: str, home: Path) -> None:
    modules = imported("trace", "get", trace, cwd=home)

    assert not {"dependency_injector", "pydantic", "pygit2", "rich"} & modules


@pytest.mark.parametrize(
    ("command", "options"),
    [("map", "--json"), ("map", "--bursts"), ("map", "--waste"), ("slice", "--json")],
)
def test_a_map_or_a_slice_imports_neither_git_nor_what_searches(
    command: str, options: str, trace: str, home: Path
) -> None:
    modules = imported("trace", command, trace, options, cwd=home)

    assert not {module.partition(".")[0] for module in modules} & (
        HEAVY - {"subprocess", "zstandard"} | {"tantivy"}
    )


@pytest.mark.parametrize("name", ["show", "tree", "tokens", "compactions", "handover"])
def test_asking_what_the_model_saw_imports_neither_git_nor_what_searches_or_writes(
    name: str, home: Path
) -> None:
    session = MadeUp(home)
    session.prompt("one")
    session.answer(text("two"))

    modules = imported("ctx", name, session.keep(), cwd=home)

    tops = {module.partition(".")[0] for module in modules}
    assert not tops & (HEAVY - {"zstandard"} | {"tantivy"})
    assert not modules & WRITING


@pytest.mark.parametrize(
    "name", ["show", "diff", "tree", "tokens", "compactions", "handover"], ids=str
)
def test_help_of_what_the_model_saw_imports_neither(name: str, home: Path) -> None:
    tops = {module.partition(".")[0] for module in imported("ctx", name, "-h", cwd=home)}

    assert not tops & (HEAVY - {"zstandard"} | {"tantivy"})


@pytest.mark.parametrize(
    "arguments",
    [["usage"], ["usage", "--by", "model", "--json"], ["usage", "--plot", "--since", "7d"]],
    ids=" ".join,
)
def test_usage_imports_no_models_no_container_and_nothing_that_searches_or_writes(
    arguments: list[str], kept: Path, home: Path
) -> None:
    modules = imported(*arguments, cwd=home)

    tops = {module.partition(".")[0] for module in modules}
    assert not tops & ((HEAVY | {"tantivy"}) - {"sqlite3"})
    assert not modules & WRITING


def test_help_of_usage_imports_no_sqlite(home: Path) -> None:
    tops = {module.partition(".")[0] for module in imported("usage", "-h", cwd=home)}

    assert not tops & (HEAVY | {"tantivy"})


def test_what_is_noted_of_trails_is_asked_without_models() -> None:
    code = "import sys, opentraces.entrypoints.container.noting; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    tops = {module.partition(".")[0] for module in run.stdout.split()}
    assert not tops & ((HEAVY | {"tantivy"}) - {"sqlite3"})
    assert "sqlite3" in tops


@pytest.fixture
def committed(home: Path) -> Path:
    """A repository in which a kept session wrote a committed file."""
    widgets = Widgets(home.resolve() / "widgets", home)
    widgets.session().asks("more", at=10).adds("a.py", SECOND, at=20).leave()
    widgets.commit("Add more", at=30)
    for command in ("import", "trail"):
        arguments = ["--all"] if command == "import" else ["status"]
        subprocess.run([*PROGRAM, command, *arguments], cwd=widgets.folder, check=True)
    return widgets.folder


def test_blame_imports_no_container_and_nothing_that_searches_or_writes(committed: Path) -> None:
    modules = imported("trail", "blame", "a.py", "--json", cwd=committed)

    assert not {module.partition(".")[0] for module in modules} & (
        HEAVY - {"pygit2", "sqlite3", "subprocess", "zstandard"} | {"tantivy"}
    )
    assert not modules & WRITING


@pytest.mark.parametrize("command", ["blame", "graph", "pr", "show", "status"])
def test_help_of_trails_imports_neither_git_nor_sqlite(command: str, home: Path) -> None:
    modules = imported("trail", command, "-h", cwd=home)

    assert not {module.partition(".")[0] for module in modules} & (
        HEAVY - {"zstandard"} | {"tantivy"}
    )


def test_a_setup_imports_no_models_and_no_container(home: Path) -> None:
    modules = imported("setup", "claude-code", cwd=home)

    assert (home / ".claude" / "settings.json").exists()
    assert not {module.partition(".")[0] for module in modules} & (HEAVY | {"tantivy"})


def test_an_import_imports_no_git_no_models_and_draws_nothing_when_nobody_looks(
    claude: Path, home: Path
) -> None:
    for _ in range(2):  # the first one keeps, the second one reads what is kept
        assert not {"dependency_injector", "pydantic", "pygit2", "rich"} & imported(
            "import", "--all", cwd=home
        )
        transcript = min(claude.glob("projects/*/*.jsonl"))
        lines = transcript.read_bytes().splitlines(keepends=True)
        transcript.write_bytes(b"".join(lines) + lines[-1].replace(b'"uuid":"', b'"uuid":"9'))


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], []])
def test_help_is_the_same_text_with_and_without_click(
    arguments: list[str], process: Process, call: Call
) -> None:
    run = process(*arguments)

    assert run.stdout.decode() == overview()
    assert call(*arguments).stdout == overview()
    assert (run.returncode, run.stderr) == (0, b"")


def test_the_version_is_the_same_with_and_without_click(process: Process, call: Call) -> None:
    assert process("--version").stdout.decode() == f"opentraces {__version__}\n"
    assert call("--version").stdout == f"opentraces {__version__}\n"


def test_the_console_script_is_the_module(home: Path) -> None:
    script = Path(sys.executable).parent / "opentraces"

    run = subprocess.run([script, "--help"], capture_output=True, check=True, cwd=home)

    assert run.stdout.decode() == overview()


def test_a_session_in_a_repository_is_kept_without_what_reads_other_agents_or_helps(
    home: Path,
) -> None:
    widgets = Widgets(home.resolve() / "widgets", home)
    widgets.session().asks("more", at=10).adds("a.py", SECOND, at=20).leave()

    modules = imported("import", "--all", cwd=widgets.folder)

    assert "opentraces.adapters.claude_code.automaton" in modules
    assert not modules & {
        "multiprocessing",
        "opentraces.adapters.codex_cli.automaton",
        "opentraces.adapters.hermes.automaton",
        "opentraces.adapters.pi.automaton",
        "opentraces.adapters.worker.helper",
        "opentraces.application.hand_over",
    }


def test_a_small_session_is_kept_without_what_it_does_not_need(home: Path) -> None:
    shutil.copytree(DATA / "subagent" / "projects", home / ".claude" / "projects")

    modules = imported("import", "--all", cwd=home)

    assert "opentraces.adapters.claude_code.automaton" in modules
    unneeded = {
        "concurrent.futures._base",
        "concurrent.futures.thread",
        "logging",
        "multiprocessing",
        "tempfile",
        "tomllib",
        "opentraces.adapters.claude_code.hook_events",
        "opentraces.adapters.claude_code.request_bodies",
        "opentraces.adapters.worker.helper",
        "opentraces.application.derive_context",
        "opentraces.application.get_trace",
        "opentraces.application.hand_over",
        "opentraces.application.ingest_all",
        "opentraces.application.query_traces",
        "opentraces.domain.dependencies.python",
    }
    assert modules & unneeded == set()
    others = tuple(f"opentraces.adapters.{agent}." for agent in ("codex_cli", "hermes", "pi"))
    assert not [each for each in modules if each.startswith(others)]


_BEFORE_ORJSON = """
import importlib.abc, sys

class Seen(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "orjson.orjson":
            self.before = set(sys.modules)

seen = Seen()
sys.meta_path.insert(0, seen)
from opentraces.entrypoints.cli import entry
entry._run(sys.argv[1:])
print(*seen.before, file=sys.stderr)
"""


def test_what_orjson_imports_is_there_before_it_for_it_survives_no_interruption(
    kept: Path, home: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _BEFORE_ORJSON, "trace", "query", "calc"],
        capture_output=True,
        check=True,
        cwd=home,
        text=True,
    )

    assert {"datetime", "dataclasses", "json", "uuid"} <= {*run.stderr.split()}
