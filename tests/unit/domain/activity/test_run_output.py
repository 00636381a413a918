"""The words with which programs that run tests end, as they print them."""

import pytest

from opentraces.domain.activity.deed import SuiteRun
from opentraces.domain.activity.run_output import run_told

TOLD = {
    "pytest": (
        "F..s                                          [100%]\n"
        "=========================== short test summary info ============================\n"
        "FAILED test_x.py::test_a - assert 1 == 2\n"
        "============= 1 failed, 2 passed, 1 skipped, 3 warnings in 0.12s ==============\n",
        SuiteRun("pytest", 2, 1, 1, is_good=False),
    ),
    "pytest, quiet": ("...\n3 passed in 0.01s\n", SuiteRun("pytest", 3, 0, 0, is_good=True)),
    "pytest, an error": (
        "=== 2 passed, 1 error in 75.30s (0:01:15) ===\n",
        SuiteRun("pytest", 2, 1, 0, is_good=False),
    ),
    "pytest, in colours": (
        "\x1b[32m===== \x1b[1m4 passed\x1b[0m\x1b[32m in 0.20s\x1b[0m\x1b[32m =====\x1b[0m\r\n",
        SuiteRun("pytest", 4, 0, 0, is_good=True),
    ),
    "pytest, the last of two runs": (
        "=== 1 failed in 0.10s ===\n=== 1 passed in 0.10s ===\n",
        SuiteRun("pytest", 1, 0, 0, is_good=True),
    ),
    "unittest": (
        "..F\n======\nFAIL: test_a\n------\nRan 3 tests in 0.001s\n\nFAILED (failures=1)\n",
        SuiteRun("unittest", 2, 1, 0, is_good=False),
    ),
    "unittest, skipped": (
        "Ran 1 test in 0.000s\n\nOK (skipped=1)\n",
        SuiteRun("unittest", 0, 0, 1, is_good=True),
    ),
    "jest": (
        "Test Suites: 1 failed, 1 passed, 2 total\n"
        "Tests:       1 failed, 2 skipped, 5 passed, 8 total\nSnapshots:   0 total\n",
        SuiteRun("jest", 5, 1, 2, is_good=False),
    ),
    "vitest": (
        " Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 3 passed (4)\n",
        SuiteRun("vitest", 3, 1, 0, is_good=False),
    ),
    "mocha": (
        "\n  3 passing (12ms)\n  1 pending\n  2 failing\n\n  1) a\n",
        SuiteRun("mocha", 3, 2, 1, is_good=False),
    ),
    "playwright": (
        "Running 4 tests using 2 workers\n\n  1 failed\n    [chromium] a\n  3 passed (2.1s)\n",
        SuiteRun("playwright", 3, 1, 0, is_good=False),
    ),
    "go": (
        "ok  \texample.com/a\t0.004s\n?   \texample.com/b\t[no test files]\n",
        SuiteRun("go test", None, 0, None, is_good=True),
    ),
    "go, verbose": (
        "=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n    b_test.go:9: no\n"
        "--- FAIL: TestB (0.00s)\nFAIL\nFAIL\texample.com/a\t0.004s\nFAIL\n",
        SuiteRun("go test", 1, 1, 0, is_good=False),
    ),
    "go, does not build": (
        "FAIL\texample.com/a [build failed]\nFAIL\n",
        SuiteRun("go test", None, 0, None, is_good=False),
    ),
    "cargo": (
        "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n"
        "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n",
        SuiteRun("cargo test", 4, 2, 1, is_good=False),
    ),
    "rspec": (
        "Finished in 0.1 seconds\n3 examples, 1 failure, 1 pending\n",
        SuiteRun("rspec", 1, 1, 1, is_good=False),
    ),
    "maven": (
        "[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s - in A\n"
        "[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.1 s - in B\n"
        "[ERROR] Tests run: 5, Failures: 1, Errors: 0, Skipped: 1\n",
        SuiteRun("maven", 3, 1, 1, is_good=False),
    ),
    "gradle": (
        "5 tests completed, 1 failed, 1 skipped\n",
        SuiteRun("gradle", 3, 1, 1, is_good=False),
    ),
    "node": (
        "\u2139 tests 3\n\u2139 suites 0\n\u2139 pass 2\n\u2139 fail 1\n\u2139 skipped 0\n",
        SuiteRun("node --test", 2, 1, 0, is_good=False),
    ),
    "node, as TAP": (
        "TAP version 13\n# tests 2\n# pass 2\n# fail 0\n# skipped 0\n# todo 0\n",
        SuiteRun("node --test", 2, 0, 0, is_good=True),
    ),
    "phpunit": ("OK (3 tests, 4 assertions)\n", SuiteRun("phpunit", 3, 0, 0, is_good=True)),
    "phpunit, failures": (
        "FAILURES!\nTests: 4, Assertions: 4, Failures: 1, Skipped: 1.\n",
        SuiteRun("phpunit", 2, 1, 1, is_good=False),
    ),
    "dotnet": (
        "Failed!  - Failed:     1, Passed:     3, Skipped:     0, Total:     4, Duration: 9 ms\n",
        SuiteRun("dotnet test", 3, 1, 0, is_good=False),
    ),
    "ctest": (
        "75% tests passed, 1 tests failed out of 4\n",
        SuiteRun("ctest", 3, 1, None, is_good=False),
    ),
}


@pytest.mark.parametrize(("output", "run"), TOLD.values(), ids=TOLD)
def test_the_last_words_of_a_run_are_read(output: str, run: SuiteRun) -> None:
    assert run_told(f"$ run\n{output}") == run


@pytest.mark.parametrize(
    "output",
    [
        "",
        "3 passed the exam in 2019",
        "we saw 1 failed, 2 passed in the log",
        "Tests: what to write",
        "ok  this is fine",
        "  4 passed\n",
        "Ran 3 tests in 0.001s, it said",
    ],
)
def test_what_only_looks_like_it_is_no_run(output: str) -> None:
    assert run_told(output) is None


def test_only_the_end_of_an_endless_output_is_looked_at() -> None:
    assert run_told("1 passed in 0.01s\n" + "x" * 300_000) is None
    assert run_told("x" * 300_000 + "\n1 passed in 0.01s\n") is not None
