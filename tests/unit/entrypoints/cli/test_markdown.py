"""Text of others in Markdown is text, whatever it holds; a reader of Markdown is the judge."""

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from opentraces.entrypoints.cli.plain import one_line
from opentraces.entrypoints.cli.views.markdown import code, quoted

READER = MarkdownIt("gfm-like", {"linkify": False})

TEXTS = st.text(st.sampled_from("`~<>&[]()#@!*_-+|\\ \n\tab:/\x1b\u202e\ud800"), max_size=60)


@given(TEXTS)
def test_within_a_line_it_is_one_piece_of_code(text: str) -> None:
    written = code(text)

    tokens = READER.parse(f"before {written} after")
    kinds = [(each.type, each.content) for each in tokens[1].children or ()]
    if written:
        assert [kind for kind, _ in kinds] == ["text", "code_inline", "text"]
        assert kinds[1][1].strip() == one_line(text)
    else:
        assert one_line(text) == ""


@given(TEXTS, st.integers(1, 6), st.integers(4, 40))
def test_in_lines_of_its_own_it_is_one_block_of_code(text: str, most: int, columns: int) -> None:
    written = list(quoted(text, most, columns))

    tokens = READER.parse("\n".join(["- an item", "", *(f"  {row}" for row in written), "", "end"]))
    kinds = [each.type for each in tokens]
    if written:
        assert kinds.count("fence") == 1
        assert len(written) <= most + 2
        assert max(map(len, written[1:-1])) <= columns
    assert kinds[-3:] == ["paragraph_open", "inline", "paragraph_close"]
    assert not {"html_block", "heading_open", "code_block", "table_open"} & set(kinds)


def test_lines_are_kept_and_long_ones_wrapped() -> None:
    assert list(quoted("one\n  two three four\n\nfive\n", 10, 11)) == [
        "```text",
        "one",
        "  two three",
        " four",
        "",
        "five",
        "```",
    ]


def test_of_many_lines_the_first_are_shown() -> None:
    assert list(quoted("a\nb\nc\nd", 3, 80)) == ["```text", "a", "b", "…", "```"]


def test_nothing_is_nothing() -> None:
    assert list(quoted(" \n\x1b[2J\n", 3, 80)) == []
    assert code(" \n") == ""
