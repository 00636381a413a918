"""What is said of the medium of a home."""

from opentraces.adapters.memory.medium import MemoryMedium
from opentraces.application.diagnosing.medium import MediumChecker
from opentraces.domain.health import Check, Level
from opentraces.domain.media import lockless

HOME = "/home/dev/.opentraces"


def checks(medium: MemoryMedium) -> list[Check]:
    return list(MediumChecker(HOME, medium).checks())


def test_a_home_that_can_be_written_to_is_well() -> None:
    assert checks(MemoryMedium()) == [Check("home", Level.OK, f"{HOME} can be written to")]


def test_what_cannot_be_written_to_is_wrong() -> None:
    (check,) = checks(MemoryMedium(lockless(HOME, "No locks available")))

    assert check.level is Level.FAIL
    assert check.text.endswith("its file system has no locks (No locks available)")
    assert check.advice == "keep it on a local file system; OPENTRACES_HOME names the home"


def test_a_network_s_file_system_is_named() -> None:
    (check,) = checks(MemoryMedium(network="nfs4"))

    assert check.level is Level.WARN
    assert f"{HOME} is on a network's file system (nfs4)" in check.text
