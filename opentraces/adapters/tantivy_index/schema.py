"""What an index holds of a step and of a trace, and the rule by which it cuts texts."""

from typing import Final

import tantivy
from tantivy.tantivy import __version__ as engine

from opentraces.domain.ids import TraceId, digest
from opentraces.domain.search import Facet, Place
from opentraces.domain.words import LONGEST

WEIGHTS: Final = {"title": 3.0, "user": 2.0, "body": 1.0}
"""The fields of texts, and how much a word in each weighs.

All places but two share one field: a field for each makes an index a fifth larger, and making it a
quarter slower. Which place a word was found in is seen when its snippet is cut.
"""

_OF_ITS_OWN = {Place.TITLE: "title", Place.COMMIT: "title", Place.USER: "user"}


FACETS: Final = {
    Facet.AGENT: "agent",
    Facet.PROJECT: "place",
    Facet.REPO: "repo",
    Facet.BRANCH: "branch",
    Facet.MODEL: "model",
    Facet.TOOL: "called",
    Facet.SKILL: "skill",
}
"""Fields by which answers are counted; `called` are the tools of a step."""


def field_of(place: Place) -> str:
    """Return the field that holds the texts of a place."""
    return _OF_ITS_OWN.get(place, "body")


NAMES: Final = ("of_project", "of_command")
"""Fields that are found by their words, too."""

KEYWORDS: Final = (
    "trace",
    "folder",
    "file",
    "dep",
    "sha",
    "session",
    "has",
    "role",
    *FACETS.values(),
)
"""Fields that are found whole."""

NUMBERS: Final = (
    "key",
    "step",
    "failed",
    "commit",
    "generation",
    "steps_length",
    "unit",
    "tokens",
    "cost",
)
"""Fields of whole numbers; `step` is 0 where the trace as a whole is described.

`unit` is what the agent calls a step; `cost` is one more than the millionths of a US dollar, and 0
where it is not known.
"""

MOMENTS: Final = ("moment", "begun")
"""Milliseconds since 1970, of a step the same, of a trace its end and its begin."""

SUBJECTS: Final = "subjects"
"""Subjects of a trace's commits, one a line, as they are shown."""

_SEARCHED_NUMBERS = ("key", "step", "failed")
_WORDS = "words"

PRICED: Final = "2026-11-27"
"""The day of the list of prices that costs are by: another list makes the index anew."""

FINGERPRINT: Final = digest(
    repr(
        (3, engine, PRICED, WEIGHTS, NAMES, KEYWORDS, NUMBERS, MOMENTS, SUBJECTS, LONGEST)
    ).encode()
)
"""Names all of the above: an index of another schema or engine stands in another folder."""


def build_schema() -> tantivy.Schema:
    """Make the schema."""
    builder = tantivy.SchemaBuilder()
    for name in (*WEIGHTS, *NAMES):
        builder.add_text_field(name, tokenizer_name=_WORDS)
    for name in KEYWORDS:
        builder.add_text_field(
            name,
            stored=name == "trace",
            fast=name in FACETS.values(),
            tokenizer_name="raw",
            index_option="basic",
        )
    for name in NUMBERS:
        builder.add_unsigned_field(name, indexed=name in _SEARCHED_NUMBERS, fast=True)
    for name in MOMENTS:
        builder.add_integer_field(name, fast=True)
    builder.add_bytes_field(SUBJECTS, stored=True, indexed=False, fast=False)
    return builder.build()


def field_names() -> list[str]:
    """Return the names of all fields, as an index on disk must list them."""
    return [*WEIGHTS, *NAMES, *KEYWORDS, *NUMBERS, *MOMENTS, SUBJECTS]


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


def cost_number(cost: int | None) -> int:
    """Return a cost as it is indexed."""
    return 0 if cost is None else cost + 1


def cost_said(number: int) -> int | None:
    """Return the cost that was indexed."""
    return number - 1 if number else None
