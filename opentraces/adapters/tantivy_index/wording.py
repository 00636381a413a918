"""Words, phrases, beginnings and likenesses in the engine's terms."""

import tantivy
from tantivy import Occur

from opentraces.adapters.tantivy_index.schema import WEIGHTS, field_of
from opentraces.domain.identifiers import rows_asked
from opentraces.domain.query import Fuzzy, Phrase, Prefix, Term
from opentraces.domain.search import Place
from opentraces.domain.words import PlacedWords, placed_words

Text = Term | Phrase | Prefix | Fuzzy


class Wording:
    """How to ask for texts."""

    def __init__(self, schema: tantivy.Schema, *, with_titles: bool) -> None:
        """`with_titles`: whether traces as a whole may answer."""
        self._schema = schema
        self._fields = [
            (name, weight)
            for name, weight in WEIGHTS.items()
            if with_titles or name != field_of(Place.TITLE)
        ]

    def query(self, text: Text) -> tantivy.Query:
        """Ask for a text in any field of texts."""
        several = [
            (Occur.Should, _weighed(query, weight))
            for name, weight in self._fields
            for query in self._in(name, text)
        ]
        return tantivy.Query.boolean_query(several)

    def _in(self, field: str, text: Text) -> list[tantivy.Query]:
        if isinstance(text, Prefix):
            ((_, word),) = placed_words(text.text)
            return [tantivy.Query.regex_query(self._schema, field, f"{word}.*")]
        if isinstance(text, Fuzzy):
            ((_, word),) = placed_words(text.text)
            return [tantivy.Query.fuzzy_term_query(self._schema, field, word, text.distance)]
        rows = rows_asked(text.text) if isinstance(text, Term) else [placed_words(text.text)]
        return [in_a_row(self._schema, field, row) for row in rows]


def in_a_row(schema: tantivy.Schema, field: str, placed: PlacedWords) -> tantivy.Query:
    """Ask for words in a row."""
    if not placed:
        return tantivy.Query.empty_query()
    first = placed[0][0]
    if len(placed) == 1:
        return tantivy.Query.term_query(schema, field, placed[0][1], "freq")
    row: list[str | tuple[int, str]] = [(place - first, word) for place, word in placed]
    return tantivy.Query.phrase_query(schema, field, row)


def _weighed(query: tantivy.Query, weight: float) -> tantivy.Query:
    return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)
