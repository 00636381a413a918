"""Whatever a manifest holds, it is read without an error, in a time that grows with its length."""

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraces.domain.dependencies.declared import is_name
from opentraces.domain.dependencies.manifests import manifest_of, read_manifest
from tests.checked import json_of
from tests.unit.domain.dependencies import test_manifests as samples

TEXTS = {
    "pyproject.toml": samples.PYPROJECT,
    "requirements.txt": samples.REQUIREMENTS,
    "setup.cfg": samples.SETUP_CFG,
    "Pipfile": samples.PIPFILE,
    "Pipfile.lock": samples.PIPFILE_LOCK,
    "poetry.lock": samples.POETRY_LOCK,
    "uv.lock": samples.UV_LOCK,
    "package.json": samples.PACKAGE_JSON,
    "package-lock.json": samples.PACKAGE_LOCK,
    "yarn.lock": samples.YARN_1,
    "pnpm-lock.yaml": samples.PNPM,
    "Cargo.toml": samples.CARGO_TOML,
    "Cargo.lock": samples.CARGO_LOCK,
    "go.mod": samples.GO_MOD,
    "go.sum": samples.GO_SUM,
    "pom.xml": samples.POM,
    "build.gradle": samples.GRADLE,
    "gradle.lockfile": samples.GRADLE_LOCK,
    "Gemfile": samples.GEMFILE,
    "Gemfile.lock": samples.GEMFILE_LOCK,
}
PATHS = st.sampled_from(sorted(TEXTS))
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = [
    "packages",
    "dependencies",
    "devDependencies",
    "default",
    "develop",
    "package",
    "name",
    "version",
    "integrity",
    "resolved",
    "hashes",
    "link",
    "project",
    "source",
    "files",
    "wheels",
    "tool",
    "poetry",
    "uv",
    "dependency-groups",
    "node_modules/a",
]


def read(path: str, data: bytes) -> None:
    manifest = manifest_of(path)
    assert manifest is not None
    found = read_manifest(manifest, data)
    if found is not None:
        assert list(found.names) == sorted(set(found.names))
        assert all(map(is_name, found.names))
        for pin in found.pins or ():
            json_of(pin)


@given(PATHS, st.binary(max_size=300))
def test_any_bytes(path: str, data: bytes) -> None:
    read(path, data)


@given(PATHS, st.data())
def test_a_real_one_with_anything_in_place_of_a_part(path: str, data: st.DataObject) -> None:
    text = TEXTS[path]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    put = data.draw(
        st.text(max_size=12)
        | st.sampled_from(
            ["\\ud800", '"', "[[", "]", "{", "\n", "= 1\n", "[package]\n", "null", "\0"]
        )
    )
    read(path, (text[:start] + put + text[end:]).encode("utf-8", "surrogatepass"))


@given(
    st.sampled_from(["package.json", "package-lock.json", "Pipfile.lock"]),
    st.recursive(
        ANY_JSON,
        lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
        max_leaves=12,
    ),
)
def test_any_type_in_any_place(path: str, value: object) -> None:
    read(path, json.dumps(value).encode())


HOSTILE = (
    *("<dependency>", "<!--", "<exclusions>", "/*", "compile ", "implementation(", "gem ", "\n"),
    *(" ", "a ", "[", "[[a]]\n", "{", ",", "@", "a@", '"a@1', "  /a@1", "-", "a==1 ; ", "\\\n"),
    *(
        "require (",
        "a v1 ",
        "    a (1) ",
        "=",
        "a.",
        "a = 1\n[b]\n",
        "'",
        "\ud7ff",
        "node_modules/",
    ),
)


@pytest.mark.parametrize("path", sorted(TEXTS))
@pytest.mark.parametrize("part", HOSTILE)
def test_no_text_takes_more_than_its_length_asks_for(path: str, part: str) -> None:
    data = (part * (150_000 // len(part.encode()))).encode()
    started = process_time()
    read(path, data)

    # What is quadratic takes tens of seconds.
    assert process_time() - started < 5
