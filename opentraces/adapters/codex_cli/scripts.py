"""Texts that stand as literals in the JavaScript by which a model calls its tools."""

import re
from collections.abc import Iterator

_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL
)
_PLAIN = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "\0",
    "\n": "",
    "\r\n": "",
}
_LARGEST = 0x10FFFF
_BLANKS = " \n\t\r"
_RAW = "String.raw"
_REST = {quote: re.compile(rf"((?:[^{quote}\\]++|\\.)*+){quote}", re.DOTALL) for quote in "\"'`"}
"""What follows the quote that opens a literal: what is quoted, and the quote that closes it."""

_PUT_IN = re.compile(r"(?<!\\)(?:\\\\)*\$\{")


def literals_with(script: str, begin: str) -> list[str]:
    """Return the literals that begin with a text, blanks before it left out.

    One with values put into it, or without an end, is left out; nothing is run.
    """
    return [text for quote, body in _literals(script, begin) if (text := _text(quote, body))]


def _literals(script: str, begin: str) -> Iterator[tuple[str, str]]:
    """Yield how each such literal is quoted, and what stands between its quotes."""
    at = script.find(begin)
    while at >= 0:
        start = _start(script, at)
        if start is None:
            at = script.find(begin, at + len(begin))
            continue
        literal = _REST[script[start]].match(script, at)
        if literal is None:
            return
        raw = "raw" if script.endswith(_RAW, 0, start) else ""
        yield raw + script[start], literal[1]
        at = script.find(begin, literal.end())


def _start(script: str, at: int) -> int | None:
    """Return where the quote before a text stands. None: something else stands before it."""
    at -= 1
    while at >= 0:
        if script[at] in _BLANKS or script[at : at + 2] == "\\\n":
            at -= 1
        elif at > 0 and script[at - 1 : at + 1] == "\\n":
            at -= 2
        else:
            break
    return at if at >= 0 and script[at] in _REST else None


def _text(quote: str, body: str) -> str | None:
    """Return what a literal says. None: it takes a run to know."""
    if quote.endswith("`") and _PUT_IN.search(body):
        return None
    if quote.startswith("raw"):
        return body
    said = _ESCAPE.sub(_said, body)
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _said(escape: re.Match[str]) -> str:
    number = escape[1] or escape[2] or escape[3]
    if number is None:
        return _PLAIN.get(escape[4], escape[4])
    return chr(min(int(number, 16), _LARGEST))
