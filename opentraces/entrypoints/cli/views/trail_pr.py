"""A range of commits by the sessions and prompts behind it, as Markdown."""

from collections.abc import Iterator, Mapping

from opentraces.application.describe_range import Asked, DescribedCommit, DescribedRange
from opentraces.domain.evidence import EvidenceTier
from opentraces.domain.ids import TraceId
from opentraces.domain.trail.parts import summed
from opentraces.entrypoints.cli.output import Line
from opentraces.entrypoints.cli.views.amounts import count
from opentraces.entrypoints.cli.views.ids import short_ids
from opentraces.entrypoints.cli.views.markdown import code, quoted
from opentraces.entrypoints.cli.views.trail_words import lines, short

_PROMPT_LINES = 12
_COLUMNS = 100
_FILES = 8


def described_lines(described: DescribedRange) -> Iterator[Line]:
    """Show the sum first, then each commit, then what nobody is credited with."""
    yield from ((line,) for line in _text(described))


def _text(described: DescribedRange) -> Iterator[str]:
    yield "## How this came about"
    yield ""
    yield _sum(described)
    ids = short_ids({each.part.trace for commit in described.commits for each in commit.asked})
    for commit in described.commits:
        yield from _commit(commit, ids)
    left = _uncredited(described)
    if left:
        number = sum(left.values())
        yield ""
        yield "### Nobody is credited with"
        yield ""
        yield f"{_of(number, described.added)}: lines that no kept session is known to have written"
        yield ""
        yield from _listed(left)


def _sum(described: DescribedRange) -> str:
    facts = [count(len(described.commits), "commit"), f"{lines(described.added)} added"]
    if described.added:
        facts.append(f"{_of(described.credited, described.added)} by sessions that are kept")
    tiers = summed(each.part.tiers for commit in described.commits for each in commit.asked)
    return " · ".join([*facts, *([_tiers(tiers)] if tiers else [])])


def _of(number: int, all_of_them: int) -> str:
    return f"{number:,} of {lines(all_of_them)} ({round(100 * number / (all_of_them or 1))} %)"


def _commit(commit: DescribedCommit, ids: Mapping[TraceId, str]) -> Iterator[str]:
    brief = commit.commit
    yield ""
    yield f"### {short(brief.commit)} {code(brief.subject)}".rstrip()
    yield ""
    if commit.added:
        yield f"{_of(commit.credited, commit.added)} by sessions that are kept"
    else:
        yield "No lines were added."
    for asked in commit.asked:
        yield ""
        yield from _asked(asked, ids[asked.part.trace])


def _asked(asked: Asked, trace: str) -> Iterator[str]:
    prompt, part = asked.prompt, asked.part
    step = f":{prompt.asked}" if prompt and prompt.asked is not None else ""
    agent = f"{code(prompt.agent)} " if prompt else ""
    yield f"- {agent}{code(trace + step)} · {lines(part.lines)} · {_tiers(part.tiers)}"
    yield from (f"  {row}" for row in _listed(dict.fromkeys(part.paths)))
    if prompt is not None and prompt.asked is not None:
        yield ""
        yield from (f"  {row}" for row in quoted(prompt.text, _PROMPT_LINES, _COLUMNS))
    elif prompt is None:
        yield "  - its prompt cannot be read any more"


def _tiers(tiers: Mapping[EvidenceTier, int]) -> str:
    return ", ".join(f"{code(tier)} {number:,}" for tier, number in tiers.items())


def _uncredited(described: DescribedRange) -> dict[str, int]:
    left: dict[str, int] = {}
    for commit in described.commits:
        for path, number in commit.uncredited.items():
            left[path] = left.get(path, 0) + number
    return dict(sorted(left.items(), key=lambda item: (-item[1], item[0])))


def _listed(files: Mapping[str, int | None]) -> Iterator[str]:
    """Yield files as a list, with a number each where there is one; a few of them."""
    shown = list(files.items())[:_FILES]
    for path, number in shown:
        yield f"- {code(path)}" + (f" {number:,}" if number is not None else "")
    if len(files) > len(shown):
        yield f"- and {count(len(files) - len(shown), 'more file')}"
