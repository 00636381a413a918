"""What may be another's is not credited: the three conditions under which a claim stands."""

from collections import Counter
from collections.abc import Iterator, Mapping

from opentraces.domain.trail.claims import Claim, Subject
from opentraces.domain.trail.owners import NOBODY
from opentraces.domain.trail.text import is_telling, plain
from opentraces.domain.trail.writings import Writings


def standing(subject: Subject, claims: Mapping[int, Claim], writings: Writings) -> dict[int, Claim]:
    """Return the claims that stand.

    The patch was written before the commit; its line was not seen to be gone since; and the line
    tells its writer from all others, or stands in one run with a line of the same patch that does.
    A line long enough to tell, and which a later patch wrote as well, stands nowhere.
    """
    possible = {at: c for at, c in claims.items() if _is_possible(subject, c, writings)}
    telling = {at for at, c in possible.items() if _tells(subject, at, c, writings)}
    beside = {
        at: possible[at]
        for run in _runs(possible)
        if any(at in telling for at in run)
        for at in run
        if at in telling or not _is_contested(subject, at, possible[at], writings)
    }
    return _conserved(subject, beside, writings)


def _conserved(
    subject: Subject, claims: Mapping[int, Claim], writings: Writings
) -> dict[int, Claim]:
    """Return no more of equal lines than the file gained by their patch."""
    taken: Counter[tuple[int, bytes]] = Counter()
    kept: dict[int, Claim] = {}
    for at, claim in sorted(claims.items()):
        line = plain(subject.lines[at])
        taken[claim.patch, line] += 1
        if taken[claim.patch, line] <= writings[claim.patch].gained[line]:
            kept[at] = claim
    return kept


def _is_possible(subject: Subject, claim: Claim, writings: Writings) -> bool:
    if writings[claim.patch].moment >= subject.until:
        return False
    return not writings.is_gone(claim.line, subject.until)


def _tells(subject: Subject, at: int, claim: Claim, writings: Writings) -> bool:
    """Whether a line by itself tells who wrote it."""
    line, writing = subject.lines[at], writings[claim.patch]
    kept = plain(line)
    return (
        is_telling(line)
        and line not in subject.stood
        and kept not in writing.before
        and subject.counts[line] <= writing.wrote[kept]
        and writings.writers(subject.paths, line, subject.until) <= {claim.patch}
    )


def _is_contested(subject: Subject, at: int, claim: Claim, writings: Writings) -> bool:
    """Whether a line enough to tell was written once more by a later patch: it may be that one's.

    Git's diff keeps the older of equal lines where the newer one took its place.
    """
    line, moment = subject.lines[at], writings[claim.patch].moment
    if not is_telling(line):
        return False
    writers = writings.writers(subject.paths, line, subject.until) - {claim.patch, NOBODY}
    return any(writings[each].moment >= moment for each in writers)


def _runs(claims: Mapping[int, Claim]) -> Iterator[list[int]]:
    """Yield places that follow on one another and have one patch."""
    run: list[int] = []
    for at in sorted(claims):
        if run and (at != run[-1] + 1 or claims[at].patch != claims[run[-1]].patch):
            yield run
            run = []
        run.append(at)
    if run:
        yield run
