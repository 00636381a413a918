"""From a seed to a verdict, and to a story that can be read."""

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from opentraces.adapters.git.command import GitCommand
from opentraces.adapters.git.library import open_library
from opentraces.adapters.git.repository import GitRepository
from opentraces.adapters.git.text_diff import LibraryTextDiff
from opentraces.domain.trail.credit import Credit
from tests.integration.trail.fuzzing.evidence import (
    Added,
    Engine,
    Evidence,
    added_by_git,
    evidence_of,
)
from tests.integration.trail.fuzzing.histories import write_history
from tests.integration.trail.fuzzing.judging import Finding, Verdict, judge
from tests.integration.trail.fuzzing.lines import Mode
from tests.integration.trail.fuzzing.world import World

DOUBTFUL = 0.01
"""The share of credits that may be indistinguishable."""

COVERAGE: dict[Mode, float] = {"unique": 0.9, "identical": 0.85}
"""The share of agents' lines for which they are to be named."""


@dataclass(frozen=True)
class Happened:
    """A history, and what an engine may know of it."""

    seed: int

    world: World

    evidence: Evidence

    added: Mapping[str, Mapping[str, Added]]


def happen(root: Path, mode: Mode, seed: int) -> Happened:
    """Let a history happen below `root`, read it, and leave no files."""
    world = write_history(root, mode, seed)
    try:
        source = open_library(str(world.places[0].real))
        repository = GitRepository(source, GitCommand(os.environ["PATH"]))
        evidence = evidence_of(world, repository, LibraryTextDiff().edits)
        return Happened(seed, world, evidence, added_by_git(world))
    finally:
        shutil.rmtree(root)


def verdict_of(histories: Iterable[Happened], engine: Engine) -> Verdict:
    """Judge an engine by histories."""
    verdict = Verdict()
    for each in histories:
        verdict += judge(each.world, each.seed, engine(each.evidence), each.added)
    return verdict


def stories(verdict: Verdict, histories: Iterable[Happened], engine: Engine) -> str:
    """Tell of the first history in which something is wrong, or else in doubt."""
    found = verdict.wrong or verdict.indistinguishable
    seeds = sorted({seed for seed, _ in found})
    first = next(each for each in histories if each.seed == seeds[0])
    findings = [finding for seed, finding in found if seed == first.seed]
    told = story(first, engine(first.evidence), findings)
    return f"{told}\n{verdict}\nseeds: {seeds}"


def story(happened: Happened, found: Iterable[Credit], findings: Iterable[Finding]) -> str:
    """What happened, operation by operation, and what is wrong about it in the end."""
    world = happened.world
    given = tuple(found)
    said = [f"history of {world.mode} texts, seed {happened.seed}", *world.journal]
    for finding in sorted(set(findings), key=repr):
        said.append(
            f"{finding.commit[:8]} {finding.path}: {finding.patch} by {finding.tier} for "
            f"{finding.text.decode()!r}: {finding.why}"
        )
        said += _file(happened, finding, given)
    return "\n".join(said)


def _file(happened: Happened, finding: Finding, given: tuple[Credit, ...]) -> list[str]:
    """The file in that commit: what it adds, who wrote each line, who is named for it."""
    lines = happened.world.commits[finding.commit].files[finding.path]
    here = [c for c in given if (c.commit, c.path) == (finding.commit, finding.path)]
    named = {place: f"{c.patch} {c.tier}" for c in here for place in c.lines}
    added = happened.added.get(finding.commit, {}).get(finding.path)
    places = added.places if added else frozenset()
    return [
        f"   {place:>3} {'+' if place in places else ' '} {line.author:>9} "
        f"{named.get(place, ''):<24} {line.text.decode()}"
        for place, line in enumerate(lines, 1)
    ]
