"""What programs print that run tests of Ruby, Java, PHP, .NET and C, and Node's own.

Each function reads what one of them printed, and returns None where nothing of it is there.
"""

import re

from opentraces.domain.activity.deed import SuiteRun
from opentraces.domain.activity.run_numbers import last_of, number_of

_RSPEC = re.compile(r"^(\d+) examples?, (\d+) failures?(?:, (\d+) pending)?", re.MULTILINE)


def rspec(text: str) -> SuiteRun | None:
    """Read the sum of RSpec."""
    found = last_of(_RSPEC, text)
    if found is None:
        return None
    failed, pending = int(found[2]), number_of(found[3])
    return SuiteRun("", int(found[1]) - failed - pending, failed, pending)


_MAVEN = re.compile(
    r"Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)(.*)$", re.MULTILINE
)


def maven(text: str) -> SuiteRun | None:
    """Add up the sums of Surefire: of each module, or else of each class."""
    runs = list(_MAVEN.finditer(text))
    if not runs:
        return None
    sums = [run for run in runs if "Time elapsed" not in run[5]] or runs
    total, failures, errors, skipped = (sum(int(run[at]) for run in sums) for at in (1, 2, 3, 4))
    failed = failures + errors
    return SuiteRun("", total - failed - skipped, failed, skipped)


_GRADLE = re.compile(
    r"^(\d+) tests? completed(?:, (\d+) failed)?(?:, (\d+) skipped)?$", re.MULTILINE
)


def gradle(text: str) -> SuiteRun | None:
    """Read the sum that Gradle prints where a test failed."""
    found = last_of(_GRADLE, text)
    if found is None:
        return None
    failed, skipped = number_of(found[2]), number_of(found[3])
    return SuiteRun("", int(found[1]) - failed - skipped, failed, skipped)


_TAP = re.compile(r"^(?:# |\u2139 )(tests|pass|fail|skipped|todo) (\d+)$", re.MULTILINE)


def node(text: str) -> SuiteRun | None:
    """Read the sum of Node's own runner, as TAP or not."""
    said = {found[1]: int(found[2]) for found in _TAP.finditer(text)}
    if not {"pass", "fail"} <= said.keys():
        return None
    return SuiteRun("", said["pass"], said["fail"], said.get("skipped", 0) + said.get("todo", 0))


_PHPUNIT_GOOD = re.compile(r"^OK \((\d+) tests?, \d+ assertions?\)$", re.MULTILINE)
_PHPUNIT = re.compile(r"^Tests: (\d+), Assertions: \d+((?:, [A-Z][a-z]+: \d+)*)\.$", re.MULTILINE)


def phpunit(text: str) -> SuiteRun | None:
    """Read the sum of PHPUnit."""
    good = last_of(_PHPUNIT_GOOD, text)
    if good is not None:
        return SuiteRun("", int(good[1]), 0, 0)
    found = last_of(_PHPUNIT, text)
    if found is None:
        return None
    said = {word: int(number) for word, number in re.findall(r"([A-Z][a-z]+): (\d+)", found[2])}
    failed, skipped = said.get("Failures", 0) + said.get("Errors", 0), said.get("Skipped", 0)
    return SuiteRun("", int(found[1]) - failed - skipped, failed, skipped)


_DOTNET = re.compile(
    r"^(?:Passed|Failed)! +- Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+)", re.MULTILINE
)


def dotnet(text: str) -> SuiteRun | None:
    """Add up the sums of all projects."""
    runs = list(_DOTNET.finditer(text))
    if not runs:
        return None
    failed, passed, skipped = (sum(int(run[at]) for run in runs) for at in (1, 2, 3))
    return SuiteRun("", passed, failed, skipped)


_CTEST = re.compile(r"^\d+% tests passed, (\d+) tests? failed out of (\d+)$", re.MULTILINE)


def ctest(text: str) -> SuiteRun | None:
    """Read the sum of CTest."""
    found = last_of(_CTEST, text)
    return SuiteRun("", int(found[2]) - int(found[1]), int(found[1])) if found else None
