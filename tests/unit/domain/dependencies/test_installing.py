"""What commands install, and which of them say so for sure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.dependencies.installing import commands_of, installed_by
from opentraces.domain.step import ToolCall
from tests.checked import checked


def names(command: str) -> list[tuple[str, ...]]:
    return [(each.ecosystem, *each.names) for each in installed_by(command)]


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("pip install requests", [("python", "requests")]),
        ("pip install -U 'Flask[async]>=2,<3' -r req.txt", [("python", "flask")]),
        ("python3.11 -m pip install --index-url https://x y_z", [("python", "y-z")]),
        (".venv/bin/pip3 install a==1 b 2>&1", [("python", "a", "b")]),
        ("cd /tmp && pip install a && pytest -q", [("python", "a")]),
        ("ls; pip install a", [("python", "a")]),
        ("export A=1\npip install a", [("python", "a")]),
        ("pip install \\\n  a \\\n  b", [("python", "a", "b")]),
        ("PIP_NO_INPUT=1 sudo pip install a > out.txt", [("python", "a")]),
        ("(cd x && npm i -D @types/node@20 vite)", [("npm", "@types/node", "vite")]),
        (
            "uv add httpx --group dev && uv pip install ruff",
            [("python", "httpx"), ("python", "ruff")],
        ),
        ("poetry add 'django@^4'", [("python", "django")]),
        ("yarn add left-pad && pnpm add -w react@18", [("npm", "left-pad"), ("npm", "react")]),
        ("cargo add serde@1.0 --features derive", [("cargo", "serde")]),
        ("go get -u github.com/pkg/errors@v0.9.1", [("go", "github.com/pkg/errors")]),
        ("gem install rails -v 7.1", [("rubygems", "rails")]),
        ("bundle add rspec --group test", [("rubygems", "rspec")]),
    ],
)
def test_packages_are_named(command: str, found: list[tuple[str, ...]]) -> None:
    assert names(command) == found


@pytest.mark.parametrize(
    "command",
    [
        "pip install a | tail -1",
        "pip install a || true",
        "pip install a; ls",
        "pip install a\nls",
        "false || pip install a",
        "pip install a &",
        "cat > x <<EOF\npip install a\nEOF",
        "echo pip install a",
        "echo 'x && pip install a'",
        "pip install -r requirements.txt",
        "pip install -e . ./local https://x/y.whl git+https://x/y",
        "pip install $PACKAGE",
        "pip uninstall a",
        "npm install",
        "npm run add",
        "go get ./...",
        "pip install 'a",
        "cargo add --path ../x",
        "# pip install a",
        "",
    ],
)
def test_nothing_is_said_where_it_is_not_sure(command: str) -> None:
    assert names(command) == []


@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "pip",
                "install",
                "a",
                "&&",
                "||",
                "|",
                ";",
                "(",
                ")",
                ">",
                "2",
                "1",
                "&",
                "'",
                "\\",
                "\n",
                "-r",
            ]
        ),
        max_size=30,
    ).map(" ".join)
)
def test_any_text_is_a_command(command: str) -> None:
    for each in installed_by(command):
        assert each.names


@pytest.mark.parametrize(
    ("given_", "commands"),
    [
        ({"command": "ls"}, ["ls"]),
        ({"cmd": "ls"}, ["ls"]),
        ({"command": ["bash", "-lc", "pip install a"]}, ["pip install a"]),
        ({"command": ["pip", "install", "a b"]}, ["pip install 'a b'"]),
        ({"command": [1, None]}, []),
        ({"command": {"a": 1}}, []),
        ({}, []),
    ],
)
def test_the_command_of_a_call_is_found_for_every_agent(
    given_: dict[str, object], commands: list[str]
) -> None:
    call = checked(ToolCall, {"tool_call_id": "1", "tool_name": "Bash", "input": given_})

    assert list(commands_of(call)) == commands
