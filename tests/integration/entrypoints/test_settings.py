import subprocess
import sys
from pathlib import Path

import pytest

from opentraces.domain.errors import ConfigInvalid
from opentraces.entrypoints.settings import Settings


def test_everything_is_below_the_home_that_is_named(tmp_path: Path) -> None:
    settings = Settings.from_environment({"HOME": "/nobody", "OPENTRACES_HOME": str(tmp_path)})

    assert settings.home == tmp_path
    assert settings.bucket == tmp_path / "bucket"
    assert settings.index_folder == tmp_path / "index"
    assert settings.state == tmp_path / "state"


@pytest.mark.parametrize("named", [{}, {"OPENTRACES_HOME": ""}])
def test_home_is_in_the_users_home_when_none_is_named(
    tmp_path: Path, named: dict[str, str]
) -> None:
    settings = Settings.from_environment({"HOME": str(tmp_path), **named})

    assert settings.home == tmp_path / ".opentraces"


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    settings = Settings.from_environment({"HOME": "/nobody", "OPENTRACES_HOME": "here"})

    assert settings.home == tmp_path / "here"


def test_both_folders_of_claude_code_are_found_where_they_exist(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path)}
    assert Settings.from_environment(env).claude_config_dirs == ()

    (tmp_path / ".config" / "claude").mkdir(parents=True)
    assert Settings.from_environment(env).claude_config_dirs == (tmp_path / ".config" / "claude",)

    (tmp_path / ".claude").mkdir()
    assert Settings.from_environment(env).claude_config_dirs == (
        tmp_path / ".claude",
        tmp_path / ".config" / "claude",
    )


def test_one_folder_under_two_names_is_read_once(tmp_path: Path) -> None:
    (tmp_path / ".claude").mkdir()
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "claude").symlink_to(tmp_path / ".claude")

    settings = Settings.from_environment({"HOME": str(tmp_path)})

    assert settings.claude_config_dirs == (tmp_path / ".claude",)


def test_claude_config_dir_names_one_folder_or_several(tmp_path: Path) -> None:
    for name in (".claude", "a", "b"):
        (tmp_path / name).mkdir()
    env = {"HOME": str(tmp_path), "CLAUDE_CONFIG_DIR": f" {tmp_path}/b,,~/a ,/not/there"}

    settings = Settings.from_environment(env)

    assert settings.claude_config_dirs == (tmp_path / "b", tmp_path / "a")


def test_the_first_folder_of_claude_code_that_exists_is_set_up(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    env = {"HOME": str(tmp_path)}
    several = env | {"CLAUDE_CONFIG_DIR": f"/not/there,{tmp_path}/b,~/a"}

    assert Settings.from_environment(several).claude_config_dir == tmp_path / "b"


@pytest.mark.parametrize(
    ("named", "config", "expected"),
    [
        ("", "", ".claude"),
        ("~/x,/y", "", "x"),
        ("", '["~/y", "/z"]', "y"),
        ("~/x", '["~/y"]', "x"),
        ("", "[]", ".claude"),
    ],
)
def test_where_none_exists_the_first_that_is_named_is_set_up(
    named: str, config: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / ".opentraces").mkdir()
    if config:
        file = tmp_path / ".opentraces" / "config.toml"
        file.write_text(f"claude_code.config_dirs = {config}\n")

    settings = Settings.from_environment({"HOME": str(tmp_path), "CLAUDE_CONFIG_DIR": named})

    assert settings.claude_config_dirs == ()
    assert settings.claude_config_dir == tmp_path / expected


def test_config_names_other_folders_and_the_variable_goes_before_it(tmp_path: Path) -> None:
    for name in (".claude", "a", "b", ".opentraces"):
        (tmp_path / name).mkdir()
    config = tmp_path / ".opentraces" / "config.toml"
    config.write_text('claude_code.config_dirs = ["~/a"]\nquery.limit = 3\n')
    env = {"HOME": str(tmp_path)}

    settings = Settings.from_environment(env)
    overruled = Settings.from_environment(env | {"CLAUDE_CONFIG_DIR": str(tmp_path / "b")})

    assert (settings.claude_config_dirs, settings.query_limit) == ((tmp_path / "a",), 3)
    assert (overruled.claude_config_dirs, overruled.query_limit) == ((tmp_path / "b",), 3)


def test_homes_of_codex_are_named_by_the_config_or_its_own_variable(tmp_path: Path) -> None:
    for name in (".codex", "a", "b", ".opentraces"):
        (tmp_path / name).mkdir()
    env = {"HOME": str(tmp_path)}
    usual = Settings.from_environment(env)
    (tmp_path / ".opentraces/config.toml").write_text(
        '[codex_cli]\nhomes = ["~/a", "/not/there"]\n'
    )
    configured = Settings.from_environment(env | {"CODEX_HOME": ""})
    overruled = Settings.from_environment(env | {"CODEX_HOME": str(tmp_path / "b")})

    assert usual.codex_homes == (tmp_path / ".codex",)
    assert configured.codex_homes == (tmp_path / "a",)
    assert overruled.codex_homes == (tmp_path / "b",)
    assert overruled.worker_environment["CODEX_HOME"] == str(tmp_path / "b")


def test_a_config_that_is_wrong_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("colour = 'red'\n")

    with pytest.raises(ConfigInvalid):
        Settings.from_environment({"HOME": "/nobody", "OPENTRACES_HOME": str(tmp_path)})


def test_reading_settings_loads_nothing_from_outside_the_standard_library() -> None:
    code = "import sys, opentraces.entrypoints.settings; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout.split()
    roots = {name.split(".")[0] for name in loaded}

    assert (
        roots & {"click", "pydantic", "orjson", "dependency_injector", "tantivy", "asyncio"}
        == set()
    )


def test_the_users_home_and_the_search_path_are_as_the_environment_has_them() -> None:
    settings = Settings.from_environment({"HOME": "/nobody", "PATH": "/opt/bin:bin"})

    assert settings.user == Path("/nobody")
    assert settings.search_path == "/opt/bin:bin"
    assert Settings.from_environment({"HOME": "/nobody"}).search_path == ""


def test_what_passes_is_put_where_the_machine_says(tmp_path: Path) -> None:
    told = {"HOME": str(tmp_path)}

    assert Settings.from_environment(told).passing == Path("/tmp")  # noqa: S108
    assert Settings.from_environment(told | {"TMPDIR": "/var/x"}).passing == Path("/var/x")


def test_sessions_of_pi_are_where_the_config_or_its_own_variables_say(tmp_path: Path) -> None:
    for name in (".pi/agent", "a", "b"):
        (tmp_path / name / "sessions").mkdir(parents=True)
    for name in ("apart", ".opentraces"):
        (tmp_path / name).mkdir()
    env = {"HOME": str(tmp_path)}
    usual = Settings.from_environment(env)
    (tmp_path / ".opentraces/config.toml").write_text('[pi]\nagent_dirs = ["~/a", "/not/there"]\n')
    configured = Settings.from_environment(env | {"PI_CODING_AGENT_DIR": ""})
    overruled = Settings.from_environment(env | {"PI_CODING_AGENT_DIR": "~/b"})
    apart = Settings.from_environment(env | {"PI_CODING_AGENT_SESSION_DIR": f"{tmp_path}/apart"})

    assert usual.pi_session_dirs == (tmp_path / ".pi/agent/sessions",)
    assert configured.pi_session_dirs == (tmp_path / "a/sessions",)
    assert overruled.pi_session_dirs == (tmp_path / "b/sessions",)
    assert apart.pi_session_dirs == (tmp_path / "a/sessions", tmp_path / "apart")
    assert apart.worker_environment["PI_CODING_AGENT_SESSION_DIR"] == f"{tmp_path}/apart"


def test_homes_of_hermes_are_named_by_the_config_or_its_own_variable(tmp_path: Path) -> None:
    for name in (".hermes", "a", "b", ".opentraces"):
        (tmp_path / name).mkdir()
    env = {"HOME": str(tmp_path)}
    usual = Settings.from_environment(env)
    (tmp_path / ".opentraces/config.toml").write_text('[hermes]\nhomes = ["~/a", "/not/there"]\n')
    configured = Settings.from_environment(env | {"HERMES_HOME": ""})
    overruled = Settings.from_environment(env | {"HERMES_HOME": "~/b"})

    assert usual.hermes_homes == (tmp_path / ".hermes",)
    assert configured.hermes_homes == (tmp_path / "a",)
    assert overruled.hermes_homes == (tmp_path / "b",)
    assert overruled.worker_environment["HERMES_HOME"] == "~/b"
