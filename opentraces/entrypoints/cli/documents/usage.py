"""What sessions used as JSON."""

from typing import Any

from opentraces.application.report_usage import UsageReport
from opentraces.domain.usage.price_list import CHECKED
from opentraces.domain.usage.rows import Row
from opentraces.entrypoints.cli.documents.shared import SCHEMA_VERSION


def usage_document(report: UsageReport) -> dict[str, Any]:
    """`usage --json`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "by": report.by.value,
        "rows": [{"key": row.key, "title": row.title, **_amounts(row)} for row in report.rows],
        "total": _amounts(report.total),
        "replays_skipped": report.replays,
        "unpriced": [
            {"model": model, "responses": responses} for model, responses in report.unpriced
        ],
        "prices_of": CHECKED,
    }


def _amounts(row: Row) -> dict[str, Any]:
    tokens = row.tokens
    return {
        "sessions": row.sessions,
        "responses": row.responses,
        "input_tokens": tokens.input,
        "output_tokens": tokens.output,
        "cache_read_tokens": tokens.cache_read,
        "cache_write_5m_tokens": tokens.cache_write_5m,
        "cache_write_1h_tokens": tokens.cache_write_1h,
        "total_tokens": tokens.total,
        "cost_usd": row.cost_usd,
        "told_usd": row.told_usd,
        "unpriced_responses": row.unpriced,
        "seconds": row.seconds,
    }
