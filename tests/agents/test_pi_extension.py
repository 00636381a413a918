"""Our extension in the real Pi, of both its names: what it writes down, and disturbs nothing."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.hooks_file.package_setup import PackageManager, PackageSetup
from opentraces.adapters.pi.hook_events import PiHookEvents
from opentraces.adapters.pi.packages import PiPackages
from opentraces.adapters.pi.setup import PACKAGE, package_files
from opentraces.entrypoints import hooks
from tests.agents.rig.claude_code import new_repository
from tests.agents.rig.fake_api import serving
from tests.agents.rig.installed import pi_before_program, pi_program
from tests.agents.rig.pi import Listing, Pi
from tests.agents.rig.running import Ended
from tests.agents.rig.script import Call, Failure, Lane, Text, answer

pytestmark = pytest.mark.agents

SOURCE = Path(hooks.__path__[0], PACKAGE.name)
WORK, ASK, FAIL = "wombatwork", "quokkaask", "bilbyfail"
EVENTS = Path(".opentraces", "pi", "events")
LANES = (
    Lane(
        WORK,
        (
            answer(
                Call("read", {"path": "rates.txt"}),
                Call("edit", {"path": "rates.txt", "edits": [{"oldText": "2", "newText": "3"}]}),
            ),
            answer(Call("bash", {"command": "git add -A && git commit -qm 'Mend the rates'"})),
            answer(Text("Mended.")),
        ),
    ),
    Lane(ASK, tuple(answer(Text("Yes.")) for _ in range(99))),
    Lane(FAIL, tuple(Failure(400, "invalid_request_error") for _ in range(9))),
)


@pytest.fixture(params=["0.73.1", "0.87.1"])
def pi(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pi]:
    """A user's client."""
    program, node = (pi_before_program(), None) if request.param < "0.8" else pi_program()
    client = Pi(program, node, tmp_path / "user")
    with serving(LANES) as (_, address):
        client.configure(address)
        yield client


@pytest.fixture
def repository(pi: Pi) -> Path:
    """A repository that is enrolled."""
    folder = pi.user / "widgets"
    new_repository(folder, {"rates.txt": "one 1\ntwo 2\n"})
    with (folder / ".git" / "info" / "exclude").open("a") as file:
        file.write(".opentraces/\n")
    enrolled = pi.user / ".opentraces" / "state" / "enrolled" / "pi"
    enrolled.parent.mkdir(parents=True)
    enrolled.write_text(f"{folder.resolve()}\n")
    return folder


def setup_by(pi: Pi, manager: PackageManager) -> PackageSetup:
    home = pi.user / ".opentraces"
    # What a worker runs is for other tests: a program that ends at once stands for it here.
    python = Path(shutil.which("true") or "/bin/true")
    return PackageSetup(PACKAGE, pi.agent, home, python, package_files(SOURCE), lambda: manager)


@pytest.fixture
def setup(pi: Pi) -> PackageSetup:
    """A setup that does without the client."""
    return setup_by(pi, Listing(pi))


@pytest.fixture
def installed(pi: Pi, setup: PackageSetup) -> Path:
    """Our package, where the client finds it."""
    setup.apply(setup.install())
    return pi.agent / "opentraces" / PACKAGE.name


def told(repository: Path) -> list[dict[str, Any]]:
    lines = [
        line
        for path in sorted((repository / EVENTS).glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]
    return [json.loads(line)["event"] for line in lines]


def names(repository: Path) -> Counter[str]:
    return Counter(event["hook_event_name"] for event in told(repository))


def seen(ended: Ended) -> tuple[int, bytes, bytes]:
    return ended.code, ended.out, re.sub(rb"req_\w+", b"", ended.err)


def test_it_is_installed_and_removed_by_the_clients_own_commands(pi: Pi, repository: Path) -> None:
    setup = setup_by(pi, PiPackages(pi.agent, pi.user, pi.search_path))
    settings = pi.agent / "settings.json"
    before = settings.read_bytes()

    setup.apply(setup.install())

    place = str(pi.agent / "opentraces" / PACKAGE.name)
    assert place in pi.run(repository, "list").out.decode().split()
    assert setup.inspect().missing == ()
    assert json.loads(settings.read_bytes()) == json.loads(before) | {
        "packages": [f"opentraces/{PACKAGE.name}"]
    }
    assert b"\n" not in settings.read_bytes()

    setup.apply(setup.remove())

    assert place not in pi.run(repository, "list").out.decode().split()
    assert settings.read_bytes() == before
    assert not (pi.agent / "opentraces").exists()


def test_what_it_does_is_written_down(pi: Pi, installed: Path, repository: Path) -> None:
    ended = pi.run(repository, "-p", f"{WORK}: mend the rates")

    assert (ended.code, ended.out) == (0, b"Mended.\n"), ended
    (session,) = pi.sessions()
    (file,) = (repository / EVENTS).iterdir()
    assert file.name == f"{session}.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    counted = names(repository)
    assert counted["before_provider_request"] == counted["turn_end"] == 3
    assert counted["tool_execution_end"] == 3
    assert (counted["session_start"], counted["agent_end"], counted["session_shutdown"]) == (1,) * 3
    facts = PiHookEvents((str(pi.agent / "sessions"),)).facts([file.read_bytes()])
    assert facts.transcript == str(pi.sessions()[session])
    assert facts.bad == 0
    assert all(tool.duration_ms is not None for tool in facts.tools.values())


def test_what_is_new_in_a_request_is_told_once(pi: Pi, installed: Path, repository: Path) -> None:
    pi.run(repository, "-p", f"{WORK}: mend the rates")

    requests = [e for e in told(repository) if e["hook_event_name"] == "before_provider_request"]
    messages = [each["messages"] for each in requests]
    assert messages[0]["same"] == 0
    assert all(each["same"] > 0 and each["then"] for each in messages[1:])
    assert len({each["tools"]["sha256"] for each in requests}) == 1
    assert ["value" in each["tools"] for each in requests] == [True, False, False]
    assert ["value" in each["system"] for each in requests] == [True, False, False]
    lines = json.dumps(told(repository))
    assert lines.count("You are an expert coding assistant") == 1
    assert lines.count("mend the rates") == lines.count("Mend the rates") == 1
    assert "cache_control" not in json.dumps(messages)
    assert not (repository / ".opentraces" / "pi" / "bodies").exists()


@pytest.mark.parametrize("word", [ASK, FAIL])
def test_it_changes_nothing_of_what_the_client_says(
    word: str, pi: Pi, repository: Path, setup: PackageSetup
) -> None:
    without = pi.run(repository, "-p", f"{word}: go")
    setup.apply(setup.install())
    with_it = pi.run(repository, "-p", f"{word}: go")

    assert seen(with_it) == seen(without)
    assert names(repository)["session_shutdown"] == 1


_UNTROUBLED: dict[Path, tuple[int, bytes, bytes]] = {}


def untroubled(pi: Pi, repository: Path) -> tuple[int, bytes, bytes]:
    """Return what each client says where nothing of ours is, run once."""
    if pi.program not in _UNTROUBLED:
        _UNTROUBLED[pi.program] = seen(pi.run(repository, "-p", f"{ASK}: is it so?"))
    return _UNTROUBLED[pi.program]


def _not_enrolled(pi: Pi, repository: Path, package: Path) -> None:
    (pi.user / ".opentraces" / "state" / "enrolled" / "pi").unlink()


def _no_home(pi: Pi, repository: Path, package: Path) -> None:
    shutil.rmtree(pi.user / ".opentraces")


def _list_is_a_folder(pi: Pi, repository: Path, package: Path) -> None:
    _not_enrolled(pi, repository, package)
    (pi.user / ".opentraces" / "state" / "enrolled" / "pi").mkdir()


def _link_in_the_repository(pi: Pi, repository: Path, package: Path) -> None:
    (pi.user / "elsewhere").mkdir()
    (repository / ".opentraces").symlink_to(pi.user / "elsewhere")


def _file_in_the_repository(pi: Pi, repository: Path, package: Path) -> None:
    (repository / ".opentraces").write_text("in the way")


def _uninstalled_behind_its_back(pi: Pi, repository: Path, package: Path) -> None:
    shutil.rmtree(package)


def _garbage_beside_it(pi: Pi, repository: Path, package: Path) -> None:
    (package / "where.json").write_text("{")
    _no_home(pi, repository, package)


TROUBLES = (
    _not_enrolled,
    _no_home,
    _list_is_a_folder,
    _link_in_the_repository,
    _file_in_the_repository,
    _uninstalled_behind_its_back,
    _garbage_beside_it,
)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda each: each.__name__.strip("_"))
def test_trouble_is_not_the_clients(
    trouble: Callable[[Pi, Path, Path], None], pi: Pi, repository: Path, setup: PackageSetup
) -> None:
    without = untroubled(pi, repository)
    setup.apply(setup.install())
    trouble(pi, repository, pi.agent / "opentraces" / PACKAGE.name)

    with_it = pi.run(repository, "-p", f"{ASK}: is it so?")

    assert seen(with_it) == without
    assert told(repository) == []
    elsewhere = pi.user / "elsewhere"
    assert not elsewhere.exists() or not list(elsewhere.iterdir())


@pytest.fixture
def disk(pi: Pi, repository: Path) -> Iterator[Path]:
    """A disk of 64 kB that holds what is written in the repository."""
    folder = repository / ".opentraces"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_a_disk_that_takes_nothing_is_not_the_clients(
    trouble: str, pi: Pi, disk: Path, repository: Path, setup: PackageSetup
) -> None:
    without = untroubled(pi, repository)
    setup.apply(setup.install())
    if trouble == "full":
        with suppress(OSError):
            (disk / "rest").write_bytes(bytes(1 << 20))
    else:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)

    with_it = pi.run(repository, "-p", f"{ASK}: is it so?")

    assert seen(with_it) == without
    assert told(repository) == []


def test_bodies_are_kept_where_the_user_asked_for_them(
    pi: Pi, installed: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = pi.environment | {"OPENTRACES_PI_RETAIN_RAW_PROVIDER_BODIES": "1"}
    monkeypatch.setattr(Pi, "environment", environment)

    pi.run(repository, "-p", f"{ASK}: is it so?")

    (session,) = pi.sessions()
    (body,) = (repository / ".opentraces" / "pi" / "bodies" / session).iterdir()
    (request,) = (e for e in told(repository) if e["hook_event_name"] == "before_provider_request")
    assert body.name == f"{request['body']}.json"
    assert f"{ASK}: is it so?" in body.read_text()
    assert body.stat().st_mode & 0o777 == 0o600
