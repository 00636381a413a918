"""Packages of Ruby: Gemfile and Gemfile.lock."""

import re
from collections.abc import Iterator

from opentraces.domain.dependencies.declared import Declared, clean, declared, lines_of
from opentraces.domain.environment import Pin

_GEM = re.compile(r"""\s*gem\s*+\(?\s*+["']([\w.-]+)["']""")
_REMOTE = re.compile(r"  remote: (\S+)")
_SPEC = re.compile(r"    ([\w.-]+) \(([^)\s]+)\)")
_ASKED = re.compile(r"  ([\w.-]+)!?(?: \([^)]*\))?")
_CHECKSUM = re.compile(r"  ([\w.-]+) \(([^)\s]+)\) (\w+)=([0-9a-f]+)")
_RUBYGEMS = "https://rubygems.org/"


def gemfile(text: str) -> Declared:
    """Read a Gemfile."""
    return declared(found[1] for line in lines_of(text) if (found := _GEM.match(line)))


def gemfile_lock(text: str) -> Declared:
    """Read Gemfile.lock; gems in a folder of the project are its own."""
    hashes = {
        (found[1], found[2]): f"{found[3]}:{found[4]}"
        for section, line in _lines(text)
        if section == "CHECKSUMS" and (found := _CHECKSUM.fullmatch(line))
    }
    asked = (
        found[1]
        for section, line in _lines(text)
        if section == "DEPENDENCIES" and (found := _ASKED.fullmatch(line))
    )
    return declared(asked, _pins(text, hashes))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    section = ""
    for line in lines_of(text):
        if line[:1].isalpha():
            section = line.strip()
        else:
            yield section, line.rstrip()


def _pins(text: str, hashes: dict[tuple[str, str], str]) -> Iterator[Pin]:
    remote = None
    for section, line in _lines(text):
        if found := _REMOTE.fullmatch(line):
            remote = clean(found[1])
        elif section in ("GEM", "GIT") and (found := _SPEC.fullmatch(line)):
            yield Pin(
                name=found[1],
                version=clean(found[2]),
                hash=hashes.get((found[1], found[2])),
                source=None if remote == _RUBYGEMS else remote,
            )
