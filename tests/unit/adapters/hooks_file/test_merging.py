import pytest

from opentraces.adapters.hooks_file.hooks_text import Frame, frame_of, ours_in
from opentraces.adapters.hooks_file.merging import Group, with_ours, without_ours
from opentraces.adapters.hooks_file.scanning import NotJson

OURS = "/hooks/opentraces/x"
WANTED = {"Stop": Group({"command": OURS}, None), "Use": Group({"command": OURS}, "Bash")}
STOP = {"Stop": WANTED["Stop"]}

STYLES = {
    "an empty object": (
        "{}\n",
        '{\n  "hooks": {\n    "Stop": [\n      {\n        "hooks": [\n          {\n'
        '            "command": "/hooks/opentraces/x"\n          }\n        ]\n      }\n    ]\n'
        "  }\n}\n",
    ),
    "two spaces": (
        '{\n  "a": 1,\n  "hooks": {\n    "Stop": []\n  }\n}',
        '{\n  "a": 1,\n  "hooks": {\n    "Stop": [\n      {\n        "hooks": [\n          {\n'
        '            "command": "/hooks/opentraces/x"\n          }\n        ]\n      }\n    ]\n'
        "  }\n}",
    ),
    "tabs and CRLF": (
        '{\r\n\t"hooks": {}\r\n}\r\n',
        '{\r\n\t"hooks": {\r\n\t\t"Stop": [\r\n\t\t\t{\r\n\t\t\t\t"hooks": [\r\n\t\t\t\t\t{\r\n'
        '\t\t\t\t\t\t"command": "/hooks/opentraces/x"\r\n\t\t\t\t\t}\r\n\t\t\t\t]\r\n\t\t\t}\r\n'
        "\t\t]\r\n\t}\r\n}\r\n",
    ),
    "lines without indentation": (
        '{\n"a":1\n}',
        '{\n"a":1,\n"hooks":{\n"Stop":[\n{\n"hooks":[\n{\n"command":"/hooks/opentraces/x"\n}\n]\n'
        "}\n]\n}\n}",
    ),
    "one line": (
        '{"a": 1, "b": 2}',
        '{"a": 1, "b": 2, "hooks": {"Stop": [{"hooks": [{"command": "/hooks/opentraces/x"}]}]}}',
    ),
    "one line with one member": (
        '{"a": 1}',
        '{"a": 1, "hooks": {"Stop": [{"hooks": [{"command": "/hooks/opentraces/x"}]}]}}',
    ),
    "one line without spaces": (
        '{"a":1}\n',
        '{"a":1,"hooks":{"Stop":[{"hooks":[{"command":"/hooks/opentraces/x"}]}]}}\n',
    ),
    "a line for each event": (
        '{\n  "hooks": {\n    "Stop": [{"hooks": []}]\n  }\n}',
        '{\n  "hooks": {\n    "Stop": [{"hooks": []}, '
        '{"hooks": [{"command": "/hooks/opentraces/x"}]}]\n  }\n}',
    ),
    "one line with spaces of its own": (
        '{"a": 1,"hooks": {"Stop": [1,  2]}}',
        '{"a": 1,"hooks": {"Stop": [1,  2,  {"hooks": [{"command": "/hooks/opentraces/x"}]}]}}',
    ),
    "a key that stands twice": (
        '{"hooks": {"Stop": [1]}, "hooks": {"Stop": [2], "Stop": [3]}}',
        '{"hooks": {"Stop": [1]}, "hooks": {"Stop": [2], '
        '"Stop": [3, {"hooks": [{"command": "/hooks/opentraces/x"}]}]}}',
    ),
}


@pytest.mark.parametrize(("before", "after"), STYLES.values(), ids=STYLES)
def test_ours_are_written_as_the_rest_is(before: str, after: str) -> None:
    assert with_ours(before, STOP, Frame()) == after
    assert without_ours(after, frame_of(before)) == before


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"hooks": []}', "`hooks` has to be an object"),
        ('{"hooks": null}', "`hooks` has to be an object"),
        ('{"hooks": {"Stop": {}}}', "`hooks.Stop` has to be an array"),
        ('{"hooks": {"Stop": [], "Stop": "no"}}', "`hooks.Stop` has to be an array"),
    ],
)
def test_what_cannot_hold_hooks_is_refused(text: str, name: str) -> None:
    with pytest.raises(NotJson, match=name):
        with_ours(text, WANTED, Frame())


def ours(event: str, *commands: str, before: str = "", after: str = "") -> str:
    handlers = ", ".join(f'{{"command": "{command}"}}' for command in commands)
    return f'{{"hooks": {{"{event}": [{before}{{"hooks": [{handlers}]}}{after}]}}}}'


def test_what_is_right_stays_where_it_is() -> None:
    text = ours("Stop", OURS, after=', {"hooks": []}')

    assert with_ours(text, STOP, Frame()) == text


def test_what_is_right_and_written_otherwise_stays_as_it_is() -> None:
    text = '{"hooks":{"Stop":[{"hooks"  :\n[{\n"command":"\\/hooks/opentraces/x"}]\n}]}}'

    assert with_ours(text, STOP, Frame()) == text


def test_what_is_out_of_date_is_replaced_where_it_stands() -> None:
    text = ours("Stop", "/old/hooks/opentraces/y", before='"1", ', after=', "2"')

    assert with_ours(text, STOP, Frame()) == ours("Stop", OURS, before='"1", ', after=', "2"')


def test_one_that_was_moved_among_others_is_replaced_alone() -> None:
    text = ours("Stop", "theirs", "/old/hooks/opentraces/y", "more")

    assert with_ours(text, STOP, Frame()) == ours("Stop", "theirs", OURS, "more")
    assert without_ours(text, Frame()) == ours("Stop", "theirs", "more")


def test_one_that_stands_twice_goes_once() -> None:
    text = ours("Stop", OURS, "theirs", OURS, after=', {"hooks": [{"command": "' + OURS + '"}]}')

    assert with_ours(text, STOP, Frame()) == ours("Stop", OURS, "theirs")


def test_one_at_an_event_of_an_earlier_release_goes() -> None:
    text = ours("Before", OURS)

    assert [found.event for found in ours_in(with_ours(text, STOP, Frame()))] == ["Stop"]
    assert '"Before": []' in with_ours(text, STOP, Frame(True, frozenset({"Before"})))


@pytest.mark.parametrize(
    ("frame", "after"),
    [
        (Frame(), "{}"),
        (Frame(hooks=True), '{"hooks": {}}'),
        (Frame(True, frozenset({"Stop"})), '{"hooks": {"Stop": []}}'),
        (Frame(True, frozenset({"Use"})), '{"hooks": {}}'),
    ],
)
def test_of_what_is_empty_then_the_frame_stays(frame: Frame, after: str) -> None:
    assert without_ours(ours("Stop", OURS), frame) == after


def test_a_member_that_hides_another_stays_when_it_is_empty() -> None:
    text = ours("Stop", OURS).replace('"Stop"', '"Stop": [1], "Stop"')

    assert without_ours(text, Frame()) == '{"hooks": {"Stop": [1], "Stop": []}}'


def test_one_that_is_hidden_is_taken_out_too() -> None:
    text = '{"hooks": {"Stop": [{"hooks": [{"command": "' + OURS + '"}]}]}, "hooks": {"Stop": []}}'

    assert without_ours(text, Frame()) == '{"hooks": {}, "hooks": {"Stop": []}}'


def test_one_that_was_made_a_list_of_words_is_ours() -> None:
    text = '{"hooks": {"Stop": [{"hooks": [{"command": "py", "args": ["-S", "' + OURS + '"]}]}]}}'

    assert [found.event for found in ours_in(text)] == ["Stop"]
    assert without_ours(text, Frame()) == "{}"


@pytest.mark.parametrize(
    "handler",
    [
        '{"command": "/hooks/opentraces"}',
        '{"command": "/hooks/opentraces-of-mine/x"}',
        '{"prompt": "/hooks/opentraces/x"}',
        '{"command": ["/hooks/opentraces/x"]}',
        '"/hooks/opentraces/x"',
        "[]",
        "null",
    ],
)
def test_what_only_looks_like_ours_stays(handler: str) -> None:
    text = f'{{"hooks": {{"Stop": [{{"hooks": [{handler}]}}]}}}}'

    assert ours_in(text) == ()
    assert without_ours(text, Frame()) == text


@pytest.mark.parametrize("hooks", ["1", "[]", '{"Stop": 1}', '{"Stop": [1, {"hooks": 2}, {}]}'])
def test_where_there_can_be_nothing_of_ours_nothing_is_removed(hooks: str) -> None:
    text = f'{{"hooks": {hooks}}}'

    assert without_ours(text, Frame()) == text
