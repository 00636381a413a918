"""Count how many lines are credited rightly, and write `docs/precision.md`.

Everything is judged by what truly happened, which the histories know and the engine is not told.
"""

import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import click

from benchmarks.precision_page import Counted, Real, page
from opentraces.domain.trail.credit import Credit
from tests.integration.trail.control.fixtures import COMMITS, WITHOUT
from tests.integration.trail.control.judging import Judged, judge
from tests.integration.trail.control.real_sessions import RealSessions, expected
from tests.integration.trail.control.story import tell
from tests.integration.trail.fuzzing import judging
from tests.integration.trail.fuzzing.evidence import crediting
from tests.integration.trail.fuzzing.judging import Verdict
from tests.integration.trail.fuzzing.lines import Mode
from tests.integration.trail.fuzzing.running import Happened, happen

PAGE = Path(__file__).parents[1] / "docs" / "precision.md"
MODES: tuple[Mode, ...] = ("unique", "identical")
_WORKERS = 2


@click.command()
@click.option("--histories", default=300, show_default=True, help="How many of each mode.")
@click.option("--seed", default=0, show_default=True, help="The first; the others follow.")
@click.option("--page", "file", default=str(PAGE), show_default=True, help="What is written.")
def main(*, histories: int, seed: int, file: str) -> None:
    """Judge credits by histories of which all is known, and write the page that says so."""
    seeds = range(seed, seed + histories)
    counted = {mode: count(mode, seeds) for mode in MODES}
    with tempfile.TemporaryDirectory() as folder:
        controlled = control(Path(folder) / "story")
        real = real_commits(Path(folder) / "real")
    Path(file).write_text(page(seeds, counted, controlled, real))


def count(mode: Mode, seeds: Iterable[int]) -> Counted:
    """Judge the histories of these seeds."""
    counted = Counted()
    with ProcessPoolExecutor(_WORKERS) as pool:
        for one in pool.map(partial(_counted, mode), seeds):
            counted += one
    return counted


def control(folder: Path, rounds: int = 9) -> dict[str, Judged]:
    """Judge the story in which people and machines commit beside agents; see `story`."""
    story = tell(folder, rounds=rounds)
    story.user.import_all()
    found = story.user.credits(story.main.folder)
    return judge(story, found, story.user.sessions(story.main.folder))


def real_commits(folder: Path) -> Real:
    """Judge what is said of the commits of real sessions."""
    real = RealSessions(folder)
    wanted = {own.folder: {real.commits[own.folder]: expected(own.lines)} for own in COMMITS}
    lines = tied = said = 0
    for name in (*wanted, *WITHOUT):
        given = real.said(name)
        said += sum(len(at) for one in given.values() for at in one.values())
        for commit, own in wanted.get(name, {}).items():
            lines += sum(map(len, own.values()))
            tied += sum(len(at & given.get(commit, {}).get(k, set())) for k, at in own.items())
    return Real(len(wanted), lines, tied, said - tied)


def _counted(mode: Mode, seed: int) -> Counted:
    with tempfile.TemporaryDirectory() as folder:
        happened = happen(Path(folder) / "history", mode, seed)
    found = tuple(crediting(happened.evidence))
    counted = Counted(judging.judge(happened.world, seed, found, happened.added))
    for credit in found:
        counted.tiers[credit.tier] += len(credit.lines)
    for kind in sorted({made.how for made in happened.world.commits.values()}):
        counted.by_kind[kind] = _of_kind(happened, found, kind)
    return counted


def _of_kind(happened: Happened, found: Iterable[Credit], kind: str) -> Verdict:
    world = happened.world
    meant = {commit for commit, made in world.commits.items() if made.how == kind}
    some = [credit for credit in found if credit.commit in meant]
    added = {commit: files for commit, files in happened.added.items() if commit in meant}
    return judging.judge(world, happened.seed, some, added)


if __name__ == "__main__":
    main()
