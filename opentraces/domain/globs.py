"""Patterns with `*`, `**` and `?`, as regular expressions that any engine reads alike."""

from opentraces.domain.words import fold

_SPECIAL = frozenset("\\.+*?()|[]{}^$")
_ANYTHING = "(?s:.)*"
_FOLDERS = f"({_ANYTHING}/)?"


def path_regex(pattern: str) -> str:
    """Return what a whole path, as `path_key` gives it, must match.

    A pattern that does not begin with `/` may begin at any folder; what it names may be a
    folder, and then everything below it matches.
    """
    key = path_key(pattern).removeprefix("./").rstrip("/")
    start = "" if key.startswith("/") else _FOLDERS
    return f"{start}{_regex(key)}(/{_ANYTHING})?"


def path_key(path: str) -> str:
    """Return a path as paths are compared: in lower case, with `/`."""
    return fold(path).replace("\\", "/")


def name_regex(pattern: str) -> str:
    """Return what a whole name, folded, must match; `*` stands for anything in it."""
    return _ANYTHING.join(escaped(part) for part in fold(pattern).split("*"))


def escaped(text: str) -> str:
    """Return a regular expression for this very text."""
    return "".join(f"\\{c}" if c in _SPECIAL else c for c in text)


def _regex(pattern: str) -> str:
    """Translate from left to right; `**` crosses folders, `*` and `?` do not."""
    translated: list[str] = []
    rest = pattern
    while rest:
        for glob, regex in _GLOBS:
            if rest.startswith(glob):
                translated.append(regex)
                rest = rest[len(glob) :]
                break
        else:
            translated.append(escaped(rest[0]))
            rest = rest[1:]
    return "".join(translated)


_GLOBS = (("**/", _FOLDERS), ("**", _ANYTHING), ("*", "[^/]*"), ("?", "[^/]"))
