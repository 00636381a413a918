"""`opentraces trace skills`."""

from datetime import UTC, datetime

import click

from opentraces.application.list_skills import SkillsAnswer, shown
from opentraces.domain.asked_times import parse_since
from opentraces.domain.session import Agent
from opentraces.domain.skills.asking import Asked
from opentraces.domain.skills.use import Kind
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.skills import skills_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.settling import settle
from opentraces.entrypoints.cli.told import Told
from opentraces.entrypoints.cli.views.skills import skills_lines, uncounted_notes
from opentraces.entrypoints.container import describing, listing_skills
from opentraces.entrypoints.settings import Settings

_KINDS = tuple(kind.value for kind in Kind)
_AGENTS = tuple(agent.value for agent in Agent)


@click.command(
    epilog=examples(
        "opentraces trace skills",
        "opentraces trace skills --kind mcp --since 30d",
        "opentraces trace skills --project widgets --json",
    )
)
@click.option(
    "--kind", type=click.Choice(_KINDS), metavar="KIND", help=f"Only {', '.join(_KINDS)}."
)
@click.option(
    "--agent",
    type=click.Choice(_AGENTS),
    metavar="NAME",
    help=f"Only sessions of this agent: {', '.join(_AGENTS)}.",
)
@click.option(
    "--project", metavar="NAME", help="Only sessions in this project: a folder, or its name."
)
@click.option(
    "--since", metavar="TIME", help="Only sessions that went on since: 12h, 30d, 2025-11-14."
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Show so many of each kind.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def skills(limit: int | None, as_json: bool, **asked: str | None) -> None:
    """Say which skills, commands, MCP servers and tools were used, and how it went."""
    answer = _answer(Settings.from_environment(), _asked(**asked))
    for note in uncounted_notes(answer):
        output.note(note)
    if as_json:
        output.print_json(skills_document(shown(answer.skills, limit)))
    else:
        output.show(skills_lines(answer, limit))


def _asked(kind: str | None, agent: str | None, project: str | None, since: str | None) -> Asked:
    now = datetime.now(UTC).astimezone()
    return Asked(
        kind=Kind(kind) if kind else None,
        agent=agent,
        project=project,
        since=parse_since(since, now) if since else None,
    )


def _answer(settings: Settings, asked: Asked) -> SkillsAnswer:
    if not describing.has_bucket(settings):
        output.note("opentraces: nothing is kept yet → opentraces import --all")
        return SkillsAnswer((), 0, (), (), None)
    note_if_later(settings)
    settle(settings)
    return listing_skills.list_skills(settings).execute(asked, Told("Counting what sessions used"))
