"""What an index holds of a step and of a trace, and the rule by which it cuts texts."""

from typing import Final

import tantivy
from tantivy.tantivy import __version__ as engine

from opentraces.domain.ids import TraceId, digest
from opentraces.domain.search import Place
from opentraces.domain.words import LONGEST

WEIGHTS: Final = {"title": 3.0, "user": 2.0, "body": 1.0}
"""The fields of texts, and how much a word in each weighs.

All places but two share one field: a field for each makes an index a fifth larger, and making it a
quarter slower. Which place a word was found in is seen when its snippet is cut.
"""

_OF_ITS_OWN = {Place.TITLE: "title", Place.USER: "user"}


def field_of(place: Place) -> str:
    """Return the field that holds the texts of a place."""
    return _OF_ITS_OWN.get(place, "body")


NAMES: Final = ("of_agent", "of_project", "of_model")
"""Fields that are found by their words, too."""

KEYWORDS: Final = ("trace", "folder", "called", "file")
"""Fields that are found whole; `called` are the tools of a step."""

NUMBERS: Final = ("key", "step", "failed", "commit", "generation", "steps_length")
"""Fields of whole numbers; `step` is 0 where the trace as a whole is described."""

MOMENTS: Final = ("moment", "begun")
"""Milliseconds since 1970, of a step the same, of a trace its end and its begin."""

_SEARCHED_NUMBERS = ("key", "step", "failed")
_WORDS = "words"

FINGERPRINT: Final = digest(
    repr((2, engine, WEIGHTS, NAMES, KEYWORDS, NUMBERS, MOMENTS, LONGEST)).encode()
)
"""Names all of the above: an index of another schema or engine stands in another folder."""


def build_schema() -> tantivy.Schema:
    """Make the schema."""
    builder = tantivy.SchemaBuilder()
    for name in (*WEIGHTS, *NAMES):
        builder.add_text_field(name, tokenizer_name=_WORDS)
    for name in KEYWORDS:
        builder.add_text_field(
            name, stored=name == "trace", tokenizer_name="raw", index_option="basic"
        )
    for name in NUMBERS:
        builder.add_unsigned_field(name, indexed=name in _SEARCHED_NUMBERS, fast=True)
    for name in MOMENTS:
        builder.add_integer_field(name, fast=True)
    return builder.build()


def field_names() -> list[str]:
    """Return the names of all fields, as an index on disk must list them."""
    return [*WEIGHTS, *NAMES, *KEYWORDS, *NUMBERS, *MOMENTS]


def teach_words(index: tantivy.Index) -> None:
    """Make an opened index cut texts as `domain.words` does; it does not remember that itself."""
    index.register_tokenizer(_WORDS, words_analyzer())


def words_analyzer() -> tantivy.TextAnalyzer:
    """Make what cuts a text into words."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(LONGEST + 1))
        .filter(tantivy.Filter.lowercase())
        .build()
    )


def trace_key(trace: TraceId) -> int:
    """Return the number that stands for a trace where texts would be slow: its first 64 bits.

    In the order of the ids. Two of a million traces share one with a chance of one in a million.
    """
    return int(trace.replace("-", "")[:16], 16)
