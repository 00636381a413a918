"""Whether those who are named for lines wrote them.

Lines with the same text are exchangeable, so it is judged by commit, file and text, and by count.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from opentraces.domain.trail.credit import Credit
from tests.integration.trail.fuzzing.evidence import Added
from tests.integration.trail.fuzzing.lines import Line, Lines, bare, may_be_kept
from tests.integration.trail.fuzzing.world import Made, Sight, Step, World

EXACT = ("exact_blob_hash", "exact_range_hash", "git_clean_range_hash", "patch_id")


@dataclass(frozen=True)
class Finding:
    """Lines for which the wrong step is named."""

    commit: str

    path: str

    text: bytes

    patch: str

    tier: str

    why: str


@dataclass
class Verdict:
    """What was found in one history, or in many."""

    histories: int = 0
    apart: int = 0
    credits: int = 0
    """Lines for which a step is named."""
    right: int = 0
    """Of `written`, those for which one is named that wrote it."""
    written: int = 0
    """Lines of agents that commits added, of those with a letter or digit."""
    right_of_all: int = 0
    written_of_all: int = 0
    """Likewise, with lines of signs and blank ones."""
    right_of_formatted: int = 0
    written_of_formatted: int = 0
    """Likewise, of lines of agents that a formatter changed."""
    wrong: list[tuple[int, Finding]] = field(default_factory=list)
    """With the seed of its history."""
    indistinguishable: list[tuple[int, Finding]] = field(default_factory=list)
    missed: Counter[str] = field(default_factory=Counter)
    """Lines of agents for which nobody is named, by what they have in common."""

    def __iadd__(self, other: "Verdict") -> "Verdict":
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @property
    def coverage(self) -> float:
        return self.right / max(self.written, 1)

    @property
    def doubtful(self) -> float:
        return len(self.indistinguishable) / max(self.credits, 1)

    def __str__(self) -> str:
        return (
            f"{self.histories} histories ({self.apart} operations taken back), "
            f"{self.credits} lines credited, {len(self.wrong)} wrong, "
            f"{len(self.indistinguishable)} indistinguishable ({self.doubtful:.2%}), "
            f"coverage {self.right} of {self.written} ({self.coverage:.1%}), with trivial lines "
            f"{self.right_of_all / max(self.written_of_all, 1):.1%}, of formatted lines "
            f"{self.right_of_formatted} of {self.written_of_formatted}"
        )


def judge(
    world: World,
    seed: int,
    found: Iterable[Credit],
    added: Mapping[str, Mapping[str, Added]],
) -> Verdict:
    """Compare what an engine found with what is true."""
    verdict = Verdict(histories=1, apart=world.apart)
    by_file: dict[tuple[str, str], list[Credit]] = {}
    for credit in found:
        by_file.setdefault((credit.commit, credit.path), []).append(credit)
    for commit, files in added.items():
        for path, each in files.items():
            named = by_file.pop((commit, path), [])
            _File(world, seed, world.commits[commit], each, named, verdict).judge()
    for (commit, path), named in by_file.items():
        made = world.commits.get(commit)
        if made is None or len(made.parents) < 2:
            for credit in named:
                verdict.credits += len(credit.lines)
                finding = Finding(commit, path, b"", credit.patch, credit.tier, "adds no line")
                verdict.wrong.append((seed, finding))
    return verdict


@dataclass
class _File:
    """One file of one commit."""

    world: World
    seed: int
    made: Made
    added: Added
    credits: Sequence[Credit]
    verdict: Verdict

    def judge(self) -> None:
        named: Counter[tuple[str, bytes, str]] = Counter()
        until: dict[tuple[str, bytes, str], int] = {}
        for credit in self.credits:
            for place in credit.lines:
                self.verdict.credits += 1
                key = self._key(credit, place)
                if place not in self.added.places:
                    self._find(self.verdict.wrong, key, "the commit does not add this line")
                    continue
                named[key] += 1
                until[key] = self._order(credit)
        for key, count in named.items():
            self._judge_count(key, count, until[key], named)
        self._cover(named)

    def _key(self, credit: Credit, place: int) -> tuple[str, bytes, str]:
        text = self.lines[place - 1].text if 0 < place <= len(self.lines) else b""
        if credit.tier not in EXACT:
            text = bare(text)
        return credit.patch, text, credit.tier

    def _order(self, credit: Credit) -> int:
        """When lines came into history by what the credit rests on."""
        source = self.world.commits.get(credit.carried_from or "")
        return min(source.order, self.made.order) if source else self.made.order

    def _judge_count(
        self,
        key: tuple[str, bytes, str],
        count: int,
        until: int,
        named: Mapping[tuple[str, bytes, str], int],
    ) -> None:
        patch, text, tier = key
        step = self.world.steps.get(patch)
        if step is None or not self._wrote(step, text, exact=tier in EXACT):
            self._find(self.verdict.wrong, key, "it never wrote that here", count)
            return
        if step.order > self.made.order and step.moment // 1000 > self._second:
            self._find(self.verdict.wrong, key, "it wrote after the commit", count)
            return
        true = self.true_of(patch, text, exact=tier in EXACT)
        if count <= true:
            return
        last = self.possible(step, text, until, exact=tier in EXACT)
        wrong = max(count - max(true, last), 0)
        self._find(self.verdict.wrong, key, "its line was seen to be gone", wrong)
        left = count - true - wrong
        others = min(left, self._of_others(key, named)) if tier in EXACT else 0
        self._find(self.verdict.wrong, key, "another step wrote it, and said so", others)
        unseen = self.verdict.indistinguishable
        self._find(unseen, key, "written again unseen", left - others)

    def _of_others(
        self, key: tuple[str, bytes, str], named: Mapping[tuple[str, bytes, str], int]
    ) -> int:
        """How many lines of this text other steps told to have written, and are not named for."""
        patch, text, _ = key
        if any(line.text == text for line in self.world.steps[patch].again):
            return 0  # it may as well have been this one that wrote it
        steps = {line.author for line in self.new if line.text == text} & self.world.steps.keys()
        return sum(
            max(self.true_of(step, text, exact=True) - _named(named, step, text), 0)
            for step in steps - {patch}
            if not self.world.steps[step].told.endswith("unknown")
        )

    def _find(
        self,
        into: list[tuple[int, Finding]],
        key: tuple[str, bytes, str],
        why: str,
        count: int = 1,
    ) -> None:
        patch, text, tier = key
        finding = Finding(self.made.real, self.added.path, text, patch, tier, why)
        into += [(self.seed, finding)] * count

    @property
    def _second(self) -> int:
        return self.made.moment // 1000

    @cached_property
    def lines(self) -> Lines:
        return self.made.files[self.added.path]

    @cached_property
    def new(self) -> Lines:
        """Lines that the parent's file did not have."""
        parent = self.world.commits.get(self.made.parents[0]) if self.made.parents else None
        old = set(parent.files.get(self.added.parent_path, ()) if parent else ())
        return tuple(line for line in self.lines if line not in old)

    def _wrote(self, step: Step, text: bytes, *, exact: bool) -> bool:
        if self.world.file(step.path) != self.world.file(self.added.path):
            return False
        if exact:
            return any(line.text == text for line in (*step.lines, *step.again))
        return any(
            step.patch in authors(line) and bare(line.text) == text
            for line in self.world.pool.lines
        )

    def true_of(self, patch: str, text: bytes, *, exact: bool) -> int:
        """How many added lines of this text the step wrote, at most."""
        if exact:
            there = sum(self.lines[place - 1].text == text for place in self.added.places)
            wrote = sum(line.text == text and line.author == patch for line in self.new)
        else:
            there = sum(bare(self.lines[place - 1].text) == text for place in self.added.places)
            wrote = sum(bare(line.text) == text and patch in authors(line) for line in self.new)
        return min(there, wrote)

    def possible(self, step: Step, text: bytes, until: int, *, exact: bool) -> int:
        """How many of its lines of this text nobody saw to be gone."""
        if not exact:
            return len(step.lines)
        told = [line for line in (*step.lines, *step.again) if line.text == text]
        return sum(not self._seen_gone(step, line, until) for line in told)

    def _seen_gone(self, step: Step, line: Line, until: int) -> bool:
        """Whether a tool was shown the file without the line, and not by an equal one's chance."""
        file = self.world.file(step.path)
        last: Sight | None = None
        gone = False
        for sight in self.world.sights_of(step, file, until):
            if line in sight.lines:
                gone = False
            elif last is not None and line in last.lines:
                texts = [each.text for each in sight.lines]
                before = [each.text for each in last.lines]
                gone = not may_be_kept(last.lines.index(line), before, texts)
            elif last is None:
                gone = line.text not in [each.text for each in sight.lines]
            last = sight
        return gone

    def _cover(self, named: Mapping[tuple[str, bytes, str], int]) -> None:
        exact: Counter[tuple[str, bytes]] = Counter()
        other: Counter[tuple[str, bytes]] = Counter()
        for (patch, text, tier), count in named.items():
            (exact if tier in EXACT else other)[patch, text] += count
        there = Counter(self.lines[place - 1].text for place in self.added.places)
        for text, most in there.items():
            wrote = Counter(line.author for line in self.new if line.text == text)
            mine = {who: n for who, n in wrote.items() if who in self.world.steps}
            written = min(most, sum(mine.values()))
            right = min(written, sum(min(n, exact[who, text]) for who, n in mine.items()))
            self._count(text, written, right, mine)
        self._cover_formatted(other)

    def _count(self, text: bytes, written: int, right: int, mine: Mapping[str, int]) -> None:
        self.verdict.written_of_all += written
        self.verdict.right_of_all += right
        if any(chr(byte).isalnum() for byte in text):
            self.verdict.written += written
            self.verdict.right += right
            if written > right:
                for reason in self._reasons(text, next(iter(mine))):
                    self.verdict.missed[reason] += written - right

    def _cover_formatted(self, other: Mapping[tuple[str, bytes], int]) -> None:
        there = [self.lines[place - 1] for place in self.added.places]
        formatted = [
            line for line in there if line.origins and authors(line) & self.world.steps.keys()
        ]
        self.verdict.written_of_formatted += len(formatted)
        self.verdict.right_of_formatted += sum(
            any(other.get((patch, bare(line.text))) for patch in authors(line))
            for line in formatted
        )

    def _reasons(self, text: bytes, patch: str) -> Iterator[str]:
        """What may be why nobody is named for a line."""
        step = self.world.steps[patch]
        yield f"told: {step.told}"
        yield f"commit: {self.made.how}"
        also = {line.author for line in self.world.pool.lines if line.text == text} - {patch}
        yield f"also written by: {'/'.join(sorted({w if w[0] != 'p' else 'agent' for w in also}))}"
        letters = sum(chr(byte).isalnum() for byte in text)
        yield f"letters and digits: {'8 and more' if letters >= 8 else 'too few'}"


def _named(named: Mapping[tuple[str, bytes, str], int], patch: str, text: bytes) -> int:
    return sum(n for (who, what, _), n in named.items() if (who, what) == (patch, text))


def authors(line: Line) -> set[str]:
    """Who wrote a line, or what a formatter made it of."""
    found = {line.author}
    for origin in line.origins:
        found |= authors(origin)
    return found
