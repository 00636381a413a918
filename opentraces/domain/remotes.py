"""Where a repository was cloned from, written alike for each way to reach it."""

import re

_LONGEST = 2000
_PARTS = 2
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PORT = re.compile(r":\d*$")
_HELPER = re.compile(r"[A-Za-z0-9]+::")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")


def plain_remote(address: str) -> str | None:
    """Return `host/owner/repo`, or a local path as it is; user, password and port are left out.

    None: it names no place, but a command or nothing at all.
    """
    if len(address) > _LONGEST or _UNSEEN.search(address):
        return None
    if helper := _HELPER.match(address):
        address = address[helper.end() :]
        if not _SCHEME.match(address):
            return None
    if scheme := _SCHEME.match(address):
        return _of_url(scheme[0].lower(), address[scheme.end() :])
    return _of_short_form(address) or None


def owner_and_name(remote: str) -> str | None:
    """Return `owner/repo` of `host/owner/repo`. None: it is not of that form."""
    host, _, rest = remote.partition("/")
    parts = rest.split("/")
    return rest if host and all(parts) and len(parts) == _PARTS else None


def _of_url(scheme: str, rest: str) -> str | None:
    host, slash, path = re.split("[?#]", rest, maxsplit=1)[0].partition("/")
    if scheme == "file://":
        return slash + path or None
    return _joined(_PORT.sub("", _without_user(host)), path)


def _of_short_form(address: str) -> str | None:
    """Read `user@host:path`; anything else is a path on this machine."""
    head, slash, rest = address.partition("/")
    if ":" not in head:
        return address
    head = _without_user(head)
    if head.startswith("["):
        host, _, start = head.partition("]:")
        return _joined(f"{host}]", start + slash + rest)
    host, colon, start = head.partition(":")
    return _joined(host, start + slash + rest) if colon else None


def _without_user(host: str) -> str:
    return host.rpartition("@")[2]


def _joined(host: str, path: str) -> str | None:
    name = path.strip("/").removesuffix(".git").rstrip("/")
    return "/".join(filter(None, (host.lower(), name))) if host else None
