"""40,000 words with the frequencies of language: a few everywhere, most of them rare."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from benchmarks.corpus.chance import seeded

SIZE = 40_000

_EVERYDAY = """
the a to of and in is for it that this with on we be not as if are an at by or from can was will but
I you they there then so when which what how why here now also only still just more most some any
each all every both other another same different first second last next previous new old long short
file test error function class method value line code name path module import return call type list
key dict string number flag option argument default result output input data record field row table
index query search match pattern filter sort page cursor limit offset count total average maximum
server client request response header body status route handler session user account token password
secret role permission policy audit config setting environment variable constant parameter property
branch commit merge rebase diff patch tag release version changelog review comment issue feature bug
fix change add remove delete create update rename move copy read write open close save load parse
format print log trace debug warn raise catch retry timeout cancel abort wait start stop run build
install deploy publish package dependency lock cache queue worker thread process task job schedule
event message signal hook callback listener stream buffer pipe socket connection pool transaction
database schema migration column constraint join view trigger backup restore snapshot replica shard
component template layout style button form dialog menu icon screen render mount state action store
fixture mock assert expect pass fail skip slow fast flaky coverage benchmark profile memory pointer
iterator generator decorator context closure generic interface struct enum union optional tuple map
because although however therefore instead without before after during between above below already
never always often maybe probably actually exactly simply clearly please thanks good right wrong
"""
_RANKED: Mapping[int, str] = {
    140: "deadlock",
    320: "watchdog",
    900: "orchid",
    1300: "lattice",
    1700: "handshake",
}
"""Words whose frequency a query relies on, by rank."""
_ONSETS = "b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sc st str t th tr v w z"
_NUCLEI = "a e i o u ai ea io ou y"
_CODAS = "- - - - - l n r s t ck ment ng st"
"""A dash stands for none."""
_SYLLABLES = (1, 2, 2, 2, 3)
_SHIFT, _EXPONENT = 2.7, 1.02
"""Zipf and Mandelbrot's law, as fitted to English prose."""


@dataclass(frozen=True)
class Vocabulary:
    """Words, the most frequent first, with the running sum of their weights."""

    words: tuple[str, ...]
    cumulative: tuple[float, ...]


def make_vocabulary(seed: int) -> Vocabulary:
    """Invent the words of one corpus."""
    words = dict.fromkeys(_EVERYDAY.split())
    invented = _invented_words(seeded("vocabulary", seed))
    while len(words) < SIZE:
        words[next(invented)] = None
    ranked = list(words)
    for rank, word in _RANKED.items():
        ranked[rank] = word
    weights = ((rank + _SHIFT) ** -_EXPONENT for rank in range(SIZE))
    return Vocabulary(tuple(ranked), tuple(accumulate(weights)))


def _invented_words(chance: Random) -> Iterator[str]:
    onsets, nuclei = _ONSETS.split(), _NUCLEI.split()
    codas = [coda.strip("-") for coda in _CODAS.split()]
    while True:
        word = "".join(
            chance.choice(onsets) + chance.choice(nuclei) + chance.choice(codas)
            for _ in range(chance.choice(_SYLLABLES))
        )
        if len(word) > len("fox"):
            yield word
