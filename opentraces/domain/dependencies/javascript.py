"""Packages of JavaScript: package.json, and the lock files of npm, Yarn and pnpm."""

import re
from collections.abc import Iterator

from opentraces.domain.dependencies.declared import (
    Declared,
    clean,
    declared,
    inner,
    lines_of,
    table,
    word,
)
from opentraces.domain.dependencies.documents import read_object
from opentraces.domain.environment import Pin

_KINDS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_REGISTRIES = ("https://registry.npmjs.org/", "https://registry.yarnpkg.com/")
_DEEPEST = 32
_LOCAL = ("workspace:", "link:", "portal:", "file:")
_FIELD = re.compile(r'  "?(version|resolved|integrity|resolution)"?:? "?([^"\r\n]*?)"?')
_PNPM = re.compile(r"""  ['"]?/?((?:@[^/'"\s]+/)?[^@/'"\s]+)[@/](\d[^('":_\s]*)[^'":]*['"]?:""")
_INTEGRITY = re.compile(r"integrity: ([\w+/=-]+)")


def package_json(text: str) -> Declared:
    """Read package.json."""
    said = read_object(text)
    return declared(name for kind in _KINDS for name in inner(said, kind))


def package_lock(text: str) -> Declared:
    """Read package-lock.json, of any version."""
    said = read_object(text)
    if "packages" in said:
        return declared((), _installed(inner(said, "packages")))
    return declared((), _nested(inner(said, "dependencies"), 0))


def yarn_lock(text: str) -> Declared:
    """Read yarn.lock, of Yarn 1 or later; packages of the project itself are left out."""
    return declared((), _yarn(text))


def pnpm_lock(text: str) -> Declared:
    """Read pnpm-lock.yaml."""
    return declared((), _pnpm(text))


def _installed(packages: dict[str, object]) -> Iterator[Pin]:
    for path, entry in packages.items():
        _, is_installed, name = path.rpartition("node_modules/")
        said = table(entry)
        if is_installed and said.get("link") is not True:
            yield _pin(word(said.get("name")) or name, said)


def _nested(packages: dict[str, object], depth: int) -> Iterator[Pin]:
    for name, entry in packages.items():
        said = table(entry)
        yield _pin(name, said)
        if depth < _DEEPEST:
            yield from _nested(inner(said, "dependencies"), depth + 1)


def _pin(name: str, said: dict[str, object]) -> Pin:
    version, resolved = word(said.get("version")), word(said.get("resolved"))
    return Pin(
        name=clean(name),
        version=version,
        hash=_hash(word(said.get("integrity"))),
        source=None if resolved is None or resolved.startswith(_REGISTRIES) else resolved,
    )


def _yarn(text: str) -> Iterator[Pin]:
    wanted, fields = "", dict[str, object]()
    for line in [*lines_of(text), "end:"]:
        if line[:1] not in ("", " ", "#"):
            if wanted and "version" in fields:
                yield from _of_yarn(wanted, fields)
            wanted, fields = line, {}
        elif found := _FIELD.fullmatch(line):
            fields.setdefault(found[1], found[2])


def _of_yarn(wanted: str, fields: dict[str, object]) -> Iterator[Pin]:
    first = wanted.rstrip(":").split(",")[0].strip().strip('"')
    told = word(fields.get("resolution")) or first
    name, _, reference = told[1:].partition("@")
    if name and reference and not reference.startswith(_LOCAL):
        yield _pin(told[:1] + name, fields)


def _pnpm(text: str) -> Iterator[Pin]:
    is_inside = False
    found: re.Match[str] | None = None
    for line in lines_of(text):
        if line[:1] not in ("", " ", "#"):
            is_inside = line.startswith("packages:")
        elif is_inside and not line.startswith("   "):
            if found:
                yield Pin(name=clean(found[1]), version=clean(found[2]))
            found = _PNPM.match(line)
        elif is_inside and found and (told := _INTEGRITY.search(line)):
            yield Pin(name=clean(found[1]), version=clean(found[2]), hash=_hash(told[1]))
            found = None
    if found:
        yield Pin(name=clean(found[1]), version=clean(found[2]))


def _hash(integrity: str | None) -> str | None:
    """Return `sha512:…` for `sha512-…`."""
    return integrity.replace("-", ":", 1) if integrity else None
