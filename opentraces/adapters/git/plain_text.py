"""What is taken for text: files, and the names of files."""

_BEGIN = 8000
"""Bytes; Git looks as far for a sign that a file is no text."""


def is_text(content: bytes) -> bool:
    """Whether a file holds text, as Git tells."""
    return b"\0" not in content[:_BEGIN]


def is_named(path: bytes) -> bool:
    """Whether a path is text."""
    return path.decode("utf-8", "replace").encode() == path
