"""Sentences and source code made of the vocabulary's words."""

from collections.abc import Iterator
from random import Random

from benchmarks.corpus.vocabulary import Vocabulary

_DRAWN_AT_ONCE = 8192
_FOREIGN = ("déjà", "größer", "→", "✓", "数据库", "ошибка", "テスト", "🙂", "Δt", "½")
_STATEMENTS = (
    "def {a}_{b}(self, {c}: int = {n}) -> {D}:",
    "    {a} = self.{b}.{c}({d!r}, {n})",
    "    if {a} is None or {b}.{c} > {n}:",
    '        return {{"{a}": {b}, "{c}": {d}}}',
    "    # {a} {b} {c} {d}",
    "",
    '        raise {A}Error(f"{b} {c}: {{{d}}}")',
    "    for {a} in {b}_{c}[{n}:]:",
    "export const {a}{B} = ({c}: string) => {d}({c});",
    "from {a}.{b} import {C}, {d}",
    '        log.info("{a} {b} %s", {c})',
    '    assert {a}({b}) == {n}, "{c} {d}"',
)


class Prose:
    """An endless text, drawn from one vocabulary by one chance."""

    def __init__(self, vocabulary: Vocabulary, chance: Random) -> None:
        self._vocabulary = vocabulary
        self._chance = chance
        self._drawn: Iterator[str] = iter(())

    def word(self) -> str:
        """Draw one word."""
        for word in self._drawn:
            return word
        self._drawn = iter(
            self._chance.choices(
                self._vocabulary.words,
                cum_weights=self._vocabulary.cumulative,
                k=_DRAWN_AT_ONCE,
            )
        )
        return next(self._drawn)

    def words(self, count: int) -> list[str]:
        """Draw some words."""
        return [self.word() for _ in range(count)]

    def sentence(self) -> str:
        """Draw a sentence of 6 to 22 words; some name an identifier."""
        chance = self._chance
        words = self.words(chance.randint(6, 22))
        words[0] = words[0].capitalize()
        if chance.random() < 0.15:
            words[chance.randrange(len(words))] = f"`{self.word()}_{self.word()}()`"
        if chance.random() < 0.2:
            words[len(words) // 2] += ","
        if chance.random() < 0.01:
            words.append(chance.choice(_FOREIGN))
        return " ".join(words) + chance.choice("...:?!")

    def paragraph(self, sentences: int) -> str:
        """Draw some sentences on one line."""
        return " ".join(self.sentence() for _ in range(sentences))

    def phrase(self, limit: int) -> str:
        """Draw a heading of at most `limit` characters."""
        return self.sentence()[:limit]

    def code(self, lines: int) -> list[str]:
        """Draw lines of something like source code."""
        return [self._statement() for _ in range(lines)]

    def _statement(self) -> str:
        a, b, c, d = self.words(4)
        shape = self._chance.choice(_STATEMENTS)
        number = self._chance.randrange(1000)
        return shape.format(
            a=a, b=b, c=c, d=d, n=number, A=a.title(), B=b.title(), C=c.title(), D=d.title()
        )
