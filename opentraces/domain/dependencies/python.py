"""Packages of Python: pyproject.toml, requirements, setup.cfg, Pipfile, and three lock files."""

import re
from collections.abc import Iterator

from opentraces.domain.dependencies.declared import (
    Declared,
    declared,
    inner,
    items,
    lines_of,
    table,
    tables,
    word,
)
from opentraces.domain.dependencies.documents import read_object, read_toml
from opentraces.domain.dependencies.requirement import REQUIREMENT, name_of, normal
from opentraces.domain.environment import Pin

_EXACT = re.compile(r"===?\s*([^\s,*]+)")
_HASH = re.compile(r"--hash[= ](\w+:[0-9a-fA-F]+)")
_SECTION = re.compile(r"\[([^\]]*)\]")
_PYPI = ("https://pypi.org/simple", "https://pypi.python.org/simple")


def pyproject(text: str) -> Declared:
    """Read pyproject.toml: what the project asks for to run, to be worked on, or as an extra."""
    said = read_toml(text)
    project, poetry = inner(said, "project"), inner(said, "tool", "poetry")
    listed = [items(project.get("dependencies"))]
    listed += [items(each) for each in inner(project, "optional-dependencies").values()]
    listed += [items(each) for each in inner(said, "dependency-groups").values()]
    listed.append(items(inner(said, "tool", "uv").get("dev-dependencies")))
    keyed = [inner(poetry, "dependencies"), inner(poetry, "dev-dependencies")]
    keyed += [inner(each, "dependencies") for each in inner(poetry, "group").values()]
    names = [name_of(each) for some in listed for each in some if isinstance(each, str)]
    return declared([*names, *(normal(key) for some in keyed for key in some if key != "python")])


def requirements(text: str) -> Declared:
    """Read a file of requirements; one with an exact version is a pin."""
    names, pins = list[str | None](), list[Pin]()
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        said = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if not said or said.startswith("-"):
            continue
        hashes = _HASH.findall(said)
        found = REQUIREMENT.fullmatch(re.split(r"\s--", said, maxsplit=1)[0].strip())
        if found is None:
            continue
        names.append(normal(found[1]))
        exact = _EXACT.fullmatch((found["wanted"] or "").strip())
        if exact:
            pins.append(_pin(found[1], exact[1], _only(hashes), found["marker"]))
    return declared(names, pins or None)


def setup_cfg(text: str) -> Declared:
    """Read setup.cfg: requirements to install, and of extras."""
    names, section, key = list[str | None](), "", ""
    for line in lines_of(text):
        heading = _SECTION.fullmatch(line.strip())
        if heading:
            section, key = heading[1].strip(), ""
        elif line.strip() and not line.lstrip().startswith(("#", ";")):
            said = line
            if not line[0].isspace():
                key, _, said = line.partition("=")
                key = key.strip()
            is_asked = section == "options" and key == "install_requires"
            if is_asked or section == "options.extras_require":
                names += map(name_of, said.split(";") if said is not line else [said])
    return declared(names)


def pipfile(text: str) -> Declared:
    """Read a Pipfile."""
    said = read_toml(text)
    return declared(
        normal(key) for part in ("packages", "dev-packages") for key in inner(said, part)
    )


def pipfile_lock(text: str) -> Declared:
    """Read Pipfile.lock."""
    said = read_object(text)
    entries = (pair for part in ("default", "develop") for pair in inner(said, part).items())
    return declared((), (_locked(name, table(entry)) for name, entry in entries))


def poetry_lock(text: str) -> Declared:
    """Read poetry.lock."""
    return declared((), _pins(read_toml(text), "url", "reference"))


def uv_lock(text: str) -> Declared:
    """Read uv.lock; what is the project itself is no dependency."""
    return declared((), _pins(read_toml(text), "registry", "git", "url"))


def _pins(said: dict[str, object], *sources: str) -> Iterator[Pin]:
    for entry in tables(said.get("package")):
        name, source = word(entry.get("name")), table(entry.get("source"))
        if name is None or {"editable", "virtual"} & {*source}:
            continue
        told = next((text for key in sources if (text := word(source.get(key)))), None)
        files = [*tables(entry.get("files")), *tables(entry.get("wheels"))]
        files += [table(entry.get("sdist"))] if "sdist" in entry else []
        hashes = [text for file in files if (text := word(file.get("hash")))]
        version, marker = word(entry.get("version")), word(entry.get("markers"))
        yield _pin(name, version, _only(hashes), marker, told)


def _locked(name: str, entry: dict[str, object]) -> Pin:
    version = word(entry.get("version"))
    hashes = [text for each in items(entry.get("hashes")) if (text := word(each))]
    told = word(entry.get("git")) or word(entry.get("path")) or word(entry.get("file"))
    exact = version.removeprefix("==") if version else None
    return _pin(name, exact, _only(hashes), word(entry.get("markers")), told)


def _pin(
    name: str,
    version: str | None,
    digest: str | None,
    marker: str | None,
    source: str | None = None,
) -> Pin:
    is_usual = source is not None and source.rstrip("/") in _PYPI
    return Pin(
        name=normal(name),
        version=version,
        hash=digest,
        marker=(marker or "").strip() or None,
        source=None if is_usual else source,
    )


def _only(hashes: list[str]) -> str | None:
    """Return the digest. None: of several artifacts it is not said which one was installed."""
    return hashes[0] if len(hashes) == 1 else None
