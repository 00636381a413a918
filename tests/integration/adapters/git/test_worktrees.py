"""Worktrees that we make of real repositories, prepared ones too."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.repositories import GitRepositories
from opentraces.adapters.git.tree_files import Kind, entries
from opentraces.adapters.git.worktrees import GitWorktrees
from opentraces.domain.errors import RepositoryUnreadable, StorageUnavailable
from opentraces.domain.resuming.file_states import FileState
from opentraces.domain.trail.history import CommitId
from opentraces.ports.worktrees import Worktrees
from tests.contracts.worktrees import FILES, WorktreesContract
from tests.git_repositories import git, make_repository
from tests.hostile_repositories import make_hostile
from tests.integration.adapters.git.asking import bytes_below

WORKTREES = GitWorktrees(GitCommand(os.defpath))


def committed(folder: Path, files: Mapping[str, bytes]) -> CommitId:
    """Commit these files and no others; returns the commit."""
    git(folder, "rm", "-r", "--quiet", "--ignore-unmatch", ".")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return as_it_is(folder)


def as_it_is(folder: Path) -> CommitId:
    """Commit all files as they are; returns the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "change")
    return CommitId(git(folder, "rev-parse", "HEAD"))


def held(folder: Path) -> dict[str, bytes] | None:
    """What is in a worktree; links are told as where they lead."""
    if not folder.exists():
        return None
    found = (path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return {
        str(path.relative_to(folder)): os.fsencode(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        for path in found
        if path.relative_to(folder).parts[0] != ".git"
    }


class TestGitWorktrees(WorktreesContract):
    @pytest.fixture(autouse=True, params=["sha1", "sha256"])
    def made(self, request: pytest.FixtureRequest, tmp_path: Path) -> None:
        self.place = tmp_path.resolve()
        main = make_repository(self.place / "main", f"--object-format={request.param}")
        self.name = committed(main, FILES)
        committed(main, {})

    @pytest.fixture
    def worktrees(self) -> Worktrees:
        return WORKTREES

    @pytest.fixture
    def checkout(self) -> str:
        return str(self.place / "main")

    @pytest.fixture
    def commit(self) -> CommitId:
        return self.name

    @pytest.fixture
    def folder(self) -> str:
        return str(self.place / "ours" / "one" / "main")

    def held(self, folder: str) -> Mapping[str, bytes] | None:
        return held(Path(folder))


def test_git_sees_nothing_changed_in_it(place: Path, main: Path) -> None:
    committed(main, {"run.sh": b"#!/bin/sh\n", "a b/\u00e9.txt": b"\0\1", "big": b"x" * 2**25})
    (main / "run.sh").chmod(0o755)
    (main / "link").symlink_to("nowhere")
    commit = as_it_is(main)

    WORKTREES.add(str(main), str(place / "ours" / "main"), commit)

    ours = place / "ours" / "main"
    assert git(ours, "status", "--porcelain") == git(main, "status", "--porcelain") == ""
    assert git(ours, "rev-parse", "HEAD") == commit
    assert held(ours) == held(main)


def test_only_the_list_of_worktrees_is_written(place: Path, main: Path) -> None:
    commit = committed(main, FILES)
    before = bytes_below(main)

    WORKTREES.add(str(main), str(place / "ours" / "main"), commit)

    after = bytes_below(main)
    assert {name: after.get(name) for name in before} == before
    assert {Path(name).relative_to(main).parts[:2] for name in after.keys() - before.keys()} == {
        (".git", "worktrees")
    }


def test_nothing_of_a_prepared_repository_runs(place: Path, main: Path) -> None:
    commit = committed(main, FILES)
    make_hostile(main, place, everything=True)
    (main / ".git/info/attributes").write_text("* filter=evil diff=evil text eol=crlf ident\n")
    (place / "touched").unlink(missing_ok=True)
    ours = place / "ours" / "main"

    assert WORKTREES.add(str(main), str(ours), commit) == ()
    assert WORKTREES.put(str(ours), [FileState("a.txt", b"then\n")]) == ()

    assert held(ours) == {**FILES, "a.txt": b"then\n"}
    assert not (place / "touched").exists()


def test_no_link_is_followed(place: Path, main: Path) -> None:
    outside = place / "outside"
    outside.mkdir()
    (main / "away").symlink_to(outside)
    (main / "file").symlink_to(outside / "file")
    commit = committed(main, FILES)
    ours = place / "ours" / "main"
    WORKTREES.add(str(main), str(ours), commit)

    files = [FileState("away/x", b"x"), FileState("file", b"x"), FileState("a.txt", b"then\n")]
    left = WORKTREES.put(str(ours), files)

    assert left == ("away/x", "file")
    assert list(outside.iterdir()) == []
    assert (ours / "a.txt").read_bytes() == b"then\n"


def test_a_tree_that_leads_out_of_the_worktree_is_left_out(place: Path, main: Path) -> None:
    blob = git(main, "hash-object", "-w", "README")
    inner = written_tree(main, [("100644", "config", blob)])
    rows = [("40000", "..", inner), ("40000", ".git", inner), ("100644", "a", blob)]
    commit = CommitId(git(main, "commit-tree", written_tree(main, rows), "-m", "odd"))
    before = bytes_below(place)

    with pytest.raises(RepositoryUnreadable):  # Git lists no such files
        WORKTREES.add(str(main), str(place / "ours" / "main"), commit)

    assert bytes_below(place) == before


def test_no_entry_of_a_tree_leads_out(place: Path, main: Path) -> None:
    blob = git(main, "hash-object", "-w", "README")
    inner = written_tree(main, [("100644", "config", blob)])
    odd = [("40000", name, inner) for name in ("..", ".git", ".GIT", ".")]
    tree = written_tree(main, [*odd, ("100644", "a", blob), ("160000", "sub", blob)])

    with GitRepositories(GitCommand(os.defpath)).source(str(main)).objects() as objects:
        found = {each.path: each.kind for each in entries(objects, tree)}

    missing = dict.fromkeys((b"..", b".git", b".GIT", b"."), Kind.MISSING)
    assert found == {**missing, b"a": Kind.FILE, b"sub": Kind.REPOSITORY}


def written_tree(folder: Path, rows: list[tuple[str, str, str]]) -> str:
    """Write a list of files that Git itself would not make; returns its id."""
    data = [f"{mode} {name}".encode() + b"\0" + bytes.fromhex(of) for mode, name, of in rows]
    run = subprocess.run(
        ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"],
        cwd=folder,
        input=b"".join(data),
        check=True,
        capture_output=True,
    )
    return run.stdout.decode().strip()


def test_what_is_not_there_is_said(place: Path, main: Path) -> None:
    commit = committed(main, FILES)
    blob = git(main, "rev-parse", f"{commit}:in/b.txt")
    (main / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

    left = WORKTREES.add(str(main), str(place / "ours" / "main"), commit)

    assert left == ("in/b.txt",)
    assert held(place / "ours" / "main") == {"a.txt": b"a\n"}


def test_nothing_half_made_is_left(
    place: Path, main: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = committed(main, FILES)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("opentraces.adapters.git.new_files.os.write", full)

    with pytest.raises(StorageUnavailable, match="No space left"):
        WORKTREES.add(str(main), str(place / "ours" / "main"), commit)
    assert held(place / "ours" / "main") is None
    assert git(main, "worktree", "list").count("\n") == 0
