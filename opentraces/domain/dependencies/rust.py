"""Packages of Rust: Cargo.toml and Cargo.lock."""

from collections.abc import Iterator

from opentraces.domain.dependencies.declared import (
    Declared,
    declared,
    inner,
    table,
    tables,
    word,
)
from opentraces.domain.dependencies.documents import read_toml
from opentraces.domain.environment import Pin

_KINDS = ("dependencies", "dev-dependencies", "build-dependencies")
_CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"


def cargo_toml(text: str) -> Declared:
    """Read Cargo.toml; a package that is renamed has its own name."""
    said = read_toml(text)
    places = [said, inner(said, "workspace"), *map(table, inner(said, "target").values())]
    entries = (pair for each in places for kind in _KINDS for pair in inner(each, kind).items())
    return declared(word(table(entry).get("package")) or name for name, entry in entries)


def cargo_lock(text: str) -> Declared:
    """Read Cargo.lock; packages without a source are the project's own."""
    return declared((), _pins(read_toml(text)))


def _pins(said: dict[str, object]) -> Iterator[Pin]:
    for entry in tables(said.get("package")):
        name, source = word(entry.get("name")), word(entry.get("source"))
        if name is not None and source is not None:
            checksum = word(entry.get("checksum"))
            yield Pin(
                name=name,
                version=word(entry.get("version")),
                hash=f"sha256:{checksum}" if checksum else None,
                source=None if source == _CRATES_IO else source,
            )
