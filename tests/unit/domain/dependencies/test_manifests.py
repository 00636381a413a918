"""What manifests and lock files say, compared with what a person reads in them."""

import pytest

from opentraces.domain.dependencies.declared import LONGEST, Declared
from opentraces.domain.dependencies.manifests import manifest_of, read_manifest
from opentraces.domain.environment import Pin

PYPROJECT = """
[build-system]
requires = ["hatchling"]
[project]
name = "widgets"
dependencies = ["PyYAML>=6", "requests[socks]~=2.31; python_version<'3.12'", "x @ git+https://e/x"]
[project.optional-dependencies]
fast = ["orjson"]
[dependency-groups]
dev = ["pytest", {include-group = "fast"}]
[tool.uv]
dev-dependencies = ["ruff"]
[tool.poetry.dependencies]
python = "^3.11"
Django = "^4"
[tool.poetry.group.docs.dependencies]
mkdocs = "*"
"""
REQUIREMENTS = """# pinned
-r base.txt
--index-url https://pypi.org/simple
Flask==3.0.0 \\
    --hash=sha256:aa
a_b===1.0 ; sys_platform == 'linux'  # why
urllib3>=2,<3
numpy==1.*
six==1.16.0 --hash=sha256:aa --hash=sha256:bb
./local
https://e.org/y.whl
"""
SETUP_CFG = """[metadata]
name = widgets
[options]
packages = find:
install_requires =
    requests>=2; python_version > "3"
    # no
    attrs
[options.extras_require]
test = pytest; hypothesis
docs =
  sphinx[a,b]
"""
PIPFILE = """[packages]
requests = "*"
[dev-packages]
pytest = {version = "*"}
[requires]
python_version = "3"
"""
PIPFILE_LOCK = """{"_meta": {"hash": {"sha256": "x"}}, "default": {
 "Requests": {"hashes": ["sha256:aa"], "index": "pypi", "version": "==2.31.0",
  "markers": "python_version >= '3.7'"},
 "here": {"editable": true, "path": "."}},
 "develop": {"pytest": {"hashes": ["sha256:a", "sha256:b"], "version": "==8.0.0"}}}"""
POETRY_LOCK = """
[[package]]
name = "requests"
version = "2.31.0"
files = [{file = "a.whl", hash = "sha256:aa"}, {file = "a.tgz", hash = "sha256:bb"}]
markers = "extra == 'x'"
[[package]]
name = "mine"
version = "1.0"
files = []
[package.source]
type = "git"
url = "https://e.org/mine.git"
reference = "main"
"""
UV_LOCK = """
version = 1
[[package]]
name = "widgets"
version = "0.1.0"
source = { editable = "." }
dependencies = [{ name = "six" }]
[[package]]
name = "six"
version = "1.16.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://e.org/six.whl", hash = "sha256:cc", size = 1 }]
[[package]]
name = "forked"
version = "2"
source = { git = "https://e.org/forked?rev=1#1" }
"""
PACKAGE_JSON = """{"name": "widgets", "dependencies": {"react": "^18", "@types/node": "20"},
 "devDependencies": {"vite": "5"}, "peerDependencies": {"react": "*"},
 "optionalDependencies": {"fsevents": "2"}, "scripts": {"add": "x"}}"""
PACKAGE_LOCK = """{"lockfileVersion": 3, "packages": {
 "": {"name": "widgets", "dependencies": {"react": "^18"}},
 "packages/ui": {"name": "ui", "version": "1.0.0"},
 "node_modules/ui": {"link": true, "resolved": "packages/ui"},
 "node_modules/react": {"version": "18.2.0",
  "resolved": "https://registry.npmjs.org/react/-/react-18.2.0.tgz", "integrity": "sha512-aa=="},
 "node_modules/react/node_modules/@a/b": {"version": "1.0.0", "resolved": "https://e.org/b.tgz"},
 "node_modules/alias": {"name": "real", "version": "2.0.0"}}}"""
PACKAGE_LOCK_1 = """{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0",
 "dependencies": {"b": {"version": "2.0.0", "integrity": "sha1-x"}}}}}"""
YARN_1 = """# yarn lockfile v1


"@babel/core@^7.0.0", "@babel/core@^7.1.0":
  version "7.23.0"
  resolved "https://registry.yarnpkg.com/@babel/core/-/core-7.23.0.tgz#aa"
  integrity sha512-bb==
  dependencies:
    version "^1"

left-pad@1:
  version "1.3.0"
"""
YARN_2 = """__metadata:
  version: 6

"lodash@npm:^4.17.21":
  version: 4.17.21
  resolution: "lodash@npm:4.17.21"
  checksum: aa
  languageName: node

"widgets@workspace:.":
  version: 0.0.0-use.local
  resolution: "widgets@workspace:."
"""
PNPM = """lockfileVersion: '9.0'

importers:
  .:
    dependencies:
      lodash:
        specifier: ^4
        version: 4.17.21

packages:

  '@babel/core@7.23.0':
    resolution: {integrity: sha512-bb==}
    engines: {node: '>=6'}

  /lodash@4.17.21(react@18.0.0):
    resolution: {integrity: sha512-cc==}

  /old/1.0.0:
    dev: true

  '@local/ui@file:packages/ui':
    resolution: {directory: packages/ui, type: directory}

snapshots:

  other@1.0.0: {}
"""
CARGO_TOML = """
[package]
name = "widgets"
[dependencies]
serde = { version = "1", features = ["derive"] }
json = { package = "serde_json", version = "1" }
[dev-dependencies]
proptest = "1"
[target.'cfg(unix)'.dependencies]
nix = "0.27"
[workspace.dependencies]
tokio = "1"
"""
CARGO_LOCK = """
version = 3
[[package]]
name = "widgets"
version = "0.1.0"
dependencies = ["serde"]
[[package]]
name = "serde"
version = "1.0.190"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "aa"
[[package]]
name = "forked"
version = "0.1.0"
source = "git+https://e.org/forked#1"
"""
GO_MOD = """module example.org/widgets

go 1.21

require github.com/one/one v1.0.0

require (
	github.com/pkg/errors v0.9.1 // for wrapping
	golang.org/x/sys v0.13.0 // indirect
)

replace github.com/a/b => ../b
"""
GO_SUM = """github.com/pkg/errors v0.9.1 h1:aa=
github.com/pkg/errors v0.9.1/go.mod h1:bb=
"""
POM = """<project><groupId>org.e</groupId><artifactId>widgets</artifactId>
<!-- <dependency><groupId>no</groupId><artifactId>no</artifactId></dependency> -->
<dependencies><dependency><groupId>junit</groupId> <artifactId> junit </artifactId>
<exclusions><exclusion><groupId>x</groupId><artifactId>y</artifactId></exclusion></exclusions>
</dependency>
<dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId></dependency>
</dependencies></project>"""
GRADLE = """
// implementation 'no:no:1'
repositories { maven { url 'https://e.org/a:b' } }
dependencies {
    implementation 'com.google.guava:guava:32.1.2-jre'
    testImplementation("org.junit.jupiter:junit-jupiter:5.10.0")
    implementation(platform("org.e:bom:1"))
    runtimeOnly group: 'org.postgresql', name: 'postgresql', version: '42'
    implementation project(':core')
    implementation "org.e:$name:1"
    /* api 'no:no2:1' */
}
"""
GRADLE_LOCK = """# generated
com.google.guava:guava:32.1.2-jre=compileClasspath,runtimeClasspath
empty=annotationProcessor
"""
GEMFILE = """source 'https://rubygems.org'
gem 'rails', '~> 7.1'
# gem 'no'
group :test do
  gem "rspec"
end
"""
GEMFILE_LOCK = """GIT
  remote: https://e.org/forked.git
  revision: 1
  specs:
    forked (0.1.0)

PATH
  remote: .
  specs:
    widgets (0.1.0)

GEM
  remote: https://rubygems.org/
  specs:
    rails (7.1.0)
      actionpack (= 7.1.0)
    nokogiri (1.15.4-x86_64-linux)

PLATFORMS
  x86_64-linux

DEPENDENCIES
  forked!
  rails (~> 7.1)

CHECKSUMS
  rails (7.1.0) sha256=aa

BUNDLED WITH
   2.4.0
"""


def said(path: str, text: str) -> Declared:
    manifest = manifest_of(path)
    assert manifest is not None
    found = read_manifest(manifest, text.encode())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        (
            "/w/pyproject.toml",
            PYPROJECT,
            "django mkdocs orjson pytest pyyaml requests ruff x",
        ),
        ("requirements-dev.txt", REQUIREMENTS, "a-b flask numpy six urllib3"),
        ("requirements/base.in", "Flask\n", "flask"),
        ("setup.cfg", SETUP_CFG, "attrs hypothesis pytest requests sphinx"),
        ("Pipfile", PIPFILE, "pytest requests"),
        ("web/package.json", PACKAGE_JSON, "@types/node fsevents react vite"),
        ("Cargo.toml", CARGO_TOML, "nix proptest serde serde_json tokio"),
        ("go.mod", GO_MOD, "github.com/one/one github.com/pkg/errors"),
        ("pom.xml", POM, "junit:junit"),
        (
            "app/build.gradle.kts",
            GRADLE,
            "com.google.guava:guava org.e:bom org.junit.jupiter:junit-jupiter"
            " org.postgresql:postgresql",
        ),
        ("Gemfile", GEMFILE, "rails rspec"),
        ("Gemfile.lock", GEMFILE_LOCK, "forked rails"),
    ],
)
def test_what_a_project_asks_for_is_named(path: str, text: str, names: str) -> None:
    assert said(path, text).names == tuple(names.split())


@pytest.mark.parametrize(
    ("path", "text", "pins"),
    [
        (
            "requirements.txt",
            REQUIREMENTS,
            [
                Pin(name="a-b", version="1.0", marker="sys_platform == 'linux'"),
                Pin(name="flask", version="3.0.0", hash="sha256:aa"),
                Pin(name="six", version="1.16.0"),
            ],
        ),
        (
            "Pipfile.lock",
            PIPFILE_LOCK,
            [
                Pin(name="here", source="."),
                Pin(name="pytest", version="8.0.0"),
                Pin(
                    name="requests",
                    version="2.31.0",
                    hash="sha256:aa",
                    marker="python_version >= '3.7'",
                ),
            ],
        ),
        (
            "poetry.lock",
            POETRY_LOCK,
            [
                Pin(name="mine", version="1.0", source="https://e.org/mine.git"),
                Pin(name="requests", version="2.31.0", marker="extra == 'x'"),
            ],
        ),
        (
            "uv.lock",
            UV_LOCK,
            [
                Pin(name="forked", version="2", source="https://e.org/forked?rev=1#1"),
                Pin(name="six", version="1.16.0", hash="sha256:cc"),
            ],
        ),
        (
            "package-lock.json",
            PACKAGE_LOCK,
            [
                Pin(name="@a/b", version="1.0.0", source="https://e.org/b.tgz"),
                Pin(name="react", version="18.2.0", hash="sha512:aa=="),
                Pin(name="real", version="2.0.0"),
            ],
        ),
        (
            "package-lock.json",
            PACKAGE_LOCK_1,
            [Pin(name="a", version="1.0.0"), Pin(name="b", version="2.0.0", hash="sha1:x")],
        ),
        (
            "yarn.lock",
            YARN_1,
            [
                Pin(name="@babel/core", version="7.23.0", hash="sha512:bb=="),
                Pin(name="left-pad", version="1.3.0"),
            ],
        ),
        ("yarn.lock", YARN_2, [Pin(name="lodash", version="4.17.21")]),
        (
            "pnpm-lock.yaml",
            PNPM,
            [
                Pin(name="@babel/core", version="7.23.0", hash="sha512:bb=="),
                Pin(name="lodash", version="4.17.21", hash="sha512:cc=="),
                Pin(name="old", version="1.0.0"),
            ],
        ),
        (
            "Cargo.lock",
            CARGO_LOCK,
            [
                Pin(name="forked", version="0.1.0", source="git+https://e.org/forked#1"),
                Pin(name="serde", version="1.0.190", hash="sha256:aa"),
            ],
        ),
        (
            "go.mod",
            GO_MOD,
            [
                Pin(name="github.com/one/one", version="v1.0.0"),
                Pin(name="github.com/pkg/errors", version="v0.9.1"),
                Pin(name="golang.org/x/sys", version="v0.13.0"),
            ],
        ),
        ("go.sum", GO_SUM, [Pin(name="github.com/pkg/errors", version="v0.9.1", hash="h1:aa=")]),
        (
            "gradle.lockfile",
            GRADLE_LOCK,
            [Pin(name="com.google.guava:guava", version="32.1.2-jre")],
        ),
        (
            "Gemfile.lock",
            GEMFILE_LOCK,
            [
                Pin(name="forked", version="0.1.0", source="https://e.org/forked.git"),
                Pin(name="nokogiri", version="1.15.4-x86_64-linux"),
                Pin(name="rails", version="7.1.0", hash="sha256:aa"),
            ],
        ),
    ],
)
def test_what_a_lock_file_pins_is_exact(path: str, text: str, pins: list[Pin]) -> None:
    assert said(path, text).pins == tuple(pins)
    assert said(path, text.replace("\n", "\r\n")).pins == tuple(pins)


@pytest.mark.parametrize("path", ["pyproject.toml", "package.json", "Cargo.toml", "pom.xml"])
def test_a_manifest_pins_nothing(path: str) -> None:
    assert said(path, "{}" if path.endswith("json") else "").pins is None


def test_a_lock_file_without_packages_pins_nothing_which_is_known() -> None:
    assert said("poetry.lock", "").pins == ()


@pytest.mark.parametrize(
    "path",
    ["README.md", "lock", "node_modules/x/package.json", "/v/site-packages/a/setup.cfg", "", "/"],
)
def test_other_files_say_nothing(path: str) -> None:
    assert manifest_of(path) is None


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("pyproject.toml", b"= no"),
        ("package.json", b"[]"),
        ("package.json", b"{"),
        ("package.json", b'{"a":' * 100_000),
        ("uv.lock", b"a = " + b"[" * 100_000),
        ("yarn.lock", b"a" * (LONGEST + 1)),
    ],
)
def test_what_is_not_what_its_name_says_is_not_read(path: str, data: bytes) -> None:
    manifest = manifest_of(path)
    assert manifest is not None
    assert read_manifest(manifest, data) is None
