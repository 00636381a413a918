"""Which files say what a project is built on, told by their names.

What reads them is imported where one is read: most sessions name none.
"""

import re
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from opentraces.domain.dependencies.declared import LONGEST, Declared, Unreadable


class Manifest(NamedTuple):
    """A kind of file."""

    ecosystem: str
    """`cargo`, `go`, `maven`, `npm`, `python` or `rubygems`."""

    reader: str
    """The module here, and its function, that read it."""

    def read(self, text: str) -> Declared:
        """Return what it says. Raises Unreadable."""
        module, _, name = self.reader.partition(".")
        reading: Callable[[str], Declared]
        reading = getattr(import_module(f"opentraces.domain.dependencies.{module}"), name)
        return reading(text)


_KINDS = {
    "pyproject.toml": Manifest("python", "python.pyproject"),
    "setup.cfg": Manifest("python", "python.setup_cfg"),
    "Pipfile": Manifest("python", "python.pipfile"),
    "Pipfile.lock": Manifest("python", "python.pipfile_lock"),
    "poetry.lock": Manifest("python", "python.poetry_lock"),
    "uv.lock": Manifest("python", "python.uv_lock"),
    "package.json": Manifest("npm", "javascript.package_json"),
    "package-lock.json": Manifest("npm", "javascript.package_lock"),
    "npm-shrinkwrap.json": Manifest("npm", "javascript.package_lock"),
    "yarn.lock": Manifest("npm", "javascript.yarn_lock"),
    "pnpm-lock.yaml": Manifest("npm", "javascript.pnpm_lock"),
    "Cargo.toml": Manifest("cargo", "rust.cargo_toml"),
    "Cargo.lock": Manifest("cargo", "rust.cargo_lock"),
    "go.mod": Manifest("go", "go.go_mod"),
    "go.sum": Manifest("go", "go.go_sum"),
    "pom.xml": Manifest("maven", "java.pom"),
    "build.gradle": Manifest("maven", "java.gradle"),
    "build.gradle.kts": Manifest("maven", "java.gradle"),
    "gradle.lockfile": Manifest("maven", "java.gradle_lock"),
    "Gemfile": Manifest("rubygems", "ruby.gemfile"),
    "Gemfile.lock": Manifest("rubygems", "ruby.gemfile_lock"),
}
_REQUIREMENTS = re.compile(r"(?:[\w.-]*[-_.])?requirements(?:[-_.][\w.-]*)?\.(?:txt|in)")
_INSTALLED = ("node_modules", "site-packages", "vendor", ".venv", "venv")
"""Folders of what was installed: what stands there is no word of the project's."""


def manifest_of(path: str) -> Manifest | None:
    """Return what kind of file a path names. None: it says nothing of a project's packages."""
    folder, _, name = path.replace("\\", "/").rpartition("/")
    folders = folder.split("/")
    if any(each in folders for each in _INSTALLED):
        return None
    is_listed = _REQUIREMENTS.fullmatch(name) or (
        folders[-1] == "requirements" and name.endswith((".txt", ".in"))
    )
    return Manifest("python", "python.requirements") if is_listed else _KINDS.get(name)


def read_manifest(manifest: Manifest, data: bytes) -> Declared | None:
    """Return what a file says. None: it is too large, or not what its name says."""
    if len(data) > LONGEST:
        return None
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    try:
        return manifest.read(text)
    except Unreadable:
        return None
