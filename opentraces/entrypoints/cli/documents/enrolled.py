"""Enrolled projects as JSON."""

from typing import Any

from opentraces.application.enrol import Unenrolled
from opentraces.domain.enrolment import Project
from opentraces.entrypoints.cli.begun import Begun, reach_us
from opentraces.entrypoints.cli.documents.imported import imported_document
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION, text_of


def begun_document(begun: Begun) -> dict[str, Any]:
    """`init --json`."""
    enrolled = begun.enrolled
    return {
        "schema_version": SCHEMA_VERSION,
        "project": project_document(enrolled.project),
        "was_enrolled": enrolled.was_enrolled,
        "no_root": enrolled.no_root,
        "not_excluded": None if enrolled.not_excluded is None else text_of(enrolled.not_excluded),
        "hooks": {agent: reach_us(hooks) for agent, hooks in begun.hooks.items()},
        "imported": None if begun.imported is None else imported_document(begun.imported),
        "not_kept": begun.not_kept,
    }


def ended_document(ended: Unenrolled) -> dict[str, Any]:
    """`remove --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "project": project_document(ended.project) | {"agents": list(ended.remaining)},
        "ended": list(ended.agents),
        "still_excluded": [text_of(reason) for reason in ended.still_excluded],
    }


def project_document(project: Project) -> dict[str, Any]:
    """Return a project, as it stands in other documents."""
    return {
        "project_id": project.project_id,
        "name": text_of(project.name),
        "root_commit": project.root_commit,
        "remote": None if project.remote is None else text_of(project.remote),
        "agents": list(project.agents),
        "paths": [text_of(path) for path in project.paths],
    }
