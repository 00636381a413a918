"""Manifests that a repository has, and that no session touched."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.git_repositories import git
from tests.integration.cli.conftest import Call, Document
from tests.integration.cli.trail.widgets import SECOND, Widgets

PACKAGE = {"dependencies": {"left-pad": "^1.3.0"}, "devDependencies": {"vite": "5"}}
LOCK = {
    "lockfileVersion": 3,
    "packages": {
        "": {"dependencies": {"left-pad": "^1.3.0"}},
        "node_modules/left-pad": {"version": "1.3.0", "integrity": "sha512-" + "A" * 86 + "=="},
    },
}
CARGO = '[package]\nname = "core"\n[dependencies]\nserde = "1"\n'
MANIFESTS = {
    "package.json": json.dumps(PACKAGE),
    "package-lock.json": json.dumps(LOCK),
    "core/Cargo.toml": CARGO,
    "apart/go.mod": "module apart\nrequire example.org/y v1.0.0\n",
}


@pytest.fixture
def trace(widgets: Widgets, call: Call) -> str:
    """A kept session that began when the manifests were committed, and changed a file in `core`."""
    for name, text in MANIFESTS.items():
        path = widgets.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    widgets.commit("Build on something", at=5)
    session = widgets.session().asks("write it", at=10)
    session.writes("core/src/lib.rs", "fn second_of_all() {}\n", at=20).leave()
    (widgets.folder / "package.json").write_text("{}")
    widgets.commit("Build on nothing", at=30)
    assert call("import", "--all").exit_code == 0
    return session.name


def shown(document: Document, trace: str) -> dict[str, Any]:
    record: dict[str, Any] = document("trace", "get", trace)
    keys = ("dependencies", "metadata", "environment")
    said = {key: record[key] for key in keys}
    return {**said, "metadata": record["metadata"]["dependencies"]}


def test_they_are_as_the_commit_has_them_that_it_began_at(
    widgets: Widgets, trace: str, document: Document
) -> None:
    base = git(widgets.folder, "rev-parse", "HEAD~1")
    said = shown(document, trace)

    assert said["dependencies"] == ["left-pad", "serde", "vite"]
    assert said["environment"]["language_ecosystem"] == ["cargo", "npm"]
    (pin,) = said["environment"]["resolved_dependencies"]
    assert (pin["name"], pin["version"], pin["hash"]) == ("left-pad", "1.3.0", None)
    rows = {row["path"]: row for row in said["metadata"]["files"]}
    assert rows.keys() == MANIFESTS.keys() - {"apart/go.mod"}
    for path, row in rows.items():
        assert row["commit"] == base
        assert git(widgets.folder, "show", row["blob"]) == MANIFESTS[path].strip()


def test_they_stay_when_the_repository_goes_and_the_trace_is_read_again(
    widgets: Widgets, trace: str, home: Path, call: Call, document: Document
) -> None:
    before = shown(document, trace)
    shutil.rmtree(widgets.folder / ".git")
    (steps,) = home.rglob("steps.jsonl.gz")
    steps.unlink()

    assert call("bucket", "repair").exit_code == 0
    assert not steps.exists()
    assert shown(document, trace) == before
    assert call("bucket", "verify", "--deep").exit_code == 0


def test_a_session_that_goes_on_adds_the_folders_it_comes_to(
    widgets: Widgets, call: Call, document: Document
) -> None:
    (widgets.folder / "apart").mkdir()
    (widgets.folder / "apart" / "go.mod").write_text(MANIFESTS["apart/go.mod"])
    widgets.commit("Build on something", at=5)
    session = widgets.session().asks("write it", at=10).adds("a.py", SECOND, at=20)
    session.leave()
    assert call("import", "--all").exit_code == 0
    assert document("trace", "get", session.name)["dependencies"] == []

    session.writes("apart/main.go", "package main\n", at=40).leave()
    assert call("import", "--all").exit_code == 0

    assert document("trace", "get", session.name)["dependencies"] == ["example.org/y"]
