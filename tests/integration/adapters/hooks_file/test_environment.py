"""Keys of ours in the environment that settings give, beside hooks of ours and a user's words."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from opentraces.adapters.claude_code.setup import HOOKS
from opentraces.adapters.hooks_file.agent_setup import HooksFileSetup
from opentraces.adapters.hooks_file.environment_setup import EnvironmentSetup, Wanted
from opentraces.domain.errors import Busy, SettingsInvalid
from opentraces.domain.telemetry.environment import (
    BODIES,
    ENDPOINT,
    HEADERS,
    MARK,
    PROTOCOL,
    wanted_environment,
)
from opentraces.ports.agent_setup import AgentSetup
from tests.integration.adapters.hooks_file.conftest import SCRIPT, User

TOKEN = MARK + "0" * 48
STYLES = [
    None,
    b"",
    b"{}",
    b"{}\n",
    b'{"model":"opus"}',
    b'{\n  "model": "opus",\n  "env": {}\n}\n',
    b'{\n\t"env": {\n\t\t"FOO": "1"\n\t}\n}',
    b'{"env": {"FOO": "1", "CLAUDE_CODE_ENABLE_TELEMETRY": "1"}, "hooks": {"Stop": []}}',
    b'{\r\n    "hooks": {},\r\n    "env": {"OTEL_LOG_USER_PROMPTS": "0"}\r\n}\r\n',
]


@pytest.fixture
def user(tmp_path: Path) -> User:
    (tmp_path / ".claude").mkdir()
    return User(tmp_path)


def wanted(user: User, port: int = 4318, token: str = TOKEN) -> dict[str, str]:
    return wanted_environment(port, token, str(user.root / ".opentraces" / "spool" / "bodies"))


def setup(user: User, port: int = 4318, token: str = TOKEN) -> EnvironmentSetup:
    file = user.root / ".opentraces" / "otlp" / "token"
    found = Wanted(wanted(user, port, token), {file: token.encode()}, (file,))
    return EnvironmentSetup(user.config, HOOKS.settings, HOOKS.backup, lambda: found)


def hooks(user: User) -> HooksFileSetup:
    return user.setup(script=SCRIPT)


def install(made: AgentSetup) -> None:
    made.apply(made.install())


def remove(made: AgentSetup) -> None:
    made.apply(made.remove())


def write(user: User, data: bytes | None) -> None:
    if data is not None:
        user.write(data)


def held(user: User) -> bytes | None:
    return user.settings.read_bytes() if user.settings.exists() else None


def env(user: User) -> dict[str, Any]:
    found: dict[str, Any] = user.read()["env"]
    return found


@pytest.mark.parametrize("before", STYLES)
def test_installed_all_of_it_is_told_and_the_rest_is_as_it_was(
    before: bytes | None, user: User
) -> None:
    write(user, before)
    said = json.loads(before or b"{}")

    install(setup(user))

    assert env(user) == {**wanted(user), **said.get("env", {})}
    assert {**user.read(), "env": 0} == {**said, "env": 0}
    assert setup(user).inspect().is_for_us
    assert setup(user).install().changes == ()


@pytest.mark.parametrize("before", STYLES)
def test_removed_all_is_as_before(before: bytes | None, user: User) -> None:
    write(user, before)
    tree = user.tree()
    install(setup(user))

    remove(setup(user))

    assert {name: held for name, held in user.tree().items() if ".opentraces" not in name} == tree
    assert setup(user).remove().changes == ()


@pytest.mark.parametrize("before", STYLES)
@pytest.mark.parametrize("first", ["hooks", "environment"])
@pytest.mark.parametrize("last", ["hooks", "environment"])
def test_with_hooks_of_ours_whichever_goes_last_puts_it_back(
    first: str, last: str, before: bytes | None, user: User
) -> None:
    write(user, before)
    tree = user.tree()
    both: dict[str, AgentSetup] = {"hooks": hooks(user), "environment": setup(user)}
    for name in sorted(both, key=lambda name: name != first):
        install(both[name])
    assert hooks(user).inspect().missing == ()
    assert setup(user).inspect().missing == ()

    for name in sorted(both, key=lambda name: name == last):
        remove(both[name])

    assert {name: held for name, held in user.tree().items() if ".opentraces" not in name} == tree


@pytest.mark.parametrize("order", [*permutations(("hooks", "environment"))])
def test_what_a_user_changed_since_stays_when_ours_goes(order: tuple[str, ...], user: User) -> None:
    user.write(b'{\n  "model": "opus"\n}\n')
    both: dict[str, AgentSetup] = {"hooks": hooks(user), "environment": setup(user)}
    for made in both.values():
        install(made)
    user.write(user.settings.read_bytes().replace(b'"opus"', b'"sonnet"'))

    for name in order:
        remove(both[name])

    assert user.settings.read_bytes() == b'{\n  "model": "sonnet"\n}\n'


def test_key_that_its_user_set_or_changed_stays(user: User) -> None:
    user.write(b'{"env": {"OTEL_LOG_USER_PROMPTS": "0"}}')
    install(setup(user))
    user.write(user.settings.read_bytes().replace(b'INTERVAL": "1000"', b'INTERVAL": "5"'))

    install(setup(user, port=5000))
    assert env(user)["OTEL_LOGS_EXPORT_INTERVAL"] == "5"
    assert env(user)["OTEL_LOG_USER_PROMPTS"] == "0"
    assert env(user)[ENDPOINT] == "http://127.0.0.1:5000"
    remove(setup(user))

    assert env(user) == {
        "OTEL_LOG_USER_PROMPTS": "0",
        "OTEL_LOGS_EXPORT_INTERVAL": "5",
        "OTEL_TRACES_EXPORT_INTERVAL": "5",
    }


def test_another_port_and_token_take_the_place_of_the_old(user: User) -> None:
    user.write(b"{}")
    install(setup(user))
    install(setup(user, 5000, MARK + "1" * 48))

    assert env(user) == wanted(user, 5000, MARK + "1" * 48)
    remove(setup(user))
    assert held(user) == b"{}"


@pytest.mark.parametrize(
    "said",
    [
        {ENDPOINT: "https://telemetry.example"},
        {ENDPOINT: "http://127.0.0.1:4318"},
        {HEADERS: "Authorization=Bearer theirs"},
        {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "https://telemetry.example/v1/logs"},
        {PROTOCOL: "grpc"},
    ],
)
def test_where_telemetry_goes_elsewhere_no_more_is_told_there(
    said: dict[str, str], user: User
) -> None:
    user.write(json.dumps({"env": said}).encode())

    install(setup(user))

    assert env(user) == {**said, BODIES: wanted(user)[BODIES]}
    assert any("elsewhere" in each for each in setup(user).inspect().obstacles)
    remove(setup(user))
    assert held(user) == json.dumps({"env": said}).encode()


def test_what_was_told_is_taken_back_when_telemetry_goes_elsewhere_later(user: User) -> None:
    user.write(b"{}")
    install(setup(user))
    user.write(user.settings.read_bytes().replace(b"http://127.0.0.1:4318", b"https://x.example"))

    install(setup(user))

    assert env(user) == {ENDPOINT: "https://x.example", BODIES: wanted(user)[BODIES]}


def test_constants_alone_are_anybodys(user: User) -> None:
    theirs = {key: value for key, value in wanted(user).items() if key not in (HEADERS, BODIES)}
    user.write(json.dumps({"env": theirs}).encode())
    before = held(user)

    assert setup(user).inspect().events == ()
    remove(setup(user))
    hooks(user).apply(hooks(user).remove())

    assert held(user) == before


def test_without_a_record_ours_goes_all_the_same(user: User) -> None:
    user.write(b'{\n  "model": "opus"\n}\n')
    install(setup(user))
    (user.ours / "setup.json").unlink()

    remove(setup(user))

    assert held(user) == b'{\n  "model": "opus"\n}\n'
    assert not user.ours.exists()


@pytest.mark.parametrize("env_", ["[]", '"x"', "1", "null"])
def test_environment_that_is_none_is_refused_with_its_place(env_: str, user: User) -> None:
    user.write(f'{{"env": {env_}}}'.encode())

    with pytest.raises(SettingsInvalid, match="line 1, column 9: `env` has to be an object"):
        setup(user).install()
    assert setup(user).remove().changes == ()
    hooks(user).apply(hooks(user).install())


def test_settings_that_changed_meanwhile_are_left_alone(user: User) -> None:
    user.write(b"{}")
    plan = setup(user).install()
    user.write(b'{"model": "opus"}')

    with pytest.raises(Busy):
        setup(user).apply(plan)
    assert held(user) == b'{"model": "opus"}'


def test_token_that_others_may_read_is_said(user: User) -> None:
    user.write(b"{}")
    user.settings.chmod(0o644)
    install(setup(user))
    assert any("chmod go-rwx" in each for each in setup(user).inspect().obstacles)

    user.settings.chmod(0o600)
    assert setup(user).inspect().obstacles == ()
