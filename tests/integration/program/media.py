"""A machine whose home is on a medium that refuses: for one command at a time."""

import errno
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.integration.program import refusing
from tests.integration.program.machine import COMMAND, Machine

_NAMESPACE = ("unshare", "--map-root-user", "--mount", "sh", "-c")
_READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
_SMALL = """mount -t tmpfs -o size={size} none "$1" && cp -a "$0/." "$1" &&
mount --bind "$1" "$0" && shift && "$@"; code=$?; find "$0" -type f >&2; exit $code"""


@dataclass(frozen=True)
class OnMedium(Machine):
    """One user's machine, on which programs meet another medium than we do."""

    before: tuple[str, ...] = ()
    """What brings that about, before the command."""

    @property
    def command(self) -> tuple[str, ...]:
        return (*self.before, *COMMAND)

    def said(self, *arguments: str) -> tuple[int, bytes, str]:
        """Run one command that may fail, but with no traceback: exit code, stdout, stderr."""
        code, out, errors = self.run(*arguments)
        assert b"Traceback" not in errors
        return code, out, errors.decode()


def read_only(machine: Machine, part: str = "") -> OnMedium:
    """Return the machine with its home mounted read-only, or a part of it."""
    before = (*_NAMESPACE, _READ_ONLY, str(machine.home / part))
    _skip_unless(before)
    return OnMedium(machine.root, machine.claude, before=before)


def small(machine: Machine, size: int) -> OnMedium:
    """Return the machine with a copy of its home on a disk of so many bytes.

    It is gone after each command, whose stderr ends in the names of all files that were on it.
    """
    disk = machine.root / "disk"
    for folder in (machine.home, disk):
        folder.mkdir(parents=True, exist_ok=True)
    _skip_unless((*_NAMESPACE, 'mount -t tmpfs none "$0" && exec "$@"', str(disk)))
    before = (*_NAMESPACE, _SMALL.format(size=size), str(machine.home), str(disk))
    return OnMedium(machine.root, machine.claude, before=before)


def mortal(machine: Machine) -> OnMedium:
    """Return the machine with a user to whom permissions apply: root forgoes his own."""
    if os.geteuid():
        return OnMedium(machine.root, machine.claude)
    before = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    if shutil.which("setpriv") is None:
        pytest.skip("root may do anything, and there is no setpriv to forgo it")
    return OnMedium(machine.root, machine.claude, before=before)


def refused(machine: Machine, call: str, number: int = errno.ENOLCK) -> OnMedium:
    """Return the machine with a kernel that refuses a call."""
    if not refusing.is_possible():
        pytest.skip("no call can be refused on this machine")
    program = (sys.executable, str(Path(refusing.__file__)), call, str(number))
    return OnMedium(machine.root, machine.claude, before=program)


@cache
def _is_possible(before: tuple[str, ...]) -> bool:
    return subprocess.run([*before, "true"], check=False, capture_output=True).returncode == 0


def _skip_unless(before: tuple[str, ...]) -> None:
    if not _is_possible(before):
        pytest.skip("nothing can be mounted on this machine")
