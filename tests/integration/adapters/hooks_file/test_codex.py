"""Codex's `hooks.json`: what it ignores is refused, and what is trusted stays what it was."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.codex_cli.setup import HOOKS
from opentraces.adapters.hooks_file.agent_setup import HooksFileSetup
from opentraces.domain.errors import SettingsInvalid

THEIRS = {"matcher": "Bash", "hooks": [{"type": "command", "command": "theirs", "timeout": 5}]}
DIGEST = "c151d64d2ac7034297fc2f7754178f441dd09389ef1085db4ca81a07ac8184e4"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".codex" / "hooks.json"


@pytest.fixture
def setup(file: Path) -> HooksFileSetup:
    file.parent.mkdir()
    home = file.parents[1] / ".opentraces"
    return HooksFileSetup(HOOKS, file.parent, home, Path("/usr/bin/python3"), b"pass\n")


def read(file: Path) -> Any:
    return json.loads(file.read_bytes())


def test_each_event_runs_one_command_and_the_file_holds_nothing_else(
    setup: HooksFileSetup, file: Path
) -> None:
    setup.apply(setup.install())

    held = read(file)
    assert list(held) == ["hooks"]
    assert tuple(held["hooks"]) == HOOKS.events
    [command] = {group["hooks"][0]["command"] for [group] in held["hooks"].values()}
    assert command == (
        f"{{ /usr/bin/python3 -I -S {file.parent}/hooks/opentraces/codex_cli.py"
        f" {file.parents[1]}/.opentraces ; }} >/dev/null 2>&1 || :"
    )


def test_last_events_of_a_session_have_no_longer_than_codex_gives_them(
    setup: HooksFileSetup, file: Path
) -> None:
    setup.apply(setup.install())

    times = {name: group["hooks"][0]["timeout"] for name, [group] in read(file)["hooks"].items()}
    assert {name for name, time in times.items() if time <= 3} == {"Interrupt", "SessionEnd"}
    assert all(isinstance(time, int) and 0 < time <= 600 for time in times.values())


def test_ours_come_behind_all_others_so_that_those_stay_trusted(
    setup: HooksFileSetup, file: Path
) -> None:
    """Codex knows a hook that was trusted by its event and its place in there."""
    file.write_text(json.dumps({"hooks": {event: [THEIRS] * 2 for event in HOOKS.events}}))

    setup.apply(setup.install())

    for groups in read(file)["hooks"].values():
        assert groups[:2] == [THEIRS, THEIRS]
        assert len(groups) == 3


def test_what_codex_asks_its_user_to_trust_is_that_of_every_release(
    setup: HooksFileSetup, file: Path
) -> None:
    """Whoever changes it decides that every user has to trust all of it anew."""
    setup.apply(setup.install())
    place = str(file.parents[1])

    said = json.dumps(read(file)["hooks"], sort_keys=True).replace(place, "")
    assert hashlib.sha256(said.encode()).hexdigest() == DIGEST


IGNORED = {
    "a key": (b'{\n "$schema": "x",\n "hooks": {}\n}', "line 2, column 2: `$schema`"),
    "hooks twice": (b'{"hooks": {}, "hooks": {}}', "line 1, column 2: `hooks` stands twice"),
    "an event twice": (b'{"hooks": {"Stop": [], "Stop": []}}', "column 12: `Stop` stands twice"),
    "a byte order mark": (b'\xef\xbb\xbf{"hooks": {}}', "a byte order mark"),
    "a comment": (b"{} // mine", "a comment"),
}


@pytest.mark.parametrize(("held", "fault"), IGNORED.values(), ids=IGNORED.keys())
def test_file_that_codex_ignores_is_not_added_to(
    held: bytes, fault: str, setup: HooksFileSetup, file: Path
) -> None:
    file.write_bytes(held)

    with pytest.raises(SettingsInvalid) as raised:
        setup.install()

    assert fault in str(raised.value)
    assert setup.inspect().problem == str(raised.value)
    assert file.read_bytes() == held


def test_ours_can_be_taken_out_of_a_file_that_codex_ignores(
    setup: HooksFileSetup, file: Path
) -> None:
    setup.apply(setup.install())
    file.write_bytes(file.read_bytes().replace(b"{", b'{"$schema": "x",', 1))

    setup.apply(setup.remove())

    assert read(file) == {"$schema": "x"}


@pytest.mark.parametrize("held", [b"", b"\n", b"{}", b'{"hooks":{}}\n', b'{"description": "d"}'])
def test_file_that_held_no_hook_comes_back_as_it_was(
    held: bytes, setup: HooksFileSetup, file: Path
) -> None:
    file.write_bytes(held)

    setup.apply(setup.install())
    assert setup.inspect().missing == ()
    setup.apply(setup.remove())

    assert file.read_bytes() == held
    assert [path.name for path in file.parent.iterdir()] == ["hooks.json"]


def test_key_that_switches_other_agents_off_is_none_of_codex(
    setup: HooksFileSetup, file: Path
) -> None:
    file.write_bytes(b'{"hooks": {"disableAllHooks": true}}')

    assert not setup.inspect().is_switched_off
