"""Every public name says what it is: modules, classes, functions, methods, pydantic fields."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import opentraces

PACKAGE = Path(opentraces.__path__[0])
MODULES = sorted(PACKAGE.rglob("*.py"))

Named = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def name_of(module: Path) -> str:
    return str(module.relative_to(PACKAGE))


def parsed(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def bases(node: ast.ClassDef) -> set[str]:
    """The last part of each base's name: `pydantic.BaseModel` and `Model[T]` included."""
    plain = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    return {getattr(base, "attr", getattr(base, "id", "")) for base in plain}


def pydantic_models(trees: Iterable[ast.AST]) -> set[str]:
    """The names of all classes that come from BaseModel, at whatever distance."""
    classes = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    models = {"BaseModel", "Frozen"}
    while found := {c.name for c in classes if bases(c) & models} - models:
        models |= found
    return models


def undocumented(tree: ast.Module, models: set[str]) -> list[str]:
    missing = [] if ast.get_docstring(tree) else ["the module"]
    return missing + [name for node in tree.body for name in _undocumented(node, models, "")]


def _undocumented(node: ast.stmt, models: set[str], prefix: str) -> Iterator[str]:
    if not isinstance(node, Named) or node.name.startswith("_") or _is_overload(node):
        return
    if not (ast.get_docstring(node) or "").strip():
        yield prefix + node.name
    if isinstance(node, ast.ClassDef):
        if bases(node) & models:
            yield from (f"{prefix}{node.name}.{field}" for field in _bare_fields(node))
        for item in node.body:
            yield from _undocumented(item, models, f"{prefix}{node.name}.")


def _is_overload(node: Named) -> bool:
    return any(getattr(d, "id", "") == "overload" for d in node.decorator_list)


def _bare_fields(node: ast.ClassDef) -> Iterator[str]:
    """Fields that are not followed by a string of their own."""
    following: list[ast.stmt | None] = [*node.body[1:], None]
    for item, after in zip(node.body, following, strict=True):
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            is_field = not item.target.id.startswith("_") and "ClassVar" not in ast.dump(
                item.annotation
            )
            if is_field and not _is_text(after):
                yield item.target.id


def _is_text(node: ast.stmt | None) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and bool(node.value.value.strip())
    )


@pytest.fixture(scope="module")
def models() -> set[str]:
    """The names of all models of ours, gathered once: none but them is kept of the trees."""
    return pydantic_models([parsed(module) for module in MODULES])


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_public_name_has_a_docstring(module: Path, models: set[str]) -> None:
    assert undocumented(parsed(module), models) == []


FAULTY = '''
import pydantic

class Base(pydantic.BaseModel):
    """Said."""
    said: int
    """Said."""
    unsaid: int
    private: ClassVar[int]
    _hidden: int

class Child(Base):
    """Said."""
    last: int
    def method(self): ...
    def _hidden(self): ...

class Plain:
    field: int

async def function(): ...
'''


def test_a_fault_of_each_kind_is_seen() -> None:
    tree = ast.parse(FAULTY)

    assert undocumented(tree, pydantic_models([tree])) == [
        "the module",
        "Base.unsaid",
        "Child.last",
        "Child.method",
        "Plain",
        "function",
    ]
