"""What is asked for is equal to what is asked for in the same way, and to nothing else."""

import pytest

from opentraces.domain.query import All, Any, Clause, Field, Fuzzy, Is, Not, Phrase, Prefix, Term

ONE = Term("one")
CLAUSES: list[Clause] = [
    ONE,
    Term("two"),
    Phrase("one"),
    Prefix("one"),
    Fuzzy("one", 1),
    Fuzzy("one", 2),
    Is(Field.TOOL, "one"),
    Is(Field.MODEL, "one"),
    Not(ONE),
    Not(Phrase("one")),
    Any((ONE, Phrase("one"))),
    All((ONE, Phrase("one"))),
    Any((Phrase("one"), ONE)),
]


@pytest.mark.parametrize("clause", CLAUSES, ids=repr)
def test_a_clause_is_equal_to_its_like_alone(clause: Clause) -> None:
    again = type(clause)(*clause)

    assert again == clause
    assert hash(again) == hash(clause)
    assert [each for each in CLAUSES if each == clause] == [clause]
    assert sum(each != clause for each in CLAUSES) == len(CLAUSES) - 1


def test_all_are_different_keys() -> None:
    assert len(set(CLAUSES)) == len(CLAUSES)
