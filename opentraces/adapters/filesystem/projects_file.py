"""projects.json: what the user enrolled, to be read by people, too."""

import json
import re
from typing import Any, Final, TypeVar

from opentraces.adapters.filesystem.added_keys import with_added
from opentraces.domain.enrolment import Checkout, Exclusion, Made, Project
from opentraces.domain.errors import Corrupt, NewerFormat

PROJECTS_FILE: Final = "projects.json"
_FAMILY = "opentraces.projects/"
_FORMAT = f"{_FAMILY}1"
_AGENT = re.compile(r"[a-z][a-z0-9-]{0,63}")

Value = TypeVar("Value")


def encode(projects: tuple[Project, ...], before: bytes | None = None) -> bytes:
    """Return the file's bytes. Bytes of a name that are no text are escaped as JSON has it.

    What a later release added to the file as it was `before` stays with what it was added to.
    """
    new = {"format": _FORMAT, "projects": [_said(project) for project in projects]}
    said = with_added(new, json.loads(before or b"{}"))
    text = json.dumps(said, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def decode(stored: bytes) -> tuple[Project, ...]:
    """Return the projects. Raises Corrupt, or NewerFormat."""
    try:
        said = _of(dict, json.loads(stored))
        kind = _of(str, said["format"])
        if kind == _FORMAT:
            return tuple(_project(_of(dict, each)) for each in _of(list, said["projects"]))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise Corrupt(f"{PROJECTS_FILE} is damaged: {_fault(error)}") from error
    if kind.startswith(_FAMILY):
        raise NewerFormat(f"{PROJECTS_FILE} was written by a later release: {kind}")
    raise Corrupt(f"{PROJECTS_FILE} is damaged: it is no list of projects, but {kind!r}")


def _fault(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _said(project: Project) -> dict[str, Any]:
    return {
        "project_id": project.project_id,
        "name": project.name,
        "root_commit": project.root_commit,
        "remote": project.remote,
        "agents": list(project.agents),
        "checkouts": [
            {
                "path": checkout.path,
                "repository": checkout.repository,
                "device": checkout.device,
                "inode": checkout.inode,
            }
            for checkout in project.checkouts
        ],
        "exclusions": [
            {
                "repository": exclusion.repository,
                "added": exclusion.added,
                "made": exclusion.made.value,
            }
            for exclusion in project.exclusions
        ],
        "former": list(project.former),
    }


def _project(said: dict[str, Any]) -> Project:
    return Project(
        project_id=_of(str, said["project_id"]),
        name=_of(str, said["name"]),
        root_commit=_or_none(str, said["root_commit"]),
        remote=_or_none(str, said["remote"]),
        agents=tuple(_agent(each) for each in _of(list, said["agents"])),
        checkouts=tuple(_checkout(_of(dict, each)) for each in _of(list, said["checkouts"])),
        exclusions=tuple(_exclusion(_of(dict, each)) for each in _of(list, said["exclusions"])),
        former=tuple(_path(each) for each in _of(list, said.get("former", []))),
    )


def _checkout(said: dict[str, Any]) -> Checkout:
    return Checkout(
        path=_line(_path(said["path"])),
        repository=None if said["repository"] is None else _path(said["repository"]),
        device=_or_none(int, said["device"]),
        inode=_or_none(int, said["inode"]),
    )


def _exclusion(said: dict[str, Any]) -> Exclusion:
    return Exclusion(_path(said["repository"]), _of(str, said["added"]), Made(said["made"]))


def _agent(value: object) -> str:
    """Return the name of an agent, which also names a file."""
    name = _of(str, value)
    if not _AGENT.fullmatch(name):
        raise ValueError(f"{name!r} names no agent")
    return name


def _path(value: object) -> str:
    path = _of(str, value)
    if not path.startswith("/") or "\0" in path:
        raise ValueError(f"{path!r} is no absolute path")
    return path


def _line(path: str) -> str:
    """Return a path that stands on a line of its own in the lists of hooks."""
    if "\n" in path:
        raise ValueError(f"{path!r} has a line end")
    return path


def _of(kind: type[Value], value: object) -> Value:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{value!r} stands where {kind.__name__} should")
    return value


def _or_none(kind: type[Value], value: object) -> Value | None:
    return None if value is None else _of(kind, value)
