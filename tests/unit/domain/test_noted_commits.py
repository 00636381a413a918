"""Lines that hooks noted, whatever stands in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.trail.noted_commits import NotedCommits, read_notes

OLD, NEW = "a" * 40, "b" * 40


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    noted = read_notes(data)

    assert noted.length <= len(data)
    assert noted.is_any == (b"\n" in data)


@pytest.mark.parametrize(
    "line",
    [
        f"post-rewrite - {OLD} {OLD}",
        f"post-rewrite - {'0' * 40} {NEW}",
        f"post-rewrite - {OLD} {NEW[1:]}",
        f"post-rewrite {OLD} {NEW}",
        f"post-rewrite x {OLD} {NEW}",
        f"post-commit - {OLD} {NEW}",
        f"post-rewrite - {OLD.upper()} {NEW}",
    ],
)
def test_a_line_that_says_nothing_known_is_passed_over(line: str) -> None:
    noted = read_notes(f"{line}\n".encode())

    assert noted == NotedCommits(is_any=True, length=len(line) + 1)


def test_ids_of_either_length_and_what_git_says_behind_them_are_read() -> None:
    line = f"post-rewrite 1700000000 {'a' * 64} {'b' * 64} more\n"

    assert read_notes(line.encode()).pairs == (("a" * 64, "b" * 64),)


def test_of_two_replacements_of_one_commit_the_last_one_counts() -> None:
    lines = f"post-rewrite - {OLD} {NEW}\npost-rewrite - {OLD} {'c' * 40}\n"

    assert read_notes(lines.encode()).rewritten == {OLD: "c" * 40}
