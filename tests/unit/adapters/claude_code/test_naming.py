"""Names out of names that nobody vouches for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.adapters.claude_code.naming import (
    component,
    dashed,
    may_be_folder,
    may_be_project,
    relative_name,
)


@pytest.mark.parametrize(
    "name",
    ["s.jsonl", "agent-a1.meta.json", "-home-dev", "wf_1", "0a3c5f0e-1111-4111-8111-00000000000a"],
)
def test_a_plain_name_stays(name: str) -> None:
    assert component(name) == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a b.jsonl", r"a_b-[0-9a-f]{16}\.jsonl"),
        ("..", r"-[0-9a-f]{16}"),
        (".", r"-[0-9a-f]{16}"),
        ("", r"-[0-9a-f]{16}"),
        (".ssh", r"ssh-[0-9a-f]{16}"),
        ("a/b", r"a_b-[0-9a-f]{16}"),
        ("a..b", r"a-[0-9a-f]{16}"),
        ("a.b/c", r"a-[0-9a-f]{16}"),
        ("\udcff", r"_-[0-9a-f]{16}"),
        ("x" * 500 + ".txt", r"x{120}-[0-9a-f]{16}\.txt"),
        ("x." + "y" * 500, r"x-[0-9a-f]{16}"),
        ("x" * 5000, r"x{120}-[0-9a-f]{16}"),
        ("../../etc/passwd", r"_\.\._etc_passwd-[0-9a-f]{16}"),
        ("/etc/passwd", r"_etc_passwd-[0-9a-f]{16}"),
        ("a\0b", r"a_b-[0-9a-f]{16}"),
        ("a\nb.jsonl", r"a_b-[0-9a-f]{16}\.jsonl"),
        ("\uff41\uff42", r"__-[0-9a-f]{16}"),
    ],
)
def test_any_other_name_is_changed_and_marked(name: str, expected: str) -> None:
    assert re.fullmatch(expected, component(name))


def test_files_that_shared_a_stem_still_do() -> None:
    lines, note = component("agent-ä.jsonl"), component("agent-ä.meta.json")

    assert lines.removesuffix(".jsonl") == note.removesuffix(".meta.json")


@given(st.lists(st.text(max_size=300), min_size=1, max_size=4))
def test_a_path_of_any_names_stays_below_its_folder(parts: list[str]) -> None:
    path = relative_name(parts)

    assert re.fullmatch(r"[A-Za-z0-9._/-]+", path)
    assert len(path.split("/")) == len(parts)
    assert all(not part.startswith(".") and part for part in path.split("/"))
    assert all(len(part) <= 255 for part in path.split("/"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("s1", "S1"), ("s1", "\u0455\u0031"), ("\u00e9", "e\u0301"), ("s1", "s1 "), ("a", "a\u200b")],
)
def test_names_that_look_alike_stay_two(one: str, other: str) -> None:
    assert component(one) != component(other)


@given(st.text(max_size=12), st.text(max_size=12))
def test_two_names_stay_two(one: str, other: str) -> None:
    assert (component(one) == component(other)) == (one == other)


@pytest.mark.parametrize(
    ("name", "folder", "may"),
    [
        ("-home-dev-api", "/home/dev/api", True),
        ("-home-dev-api-src", "/home/dev/api", True),
        ("-home-dev-api2", "/home/dev/api", False),
        ("-home-dev", "/home/dev/api", False),
        ("-home-dev-a-b", "/home/dev/a_b", True),
        ("-home-dev", "/", True),
        ("-" + "x" * 199 + "-hash", "/" + "x" * 300, True),
        ("-" + "x" * 199 + "-hash", "/" + "x" * 300 + "/deeper", True),
    ],
)
def test_the_name_of_a_folder_says_what_may_be_in_it(name: str, folder: str, may: bool) -> None:
    assert may_be_folder(name, folder) is may


@pytest.mark.parametrize(
    ("name", "project", "may"),
    [
        ("-home-dev-api", "api", True),
        ("-home-dev-api", "/home/dev/api", True),
        ("-home-dev-my-api", "api", True),
        ("-home-dev-myapi", "api", False),
        ("x" * 201 + "-hash", "api", True),
    ],
)
def test_the_name_of_a_folder_says_which_project_it_may_be(
    name: str, project: str, may: bool
) -> None:
    assert may_be_project(name, project) is may


def test_a_folder_is_dashed_as_the_client_does() -> None:
    assert dashed("/home/dev/my_app.v2 ü") == "-home-dev-my-app-v2--"
