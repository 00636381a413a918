"""The sizes a reader can hold in the head: a limit reached means a concept has no name yet."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import opentraces

PACKAGE = Path(opentraces.__path__[0])
MODULES = sorted(PACKAGE.rglob("*.py"))
PORTS = [module for module in MODULES if module.parent == PACKAGE / "ports"]
COMMANDS = sorted((PACKAGE / "entrypoints" / "cli").rglob("*.py"))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(module: Path) -> str:
    return str(module.relative_to(PACKAGE))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def long_functions(source: str, limit: int = 40) -> list[str]:
    found = functions(ast.parse(source))
    return [f.name for f in found if (f.end_lineno or 0) - f.lineno + 1 > limit]


def wide_ports(source: str, limit: int = 6) -> list[str]:
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef)
        and sum(isinstance(item, Function) for item in node.body) > limit
    ]


def relative_imports(source: str) -> list[int]:
    nodes = ast.walk(ast.parse(source))
    return [node.lineno for node in nodes if isinstance(node, ast.ImportFrom) and node.level]


def long_commands(source: str, limit: int = 15) -> list[str]:
    found = functions(ast.parse(source))
    return [f.name for f in found if is_command(f) and body_length(f) > limit]


def is_command(function: Function) -> bool:
    """Whether click calls it: `@click.command(…)`, `@group.command`, `@click.group()`."""
    called = [d.func if isinstance(d, ast.Call) else d for d in function.decorator_list]
    names = [getattr(d, "attr", getattr(d, "id", "")) for d in called]
    return "command" in names or "group" in names


def body_length(function: Function) -> int:
    """Lines from the first statement after the docstring to the last."""
    has_docstring = ast.get_docstring(function) is not None
    body = function.body[1:] if has_docstring else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_module_and_its_functions_are_short(module: Path) -> None:
    source = module.read_text(encoding="utf-8")

    assert len(source.splitlines()) <= 300
    assert long_functions(source) == []
    assert relative_imports(source) == []


@pytest.mark.parametrize("module", PORTS, ids=name_of)
def test_port_has_at_most_six_methods(module: Path) -> None:
    assert wide_ports(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("module", COMMANDS, ids=name_of)
def test_command_is_parse_use_case_render(module: Path) -> None:
    assert long_commands(module.read_text(encoding="utf-8")) == []


def test_a_fault_of_each_kind_is_seen() -> None:
    long = "    x = 1\n" * 40
    methods = "".join(f"    async def m{n}(self): ...\n" for n in range(7))

    assert long_functions(f"def f():\n{long}") == ["f"]
    assert long_functions(f"async def f():\n{long}") == ["f"]
    assert long_functions(f"def f():\n{long[10:]}") == []
    assert wide_ports(f"class P:\n{methods}") == ["P"]
    assert long_commands(f"@click.command()\ndef f():\n    '''Doc.'''\n{long[:160]}") == ["f"]
    assert long_commands(f"@click.command()\ndef f():\n    '''Doc.'''\n{long[:150]}") == []
    assert relative_imports("from . import x") == [1]
