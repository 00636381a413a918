"""Who wrote lines, and what was asked for; or why nobody is named."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from opentraces.domain.ids import TraceId
from opentraces.domain.moments import iso_text
from opentraces.domain.trail.blame import Blame, BlameLine, Prompt
from opentraces.entrypoints.cli.output import Bold, Dim, Line
from opentraces.entrypoints.cli.plain import one_line, plain
from opentraces.entrypoints.cli.views.amounts import moment
from opentraces.entrypoints.cli.views.ids import short_ids
from opentraces.entrypoints.cli.views.trail_words import cut, short

_PROMPT = 200
_INDENT = 4


def blame_lines(blame: Blame, columns: int | None) -> Iterator[Line]:
    """Show each run of lines that one step wrote, and below it whose it is.

    `columns`: how long a line may be. None: as long as it is.
    """
    if not blame.lines:
        yield ("no lines",)
    several = len({each.path for each in blame.lines}) > 1
    ids = short_ids({each.author.trace for each in blame.lines if each.author})
    width = max((len(str(each.line)) for each in blame.lines), default=0)
    for number, (_, run) in enumerate(groupby(blame.lines, key=_run)):
        same = list(run)
        if number:
            yield ()
        if several:
            yield (Dim(one_line(same[0].path)),)
        for each in same:
            yield (Bold(f"{each.line:>{width}}"), f"  {_cut(each.text, columns, width + 2)}")
        yield from _whose(same[0], blame, ids, columns)


def _run(line: BlameLine) -> tuple[object, ...]:
    return (line.path, line.commit, line.author, line.reason)


def _cut(text: str, columns: int | None, before: int) -> str:
    line = plain(text).replace("\n", " ")
    room = None if columns is None else max(columns - before, 20)
    return line if room is None or len(line) <= room else f"{line[: room - 1]}…"


def _whose(
    line: BlameLine, blame: Blame, ids: Mapping[TraceId, str], columns: int | None
) -> Iterator[Line]:
    author = line.author
    if author is None:
        why = line.reason.value if line.reason else "not known"
        yield (Dim(f"    nobody we kept wrote this: {why} ({_commit(line)})"),)
        return
    prompt = blame.prompts.get((author.trace, author.step_index))
    address = ids[author.trace] + (f":{author.step_index}" if author.step_index else "")
    facts = (
        address,
        one_line(prompt.agent) if prompt else "",
        moment(prompt.time) if prompt and prompt.time else "",
        author.tier,
        f"commit {short(line.commit)}" if line.commit else "not committed",
    )
    yield ("    ", "  ".join(fact for fact in facts if fact))
    if prompt is not None:
        yield from _asked(prompt, columns)


def _asked(prompt: Prompt, columns: int | None) -> Iterator[Line]:
    if prompt.asked is None:
        return
    head = f"    asked for in :{prompt.asked}  "
    room = _PROMPT if columns is None else max(columns - len(head) - 2, 20)
    yield (Dim(head), f"“{cut(prompt.text, min(room, _PROMPT))}”")


def _commit(line: BlameLine) -> str:
    if line.commit is None:
        return "not committed"
    return f"commit {short(line.commit)}, {iso_text(line.authored)[:10]}"
