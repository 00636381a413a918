"""Our extension as a package of npm: what is packed, and that Pi installs it from a registry."""

import json
import subprocess
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from benchmarks.processes import run
from benchmarks.program import command
from opentraces.adapters.pi.setup import PACKAGE
from opentraces.entrypoints import hooks
from tests.agents.rig.claude_code import new_repository
from tests.agents.rig.fake_api import serving
from tests.agents.rig.installed import pi_before_program, pi_program
from tests.agents.rig.npm_registry import publishing
from tests.agents.rig.pi import Pi
from tests.agents.rig.pi_live import EVENTS, RELEASES
from tests.agents.rig.script import Lane, Text, answer
from tests.agents.rig.waiting import wait_until

pytestmark = pytest.mark.agents

SOURCE = Path(hooks.__path__[0], PACKAGE.name)
NPM = f"npm:{PACKAGE.name}"
ASK = "quokkaask"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The package, as `npm publish` would send it."""
    folder = tmp_path_factory.mktemp("packed")
    given = ("npm", "pack", str(SOURCE), "--offline", "--loglevel=error")
    environment = Pi(Path("/usr/bin/pi"), None, folder).environment
    subprocess.run(given, cwd=folder, env=environment, check=True, capture_output=True)
    (path,) = folder.glob("*.tgz")
    return path.read_bytes()


@pytest.fixture(scope="module", params=RELEASES)
def pi(
    request: pytest.FixtureRequest, packed: bytes, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pi]:
    """A user's client, which knows one registry, and finds `opentraces` on its path."""
    user = tmp_path_factory.mktemp("user")
    program, node = (pi_before_program(), None) if request.param == RELEASES[0] else pi_program()
    ours = user / "bin" / "opentraces"
    ours.parent.mkdir()
    ours.write_text(f'#!/bin/sh\nexec {" ".join(command())} "$@"\n')
    ours.chmod(0o755)
    bare = Pi(program, node, user)
    lane = Lane(ASK, (answer(Text("Yes.")),) * 9)
    with publishing(manifest(), packed) as registry, serving((lane,)) as (_, address):
        extra = {
            "PATH": f"{ours.parent}:{bare.search_path}",
            "npm_config_registry": registry,
            "npm_config_prefix": str(user / "npm"),
            "npm_config_cache": str(user / "npm-cache"),
            "npm_config_audit": "false",
            "npm_config_fund": "false",
            "npm_config_update_notifier": "false",
        }
        client = Pi(program, node, user, extra)
        client.configure(address)
        yield client


@pytest.fixture(scope="module")
def installed(pi: Pi) -> Path:
    """Where the client put the package when it was told to install it."""
    ended = pi.run(pi.user, "install", NPM)
    assert ended.code == 0, ended
    (path,) = pi.user.rglob(f"node_modules/{PACKAGE.name}")
    return path


def manifest() -> dict[str, Any]:
    said: dict[str, Any] = json.loads((SOURCE / "package.json").read_bytes())
    return said


def test_two_files_are_packed(packed: bytes) -> None:
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        names = sorted(archive.getnames())

    assert names == ["package/extensions/index.ts", "package/package.json"]


def test_it_is_installed_from_a_registry(pi: Pi, installed: Path) -> None:
    files = {path.relative_to(installed) for path in installed.rglob("*") if path.is_file()}

    assert files == {Path("package.json"), Path(PACKAGE.script)}
    assert (installed / PACKAGE.script).read_bytes() == (SOURCE / PACKAGE.script).read_bytes()
    assert NPM in pi.run(pi.user, "list").out.decode().split()
    assert json.loads((pi.agent / "settings.json").read_bytes())["packages"] == [NPM]


@pytest.mark.parametrize("is_named", [False, True], ids=["in the usual home", "in a home named"])
def test_what_it_tells_of_is_kept_by_the_program_on_the_path(
    is_named: bool, pi: Pi, installed: Path
) -> None:
    place = {"OPENTRACES_HOME": str(pi.user / "apart")} if is_named else {}
    repository = pi.user / f"widgets-{is_named}"
    new_repository(repository, {"rates.txt": "one 1\n"})
    client = Pi(pi.program, pi.node, pi.user, {**pi.extra, **place})
    enrol = (*command(), "init", "--agent", "pi")
    subprocess.run(enrol, cwd=repository, env=client.environment, check=True, capture_output=True)
    before = client.sessions().keys()

    ended = client.run(repository, "-p", f"{ASK}: is it so?")

    assert ended.code == 0, ended
    (session,) = client.sessions().keys() - before
    events = repository / EVENTS / f"{session}.jsonl"
    assert events.parent.is_dir()
    wait_until(lambda: not events.exists(), lambda: f"{session} is taken up")
    got = run((*command(), "trace", "get", session, "--json"), client.environment)
    record = json.loads(got.stdout)
    assert [step["content"] for step in record["steps"]][-2:] == [f"{ASK}: is it so?", "Yes."]
    assert record["metadata"]["hooks"]["capture_method"] == "live_capture"
