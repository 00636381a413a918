"""What programs that run tests print at their end."""

import re
from collections.abc import Callable
from typing import NamedTuple

from opentraces.domain.activity import run_forms, run_forms_more
from opentraces.domain.activity.deed import SuiteRun

_SEEN = 200_000
"""Characters of an output, from its end, that are looked at."""

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class _Form(NamedTuple):
    framework: str
    read: Callable[[str], SuiteRun | None]


def run_told(output: str) -> SuiteRun | None:
    """Return what a run of tests printed of itself. None: nothing that is known here."""
    text = _ESCAPES.sub("", output[-_SEEN:]).replace("\r\n", "\n")
    for form in _FORMS:
        told = form.read(text)
        if told is not None:
            good = told.is_good
            if good is None:
                good = None if told.failed is None else told.failed == 0
            return told._replace(framework=form.framework, is_good=good)
    return None


_FORMS = (
    _Form("pytest", run_forms.pytest),
    _Form("unittest", run_forms.unittest),
    _Form("jest", run_forms.jest),
    _Form("vitest", run_forms.vitest),
    _Form("mocha", run_forms.mocha),
    _Form("playwright", run_forms.playwright),
    _Form("cargo test", run_forms.cargo),
    _Form("go test", run_forms.go),
    _Form("rspec", run_forms_more.rspec),
    _Form("maven", run_forms_more.maven),
    _Form("gradle", run_forms_more.gradle),
    _Form("node --test", run_forms_more.node),
    _Form("phpunit", run_forms_more.phpunit),
    _Form("dotnet test", run_forms_more.dotnet),
    _Form("ctest", run_forms_more.ctest),
)
