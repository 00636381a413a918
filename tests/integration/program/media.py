"""A machine whose home is on a medium that refuses: for one command at a time."""

import errno
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
_SMALL = (
    'mount -t tmpfs -o size={size} none "$0" && "$@"; code=$?; find "$0" -mindepth 1; exit $code'
)


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


def read_only(machine: Machine) -> OnMedium:
    """Return the machine with its home mounted read-only."""
    before = (*_NAMESPACE, _READ_ONLY, str(machine.home))
    _skip_unless(before)
    return OnMedium(machine.root, machine.claude, before)


def small(machine: Machine, size: str) -> OnMedium:
    """Return the machine with an empty disk of a size as its home.

    It is gone after each command, whose stdout ends in the names of all that was on it.
    """
    machine.home.mkdir(parents=True, exist_ok=True)
    before = (*_NAMESPACE, _SMALL.format(size=size), str(machine.home))
    _skip_unless(before)
    return OnMedium(machine.root, machine.claude, before)


def refused(machine: Machine, call: str, number: int = errno.ENOLCK) -> OnMedium:
    """Return the machine with a kernel that refuses a call."""
    if not refusing.is_possible():
        pytest.skip("no call can be refused on this machine")
    program = (sys.executable, str(Path(refusing.__file__)), call, str(number))
    return OnMedium(machine.root, machine.claude, program)


@cache
def _is_possible(before: tuple[str, ...]) -> bool:
    return subprocess.run([*before, "true"], check=False, capture_output=True).returncode == 0


def _skip_unless(before: tuple[str, ...]) -> None:
    if not _is_possible(before):
        pytest.skip("nothing can be mounted on this machine")
