"""Which packages a command line installs, or adds to a project."""

import re
import shlex
from collections.abc import Callable, Iterator, Sequence

from opentraces.domain.dependencies.declared import is_name
from opentraces.domain.dependencies.requirement import name_of
from opentraces.domain.slotted import frozen_dataclass
from opentraces.domain.step import ToolCall

_LONGEST = 64 * 1024
_KEYS = ("command", "cmd", "script")
"""Under which tools have the command they run, for every agent."""

_OPERATOR = re.compile(r"[();<>|&]+")
_REDIRECTIONS = frozenset(("<", ">", ">>", "<&", ">&", "&>", "&>>", ">|"))
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_WRAPPERS = frozenset(("sudo", "env", "time", "command", "nohup", "exec"))
_SHELLS = frozenset(("sh", "bash", "zsh", "dash"))
_PYTHON = re.compile(r"python[\d.]*|py")
_UNKNOWN = frozenset("$`*?~!")
_NOT_NAMED = (".", "/", "git+", "http:", "https:", "file:", "git:", "ssh:", "github:", "link:")


@frozen_dataclass
class Installed:
    """What one command installed."""

    ecosystem: str
    """As in `Manifest`."""

    names: tuple[str, ...]
    """The packages it names, in its order; never empty."""


@frozen_dataclass
class _Tool:
    """How a program is told to install."""

    ecosystem: str
    verbs: tuple[tuple[str, ...], ...]
    valued: frozenset[str]
    """Options that the next word belongs to."""
    name_of: Callable[[str], str | None]


def _plain(text: str) -> str | None:
    return text


def _before_version(text: str) -> str | None:
    """Return `@scope/name` of `@scope/name@1.2`."""
    name = text[:1] + text[1:].partition("@")[0]
    return name if ":" not in text or "@npm:" in text else None


def _gem(text: str) -> str | None:
    return text.partition(":")[0]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PIP = _words(
    "-r --requirement -c --constraint -e --editable -t --target -i --index-url --extra-index-url "
    "-f --find-links --prefix --root --python -p --platform --abi --progress-bar --src "
    "--group -G --extra --optional --index --source --tag --branch --rev --package"
)
_NPM = _words("-w --workspace --prefix --registry -C --cwd --dir --filter -F --tag")
_OTHERS = _words("--prefix --registry -C --cwd --dir --filter -F --tag")
_CARGO = _words(
    "-F --features -p --package --path --git --branch --tag --rev --registry --rename --target "
    "--manifest-path"
)
_GEM = _words("-v --version -s --source -i --install-dir -g --group -P --git --branch")
_INSTALL = (("install",),)
_ADD = (("add",),)

_TOOLS = {
    "pip": _Tool("python", _INSTALL, _PIP, name_of),
    "pip3": _Tool("python", _INSTALL, _PIP, name_of),
    "pipenv": _Tool("python", _INSTALL, _PIP, name_of),
    "uv": _Tool("python", (("add",), ("pip", "install")), _PIP, name_of),
    "poetry": _Tool("python", _ADD, _PIP, lambda text: name_of(text.partition("@")[0])),
    "pdm": _Tool("python", _ADD, _PIP, name_of),
    "rye": _Tool("python", _ADD, _PIP, name_of),
    "npm": _Tool("npm", (("install",), ("i",), ("add",)), _NPM, _before_version),
    "pnpm": _Tool("npm", (("add",), ("install",), ("i",)), _OTHERS, _before_version),
    "yarn": _Tool("npm", _ADD, _OTHERS, _before_version),
    "bun": _Tool("npm", (("add",), ("install",), ("i",)), _OTHERS, _before_version),
    "cargo": _Tool("cargo", _ADD, _CARGO, _before_version),
    "go": _Tool("go", (("get",),), frozenset(("-C", "-modfile")), _before_version),
    "gem": _Tool("rubygems", _INSTALL, _GEM, _gem),
    "bundle": _Tool("rubygems", _ADD, _GEM, _plain),
}


def commands_of(call: ToolCall) -> Iterator[str]:
    """Yield the command lines that a call asked a shell to run."""
    for key in _KEYS:
        said = call.input.get(key)
        if isinstance(said, str):
            yield said
        elif isinstance(said, list | tuple) and said and all(isinstance(w, str) for w in said):
            words = [str(word) for word in said]
            is_shell = len(words) > 2 and words[0].rpartition("/")[2] in _SHELLS
            yield words[2] if is_shell and words[1] in ("-c", "-lc") else shlex.join(words)


def installed_by(command: str) -> Iterator[Installed]:
    """Yield what a command that succeeded installed.

    Only where its success says so: not before `|`, `;` or a new line, whose success is another's,
    and not behind `||`.
    """
    for words in _decisive(command):
        found = _installed(words)
        if found is not None:
            yield found


def _decisive(command: str) -> list[list[str]]:
    """Return the commands, as words, that must have succeeded when all of it did."""
    found: list[list[str]] = [[]]
    for operator, word in _split(command):
        if operator == "":
            found[-1].append(word)
        elif operator == "&&":
            found.append([])
        elif operator == "||":
            return []
        elif operator not in ("(", ")"):
            found = [[]]
    return found


def _split(command: str) -> list[tuple[str, str]]:
    """Return operators and words of a command's last line, without redirections."""
    if len(command) > _LONGEST or "<<" in command:
        return []
    last = command.replace("\\\n", " ").strip().rpartition("\n")[2]
    splitter = shlex.shlex(last, posix=True, punctuation_chars=True)
    splitter.whitespace_split = True
    found: list[tuple[str, str]] = []
    try:
        for word in splitter:
            if found and found[-1][0] in _REDIRECTIONS:
                found.pop()
            elif not _OPERATOR.fullmatch(word):
                found.append(("", word))
            else:
                if word[0] in "<>" and found and found[-1] in (("", "1"), ("", "2")):
                    found.pop()
                found.append((word, ""))
    except ValueError:
        return []
    return found


def _installed(words: Sequence[str]) -> Installed | None:
    while words and (words[0] in _WRAPPERS or _ASSIGNED.fullmatch(words[0])):
        words = words[1:]
    if not words:
        return None
    program, rest = words[0].rpartition("/")[2], words[1:]
    if _PYTHON.fullmatch(program) and rest[:1] == ["-m"] and len(rest) > 1:
        program, rest = rest[1], rest[2:]
    tool = _TOOLS.get(program)
    verb = next((v for v in tool.verbs if tuple(rest[: len(v)]) == v), None) if tool else None
    if tool is None or verb is None:
        return None
    names = tuple(dict.fromkeys(_names(tool, rest[len(verb) :])))
    return Installed(tool.ecosystem, names) if names else None


def _names(tool: _Tool, words: Sequence[str]) -> Iterator[str]:
    is_value = False
    for word in words:
        if is_value or word.startswith("-"):
            is_value = not is_value and word in tool.valued
        elif not word.startswith(_NOT_NAMED) and not _UNKNOWN & {*word}:
            name = tool.name_of(word)
            if name and is_name(name) and not name.endswith((".whl", ".tgz", ".tar.gz", ".gem")):
                yield name
