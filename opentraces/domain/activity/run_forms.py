"""What programs print that run tests of Python, JavaScript, Go and Rust.

Each function reads what one of them printed, and returns None where nothing of it is there.
"""

import re

from opentraces.domain.activity.deed import SuiteRun
from opentraces.domain.activity.run_numbers import last_of, number_of

_PYTEST = re.compile(
    r"^(?:=+ )?((?:\d+ (?:failed|passed|skipped|xfailed|xpassed|errors?|warnings?|deselected|"
    r"rerun)(?:, )?)+|no tests ran) in [\d.]+s(?: \([\d:]+\))?(?: =+)?$",
    re.MULTILINE,
)


def pytest(text: str) -> SuiteRun | None:
    """Read the last line of pytest, quiet or not."""
    found = last_of(_PYTEST, text)
    if found is None:
        return None
    said = {word: int(number) for number, word in re.findall(r"(\d+) ([a-z]+)", found[1])}
    failed = said.get("failed", 0) + said.get("error", 0) + said.get("errors", 0)
    skipped = said.get("skipped", 0) + said.get("xfailed", 0)
    return SuiteRun("", said.get("passed", 0) + said.get("xpassed", 0), failed, skipped)


_UNITTEST = re.compile(
    r"^Ran (\d+) tests? in [\d.]+s\n+(OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$", re.MULTILINE
)


def unittest(text: str) -> SuiteRun | None:
    """Read the two last lines of unittest."""
    found = last_of(_UNITTEST, text)
    if found is None:
        return None
    said = {word: int(n) for word, n in re.findall(r"([a-z][a-z ]*)=(\d+)", found[3] or "")}
    failed = said.get("failures", 0) + said.get("errors", 0) + said.get("unexpected successes", 0)
    skipped = said.get("skipped", 0) + said.get("expected failures", 0)
    return SuiteRun("", int(found[1]) - failed - skipped, failed, skipped, found[2] != "FAILED")


_JEST = re.compile(r"^Tests: +(.*)\b\d+ total$", re.MULTILINE)
_VITEST = re.compile(r"^ *Tests +((?:\d+ \w+(?: \| )?)+) \(\d+\)$", re.MULTILINE)


def jest(text: str) -> SuiteRun | None:
    """Read the line of all tests that Jest ends with."""
    return _counted(_JEST, text)


def vitest(text: str) -> SuiteRun | None:
    """Read the line of all tests that Vitest ends with."""
    return _counted(_VITEST, text)


def _counted(pattern: re.Pattern[str], text: str) -> SuiteRun | None:
    """Read a line of numbers, each before its word."""
    found = last_of(pattern, text)
    if found is None:
        return None
    said = {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", found[1])}
    skipped = said.get("skipped", 0) + said.get("todo", 0) + said.get("pending", 0)
    return SuiteRun("", said.get("passed", 0), said.get("failed", 0), skipped)


_MOCHA = re.compile(
    r"^ +(\d+) passing \([^)]+\)\n(?: +(\d+) pending\n)?(?: +(\d+) failing\n)?", re.MULTILINE
)


def mocha(text: str) -> SuiteRun | None:
    """Read the numbers that Mocha's reporter `spec` ends with."""
    found = last_of(_MOCHA, f"{text}\n")
    return SuiteRun("", int(found[1]), number_of(found[3]), number_of(found[2])) if found else None


_PLAYWRIGHT = re.compile(
    r"^ +(\d+) (passed|failed|flaky|skipped)(?: \([\d.]+m?s\))?$", re.MULTILINE
)


def playwright(text: str) -> SuiteRun | None:
    """Read the numbers that Playwright ends with."""
    said = {found[2]: int(found[1]) for found in _PLAYWRIGHT.finditer(text)}
    if not said.keys() & {"passed", "failed"} or not re.search(
        r"^Running \d+ tests? using", text, re.M
    ):
        return None
    passed = said.get("passed", 0) + said.get("flaky", 0)
    return SuiteRun("", passed, said.get("failed", 0), said.get("skipped", 0))


_GO_TEST = re.compile(r"^\s*--- (PASS|FAIL|SKIP): \S+ \([\d.]+s\)$", re.MULTILINE)
_GO_PACKAGE = re.compile(
    r"^(ok|FAIL)\s+\S+\s+(?:[\d.]+s|\(cached\)|\[build failed\])", re.MULTILINE
)


def go(text: str) -> SuiteRun | None:
    """Read the lines of packages, and with `-v` those of tests."""
    packages = [found[1] for found in _GO_PACKAGE.finditer(text)]
    if not packages:
        return None
    tests = [found[1] for found in _GO_TEST.finditer(text)]
    is_good = "FAIL" not in packages
    if "PASS" not in tests:  # without -v, tests that pass are not named
        return SuiteRun("", None, tests.count("FAIL"), None, is_good)
    return SuiteRun("", tests.count("PASS"), tests.count("FAIL"), tests.count("SKIP"), is_good)


_CARGO = re.compile(
    r"^test result: (ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored;", re.MULTILINE
)


def cargo(text: str) -> SuiteRun | None:
    """Add up what each binary of tests ended with."""
    runs = list(_CARGO.finditer(text))
    if not runs:
        return None
    passed, failed, ignored = (sum(int(run[at]) for run in runs) for at in (2, 3, 4))
    return SuiteRun("", passed, failed, ignored, all(run[1] == "ok" for run in runs))
