"""`opentraces usage`."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

import click

from opentraces.application.report_usage import UsageReport, UsageRequest, nothing
from opentraces.domain.asked_times import parse_since
from opentraces.domain.errors import BadRequest
from opentraces.domain.usage.choosing import Choice
from opentraces.domain.usage.grouping import Grouping
from opentraces.domain.usage.portions import Span
from opentraces.entrypoints.cli import output
from opentraces.entrypoints.cli.documents.usage import usage_document
from opentraces.entrypoints.cli.examples import examples
from opentraces.entrypoints.cli.later import note_if_later
from opentraces.entrypoints.cli.local_zone import LocalZone
from opentraces.entrypoints.cli.views.usage import usage_lines
from opentraces.entrypoints.cli.views.usage_plot import plot_lines
from opentraces.entrypoints.container import describing
from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_is_behind = lazy("opentraces.entrypoints.container.accounting:is_behind")
_is_lost = lazy("opentraces.entrypoints.container.accounting:is_lost")
_report_usage = lazy("opentraces.entrypoints.container.accounting:report_usage")
"""Imported where something is kept: SQLite is."""

_catch_up = lazy("opentraces.entrypoints.cli.freshness:catch_up")
"""Imported only when something is behind."""

_zone_info = lazy("zoneinfo:ZoneInfo")
"""Imported only when a zone is named."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ROWS = [each.value for each in Grouping]


@click.command(
    epilog=examples(
        "opentraces usage",
        "opentraces usage --by model --since 30d",
        "opentraces usage --by session --project widgets --json",
        "opentraces usage --by week --plot",
    )
)
@click.option(
    "--by",
    type=click.Choice(_ROWS),
    default=Grouping.DAY.value,
    metavar="WHAT",
    help=f"What a row is about: {', '.join(_ROWS)}.",
)
@click.option("--since", metavar="TIME", help="Only what is newer: 30m, 12h, 1d, 2w, 2025-11-14.")
@click.option("--until", metavar="TIME", help="Only what is older; the same forms.")
@click.option("--agent", metavar="NAME", help="Only sessions of this agent.")
@click.option(
    "--project", metavar="NAME", help="Only sessions in this project: a folder, or its name."
)
@click.option("--model", metavar="NAME", help="Only this model; * stands for any letters.")
@click.option("--timezone", metavar="ZONE", help="Of the days: UTC, Europe/Berlin; else yours.")
@click.option("--plot", is_flag=True, help="Draw bars.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def usage(by: str, timezone: str | None, plot: bool, as_json: bool, **chosen: str | None) -> None:
    """Say how many tokens sessions used, what that costs, and how long it took.

    Each response counts once, in the session that had it first. What an agent wrote that a response
    cost goes before every price; prices are those of the day of the response.
    """
    settings = Settings.from_environment()
    zone = _zone(timezone)
    request = UsageRequest(Grouping(by), _choice(chosen, zone), _day_of(zone))
    report = _report(settings, request)
    if as_json:
        output.print_json(usage_document(report))
    elif plot:
        output.page(plot_lines(report, output.width()))
    else:
        output.page(usage_lines(report))


def _report(settings: Settings, request: UsageRequest) -> UsageReport:
    if not describing.has_bucket(settings):
        output.note("opentraces: nothing is kept yet → opentraces import --all")
        return nothing(request.by)
    note_if_later(settings)
    if _is_behind(settings):
        if _is_lost(settings):
            output.note_on_terminal("Counting anew what sessions used …")
        _catch_up(settings)
    report: UsageReport = _report_usage(settings).execute(request)
    return report


def _choice(chosen: dict[str, str | None], zone: tzinfo) -> Choice:
    now = datetime.now(UTC).astimezone(zone)
    bounds = [chosen.pop(name) for name in ("since", "until")]
    span = Span(*(parse_since(bound, now) if bound else None for bound in bounds))
    return Choice(span, **chosen)


def _zone(name: str | None) -> tzinfo:
    """Return a zone by its name; without one, that of the machine. Raises BadRequest."""
    if name is None:
        return LocalZone()
    try:
        found: tzinfo = UTC if name.upper() == "UTC" else _zone_info(name)
    except (KeyError, ValueError, OSError) as error:
        said = f"{name!r} is no time zone: give UTC, or a name as Europe/Berlin"
        raise BadRequest(said) from error
    return found


def _day_of(zone: tzinfo) -> Callable[[int], date]:
    def day_of(seconds: int) -> date:
        moment = _EPOCH + timedelta(seconds=seconds)
        try:
            return moment.astimezone(zone).date()
        except (OverflowError, ValueError, OSError):  # at the ends of all calendars
            return moment.date()

    return day_of
