"""The line that keeps what agents leave in a repository out of Git, in a list of any style."""

LINE = ".opentraces/"
"""What Git is to leave alone."""

_ALIKE = {b".opentraces", b".opentraces/", b"/.opentraces", b"/.opentraces/"}


def addition(listed: bytes) -> str:
    """Return what is to be added to the end of a list; empty: it has such a line."""
    if _ALIKE & {line.strip() for line in listed.splitlines()}:
        return ""
    end = "\r\n" if b"\r\n" in listed else "\n"
    is_open = listed and not listed.endswith(b"\n")
    return f"{end if is_open else ''}{LINE}{end}"


def without(listed: bytes, added: str) -> bytes:
    """Return the list without what was added: as it was, where nothing was changed behind it.

    Elsewhere our line goes, if it is there, and all else stays.
    """
    ours = added.encode()
    if listed.endswith(ours):
        return listed[: len(listed) - len(ours)]
    lines = listed.splitlines(keepends=True)
    at = next((n for n, line in enumerate(lines) if line.strip() == LINE.encode()), None)
    return listed if at is None else b"".join(lines[:at] + lines[at + 1 :])
