"""Words of a session between two lines that nothing in them can forge."""

from collections.abc import Sequence

from opentraces.domain.ids import content_id

TRUST = "untrusted_transcript"
"""What all that a session says is marked as."""

DIGITS = 32
"""Of the word that both lines hold."""


def nonce_of(body: Sequence[str]) -> str:
    """Return a word that looks random, follows from a text, and does not stand in it."""
    material = [*body]
    while (nonce := content_id(material)[:DIGITS]) in "\n".join(body):
        material.append(nonce)
    return nonce


def fenced(body: Sequence[str], nonce: str) -> list[str]:
    """Return the lines between the two."""
    return [f"--- BEGIN {TRUST} {nonce} ---", *body, f"--- END {TRUST} {nonce} ---"]
