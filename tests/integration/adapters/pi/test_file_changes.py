"""What real sessions of Pi did to files, as somebody counted who read them."""

import pytest

from opentraces.adapters.pi.parser import PiParser
from opentraces.domain.trail.file_change import BEFORE_UNKNOWN, FileChange
from tests.contracts.file_changes import assert_changes_sound, changes_in, text_of
from tests.contracts.trace_parser import read
from tests.integration.adapters.pi.fixtures import every_source

SOURCES = every_source()
READ = 'def greet(name):\n    return "hello " + name\n\n\n# end\n'
WRITTEN = (
    "from src.greet import farewell\n\n\ndef test_farewell():\n"
    '    assert farewell("Bo") == "Bye, Bo!"\n'
)
GREETED = (
    " def greet(name):",
    '-    return "hello " + name',
    '+    return f"Hello, {name}!"',
    " ",
    " ",
    "+def farewell(name):",
    '+    return f"Bye, {name}!"',
    "+",
    "+",
    " # end",
)
EXPLAINED = (
    '     return f"Hello, {name}!"',
    " ",
    " ",
    " def farewell(name):",
    '+    """Say bye."""',
    '     return f"Bye, {name}!"',
    " ",
    " ",
    " # end",
)

COUNTED = {
    "s1_edit_commit": 4,
    "s2_branches": 2,
    "s3_fork": 2,
    "s5_compact": 4,
}
"""By the scene; of its forks, and of all other scenes, none."""

EDITED = {
    "0.73.1/s1_edit_commit": (
        "toolu_mock_1_2",
        "toolu_mock_2_1",
        "toolu_mock_3_0",
        "toolu_mock_7_1",
    ),
    "0.87.1/s1_edit_commit": (
        "toolu_mock_1_2",
        "toolu_mock_2_1",
        "toolu_mock_3_0",
        "toolu_mock_7_1",
    ),
    "0.73.1/s5_compact": (
        "toolu_mock_40_2",
        "toolu_mock_41_1",
        "toolu_mock_42_0",
        "toolu_mock_47_1",
    ),
    "0.87.1/s5_compact": (
        "toolu_mock_42_2",
        "toolu_mock_43_1",
        "toolu_mock_44_0",
        "toolu_mock_49_1",
    ),
}


def changes(source: str) -> list[FileChange]:
    return changes_in(read(PiParser(), SOURCES[source]))


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_changes_are_as_many_as_were_counted(source: str) -> None:
    found = read(PiParser(), SOURCES[source])

    assert len(changes_in(found)) == COUNTED.get(source.partition("/")[2], 0)
    assert_changes_sound(SOURCES[source], found)


@pytest.mark.parametrize("source", sorted(EDITED))
def test_a_file_is_read_edited_and_another_is_written(source: str) -> None:
    """Between the third and the fourth an edit failed; the old release shows no unified diff."""
    shown, edited, written, explained = found = changes(source)
    home = "/home/dev/s1" if "s1" in source else "/home/dev/s5"

    assert tuple(each.call for each in found) == EDITED[source]
    assert [each.operation for each in found] == ["read", "edit", "write", "edit"]
    assert [each.path for each in found] == [
        f"{home}/src/greet.py",
        f"{home}/src/greet.py",
        f"{home}/tests/test_greet.py",
        f"{home}/src/greet.py",
    ]
    assert [[(h.old_start, h.new_start, h.lines) for h in each.hunks] for each in found] == [
        [],
        [(1, 1, GREETED)],
        [],
        [(2, 2, EXPLAINED)],
    ]
    assert shown.after is not None
    assert written.after is not None
    assert text_of(SOURCES[source], shown.after) == READ
    assert text_of(SOURCES[source], written.after) == WRITTEN
    assert edited.methods == explained.methods == ("tool_input", "tool_result")
    assert (shown.methods, written.methods) == (("tool_result",), ("tool_input",))
    assert [each.had_file for each in found] == [True, True, None, True]
    assert [each.limitations for each in found] == [(), (), (BEFORE_UNKNOWN,), ()]


@pytest.mark.parametrize("release", ["0.73.1", "0.87.1"])
def test_what_was_done_on_a_branch_that_was_left_stays_done(release: str) -> None:
    source = f"{release}/s2_branches"

    first, second = changes(source)

    assert (first.path, second.path) == ("/home/dev/s2/a.txt", "/home/dev/s2/b.txt")
    assert first.after is not None
    assert second.after is not None
    assert text_of(SOURCES[source], first.after) == "branch A\n"
    assert text_of(SOURCES[source], second.after) == "branch B\n"
