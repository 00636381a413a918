"""`usage` says what ccusage says, by day and model, in tokens and dollars; else a test says why."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from benchmarks.corpus.making import make_corpus
from benchmarks.corpus.plan import CorpusPlan
from benchmarks.program import Program
from tests.agents.rig.ccusage_days import (
    Days,
    counted_by_ccusage,
    counted_by_opentraces,
)
from tests.agents.rig.installed import ccusage_program
from tests.agents.test_ccusage import MAIN, compact, response, written
from tests.agents.test_ccusage_codex import FOLDERS, HEIRS, World, packed, read, rollouts

pytestmark = pytest.mark.agents

DATA = Path(__file__).parents[1] / "data"
CLAUDE_CODE = ("edit_commit", "failures", "live", "permission", "release_330", "resume", "subagent")
DAY = "2026-11-01"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("generated")
    make_corpus(root, CorpusPlan(sessions=60, megabytes=8, seed=3), processes=1)
    return root


def of_claude_code(claude: Path, home: Path, zone: str = "UTC") -> tuple[Days, Days]:
    """Return what we count, and what ccusage does."""
    program = Program(home, claude)
    program.run("import", str(claude / "projects"))
    place = {"CLAUDE_CONFIG_DIR": str(claude)}
    return (
        counted_by_opentraces(program, zone=zone),
        counted_by_ccusage("claude", place, home, zone),
    )


def assert_equal(ours: Days, theirs: Days) -> None:
    assert ours.keys() == theirs.keys()
    for key, used in ours.items():
        assert used.tokens == theirs[key].tokens, key
        assert used.cost_usd == pytest.approx(theirs[key].cost_usd, rel=1e-9), key


@pytest.mark.parametrize("name", CLAUDE_CODE)
def test_sessions_of_claude_code_are_equal(name: str, tmp_path: Path) -> None:
    ours, theirs = of_claude_code(DATA / "claude-code" / name, tmp_path)

    assert_equal(ours, theirs)
    assert ours


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
def test_a_generated_corpus_is_equal_in_every_zone(zone: str, corpus: Path, tmp_path: Path) -> None:
    ours, theirs = of_claude_code(corpus, tmp_path, zone)

    assert_equal(ours, theirs)
    assert len({day for day, _ in ours}) > 20
    assert len({model for _, model in ours}) == 3


HOUR = {"ephemeral_5m_input_tokens": 300, "ephemeral_1h_input_tokens": 700}
AGREED: dict[str, tuple[dict[str, Any], float]] = {
    "input costs 3 dollars a million": ({"usage": {"input_tokens": 1000}}, 0.003),
    "output costs 15": ({"usage": {"output_tokens": 1000}}, 0.015),
    "cache reads cost 0.30": ({"usage": {"cache_read_input_tokens": 1000}}, 0.0003),
    "cache writes cost 3.75 for five minutes, and 6 for an hour": (
        {"usage": {"cache_creation_input_tokens": 1000, "cache_creation": HOUR}},
        0.3e-3 * 3.75 + 0.7e-3 * 6,
    ),
}
NOTHING = {
    "input_tokens": 0,
    "output_tokens": 0,
    "cache_read_input_tokens": 0,
    "cache_creation_input_tokens": 0,
}


def one_response(home: Path, changes: dict[str, Any], model: str) -> tuple[Days, Days]:
    line = response(**{**changes, "usage": {**NOTHING, **changes["usage"]}})
    line["message"]["model"] = model
    return of_claude_code(written(home / "claude", {MAIN: compact(line)}), home)


@pytest.mark.parametrize("case", AGREED)
def test_both_price_the_same_where(case: str, tmp_path: Path) -> None:
    changes, dollars = AGREED[case]
    ours, theirs = one_response(tmp_path, changes, "claude-sonnet-4-5")

    assert_equal(ours, theirs)
    assert [used.cost_usd for used in ours.values()] == [pytest.approx(dollars)]


def test_the_higher_speed_costs_as_much_in_both(tmp_path: Path) -> None:
    changes = {"usage": {"input_tokens": 1000, "output_tokens": 100, "speed": "fast"}}
    ours, theirs = one_response(tmp_path, changes, "claude-opus-4-8")

    assert ours[DAY, "claude-opus-4-8"].cost_usd == pytest.approx(0.015)
    assert theirs[DAY, "claude-opus-4-8-fast"].cost_usd == pytest.approx(0.015), (
        "ccusage calls the higher speed a model of its own"
    )


LONG = {"input_tokens": 100_000, "cache_read_input_tokens": 250_000, "output_tokens": 1000}


def test_a_long_prompt_costs_more_as_a_whole(tmp_path: Path) -> None:
    ours, theirs = one_response(tmp_path, {"usage": LONG}, "claude-sonnet-4-5")

    assert ours[DAY, "claude-sonnet-4-5"].cost_usd == pytest.approx(0.6 + 0.15 + 0.0225)
    assert theirs[DAY, "claude-sonnet-4-5"].cost_usd == pytest.approx(0.3 + 0.06 + 0.03 + 0.015), (
        "ccusage asks more only for what exceeds 200,000 tokens in a class; the maker's page says "
        "that all tokens of a request cost more whose prompt, caches included, exceeds them"
    )


@pytest.mark.parametrize(
    ("model", "dollars"), [("claude-opus-5-5", 0.004), ("claude-haiku-5-5", 0.0001)]
)
def test_later_models_have_a_price(model: str, dollars: float, tmp_path: Path) -> None:
    ours, theirs = one_response(tmp_path, {"usage": {"input_tokens": 1000}}, model)

    assert ours[DAY, model].cost_usd == pytest.approx(dollars)
    assert theirs[DAY, model].cost_usd is None, "the prices that ccusage brings along are older"


def test_a_response_over_midnight_is_of_its_first_line(tmp_path: Path) -> None:
    lines = compact(
        response(usage={"output_tokens": 3}, timestamp="2026-11-01T23:59:59.000Z"),
        response(timestamp="2026-11-02T00:00:01.000Z"),
    )
    ours, theirs = of_claude_code(written(tmp_path / "claude", {MAIN: lines}), tmp_path)

    assert [day for day, _ in ours] == ["2026-11-01"]
    assert [day for day, _ in theirs] == ["2026-11-02"], "ccusage takes the line with most output"
    assert [used.tokens for used in ours.values()] == [used.tokens for used in theirs.values()]


def test_what_the_client_said_that_it_cost_is_ccusages_alone(tmp_path: Path) -> None:
    line = response(usage={**NOTHING, "input_tokens": 1000}, costUSD=7.5)
    ours, theirs = of_claude_code(written(tmp_path / "claude", {MAIN: compact(line)}), tmp_path)

    assert [used.cost_usd for used in ours.values()] == [pytest.approx(0.003)]
    assert [used.cost_usd for used in theirs.values()] == [7.5], "no release of 2026 writes it"


SHARED = [folder for folder in FOLDERS if folder not in HEIRS]


def test_sessions_of_codex_are_equal(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.copy(*SHARED)
    program = Program(tmp_path, tmp_path / "no-claude")
    program.run("import", "--all")
    place = {"CODEX_HOME": str(world.codex)}

    ours = counted_by_opentraces(program)
    theirs = counted_by_ccusage("codex", place, tmp_path)

    assert {key: used.tokens for key, used in ours.items()} == {
        key: used.tokens for key, used in theirs.items()
    }
    assert {model for _, model in ours} == {"gpt-5.5", "gpt-5.3-codex", "gpt-6.1-sol"}
    priced = [used for (_, model), used in ours.items() if model != "gpt-6.1-sol"]
    assert sum(used.cost_usd or 0 for used in priced) == pytest.approx(
        cost_by_ccusage(world.codex, tmp_path), rel=1e-9
    ), "ccusage has no price for gpt-6.1-sol"


def cost_by_ccusage(codex: Path, home: Path) -> float:
    report = subprocess.run(
        [ccusage_program(), "codex", "daily", "--json", "--offline", "--timezone", "UTC"],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "CODEX_HOME": str(codex)},
        capture_output=True,
        check=True,
        timeout=60,
    )
    cost: float = orjson.loads(report.stdout)["totals"]["costUSD"]
    return cost


@pytest.mark.parametrize("tier", ["priority", "fast", "default"])
def test_the_speed_that_codex_was_set_to_costs_as_much_in_both(tier: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    (path,) = rollouts("edit")
    rows = read(path)
    (applied,) = (r for r in rows if r["payload"].get("type") == "thread_settings_applied")
    applied["payload"]["thread_settings"]["service_tier"] = tier
    world.leave(path.name, packed(rows))
    program = Program(tmp_path, tmp_path / "no-claude")
    program.run("import", "--all")

    cost = program.json("usage")["total"]["cost_usd"]

    assert cost == pytest.approx(cost_by_ccusage(world.codex, tmp_path), rel=1e-9)
    assert cost == pytest.approx(0.066582 * (1 if tier == "default" else 2.5))


@pytest.mark.parametrize(("release", "beside"), [("0.73.1", 0), ("0.87.1", 3)])
def test_sessions_of_pi_are_equal_without_forks(release: str, beside: int, tmp_path: Path) -> None:
    sessions = tmp_path / ".pi" / "agent" / "sessions"
    for path in (DATA / "pi" / release).rglob("*.jsonl"):
        if b'"parentSession"' not in path.read_bytes().partition(b"\n")[0]:
            target = sessions / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    program = Program(tmp_path, tmp_path / "no-claude")
    program.run("import", "--all")

    ours = counted_by_opentraces(program, "--agent", "pi")
    place = {"PI_AGENT_DIR": str(sessions)}
    theirs = counted_by_ccusage("pi", place, tmp_path)

    assert_equal(ours, theirs)
    rows = program.json("usage", "--by", "model")["rows"]
    said = (
        "ccusage counts no compaction and no summary of a branch; the older Pi did not write them"
    )
    assert sum(row["responses"] for row in rows if row["key"] is None) == beside, said


def test_days_are_those_of_the_zone(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
    lines = compact(
        response(timestamp=moment.isoformat()),
        response("msg_2", requestId="req_2", timestamp=(moment + timedelta(hours=1)).isoformat()),
    )
    claude = written(tmp_path / "claude", {MAIN: lines})
    ours, theirs = of_claude_code(claude, tmp_path, "America/Chicago")

    assert_equal(ours, theirs)
    assert sorted(day for day, _ in ours) == ["2026-10-31", "2026-11-01"]
