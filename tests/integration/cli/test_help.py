"""Every command says what it does, in its help and in docs/cli.md, in the same words."""

from pathlib import Path

import click
import pytest

from opentraces.entrypoints.cli.commands import COMMANDS, GROUPS, overview
from opentraces.entrypoints.cli.exit_codes import MEANINGS
from opentraces.entrypoints.cli.main import cli
from tests.integration.cli.conftest import Call

DOCS = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")


def command_of(name: str) -> click.Command:
    group: click.Command = cli
    for word in name.split():
        assert isinstance(group, click.Group)
        found = group.get_command(click.Context(group), word)
        assert found is not None
        group = found
    return group


def options_of(name: str) -> list[click.Option]:
    return [param for param in command_of(name).params if isinstance(param, click.Option)]


def form_of(option: click.Option) -> str:
    metavar = f" {option.metavar}" if option.metavar else ""
    return f"{' / '.join([*option.opts, *option.secondary_opts])}{metavar}"


def section(heading: str) -> list[str]:
    assert f"\n## {heading}\n" in DOCS
    return DOCS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0].strip().splitlines()


def heading_of(name: str) -> str:
    arguments = [p for p in command_of(name).params if isinstance(p, click.Argument)]
    metavars = [a.metavar or (f"[{a.name}]..." if a.nargs < 0 else str(a.name)) for a in arguments]
    called = " ".join(m if m == "[PATH]..." else m.upper() for m in metavars)
    return f"`opentraces {name} {called}`" if called else f"`opentraces {name}`"


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("ask", ["-h", "--help"])
def test_help_has_a_use_a_summary_options_and_examples(name: str, ask: str, call: Call) -> None:
    said = call(*name.split(), ask)

    assert said.exit_code == 0
    assert said.stdout.startswith(f"Usage: opentraces {name} [OPTIONS]")
    assert said.stdout.count("opentraces") > 1
    assert "Examples:" in said.stdout
    assert "--help" in said.stdout
    assert (said.stderr, command_of(name).get_short_help_str(200).count("\n")) == ("", 0)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_has_help(name: str) -> None:
    assert [option.name for option in options_of(name) if not option.help] == []


_OF_ONE_FORM = ("completion", "export")
"""A script of a shell, and what is JSON anyway."""


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in _OF_ONE_FORM])
def test_each_command_has_json(name: str) -> None:
    assert "--json" in [opt for option in options_of(name) for opt in option.opts]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_lists_it_in_a_line(name: str) -> None:
    summary = COMMANDS[name][1]

    assert [line.split(maxsplit=len(name.split())) for line in overview().splitlines()].count(
        [*name.split(), summary]
    ) == 1
    assert len(summary) < 60


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_lists_its_commands(group: str, call: Call) -> None:
    said = call(group, "-h").stdout

    assert call(group).stdout == said
    for name, (_, summary) in COMMANDS.items():
        assert (summary in said) == name.startswith(f"{group} ")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_docs_have_its_options_and_examples(name: str) -> None:
    lines = section(heading_of(name))
    epilog = (command_of(name).epilog or "").splitlines()

    assert lines[0] == COMMANDS[name][1]
    assert [line for line in lines if line.startswith("| `")] == [
        f"| `{form_of(option)}` | {option.help} |" for option in options_of(name)
    ]
    fence = lines.index("```")
    assert lines[fence + 1 : lines.index("```", fence + 1)] == [line.strip() for line in epilog[2:]]


def test_the_docs_have_each_command_and_no_other() -> None:
    headings = [line for line in DOCS.splitlines() if line.startswith("## `")]

    assert headings == [f"## {heading_of(name)}" for name in COMMANDS]


def test_the_docs_and_the_overview_have_each_exit_code() -> None:
    assert [line for line in section("Exit codes") if line[:3].strip("| ").isdigit()] == [
        f"| {code} | {meaning} |" for code, meaning in MEANINGS.items()
    ]
    for code, meaning in MEANINGS.items():
        assert f"\n  {code:<5}{meaning}\n" in overview()
