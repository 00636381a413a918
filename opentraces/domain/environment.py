"""Where a session ran: machine, interpreter, revision, pinned packages."""

from typing import Literal

from opentraces.domain.frozen import Frozen


class VersionControl(Frozen):
    """The revision that the session started from."""

    type: Literal["git", "none"] = "none"
    """`git` inside a Git worktree; `none` outside one, and where nobody could tell."""

    base_commit: str | None = None
    """Full id of the commit checked out at the start, from the agent's own record or else the
    reflog of HEAD, never from what is checked out at import; None: neither tells, or no commit
    yet."""

    branch: str | None = None
    """Branch checked out at the start, from the agent, or else when the session was kept first;
    None: detached, or neither is known."""

    diff: str | None = None
    """Unified diff of what was not committed at the start; None: not captured."""


class Interpreter(Frozen):
    """The language runtime that the session's commands used."""

    name: str | None = None
    """Implementation, lower case: `cpython`, `pypy`, `node`; None: unknown."""

    version: str | None = None
    """Its full version, `3.11.6`; None: unknown."""


class Pin(Frozen):
    """One package at one version, as a lock file of the project has it."""

    name: str
    """The package, as its registry spells it."""

    version: str | None = None
    """The exact version, never a range; None: the lock file names none (a path, a branch)."""

    hash: str | None = None
    """Digest of the artifact with its algorithm, `sha256:…`; None: the lock file holds none."""

    marker: str | None = None
    """PEP 508 condition under which it is installed; None: always."""

    source: str | None = None
    """The registry, address or file it is taken from; None: the default registry."""


class Environment(Frozen):
    """What was around the agent. Read from the session and its hooks, never guessed at import."""

    os: str | None = None
    """Operating system as the agent reports it; None: it does not."""

    shell: str | None = None
    """Shell that ran the commands, as the agent reports it; None: it does not."""

    vcs: VersionControl = VersionControl()
    """The revision that the session started from."""

    language_ecosystem: tuple[str, ...] = ()
    """Ecosystems with a manifest in the project (`python`, `npm`), sorted; empty: none was seen."""

    resolved_dependencies: tuple[Pin, ...] | None = None
    """The packages that the lock files pin, sorted by name; None: no lock file was read, which is
    less than empty: a lock file that pins nothing."""

    interpreter: Interpreter | None = None
    """The language runtime; None: nothing told which."""

    arch: str | None = None
    """Processor architecture, `x86_64` or `arm64`; None: unknown."""

    platform: str | None = None
    """Platform tag, `linux` or `macosx_14_0_arm64`; None: unknown."""

    abi_tag: str | None = None
    """Python ABI tag, `cp311`; None: unknown, or no Python project."""
