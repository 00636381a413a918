"""What a session shows of the packages that its project is built on, and where it shows that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from opentraces.domain.dependencies.declared import Declared
from opentraces.domain.environment import Pin
from opentraces.domain.slotted import frozen_dataclass

MOST_ROWS = 1000
"""Places that are named; the others count all the same."""

_ORDER = ("name", "version", "source", "marker", "hash")


@frozen_dataclass
class SeenManifest:
    """A manifest or a lock file: as a session saw it last, or as it was committed when it began."""

    path: str
    """As the agent names it; from the root of the repository, where a commit has it."""

    ecosystem: str
    """As in `Manifest`."""

    step_index: int | None
    """The step that saw or wrote it so. None: no step did."""

    kept: str | None
    """Where its content is kept, as `tied.text_place` writes it. None: it is put together of what
    was kept before and what was changed then."""

    said: Declared
    """What it says."""

    commit: str | None = None
    """Full id of the commit that has it so. None: it was seen by a step."""

    blob: str | None = None
    """Git's id of its content in that commit; None, likewise."""


@frozen_dataclass
class InstalledAt:
    """Packages that a command installed."""

    step_index: int
    """The step that ran it."""

    tool_call_id: str
    """The call that did."""

    ecosystem: str
    """As in `Manifest`."""

    names: tuple[str, ...]
    """The packages, in the command's order."""


@frozen_dataclass
class Dependencies:
    """What of a TraceRecord says on what the project is built."""

    names: tuple[str, ...] = ()
    """Packages that are asked for or were installed, each once, sorted."""

    ecosystems: tuple[str, ...] = ()
    """Their ecosystems, sorted."""

    pins: tuple[Pin, ...] | None = None
    """Exact versions, sorted. None: no file that has such was seen."""

    evidence: Mapping[str, Any] = field(default_factory=dict)
    """Where all that was seen: `files` and `commands`; empty: nowhere."""


def gathered(
    manifests: Sequence[SeenManifest],
    installs: Sequence[InstalledAt],
    limitations: Iterable[str] = (),
) -> Dependencies:
    """Put together what files and commands say. `limitations`: why something may be missing."""
    names = {name for each in manifests for name in each.said.names}
    names |= {name for each in installs for name in each.names}
    ecosystems = {each.ecosystem for each in manifests} | {each.ecosystem for each in installs}
    locks = [each.said.pins for each in manifests if each.said.pins is not None]
    pins = {_key(pin): pin for some in locks for pin in some}
    evidence = {
        "files": [_file(each) for each in manifests[:MOST_ROWS]],
        "commands": [_command(each) for each in installs[:MOST_ROWS]],
        "limitations": list(limitations),
    }
    return Dependencies(
        names=tuple(sorted(names)),
        ecosystems=tuple(sorted(ecosystems)),
        pins=tuple(pins[key] for key in sorted(pins)) if locks else None,
        evidence={key: rows for key, rows in evidence.items() if rows},
    )


def _file(seen: SeenManifest) -> dict[str, Any]:
    row: dict[str, Any] = {
        "path": seen.path,
        "ecosystem": seen.ecosystem,
        "step_index": seen.step_index,
        "names": len(seen.said.names),
        "pins": None if seen.said.pins is None else len(seen.said.pins),
        "kept": seen.kept,
        "commit": seen.commit,
        "blob": seen.blob,
    }
    return {key: value for key, value in row.items() if value is not None}


def _command(installed: InstalledAt) -> dict[str, Any]:
    return {
        "step_index": installed.step_index,
        "tool_call_id": installed.tool_call_id,
        "ecosystem": installed.ecosystem,
        "names": list(installed.names),
    }


def _key(pin: Pin) -> tuple[str, ...]:
    return tuple(getattr(pin, part) or "" for part in _ORDER)
