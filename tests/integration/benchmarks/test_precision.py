"""The page on precision is made as it says, from what is counted."""

import re
from dataclasses import replace

import pytest

from benchmarks.precision import MODES, PAGE, control, count
from benchmarks.precision_page import Counted, Real, page
from tests.integration.trail.control.judging import Judged
from tests.integration.trail.fuzzing.judging import Finding
from tests.integration.trail.fuzzing.lines import Mode

SEEDS = range(40, 43)
REAL = Real(commits=7, lines=37, tied=36, wrong=1)


@pytest.fixture(scope="module")
def counted() -> dict[Mode, Counted]:
    return {mode: count(mode, SEEDS) for mode in MODES}


@pytest.fixture(scope="module")
def controlled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    return control(tmp_path_factory.mktemp("control") / "story", rounds=1)


def form(text: str) -> list[str]:
    """Return a page without its figures, and without the rows that depend on what happened."""
    without = re.sub(r"[0-9]+(?:[.,][0-9]+)*%?(?:, [0-9]+)*|\bnone\b", "N", text)
    return [line for line in without.splitlines() if not line.startswith("| ")]


def heads(text: str) -> list[str]:
    lines = text.splitlines()
    return [lines[at - 1] for at, line in enumerate(lines) if line.startswith("| --- ")]


def test_the_page_that_is_kept_has_the_form_of_one_that_is_made(
    counted: dict[Mode, Counted], controlled: dict[str, Judged]
) -> None:
    made, kept = page(SEEDS, counted, controlled, REAL), PAGE.read_text()

    assert form(made) == form(kept)
    assert heads(made) == heads(kept)


def test_the_same_seeds_give_the_same_page(
    counted: dict[Mode, Counted], controlled: dict[str, Judged]
) -> None:
    again = {mode: count(mode, SEEDS) for mode in MODES}

    assert page(SEEDS, again, controlled, REAL) == page(SEEDS, counted, controlled, REAL)


def test_kinds_of_commits_and_tiers_add_up(counted: dict[Mode, Counted]) -> None:
    for each in counted.values():
        assert each.total.credits == each.tiers.total()
        assert each.total.credits == sum(one.credits for one in each.by_kind.values())
        assert each.total.right == sum(one.right for one in each.by_kind.values())
        assert each.total.written == sum(one.written for one in each.by_kind.values())


def test_a_wrong_line_stands_in_its_row(counted: dict[Mode, Counted]) -> None:
    finding = Finding("c", "f", b"x", "p", "exact_blob_hash", "made up")
    mistaken = replace(counted["unique"].total, wrong=[(1, finding)] * 3)
    told = {**counted, "unique": replace(counted["unique"], total=mistaken)}

    [row, _] = [
        line
        for line in page(SEEDS, told, {}, REAL).splitlines()
        if line.startswith("| `exact_blob_hash`")
    ]

    credited = counted["unique"].tiers["exact_blob_hash"]
    assert row.split(" | ")[2:4] == [f"{credited:,}", "3"]
    assert row.endswith(f"| {(credited - 3) / credited:.2%} |")
