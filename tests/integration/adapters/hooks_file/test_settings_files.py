"""Before and after setup and its removal, settings of every style are the same, byte for byte."""

import json
import os
import stat
from collections.abc import Callable
from typing import Any

import pytest

from opentraces.adapters.claude_code.setup import HOOKS
from tests.integration.adapters.hooks_file.conftest import User

FOREIGN: dict[str, Any] = {
    "$schema": "https://json.schemastore.org/claude-code-settings.json",
    "zebra": "é ü 😀 \u2028",
    "permissions": {"allow": ["Bash(git:*)"], "deny": []},
    "hooks": {
        "Stop": [{"hooks": [{"type": "command", "command": "say done"}]}],
        "PostToolUse": [
            {"matcher": "Bash", "hooks": [{"type": "command", "command": "a", "timeout": 5}]},
            {"matcher": "Edit", "hooks": [{"type": "command", "command": "b"}]},
        ],
        "Notification": [{"hooks": []}],
    },
    "alpha": [1, 2.50, True, None],
}


def styled(**style: Any) -> bytes:
    return json.dumps(FOREIGN, ensure_ascii=False, **style).encode()


STYLES = {
    "two spaces": styled(indent=2) + b"\n",
    "two spaces and no newline at the end": styled(indent=2),
    "four spaces": styled(indent=4) + b"\n",
    "tabs": styled(indent="\t") + b"\n",
    "lines without indentation": styled(indent=0),
    "one line": styled(),
    "one line without spaces": styled(separators=(",", ":")),
    "one line with a newline": styled(separators=(",", ":")) + b"\n",
    "CRLF": styled(indent=2).replace(b"\n", b"\r\n") + b"\r\n",
    "CR alone": styled(indent=2).replace(b"\n", b"\r"),
    "a byte order mark": b"\xef\xbb\xbf" + styled(indent=2),
    "escapes": json.dumps(FOREIGN, indent=2).encode().replace(b"hooks", b"h\\u006foks"),
    "blank lines and odd spaces": styled(indent=2)
    .replace(b",", b" ,\n\n")
    .replace(b": ", b"\t:  "),
    "a surrogate alone": b'{"a": "\\ud800", "n": 1e999, "m": -0.0}',
    "nothing but an object": b"{}",
    "an object and a newline": b"{}\n",
    "an object with a space": b"{ }",
    "an object over lines": b"{\n\n}\n",
    "no hooks": b'{\n  "model": "opus"\n}\n',
    "empty hooks": b'{\n  "hooks": {}\n}\n',
    "empty hooks over lines": b'{\n  "hooks": {\n  }\n}\n',
    "an empty event": b'{"hooks": {"Stop": [ ]}}',
    "empty events": b'{\n  "hooks": {\n    "Stop": [],\n    "SessionEnd": [\n    ]\n  }\n}',
    "hooks that stand twice": b'{"hooks": {"Stop": [1]}, "hooks": {"Stop": []}}',
    "no bytes": b"",
    "a newline": b"\r\n",
    "a byte order mark alone": b"\xef\xbb\xbf",
}


@pytest.fixture(params=[pytest.param(data, id=name) for name, data in STYLES.items()])
def before(request: pytest.FixtureRequest, user: User) -> bytes:
    """Settings of some style."""
    data: bytes = request.param
    user.write(data)
    return data


def value(data: bytes) -> Any:
    text = data.decode("utf-8-sig")
    return json.loads(text) if text.strip() else {}


def test_nothing_but_our_hooks_is_added(before: bytes, user: User) -> None:
    user.install()

    added = user.read()
    assert list(added)[: len(value(before))] == list(value(before))
    assert {**added, "hooks": None} == {**value(before), "hooks": None}
    for event, groups in value(before).get("hooks", {}).items():
        assert added["hooks"][event][: len(groups)] == groups
    assert {event for event, groups in added["hooks"].items() if "opentraces" in str(groups)} == {
        *HOOKS.events
    }
    assert user.setup().inspect().missing == ()


def test_ours_end_their_lines_as_the_others_do(user: User) -> None:
    for before in STYLES.values():
        if not before.strip(b"\xef\xbb\xbf\r\n"):
            continue
        user.write(before)
        user.install()
        after = user.settings.read_bytes()
        user.remove()

        assert after.count(b"\r\n") == (after.count(b"\n") if b"\r\n" in before else 0)
        assert after[len(after.rstrip()) :] == before[len(before.rstrip()) :]


def test_after_a_removal_all_is_as_before(before: bytes, user: User) -> None:
    tree = user.tree()
    user.install()
    assert user.tree() != tree
    user.remove()

    assert user.tree() == tree


def test_the_mode_stays(user: User) -> None:
    user.write(b"{}")
    user.settings.chmod(0o640)
    user.install()

    assert stat.S_IMODE(user.settings.stat().st_mode) == 0o640


def test_after_several_setups_a_removal_still_gives_the_first_bytes(
    before: bytes, user: User
) -> None:
    tree = user.tree()
    user.install()
    for python in ("/opt/a/python", "/opt/b/python"):
        setup = user.setup(python, b"another release\n")
        setup.apply(setup.install())
        assert setup.install().changes == ()
        assert setup.inspect().is_for_us
    user.remove()

    assert user.tree() == tree


def test_without_a_backup_ours_go_and_what_is_empty_then(before: bytes, user: User) -> None:
    user.install()
    (user.ours / "settings.before.json").unlink()
    user.remove()

    assert full(user.read()) == full(value(before))
    assert b"opentraces" not in user.settings.read_bytes()
    assert not user.ours.exists()


def full(settings: Any) -> Any:
    """Settings without events, and hooks, that are empty."""
    hooks = {event: groups for event, groups in settings.get("hooks", {}).items() if groups}
    return {**settings, "hooks": hooks}


def test_the_backup_is_what_was_there(before: bytes, user: User) -> None:
    user.install()

    backup = user.setup().inspect().backup
    assert backup == str(user.ours / "settings.before.json")
    assert (user.ours / "settings.before.json").read_bytes() == before


Edit = Callable[[bytes], bytes]

EDITS: dict[str, Edit] = {
    "a key more": lambda data: data.replace(b'"zebra"', b'"lion": {"a": []},\n "zebra"'),
    "a key less": lambda data: data.replace(b'"deny"', b'"ask"'),
    "a value": lambda data: data.replace(b"say done", b"say \\u00fc"),
    "a handler beside": lambda data: data.replace(b'{"hooks": [', b'{"hooks": [1, ', 1),
    "white space": lambda data: b"\n\n" + data + b"\n\n",
    "no foreign hook": lambda data: data.replace(b'"Notification"', b'"PreCompact2"'),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("style", [{"indent": 2}, {"indent": "\t"}, {}])
def test_an_edit_in_between_survives(edit: Edit, style: dict[str, Any], user: User) -> None:
    before = styled(**style)
    user.write(before)
    user.install()
    user.write(edit(user.settings.read_bytes()))
    user.remove()

    assert user.settings.read_bytes() == edit(before)


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_survives_another_setup_too(edit: Edit, user: User) -> None:
    user.write(styled(indent=2))
    user.install()
    user.write(edit(user.settings.read_bytes()))
    setup = user.setup("/opt/python")
    setup.apply(setup.install())
    user.remove()

    assert user.settings.read_bytes() == edit(styled(indent=2))


def test_an_edit_that_is_undone_is_none(user: User) -> None:
    user.write(styled(indent=2))
    tree = user.tree()
    user.install()
    data = user.settings.read_bytes()
    user.write(data.replace(b"zebra", b"lion"))
    setup = user.setup("/opt/python")
    setup.apply(setup.install())
    user.write(user.settings.read_bytes().replace(b"lion", b"zebra"))
    user.remove()

    assert user.tree() == tree


@pytest.mark.parametrize("indent", [None, 2, 8])
@pytest.mark.parametrize("before", [b"{}\n", b'{"hooks": {"Stop": []}}', styled(indent=4)])
def test_of_a_file_that_was_written_anew_only_ours_go(
    before: bytes, indent: int | None, user: User
) -> None:
    user.write(before)
    user.install()
    user.write(json.dumps(user.read() | {"new": 1}, indent=indent, sort_keys=True).encode())
    user.remove()

    assert user.read() == value(before) | {"new": 1}


def moved_to_another_event(settings: Any) -> None:
    settings["hooks"]["Nope"] = settings["hooks"].pop("Stop")


def merged_into_one_group(settings: Any) -> None:
    for event in HOOKS.events:
        [*rest, ours] = settings["hooks"][event]
        settings["hooks"][event] = [*rest, {"hooks": [{"x": 1}, *ours["hooks"], {"y": 2}]}]


def written_twice(settings: Any) -> None:
    for groups in settings["hooks"].values():
        groups *= 2


def partly_removed(settings: Any) -> None:
    for event in HOOKS.events[::2]:
        settings["hooks"].pop(event)


def changed(settings: Any) -> None:
    for event in HOOKS.events:
        handler = settings["hooks"][event][-1]["hooks"][0]
        handler |= {"timeout": 99, "command": f"nice {handler['command']}"}


REARRANGED = [
    moved_to_another_event,
    merged_into_one_group,
    written_twice,
    partly_removed,
    changed,
]


@pytest.mark.parametrize("rearrange", REARRANGED, ids=lambda edit: edit.__name__)
def test_wherever_ours_were_moved_they_go(rearrange: Callable[[Any], None], user: User) -> None:
    user.write(b'{"model": "opus"}')
    user.install()
    settings = user.read()
    rearrange(settings)
    user.write(json.dumps(settings).encode())
    user.remove()

    after = user.read()
    assert "opentraces" not in str(after)
    assert after["model"] == "opus"
    assert str(after).count("{'x': 1}, {'y': 2}") == (
        len(HOOKS.events) if rearrange is merged_into_one_group else 0
    )


@pytest.mark.parametrize("rearrange", REARRANGED, ids=lambda edit: edit.__name__)
def test_whatever_became_of_ours_a_setup_makes_them_whole(
    rearrange: Callable[[Any], None], user: User
) -> None:
    user.write(b'{"model": "opus"}')
    user.install()
    settings = user.read()
    rearrange(settings)
    user.write(json.dumps(settings).encode())
    user.install()

    found = user.setup().inspect()
    assert (sorted(found.events), found.missing) == (sorted(HOOKS.events), ())
    assert user.settings.read_text().count("/hooks/opentraces/") == len(HOOKS.events)
    assert user.setup().install().changes == ()


def test_an_event_that_was_there_stays_when_ours_move_out_of_it(user: User) -> None:
    before = b'{"hooks": {"Notification": []}}'
    user.write(before)
    user.install()
    settings = user.read()
    settings["hooks"]["Notification"] = settings["hooks"]["Stop"]
    settings["hooks"]["Nope"] = settings["hooks"].pop("Stop")
    user.write(json.dumps(settings).encode())
    user.install()

    hooks = user.read()["hooks"]
    assert (hooks["Notification"], "Nope" in hooks, len(hooks["Stop"])) == ([], False, 1)
    user.remove()
    assert user.settings.read_bytes() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_stays(user: User) -> None:
    user.write(b"{}")
    os.chown(user.settings, 1234, 4321)
    user.install()
    user.remove()

    found = user.settings.stat()
    assert (found.st_uid, found.st_gid) == (1234, 4321)
