"""The piece of a text that shows why it was found: one line, with « » around what was."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from opentraces.domain.finding import Find, finds_in
from opentraces.domain.query import Clause
from opentraces.domain.search import Place

WIDTH = 160
"""Characters of a snippet, the « » and … not counted."""

_CONTEXT = 4
"""So many times the width is looked at on each side: white space is folded away."""


def snippet(text: str, clauses: Iterable[Clause], width: int = WIDTH) -> str | None:
    """Return the piece of `text` that holds the most of what is asked for, found words marked.

    None: nothing of it is there.
    """
    found = richest_snippet({Place.AGENT: text}, clauses, width)
    return found[1] if found else None


def richest_snippet(
    texts: Mapping[Place, str], clauses: Iterable[Clause], width: int = WIDTH
) -> tuple[Place, str] | None:
    """Return the place that holds the most of what is asked for, and its snippet.

    None: nothing of it is in any place.
    """
    found = {place: finds for place, finds in finds_in(texts, clauses).items() if finds}
    if not found:
        return None
    place = max(found, key=lambda place: len({find.clause for find in found[place]}))
    return place, _shown(texts[place], _best(_apart(found[place]), width), width)


def opening(text: str, width: int = WIDTH) -> str:
    """Return how a text begins: one line, with … where it is cut."""
    seen = text.lstrip()[: width * _CONTEXT]
    return _head(" ".join(seen.split()), width, is_cut=len(text.strip()) > len(seen))


def _apart(finds: Sequence[Find]) -> list[Find]:
    """Return the finds that do not stand in one before them."""
    apart: list[Find] = []
    for find in finds:
        if not apart or find.start >= apart[-1].end:
            apart.append(find)
    return apart


def _best(finds: Sequence[Find], width: int) -> Sequence[Find]:
    """Return the finds within `width` that are of the most clauses, then the most."""
    best, worth, first = (0, 1), (0, 0), 0
    inside: Counter[int] = Counter()
    for last, find in enumerate(finds):
        inside[find.clause] += 1
        while first < last and find.end - finds[first].start > width:
            inside[finds[first].clause] -= 1
            first += 1
        here = (sum(count > 0 for count in inside.values()), last - first)
        if here > worth:
            best, worth = (first, last + 1), here
    return finds[best[0] : best[1]]


def _shown(text: str, finds: Sequence[Find], width: int) -> str:
    """Return the finds with what stands between and around them, as one line."""
    start, end = finds[0].start, finds[-1].end
    core, spare = _marked(text, finds, width)
    if spare < 0:
        return f"{'…' if text[:start].strip() else ''}{core}…"
    left, right = text[max(start - width * _CONTEXT, 0) : start], text[end : end + width * _CONTEXT]
    before, after = _line(left).lstrip(), _line(right).rstrip()
    room = max(spare // 2, spare - len(after))
    head = _tail(before, room, is_cut=start > len(left))
    rest = spare - min(len(before), room)
    return f"{head}{core}{_head(after, rest, is_cut=end + len(right) < len(text))}"


def _marked(text: str, finds: Sequence[Find], width: int) -> tuple[str, int]:
    """Return the finds and what stands between them, and how much of the width is left.

    Less than 0: so much more there was.
    """
    shown, spare = "", width
    for piece, is_found in _pieces(text, finds):
        if part := piece[: max(spare, 0)]:
            shown += f"«{part}»" if is_found else part
        spare -= len(piece)
    return shown, spare


def _pieces(text: str, finds: Sequence[Find]) -> list[tuple[str, bool]]:
    """Cut a text into what was found and what was not; finds beside each other are one."""
    pieces: list[tuple[str, bool]] = []
    end = finds[0].start
    for find in finds:
        gap, found = _line(text[end : find.start]), _line(text[find.start : find.end])
        if pieces and not gap.strip():
            pieces[-1] = (f"{pieces[-1][0]}{gap}{found}", True)
        else:
            pieces += [(gap, False), (found, True)]
        end = find.end
    return pieces


def _line(text: str) -> str:
    """Return a text with one space for each run of white space."""
    line = " ".join(text.split())
    if not line:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{line}{' ' if text[-1].isspace() else ''}"


def _tail(line: str, room: int, *, is_cut: bool) -> str:
    """Return the end of a line, at most `room` characters; with … when something is missing."""
    if len(line) <= room:
        return f"…{line}" if is_cut else line
    kept = line[len(line) - room :]
    space = kept.find(" ", 0, room // 2)
    return f"…{kept[space + 1 :]}"


def _head(line: str, room: int, *, is_cut: bool) -> str:
    """Return the begin of a line, at most `room` characters; with … when something is missing."""
    if len(line) <= room:
        return f"{line}…" if is_cut else line
    kept = line[:room]
    space = kept.rfind(" ", room // 2)
    return f"{kept[:space] if space > 0 else kept}…"
