"""A word is found wherever it stands in a session of any agent, and as what it was said."""

from pathlib import Path

import pytest

from tests.integration.recall.conftest import Found, keep
from tests.integration.recall.planting import ALL, Needle, Planted

EACH = [(planted, needle) for planted in ALL for needle in planted.needles]


@pytest.fixture(scope="module")
def everyone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a session of each agent."""
    home = tmp_path_factory.mktemp("needles")
    for planted in ALL:
        planted.write(home)
    keep(home)
    return home


@pytest.mark.parametrize(
    ("planted", "needle"),
    EACH,
    ids=[f"{planted.agent}-{needle.what.replace(' ', '-')}" for planted, needle in EACH],
)
def test_a_planted_word_is_found_where_it_stands(
    planted: Planted, needle: Needle, everyone: Path, found: Found
) -> None:
    [hit] = found(everyone, f"{needle.word} agent:{planted.agent}")

    assert hit["session_id"] in planted.session.name
    assert needle.role in {match["role"] for match in hit["matches"]}
    assert all(f"«{needle.word}»" in match["snippet"] for match in hit["matches"])


@pytest.mark.parametrize("needle", [planted.needles[0] for planted in ALL[:1]])
def test_the_same_word_is_found_in_the_sessions_of_all_agents(
    needle: Needle, everyone: Path, found: Found
) -> None:
    hits = found(everyone, needle.word)

    assert {hit["agent"] for hit in hits} == {planted.agent for planted in ALL}


@pytest.mark.parametrize("planted", ALL, ids=[planted.agent for planted in ALL])
@pytest.mark.parametrize("asked", ["{}", "file:{}", "file:{}/**"])
def test_a_planted_path_is_found(
    asked: str, planted: Planted, everyone: Path, found: Found
) -> None:
    text = asked.format(planted.folder_word)
    [hit] = found(everyone, f"{text} agent:{planted.agent}")

    assert hit["session_id"] in planted.session.name


@pytest.mark.parametrize("path", ["test_calc.py", "tests/test_calc.py", "notes.txt", "nope.py"])
def test_the_files_of_a_patch_are_found(path: str, everyone: Path, found: Found) -> None:
    hits = found(everyone, f"file:{path} tool:apply_patch")

    assert [hit["agent"] for hit in hits] == ["codex-cli"]
