"""What an index holds of a step and of a trace, and the rule by which it cuts texts."""

from typing import Final

import tantivy
from tantivy.tantivy import __version__ as engine

from opentraces.domain.ids import TraceId, digest
from opentraces.domain.search import Place
from opentraces.domain.words import LONGEST

TEXTS: Final = {
    Place.TITLE: ("title", 3.0),
    Place.USER: ("user", 2.0),
    Place.AGENT: ("agent", 1.5),
    Place.THINKING: ("thinking", 1.0),
    Place.CALL: ("call", 1.0),
    Place.TOOL: ("tool", 1.0),
    Place.SYSTEM: ("system", 1.0),
}
"""The field of each place, and how much a word in it weighs."""

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
    repr((1, engine, TEXTS, NAMES, KEYWORDS, NUMBERS, MOMENTS, LONGEST)).encode()
)
"""Names all of the above: an index of another schema or engine stands in another folder."""


def build_schema() -> tantivy.Schema:
    """Make the schema."""
    builder = tantivy.SchemaBuilder()
    for name in (*(name for name, _ in TEXTS.values()), *NAMES):
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
    texts = [name for name, _ in TEXTS.values()]
    return [*texts, *NAMES, *KEYWORDS, *NUMBERS, *MOMENTS]


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
