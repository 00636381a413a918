"""The line that stands in the settings, run by the shells an agent may use."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from opentraces.adapters.claude_code.setup import HOOKS
from opentraces.adapters.hooks_file.agent_setup import HooksFileSetup
from opentraces.adapters.hooks_file.command import Command, read_command
from tests.integration.adapters.hooks_file.conftest import User

SHELLS = [shell for shell in ("sh", "bash", "dash", "zsh") if shutil.which(shell)]

NAMES = [
    "plain",
    "with space",
    "o'neil",
    'say "hi"',
    "$HOME $(touch ran) `touch ran`",
    "übung 😀",
    "new\nline",
    "semi;colon & more | less",
    "back\\slash",
    "*?[a] {b,c} ~ # !x %s",
    "-dash",
]

TELLS = b"""
import sys
print("said")
sys.stderr.write("said")
with open(sys.argv[1] + "/ran", "a") as file:
    file.write(f"{sys.flags.isolated}{sys.flags.no_site} {sys.stdin.read()}")
"""


class Place:
    """A user whose folders have a certain name."""

    def __init__(self, root: Path, name: str, script: bytes = TELLS) -> None:
        self.config = root / name / ".claude"
        self.home = root / f"{name} home"
        self.python = root / f"{name} bin" / "python"
        self.home.mkdir()
        self.python.parent.mkdir()
        self.python.symlink_to(sys.executable)
        setup = HooksFileSetup(HOOKS, self.config, self.home, self.python, script)
        setup.apply(setup.install())
        self.setup = setup

    @property
    def ran(self) -> str | None:
        file = self.home / "ran"
        return file.read_text() if file.exists() else None

    def lines(self) -> set[str]:
        hooks = json.loads((self.config / "settings.json").read_bytes())["hooks"]
        return {group["hooks"][0]["command"] for groups in hooks.values() for group in groups}

    def run(self, shell: str) -> tuple[int, bytes, bytes]:
        """Run what stands in the settings, as the agent does."""
        [line] = self.lines()
        run = subprocess.run(
            [shell, "-c", line], input=b"event\n", capture_output=True, cwd=self.home.parent, env={}
        )
        return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("name", NAMES)
def test_it_runs_our_script_whatever_the_folders_are_called(
    name: str, shell: str, tmp_path: Path
) -> None:
    place = Place(tmp_path, name)
    before = set(tmp_path.iterdir())

    assert place.run(shell) == (0, b"", b"")
    assert place.ran == "11 event\n"
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("name", ["plain", "it's $(touch ran) übung"])
@pytest.mark.parametrize("gone", ["python", "script", "home", "all"])
def test_it_says_nothing_and_ends_well_when_something_is_gone(
    gone: str, name: str, shell: str, tmp_path: Path
) -> None:
    place = Place(tmp_path, name)
    if gone in ("python", "all"):
        place.python.unlink()
    if gone in ("script", "all"):
        (place.config / "hooks" / "opentraces" / "claude_code.py").unlink()
    if gone in ("home", "all"):
        place.home.rmdir()

    assert place.run(shell) == (0, b"", b"")
    assert place.ran is None


@pytest.mark.parametrize("script", [b"import nothing_of_this_name", b"}", b"raise SystemExit(2)"])
def test_it_says_nothing_and_ends_well_when_the_script_fails(script: bytes, tmp_path: Path) -> None:
    assert Place(tmp_path, "plain", script).run("sh") == (0, b"", b"")


@pytest.mark.parametrize("name", NAMES)
def test_what_was_written_is_read_again(name: str, tmp_path: Path) -> None:
    place = Place(tmp_path, name)
    found = place.setup.inspect()

    assert (found.interpreter, found.home) == (str(place.python), str(place.home))
    assert found.script == str(place.config / "hooks" / "opentraces" / "claude_code.py")
    assert (found.interpreter_is_there, found.script_is_ours, found.is_for_us) == (True,) * 3


@pytest.mark.parametrize(
    "line", ["", "'", "python", "python /a/hooks/opentraces/x", "/a/hooks/opentraces/x /home"]
)
def test_a_line_that_is_none_of_ours_is_not_read(line: str) -> None:
    assert read_command(line) is None


def test_each_event_has_a_time_in_seconds_and_only_tools_have_a_matcher(user: User) -> None:
    user.install()
    hooks = user.read()["hooks"]

    assert {group["hooks"][0]["timeout"] for [group] in hooks.values()} == {10}
    assert [event for event, [group] in hooks.items() if "matcher" in group] == [
        "PostToolUse",
        "PostToolUseFailure",
    ]
    assert all(
        list(group["hooks"][0]) == ["type", "command", "timeout"] for [group] in hooks.values()
    )


def test_what_is_gone_is_found(user: User) -> None:
    user.install()
    gone = user.setup("/no/such/python", b"another release")
    gone.apply(gone.install())
    (user.ours / "claude_code.py").unlink()
    found = gone.inspect()

    assert (found.is_installed, found.is_for_us) == (True, True)
    assert (found.interpreter, found.interpreter_is_there) == ("/no/such/python", False)
    assert not found.script_is_ours


@pytest.mark.parametrize(
    ("edit", "part"),
    [
        (b"/usr/bin/python3", b"nice /usr/bin/python3"),
        (b"/usr/bin/python3", b"/opt/python"),
        (b".opentraces ;", b"elsewhere ;"),
        (b"claude_code.py ", b"claude_code.py '"),
    ],
)
def test_one_line_that_is_another_is_enough_not_to_be_for_us(
    edit: bytes, part: bytes, user: User
) -> None:
    user.install()
    user.write(user.settings.read_bytes().replace(edit, part, 1))

    found = user.setup().inspect()
    assert (found.is_installed, found.is_for_us, found.missing) == (True, False, ())


@pytest.mark.parametrize("name", [r"\u0000", r"\ud800"])
def test_names_that_no_file_can_have_are_not_there(name: str, user: User) -> None:
    user.install()
    data = user.settings.read_bytes()
    user.write(
        data.replace(b"/usr/bin", f"/{name}".encode()).replace(
            b"/hooks/opentraces/", f"/{name}/hooks/opentraces/".encode()
        )
    )
    found = user.setup().inspect()

    assert (found.is_installed, found.interpreter_is_there, found.script_is_ours) == (
        True,
        False,
        False,
    )


def test_hooks_that_are_switched_off_are_found(user: User) -> None:
    user.install()
    assert not user.setup().inspect().is_switched_off
    user.write(user.settings.read_bytes().replace(b"{", b'{"disableAllHooks": true,', 1))

    assert user.setup().inspect().is_switched_off


def test_an_event_that_is_missing_is_found(user: User) -> None:
    user.install()
    user.write(user.settings.read_bytes().replace(b'"Stop"', b'"Stopp"'))

    found = user.setup().inspect()
    assert (found.missing, "Stopp" in found.events) == (("Stop",), True)


def test_a_run_is_one_line_for_a_shell() -> None:
    command = Command("/a b/python", "/c/hooks/opentraces/it's.py", "/d")

    assert command.line() == (
        """{ '/a b/python' -I -S '/c/hooks/opentraces/it'"'"'s.py' /d ; } >/dev/null 2>&1 || :"""
    )
    assert read_command(command.line()) == command


def as_before_braces(line: str) -> str:
    """Return a run as setups of before wrote it."""
    return line.replace("{ ", "", 1).replace(" ; }", "", 1)


def test_a_run_of_before_is_read_replaced_and_removed(user: User) -> None:
    user.install()
    now = user.settings.read_bytes()
    before = now.replace(b'"{ ', b'"').replace(b" ; } >", b" >")
    command = Command("/a b/python", "/c/hooks/opentraces/it's.py", "/d")
    assert before != now
    assert read_command(as_before_braces(command.line())) == command

    user.write(before)
    found = user.setup().inspect()
    assert (found.is_installed, found.is_for_us, found.missing) == (True, True, ())
    user.install()
    assert user.settings.read_bytes() == now

    user.write(before)
    user.setup().apply(user.setup().remove())
    assert not user.settings.exists() or b"opentraces" not in user.settings.read_bytes()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("python", ["sh", "/no/such/python"])
def test_a_run_that_is_killed_or_cannot_begin_is_silent(
    shell: str, python: str, tmp_path: Path
) -> None:
    killed = tmp_path / "killed"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o700)
    named = str(killed) if python == "sh" else python
    line = Command(named, "/c/hooks/opentraces/it.py", "/d").line()

    done = subprocess.run([shell, "-c", line], capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
