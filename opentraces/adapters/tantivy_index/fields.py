"""Fields of a query in the engine's terms."""

import re
from collections.abc import Callable, Mapping

import tantivy

from opentraces.adapters.tantivy_index.wording import in_a_row
from opentraces.domain.bounds import bounds
from opentraces.domain.globs import name_regex, path_regex
from opentraces.domain.query import Field, Is
from opentraces.domain.words import placed_words, stands_in


def _begins(value: str) -> str:
    return name_regex(f"{value}*")


def _in_any_case(regex: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: f"(?i:{regex(value)})"


_WORDED = {Field.PROJECT: "of_project", Field.COMMAND: "of_command"}
"""Fields that have the words of a value in a row."""

_LISTED = {Field.AGENT: "agent", Field.MODEL: "model"}
"""Fields of so few values that all are looked at."""

_PATTERNED: Mapping[Field, tuple[str, Callable[[str], str]]] = {
    Field.TOOL: ("called", _in_any_case(name_regex)),
    Field.SKILL: ("skill", _in_any_case(name_regex)),
    Field.BRANCH: ("branch", _in_any_case(name_regex)),
    Field.REPO: ("repo", _in_any_case(path_regex)),
    Field.SESSION: ("session", _in_any_case(_begins)),
    Field.DEP: ("dep", name_regex),
    Field.FILE: ("file", path_regex),
    Field.COMMIT: ("sha", _begins),
    Field.TRACE: ("trace", _begins),
}
"""Fields that match as a whole; those that are shown as they are written, in any case."""


class Fields:
    """How to ask one searcher for fields."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self._searcher = searcher
        self._schema = schema

    def is_of_any(self, clause: Is) -> bool:
        """Whether each step may tell what its trace has."""
        return clause.field is Field.DEP

    def query(self, clause: Is) -> tantivy.Query:
        """Ask for what has the field itself."""
        field, value = clause.field, clause.value.encode("utf-8", "replace").decode("utf-8")
        if field in _LISTED:
            return self._listed(_LISTED[field], value)
        if field is Field.PROJECT and value.startswith("/"):
            return self._regex("folder", path_regex(value))
        if field in _WORDED:
            return in_a_row(self._schema, _WORDED[field], placed_words(value))
        if field in _PATTERNED:
            name, regex = _PATTERNED[field]
            return self._regex(name, regex(value))
        if field in (Field.TOKENS, Field.COST):
            return self._amount(field, value)
        if field is Field.ERROR:
            return tantivy.Query.term_query(self._schema, "failed", int(value == "true"))
        return tantivy.Query.term_query(self._schema, field.value, value)

    def _listed(self, field: str, value: str) -> tantivy.Query:
        every = self._searcher.terms_with_prefix(field, "")
        matching = [term for term, _ in every if stands_in(value, term)]
        return tantivy.Query.term_set_query(self._schema, field, matching)

    def _amount(self, field: Field, value: str) -> tantivy.Query:
        """Ask for an amount; a cost is indexed as one more than it is."""
        low, high = bounds(field, value)
        more = int(field is Field.COST)
        if low > high:
            return tantivy.Query.empty_query()
        kind = tantivy.FieldType.Unsigned
        return tantivy.Query.range_query(self._schema, field.value, kind, low + more, high + more)

    def _regex(self, field: str, regex: str) -> tantivy.Query:
        """Ask for a field that matches as a whole; by looking at all there are, if need be.

        The engine refuses an expression of more than a thousand states.
        """
        try:
            return tantivy.Query.regex_query(self._schema, field, regex)
        except ValueError:
            asked = re.compile(regex)
            every = self._searcher.terms_with_prefix(field, "")
            matching = [term for term, _ in every if asked.fullmatch(term)]
            return tantivy.Query.term_set_query(self._schema, field, matching)


def as_filter(query: tantivy.Query) -> tantivy.Query:
    """Let a query decide, and not weigh."""
    return tantivy.Query.const_score_query(query, 0.0)
