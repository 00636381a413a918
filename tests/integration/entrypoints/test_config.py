from pathlib import Path

import pytest

from opentraces.domain.errors import ConfigInvalid
from opentraces.entrypoints.config import KEYS, UNSET, read_config
from opentraces.entrypoints.configured import Config

DOCS = Path(__file__).parents[3] / "docs" / "config.md"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_no_file_is_every_default(file: Path) -> None:
    assert read_config(file) == Config()


def test_each_key_is_read(file: Path) -> None:
    file.write_text(
        '[claude_code]\nconfig_dirs = ["~/a", "/b"]\n'
        "[gc]\ngrace_days = 30\n[index]\nwait_seconds = 5\n[query]\nlimit = 7\n"
    )

    assert read_config(file) == Config(
        claude_config_dirs=("~/a", "/b"), gc_grace_days=30, index_wait_seconds=5.0, query_limit=7
    )


def test_prices_of_models_are_read(file: Path) -> None:
    file.write_text('[prices."gpt-5.5"]\ninput = 4\noutput = 24.5\ncache_read = 0\n')

    assert read_config(file).prices == {
        "gpt-5.5": {
            "input": 4.0,
            "output": 24.5,
            "cache_read": 0.0,
            "cache_write_5m": 4.0,
            "cache_write_1h": 4.0,
        }
    }


def test_a_model_with_dots_and_no_quotes_is_answered_with_what_is_accepted(file: Path) -> None:
    file.write_text("[prices.gpt-5.5]\ninput = 4\noutput = 24\n")

    with pytest.raises(ConfigInvalid, match=r"prices\.gpt-5 accepts a table of US dollars"):
        read_config(file)


def test_each_documented_default_is_the_default(file: Path) -> None:
    lines = [f"{name} = {key.default}\n" for name, key in KEYS.items() if key.default != UNSET]
    file.write_text("".join(lines))

    assert read_config(file) == Config()


def test_the_docs_list_each_key_and_no_other() -> None:
    rows = [
        line for line in DOCS.read_text().splitlines() if line.startswith("| `") and "." in line
    ]

    assert [row for row in rows if row.count("|") == 5] == [
        f"| `{name}` | {key.accepts} | `{key.default}` | {key.meaning} |"
        for name, key in KEYS.items()
    ]


@pytest.mark.parametrize("name", ["query.limits", "limit", "query.limit.deep"])
def test_an_unknown_key_is_named_with_those_there_are(file: Path, name: str) -> None:
    file.write_text(f"{name} = 1\n")

    with pytest.raises(ConfigInvalid, match=r"config\.toml: .*query\.limit"):
        read_config(file)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("claude_code.config_dirs", '"/a"'),
        ("claude_code.config_dirs", '["relative"]'),
        ("claude_code.config_dirs", "[1]"),
        ("index.wait_seconds", '"2"'),
        ("index.wait_seconds", "true"),
        ("index.wait_seconds", "-1"),
        ("index.wait_seconds", "nan"),
        ("index.wait_seconds", "1" + "0" * 400),
        ("gc.grace_days", "-1"),
        ("gc.grace_days", "0.5"),
        ("query.limit", "0"),
        ("query.limit", "2.0"),
        ("query.limit", "true"),
        ("prices.MODEL", "1"),
        ("prices.MODEL", "{}"),
        ("prices.MODEL", "{input = 1}"),
        ("prices.MODEL", "{input = 1, output = -1}"),
        ("prices.MODEL", "{input = 1, output = nan}"),
        ("prices.MODEL", "{input = 1, output = true}"),
        ("prices.MODEL", "{input = 1, output = 1" + "0" * 400 + "}"),
        ("prices.MODEL", "{input = 1, output = 1, cache_write = 1}"),
    ],
)
def test_a_wrong_value_is_answered_with_what_is_accepted(file: Path, name: str, value: str) -> None:
    file.write_text(f"{name} = {value}\n")

    with pytest.raises(ConfigInvalid) as error:
        read_config(file)

    assert str(error.value) == f"{file}: {name} accepts {KEYS[name].accepts}"


@pytest.mark.parametrize("content", [b"not toml", b"\xff\xfe", b"[query"])
def test_what_is_not_toml_names_the_file(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    with pytest.raises(ConfigInvalid, match=r"config\.toml: "):
        read_config(file)
