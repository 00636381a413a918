import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.identifiers import MOST, row_of, rows_asked, rows_of
from opentraces.domain.words import words


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("getUserName", "get user name"),
        ("UserName", "user name"),
        ("HTTPServer", "http server"),
        ("parseHTTPResponse", "parse http response"),
        ("Utf8Decoder", "utf8 decoder"),
        ("S3Client", "s3 client"),
        ("username", ""),
        ("Username", ""),
        ("USERNAME", ""),
        ("2ndPart", ""),
        ("a1B2c3D4e5F6", ""),
        ("aB" * 40, ""),
        ("getÜber", ""),
        ("", ""),
    ],
)
def test_a_name_is_its_parts(name: str, row: str) -> None:
    assert row_of(name) == row


def test_names_are_found_in_texts_each_once_in_their_order() -> None:
    texts = ["x.getUser(my_HTTPServer, 12) getUser", "lower only", "ONLY CAPITALS", "setName"]

    assert rows_of(texts) == ("get user", "http server", "set name")
    assert (
        len(rows_of([" ".join(f"aB{chr(97 + n % 26)}{'x' * (n // 26)}" for n in range(900))]))
        <= MOST
    )


def test_a_term_asks_for_itself_and_for_the_parts_of_a_name() -> None:
    assert rows_asked("getUser") == [[(0, "getuser")], [(0, "get"), (1, "user")]]
    assert rows_asked("get_user") == [[(0, "get"), (1, "user")]]
    assert rows_asked("user") == [[(0, "user")]]


@given(st.text("abAB1_ é.", max_size=30))
def test_the_parts_of_a_name_are_all_of_it(text: str) -> None:
    for row in rows_of([text]):
        assert row.replace(" ", "") in text.lower()
        assert words(row) == row.split(" ")
