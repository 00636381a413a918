"""Repositories as the git command makes them, on their own in the world."""

import subprocess
from pathlib import Path

NAMED = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")
REMOTE = "https://me:secret@github.com/acme/widgets.git"


def git(folder: Path, *arguments: str) -> str:
    """Run git, and return what it says."""
    command = ["git", *NAMED, *arguments]
    run = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return run.stdout.strip()


def make_repository(folder: Path, *options: str, remote: str | None = None) -> Path:
    """Make a repository with one commit of its own."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main", *options)
    (folder / "README").write_bytes(bytes(folder))
    git(folder, "add", "README")
    git(folder, "commit", "--quiet", "--message", f"begin {folder.name}")
    if remote is not None:
        git(folder, "remote", "add", "origin", remote)
    return folder


def clone(source: Path, folder: Path, *options: str, remote: str | None = None) -> Path:
    """Clone a repository; `remote`: where the clone is to say that it came from."""
    git(source.parent, "clone", "--quiet", *options, source.as_uri(), str(folder))
    if remote is not None:
        git(folder, "remote", "set-url", "origin", remote)
    return folder


def root_of(folder: Path) -> str:
    """The id of the first commit."""
    return git(folder, "rev-list", "--max-parents=0", "HEAD")


def program(folder: Path, name: str, script: str) -> str:
    """Write a program, and return the folder to be searched for it."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    return str(folder)
