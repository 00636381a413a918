"""Where the files of a setup are: folders, links, modes, and what stands in the way."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from opentraces.adapters.claude_code.setup import HOOKS
from opentraces.adapters.hooks_file.agent_setup import HooksFileSetup
from opentraces.domain.errors import Busy, SettingsInvalid, StorageUnavailable
from tests.integration.adapters.hooks_file.conftest import SCRIPT, User

SETTINGS = b'{"model": "opus"}\n'


def test_where_there_is_no_agent_all_of_it_is_made_and_goes_again(user: User) -> None:
    user.install()

    assert {path: mode for path, (mode, _) in user.tree().items()} == {
        ".claude": 0o700,
        ".claude/settings.json": 0o600,
        ".claude/hooks": 0o700,
        ".claude/hooks/opentraces": 0o700,
        ".claude/hooks/opentraces/claude_code.py": 0o600,
        ".claude/hooks/opentraces/setup.json": 0o600,
    }
    user.remove()
    assert user.tree() == {}


def test_a_folder_in_a_folder_that_is_missing_is_made(user: User) -> None:
    setup = HooksFileSetup(HOOKS, user.root / "a" / "b", user.root, Path("/python"), SCRIPT)
    setup.apply(setup.install())
    setup.apply(setup.remove())

    assert list(user.tree()) == ["a"]


@pytest.mark.parametrize("file", ["hooks/mine.sh", "hooks/opentraces/mine.sh", "CLAUDE.md"])
def test_folders_that_hold_something_of_the_users_stay(file: str, user: User) -> None:
    user.install()
    (user.config / file).write_bytes(b"mine")
    user.remove()

    assert [path for path, (_, data) in user.tree().items() if data is not None] == [
        f".claude/{file}"
    ]


def test_folders_that_were_there_before_stay_when_they_are_empty(user: User) -> None:
    (user.config / "hooks").mkdir(parents=True)
    before = user.tree()
    user.install()
    user.remove()

    assert user.tree() == before


def test_folders_that_an_interrupted_setup_made_go(user: User) -> None:
    for number in range(len(user.setup().install().changes) + 1):
        for change in user.setup().install().changes[:number]:
            user.setup().apply(type(user.setup().install())((change,)))
        user.install()
        user.remove()

        assert user.tree() == {}


def test_an_edit_to_a_file_that_we_made_keeps_it(user: User) -> None:
    user.install()
    user.write(user.settings.read_bytes().replace(b"{", b'{"model": "opus",', 1))
    user.remove()

    assert user.read() == {"model": "opus"}
    assert list(user.tree()) == [".claude", ".claude/settings.json"]


@pytest.mark.parametrize("kind", ["absolute", "relative", "of a link"])
def test_of_a_link_the_file_it_leads_to_is_edited(kind: str, user: User) -> None:
    dotfiles = user.root / "dotfiles"
    dotfiles.mkdir()
    user.config.mkdir()
    file = dotfiles / "claude.json"
    file.write_bytes(SETTINGS)
    file.chmod(0o644)
    if kind == "of a link":
        (dotfiles / "link").symlink_to("claude.json")
        user.settings.symlink_to(dotfiles / "link")
    else:
        user.settings.symlink_to(file if kind == "absolute" else "../dotfiles/claude.json")
    before = user.tree()
    user.install()

    assert b"opentraces" in file.read_bytes()
    links = {path for path, (_, data) in before.items() if stat.S_ISLNK(mode_of(user, path))}
    assert {path: user.tree()[path] for path in links} == {path: before[path] for path in links}
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    user.remove()
    assert user.tree() == before


def mode_of(user: User, path: str) -> int:
    return (user.root / path).lstat().st_mode


def test_a_link_in_the_place_of_what_we_made_keeps_its_file(user: User) -> None:
    user.install()
    moved = user.root / "moved.json"
    user.settings.rename(moved)
    user.settings.symlink_to(moved)
    user.remove()

    assert user.read() == {}
    assert user.settings.is_symlink()


@pytest.mark.parametrize(
    ("target", "why"), [("nowhere.json", "leads nowhere"), ("settings.json", "in a circle")]
)
def test_a_link_to_nothing_is_refused(target: str, why: str, user: User) -> None:
    user.config.mkdir()
    user.settings.symlink_to(target)
    before = user.tree()

    for plan in (user.setup().install, user.setup().remove):
        with pytest.raises(SettingsInvalid, match=f"{user.settings}: the link .*{why}"):
            plan()
    assert user.tree() == before
    assert why in str(user.setup().inspect().problem)


def test_the_folder_of_the_agent_may_be_a_link(user: User) -> None:
    (user.root / "dotfiles").mkdir()
    user.config.symlink_to(user.root / "dotfiles")
    before = user.tree()
    user.install()

    assert user.setup().inspect().script == str(user.ours / "claude_code.py")
    user.remove()
    assert user.tree() == before


@pytest.mark.parametrize("is_linked", [False, True])
def test_a_file_that_is_read_only_is_left_alone(is_linked: bool, user: User) -> None:
    user.write(SETTINGS)
    file = user.settings
    if is_linked:
        file = user.settings.rename(user.root / "it's.json")
        user.settings.symlink_to(file)
    file.chmod(0o444)
    before = user.tree()

    with pytest.raises(StorageUnavailable, match="may not be written to → chmod u\\+w ") as caught:
        user.setup().install()
    advice = str(caught.value).partition(" → ")[2]
    assert user.tree() == before
    subprocess.run(["sh", "-c", advice], check=True)
    user.install()
    file.chmod(0o444)
    installed = user.tree()
    with pytest.raises(StorageUnavailable, match="chmod"):
        user.setup().remove()
    assert user.tree() == installed
    assert user.setup().install().changes == ()


def test_a_file_that_became_read_only_meanwhile_is_left_alone(user: User) -> None:
    user.write(SETTINGS)
    plan = user.setup().install()
    user.settings.chmod(0o444)

    with pytest.raises(StorageUnavailable, match="chmod"):
        user.setup().apply(plan)
    assert user.settings.read_bytes() == SETTINGS


REFUSED = {
    "a comment": (b'{\n  "a": 1, // x\n}', "line 2, column 11: a comment, which JSON has not"),
    "a trailing comma": (b'{\n  "a": 1,\n}', "line 3, column 1: a comma too many before it"),
    "cut short": (b'{"a": [1', "line 1, column 9: the file ends too early"),
    "an array": (b"[]", "line 1, column 1: the outermost value has to be an object"),
    "hooks that are no object": (b'{"hooks": []}', "column 11: `hooks` has to be an object"),
    "not UTF-8": (b'{\n"a": "\xe9"}', "line 2, column 7: bytes that are not UTF-8"),
    "UTF-16": ("{}".encode("utf-16"), "line 1, column 1: bytes that are not UTF-8"),
}


@pytest.mark.parametrize(("data", "what"), REFUSED.values(), ids=REFUSED)
def test_settings_that_are_no_json_are_refused_with_their_place(
    data: bytes, what: str, user: User
) -> None:
    user.write(data)
    before = user.tree()

    with pytest.raises(SettingsInvalid) as caught:
        user.setup().install()
    assert str(caught.value).startswith(f"{user.settings}: line ")
    assert what in str(caught.value)
    assert str(caught.value).endswith(" → correct it, then run the command again")
    assert user.tree() == before
    assert user.setup().inspect().problem == str(caught.value)


def test_an_event_that_is_no_array_is_refused(user: User) -> None:
    user.write(b'{"hooks": {"Stop": {}}}')

    with pytest.raises(SettingsInvalid, match=r"column 20: `hooks\.Stop` has to be an array"):
        user.setup().install()
    assert user.setup().remove().changes == ()


def test_settings_that_became_no_json_are_not_removed_from(user: User) -> None:
    user.write(SETTINGS)
    user.install()
    user.write(user.settings.read_bytes() + b"}")
    before = user.tree()

    with pytest.raises(SettingsInvalid):
        user.setup().remove()
    assert user.tree() == before


def test_settings_that_are_a_folder_are_refused(user: User) -> None:
    user.settings.mkdir(parents=True)

    with pytest.raises(SettingsInvalid, match="is not a file"):
        user.setup().install()
    assert "is not a file" in str(user.setup().inspect().problem)


def test_a_pipe_is_not_waited_for(user: User) -> None:
    user.config.mkdir()
    os.mkfifo(user.settings)

    with pytest.raises(SettingsInvalid, match="is not a file"):
        user.setup().install()


def test_what_is_too_large_for_the_agent_is_refused(user: User) -> None:
    size = 2 << 20
    user.write(b"{}".ljust(size + 1))
    with pytest.raises(SettingsInvalid, match="2 MiB"):
        user.setup().install()

    user.write(b'{"a": "' + b"x" * (size - 9) + b'"}')
    before = user.settings.read_bytes()
    assert user.setup().install().changes[-1].before == before


def test_an_agents_folder_that_is_a_file_is_refused(user: User) -> None:
    user.config.write_bytes(b"")

    with pytest.raises(StorageUnavailable, match=r"settings\.json: Not a directory"):
        user.setup().install()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_what_may_not_be_read_is_refused(user: User) -> None:
    user.write(SETTINGS)
    user.settings.chmod(0)

    with pytest.raises(StorageUnavailable, match="Permission denied"):
        user.setup().install()


def test_a_folder_whose_name_is_not_utf_8_is_refused(user: User) -> None:
    home = Path(os.fsdecode(b"/home/\xff"))
    setup = HooksFileSetup(HOOKS, user.config, home, Path("/python"), SCRIPT)

    with pytest.raises(SettingsInvalid, match="is not UTF-8"):
        setup.install()


FILE_SIZE_LIMITED = """
import resource, signal, sys
from pathlib import Path
from opentraces.adapters.claude_code.setup import HOOKS
from opentraces.adapters.hooks_file.agent_setup import HooksFileSetup
from opentraces.domain.errors import StorageUnavailable

config, limit = Path(sys.argv[1]), int(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
setup = HooksFileSetup(HOOKS, config, config, Path("/python"), b"pass\\n")
plan = setup.install()
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    setup.apply(plan)
except StorageUnavailable as error:
    sys.exit(str(error))
"""


@pytest.mark.parametrize("limit", [1, 200, 1000])
def test_a_full_disk_leaves_every_file_whole(limit: int, user: User) -> None:
    user.write(SETTINGS)
    command = [sys.executable, "-c", FILE_SIZE_LIMITED, str(user.config), str(limit)]
    run = subprocess.run(command, capture_output=True, text=True)

    assert (run.returncode, run.stderr.count("File too large")) == (1, 1)
    assert user.settings.read_bytes() == SETTINGS
    assert not list(user.root.rglob("*.tmp"))
    user.install()
    user.remove()
    assert list(user.tree()) == [".claude", ".claude/settings.json"]


def test_what_a_killed_setup_left_is_swept_up(user: User) -> None:
    user.write(SETTINGS)
    left = [user.config / ".opentraces-0123.tmp", user.ours / ".opentraces-4567.tmp"]
    user.ours.mkdir(parents=True)
    for path in left:
        path.write_bytes(b"half")
    user.install()

    assert not any(path.exists() for path in left)


def test_a_file_that_became_a_link_meanwhile_is_left_alone(user: User) -> None:
    user.write(SETTINGS)
    plan = user.setup().install()
    user.settings.rename(user.root / "moved.json")
    user.settings.symlink_to(user.root / "moved.json")

    with pytest.raises(Busy):
        user.setup().apply(plan)
    assert user.settings.read_bytes() == SETTINGS


def test_the_script_is_never_written_through_a_link(user: User) -> None:
    user.ours.mkdir(parents=True)
    precious = user.root / "precious"
    precious.write_bytes(b"mine")
    precious.chmod(0o666)
    (user.ours / "claude_code.py").symlink_to(precious)
    user.install()

    assert precious.read_bytes() == b"mine"
    assert user.tree()[".claude/hooks/opentraces/claude_code.py"] == (0o600, SCRIPT)
    assert user.setup().inspect().script_is_ours


def test_a_record_that_is_damaged_is_none(user: User) -> None:
    user.write(SETTINGS)
    for record in (b"", b"[]", b'{"opentraces": 2}', b'{"opentraces": 1, "before": 5}', b"\xff"):
        user.install()
        (user.ours / "setup.json").write_bytes(record)
        user.remove()

        assert user.settings.read_bytes() == SETTINGS
        assert not user.ours.exists()


def test_a_backup_that_was_changed_is_not_put_back(user: User) -> None:
    user.write(SETTINGS)
    user.install()
    (user.ours / "settings.before.json").write_bytes(b"{}")
    user.remove()

    assert user.settings.read_bytes() == SETTINGS
