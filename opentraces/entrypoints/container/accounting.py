"""How a report of usage is wired: plain functions that import no models."""

from opentraces.adapters.filesystem.bucket_file import read_bucket_id
from opentraces.adapters.sqlite_ledger.book import SqliteUsageBook
from opentraces.application.report_usage import ReportUsage
from opentraces.domain.errors import StorageUnavailable
from opentraces.entrypoints.container.describing import later_format, refuse_later
from opentraces.entrypoints.container.marking import is_marked
from opentraces.entrypoints.container.pricing import prices
from opentraces.entrypoints.settings import Settings

_WAIT_SECONDS = 30.0
"""How long it is waited for: another process writes to the ledger, or makes it anew."""


def usage_book(settings: Settings) -> SqliteUsageBook:
    """Make the UsageBook."""
    bucket = read_bucket_id(settings.bucket)
    return SqliteUsageBook(settings.state / "ledger.sqlite", bucket, _WAIT_SECONDS)


def is_behind(settings: Settings) -> bool:
    """Whether there is something to catch up with before usage is told."""
    try:
        return is_marked(settings) or is_lost(settings)
    except StorageUnavailable:  # whoever asks will meet it, and say it
        return True


def is_lost(settings: Settings) -> bool:
    """Whether all that was used must be counted anew. Raises StorageUnavailable.

    False where a later release made the bucket: nothing is written for it.
    """
    return later_format(settings) is None and not usage_book(settings).is_complete()


def report_usage(settings: Settings) -> ReportUsage:
    """Make the use case that says what sessions used.

    Raises NewerFormat where only a later release can make the ledger anew.
    """
    book = usage_book(settings)
    if later_format(settings) is not None and not book.is_complete():
        refuse_later(settings)
    return ReportUsage(book, prices(settings))
