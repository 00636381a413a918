"""What all JSON documents have in common."""

SCHEMA_VERSION = "1"
"""Of all documents but a TraceRecord, which has its own."""


def text_of(name: str) -> str:
    """Return text that JSON can hold: a file's name may be no text at all."""
    return name.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
