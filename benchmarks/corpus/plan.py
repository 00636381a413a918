"""Who gets what: the sizes, the forks and the needles of a whole corpus."""

from dataclasses import dataclass
from random import Random

from benchmarks.corpus.chance import seeded
from benchmarks.corpus.needles import NEEDLES, Needle

_SPREAD = 0.75
_GIANTS = 0.004
"""The share of sessions far above the rest: at least one, unless it is the only session."""
_FORKS = 0.02
"""The share of sessions that have a fork, at least one of several."""
_FORKED_COPY = 1.6
"""How much longer a session is together with its fork."""
_PROJECTS = 20


@dataclass(frozen=True)
class CorpusPlan:
    """What decides every byte of a corpus."""

    sessions: int
    megabytes: float
    seed: int
    cwd: str | None = None
    """All sessions work in this folder; None: in twenty invented ones."""

    @property
    def projects(self) -> int:
        """How many working directories there are."""
        return _PROJECTS if self.cwd is None else 1


@dataclass(frozen=True)
class SessionPlan:
    """One session of a corpus, and whether it is forked."""

    corpus: CorpusPlan
    number: int
    size: int
    needles: tuple[Needle, ...] = ()
    forked: bool = False


def plan_sessions(corpus: CorpusPlan) -> list[SessionPlan]:
    """Decide size, needles and forks of every session."""
    chance = seeded("plan", corpus.seed, corpus.sessions, corpus.megabytes)
    sizes = _sizes(corpus, chance)
    everyone = range(corpus.sessions)
    forks = max(1, round(corpus.sessions * _FORKS)) if corpus.sessions > 1 else 0
    forked = set(chance.sample(everyone, forks))
    hidden: dict[int, list[Needle]] = {number: [] for number in everyone}
    for needle in NEEDLES:
        for number in chance.sample(everyone, min(needle.sessions, corpus.sessions)):
            hidden[number].append(needle)
    return [
        SessionPlan(
            corpus,
            number,
            int(sizes[number] / (_FORKED_COPY if number in forked else 1)),
            tuple(hidden[number]),
            number in forked,
        )
        for number in everyone
    ]


def _sizes(corpus: CorpusPlan, chance: Random) -> list[float]:
    total = corpus.megabytes * 1e6
    if corpus.sessions == 1:
        return [total]
    giants = [
        chance.uniform(min(5e6, total * 0.08), min(20e6, total * 0.12))
        for _ in range(max(1, round(corpus.sessions * _GIANTS)))
    ]
    shares = [chance.lognormvariate(0, _SPREAD) for _ in range(corpus.sessions - len(giants))]
    unit = (total - sum(giants)) / sum(shares)
    sizes = [min(4.9e6, max(3e3, share * unit)) for share in shares] + giants
    chance.shuffle(sizes)
    return sizes
