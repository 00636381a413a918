"""`usage` on real sessions of three agents."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from opentraces.application.report_usage import UsageReport
from opentraces.domain.usage.grouping import Grouping
from opentraces.domain.usage.rows import Row
from opentraces.domain.usage.spent import Tokens
from opentraces.entrypoints.cli.views.usage import tokens, usage_lines
from opentraces.entrypoints.cli.views.usage_plot import plot_lines
from tests.integration.cli.conftest import Call, Document
from tests.transcript_lines import answered, typed

DATA = Path(__file__).parents[2] / "data"
DOCS = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")
KEPT = (
    *(f"claude-code/{name}/projects" for name in ("live", "edit_commit", "subagent")),
    *("pi/0.87.1", "codex-cli/edit", "codex-cli/resume1", "codex-cli/fork"),
)
IN_UTC = ("--timezone", "UTC")


@pytest.fixture
def three_agents(call: Call) -> None:
    """Sessions of three agents are kept."""
    assert call("import", *(str(DATA / name) for name in KEPT)).exit_code == 0


def documented() -> list[tuple[list[str], str]]:
    """Return each command that the docs show, and what it prints."""
    section = DOCS.partition("\n## `opentraces usage`\n")[2].partition("\n## ")[0]
    shown = section.partition("````text\n")[2].partition("````")[0]
    runs = []
    for run in shown.split("$ opentraces ")[1:]:
        command, _, text = run.partition("\n")
        lines = text.splitlines()
        runs.append((command.split(), "".join(f"{line[4:]}\n" for line in lines)))
    return runs


def test_the_docs_show_what_it_prints(three_agents: None, call: Call) -> None:
    examples = documented()
    assert [command for command, _ in examples] == [
        ["usage", "--by", "model"],
        ["usage", "--plot"],
    ]

    for command, text in examples:
        said = call(*command, *IN_UTC)
        assert "".join(f"{line.rstrip()}\n" for line in said.stdout.splitlines()) == text
        assert (said.exit_code, said.stderr) == (0, "")


@pytest.mark.parametrize("by", [each.value for each in Grouping])
def test_rows_add_up_to_the_sum(by: str, three_agents: None, document: Document) -> None:
    said = document("usage", "--by", by, *IN_UTC)

    for name in ("responses", "input_tokens", "output_tokens", "cache_read_tokens", "total_tokens"):
        assert sum(row[name] for row in said["rows"]) == said["total"][name]
    for name in ("cost_usd", "told_usd"):
        assert sum(row[name] for row in said["rows"]) == pytest.approx(said["total"][name])
    assert said["total"]["total_tokens"] == 1_164_268


def test_it_is_what_records_say(three_agents: None, document: Document) -> None:
    rows = document("usage", "--by", "session")["rows"]

    assert len(rows) == 18
    for row in rows:
        metrics = document("trace", "get", row["key"])["metrics"]
        said = document("trace", "get", row["key"])["metadata"].get("pi", {}).get("spent", {})
        known = {
            "input_tokens": metrics["total_input_tokens"],
            "output_tokens": metrics["total_output_tokens"],
            "cache_read_tokens": metrics["total_cache_read_tokens"],
            "cache_write_tokens": metrics["total_cache_creation_tokens"],
            **said,
        }
        assert {
            **row,
            "cache_write_tokens": row["cache_write_5m_tokens"] + row["cache_write_1h_tokens"],
        }.items() >= {key: known[key] for key in known if key.endswith("_tokens")}.items()


def leave(home: Path, *lines: bytes) -> None:
    folder = home / ".claude" / "projects" / "-home-dev-widgets"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "s1.jsonl").write_bytes(b"".join(lines))


def test_a_session_that_grew_is_reported_as_it_is_now(
    home: Path, call: Call, document: Document
) -> None:
    begun = (typed("Fix it", at=1), answered("One", at=2))
    leave(home, *begun)
    call("import", "--all")
    assert document("usage")["total"]["total_tokens"] == 15

    leave(home, *begun, answered("Two", at=3))
    call("import", "--all")

    assert document("usage")["total"]["total_tokens"] == 30


def test_cache_writes_for_an_hour_are_priced_apart(
    home: Path, call: Call, document: Document
) -> None:
    line = orjson.loads(answered("One", at=2))
    line["message"]["usage"] |= {
        "cache_creation_input_tokens": 1000,
        "cache_creation": {"ephemeral_5m_input_tokens": 400, "ephemeral_1h_input_tokens": 600},
    }
    leave(home, typed("Fix it", at=1), orjson.dumps(line) + b"\n")
    call("import", "--all")

    (row,) = document("usage")["rows"]

    assert (row["cache_write_5m_tokens"], row["cache_write_1h_tokens"]) == (400, 600)
    dollars = (1 * 3 + 2 * 15 + 4 * 0.3 + 400 * 3.75 + 600 * 6) / 1e6
    assert row["cost_usd"] == pytest.approx(dollars)


def test_the_users_price_goes_before_the_tables(home: Path, call: Call, document: Document) -> None:
    leave(home, typed("Fix it", at=1), answered("One", at=2))
    call("import", "--all")
    (home / ".opentraces" / "config.toml").write_text(
        '[prices."claude-sonnet-4-5"]\ninput = 100000\noutput = 1000000\ncache_read = 0\n'
    )

    assert document("usage")["total"]["cost_usd"] == pytest.approx(0.1 + 2 + 0.8)


def test_a_model_without_a_price_is_named(home: Path, call: Call, document: Document) -> None:
    unknown = answered("One", at=2).replace(b"claude-sonnet-4-5", b"my-model")
    leave(home, typed("Fix it", at=1), unknown, answered("Two", at=3))
    call("import", "--all")

    said, text = document("usage", "--by", "model"), call("usage").stdout

    assert said["unpriced"] == [{"model": "my-model", "responses": 1}]
    assert [row["cost_usd"] is None for row in said["rows"]] == [False, True]
    assert "no price: my-model (1 response) → prices in config.toml" in text
    assert f"${said['total']['cost_usd']:.2g}+" in text


def test_days_are_those_of_the_zone(home: Path, call: Call, document: Document) -> None:
    late = answered("One", at=2).replace(b"T10:", b"T23:")
    leave(home, typed("Fix it", at=1), late)
    call("import", "--all")

    zones = {"UTC": "2026-11-01", "Europe/Berlin": "2026-11-02", "America/New_York": "2026-11-01"}
    for zone, day in zones.items():
        (row,) = document("usage", "--timezone", zone)["rows"]
        assert row["key"] == day
    since = ("--since", "2026-11-02", "--timezone")
    assert document("usage", *since, "Europe/Berlin")["total"]["responses"] == 1
    assert document("usage", *since, "UTC")["total"]["responses"] == 0


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands in Berlin."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("midnight", "day"),
    [("2026-01-14T23:00", "2026-01-15"), ("2026-07-14T22:00", "2026-07-15")],
)
def test_days_of_the_machine_begin_at_its_midnight_in_each_season(
    midnight: str, day: str, in_berlin: None, home: Path, call: Call, document: Document
) -> None:
    begin = datetime.fromisoformat(midnight).replace(tzinfo=UTC)
    lines = [typed("Fix it", at=1)]
    for number, moment in enumerate((begin - timedelta(seconds=1), begin)):
        line = orjson.loads(answered(f"{number}", at=2)) | {"timestamp": moment.isoformat()}
        lines.append(orjson.dumps(line) + b"\n")
    leave(home, *lines)
    call("import", "--all")

    rows = document("usage")["rows"]

    assert [(row["key"], row["responses"]) for row in rows][1] == (day, 1)
    assert document("usage", "--since", day)["rows"] == rows[1:]
    assert document("usage", "--until", day)["rows"] == rows[:1]
    assert document("usage", "--timezone", "Europe/Berlin")["rows"] == rows


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../x", "/etc/localtime", "a\x00b"])
def test_a_zone_that_is_none_is_refused(zone: str, kept: Path, call: Call) -> None:
    said = call("usage", "--timezone", zone)

    assert (said.exit_code, said.stdout) == (2, "")
    assert "no time zone: give UTC, or a name as Europe/Berlin" in said.stderr
    assert said.stderr.count("\n") == 1


@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_times_at_the_ends_of_all_calendars_are_days(
    stamp: str, zone: str, home: Path, call: Call, document: Document
) -> None:
    line = orjson.loads(answered("One", at=2)) | {"timestamp": stamp}
    leave(home, typed("Fix it", at=1), orjson.dumps(line) + b"\n")
    call("import", "--all")

    for by in ("day", "week", "month"):
        (row,) = document("usage", "--by", by, "--timezone", zone)["rows"]
        assert row["responses"] == 1
        assert (row["key"] is None) == (stamp == "yesterday")
    assert call("usage", "--plot", "--timezone", zone).exit_code == 0


def test_where_nothing_is_kept_it_says_so(call: Call, document: Document) -> None:
    said = call("usage")

    assert said.exit_code == 0
    assert said.stdout.startswith("0 sessions · 0 tokens · $0.00 · 0 s\n")
    assert said.stderr == "opentraces: nothing is kept yet → opentraces import --all\n"


@pytest.mark.parametrize("damage", ["gone", "another form", "cut short"])
def test_a_ledger_of_no_use_is_made_anew(
    damage: str, kept: Path, call: Call, document: Document
) -> None:
    before = document("usage", "--by", "session")
    ledger = kept / "state" / "ledger.sqlite"
    if damage == "gone":
        ledger.unlink()
    elif damage == "cut short":
        ledger.write_bytes(ledger.read_bytes()[:5000])
    else:
        connection = sqlite3.connect(ledger)
        connection.execute("PRAGMA user_version = 1")
        connection.close()

    assert before["total"]["responses"] > 0
    assert document("usage", "--by", "session") == before


def test_it_changes_nothing(kept: Path, call: Call) -> None:
    call("usage")
    before = {path: path.stat().st_mtime_ns for path in kept.rglob("*")}

    call("usage", "--by", "model")

    assert {path: path.stat().st_mtime_ns for path in kept.rglob("*")} == before


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.00k"),
        (1234, "1.23k"),
        (9994, "9.99k"),
        (9996, "10.0k"),
        (99_949, "99.9k"),
        (99_951, "100k"),
        (999_499, "999k"),
        (999_501, "1.00M"),
        (4_848_760_324, "4.85B"),
        (10**17, "100,000T"),
    ],
)
def test_tokens_have_three_digits(number: int, text: str) -> None:
    assert tokens(number) == text


def report(by: Grouping, *rows: tuple[str | None, float | None]) -> UsageReport:
    made = [
        Row(key, "\x1b[31mred", 1, 1, Tokens(1), cost, 0, cost is None, 1) for key, cost in rows
    ]
    return UsageReport(by, tuple(made), made[0]._replace(key=None), 0, ())


def test_names_and_titles_are_one_line_and_aligned() -> None:
    said = ["".join(line) for line in usage_lines(report(Grouping.MODEL, ("a\nb", 1), ("c", None)))]

    assert [line.index("1.00") for line in said[3:4]] == [line.index("?") - 3 for line in said[4:5]]
    assert said[3].startswith("a b ")
    assert not any("\x1b" in line for line in said)


def bars(
    by: Grouping, *rows: tuple[str | None, float | None], columns: int | None = 60
) -> list[str]:
    lines = ["".join(line) for line in plot_lines(report(by, *rows), columns)]
    return lines[2 : lines.index("", 2)]


def test_bars_are_as_long_as_costs_and_fit() -> None:
    lines = bars(Grouping.AGENT, ("pi", 4.0), ("codex-cli", 1.0), (None, 0.0))

    assert max(map(len, lines)) <= 60
    lengths = [line.count("#") for line in lines]
    assert lengths[1:] == [round(lengths[0] / 4), 0]
    assert lengths[0] > 10


def test_days_without_use_are_drawn() -> None:
    lines = bars(Grouping.DAY, ("2026-10-30", 1.0), ("2026-11-02", 1.0), ("2027-11-02", 1.0))

    assert [line.split()[0] for line in lines] == [
        *("2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02", "…", "2027-11-02")
    ]


def test_where_nothing_has_a_price_tokens_are_drawn() -> None:
    (line,) = bars(Grouping.MODEL, ("new", None))

    assert "####" in line
