"""Our package in the settings of Pi, by what `pi install` and `pi remove` do to them."""

import json
import re
from pathlib import Path

import pytest

from opentraces.adapters.hooks_file.package_setup import PackageManager, PackageSetup
from opentraces.adapters.pi.setup import PACKAGE, package_files
from opentraces.domain.errors import SettingsInvalid
from opentraces.domain.setup import SetupPlan
from opentraces.entrypoints import hooks
from tests.contracts.agent_setup import AgentSetupContract

PLACE = "opentraces/opentraces-pi"
SOURCE = Path(hooks.__path__[0], "opentraces-pi")


class Pi(PackageManager):
    """Writes the settings as Pi does: anew, two spaces a level, no newline at the end."""

    def __init__(self, settings: Path) -> None:
        self.settings = settings
        self.calls: list[str] = []
        self.there = True

    def is_there(self) -> bool:
        return self.there

    def install(self, package: str) -> None:
        if not self.there:
            raise SettingsInvalid("pi is not on the PATH")
        said = self._said()
        source = str(Path(package).relative_to(self.settings.parent))
        if source not in said.setdefault("packages", []):
            said["packages"].append(source)
        self.settings.write_text(json.dumps(said, indent=2))
        self.calls.append("install")

    def remove(self, package: str) -> None:
        said = self._said()
        said["packages"] = [each for each in said["packages"] if each != PLACE]
        self.settings.write_text(json.dumps(said, indent=2))
        self.calls.append("remove")

    def _said(self) -> dict[str, list[str]]:
        text = self.settings.read_text() if self.settings.exists() else "{}"
        said: dict[str, list[str]] = json.loads(text)
        return said


class TestPiPackage(AgentSetupContract):
    FOREIGN = b'{"theme": "dark",\n "packages": ["../mine", {"source": "npm:x"}]}'
    BROKEN = b'{"theme": "dark",}'

    @pytest.fixture
    def setup(self, tmp_path: Path) -> PackageSetup:
        self.root = tmp_path
        return self.made("python", ".opentraces")

    def made(self, python: str, home: str) -> PackageSetup:
        agent = self.root / ".pi" / "agent"
        self.pi = Pi(agent / "settings.json")
        contents = package_files(SOURCE)
        return PackageSetup(
            PACKAGE, agent, self.root / home, self.root / python, contents, lambda: self.pi
        )

    def other(self) -> PackageSetup:
        return self.made("python4", "elsewhere")

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def settings(self) -> bytes | None:
        return self.files().get(str(self.root / ".pi" / "agent" / "settings.json"))

    def write_settings(self, data: bytes) -> None:
        (self.root / ".pi" / "agent").mkdir(exist_ok=True, parents=True)
        (self.root / ".pi" / "agent" / "settings.json").write_bytes(data)

    def edit(self, data: bytes) -> bytes:
        return data.replace(b'"dark"', b'"light", "x": []')

    def test_the_agent_is_told_by_its_own_command(self, setup: PackageSetup) -> None:
        setup.apply(setup.install())
        setup.apply(setup.remove())

        assert self.pi.calls == ["install", "remove"]

    def test_without_the_agent_it_is_not_installed_and_can_be_removed(
        self, setup: PackageSetup
    ) -> None:
        self.pi.there = False
        with pytest.raises(SettingsInvalid, match="pi is not on the PATH → install it first"):
            setup.apply(setup.install())
        assert self.files() == {}
        self.pi.there = True
        setup.apply(setup.install())
        self.pi.there = False

        setup.apply(setup.remove())

        assert self.files() == {}
        assert setup.remove() == SetupPlan(())

    def test_no_folder_of_ours_is_left(self, setup: PackageSetup) -> None:
        (self.root / ".pi").mkdir()
        setup.apply(setup.install())
        setup.apply(setup.remove())

        assert list(self.root.rglob("*")) == [self.root / ".pi"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{}", '{\n  "packages": [\n    "PLACE"\n  ]\n}'),
        ('{\n\t"a": 1\n}\n', '{\n\t"a": 1,\n\t"packages": [\n\t\t"PLACE"\n\t]\n}\n'),
        ('{"packages": []}', '{"packages": ["PLACE"]}'),
        ('{"packages":["x","y"]}', '{"packages":["x","y","PLACE"]}'),
    ],
)
def test_the_layout_of_the_settings_stays(before: str, after: str, tmp_path: Path) -> None:
    agent = tmp_path / "agent"
    agent.mkdir()
    settings = agent / "settings.json"
    settings.write_text(before)
    setup = PackageSetup(PACKAGE, agent, tmp_path, tmp_path, {}, lambda: Pi(settings))

    setup.apply(setup.install())
    assert settings.read_text() == after.replace("PLACE", PLACE)

    settings.write_text(f"{settings.read_text()} ")
    setup.apply(setup.remove())
    assert settings.read_text() == f"{before} "


def test_what_the_agent_says_else_is_left_as_it_wrote_it(tmp_path: Path) -> None:
    class Chatty(Pi):
        def install(self, package: str) -> None:
            super().install(package)
            said = self._said() | {"lastChangelogVersion": ["9"]}
            self.settings.write_text(json.dumps(said, indent=2))

    agent = tmp_path / "agent"
    agent.mkdir()
    (agent / "settings.json").write_text("{}")
    setup = PackageSetup(
        PACKAGE, agent, tmp_path, tmp_path, {}, lambda: Chatty(agent / "settings.json")
    )

    setup.apply(setup.install())

    assert json.loads((agent / "settings.json").read_text()) == {
        "packages": [PLACE],
        "lastChangelogVersion": ["9"],
    }
    assert setup.inspect().is_installed


def test_the_script_asks_for_the_events_that_are_said() -> None:
    script = (SOURCE / PACKAGE.script).read_text()
    table = script[script.index("const EVENTS") : script.index("};", script.index("const EVENTS"))]
    names = re.findall(r"^  ([a-z_]+): \(", table, re.MULTILINE)

    assert (*names, "before_agent_start", "before_provider_request") == PACKAGE.events


def test_the_package_is_what_pi_reads_and_names_no_other() -> None:
    said = json.loads((SOURCE / "package.json").read_text())
    script = (SOURCE / PACKAGE.script).read_text()

    assert (said["name"], said["keywords"]) == (PACKAGE.name, ["pi-package"])
    assert said["pi"] == {"extensions": [f"./{PACKAGE.script}"]}
    assert not said.keys() & {"dependencies", "peerDependencies", "scripts", "bin"}
    assert set(re.findall(r"""from "([^"]+)\"""", script)) == {
        "node:child_process",
        "node:crypto",
        "node:fs",
        "node:path",
        "node:url",
    }
