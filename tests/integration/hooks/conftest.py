import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.hooks.hooked import HookedMachine
from tests.integration.hooks.workers import Workers, adopted, make_python

_CAPABILITIES = "-dac_override,-dac_read_search"


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter whose `opentraces` is a stand-in that tells how it was started."""
    return make_python(tmp_path_factory.mktemp("python") / "venv", with_package=True)


@pytest.fixture
def machine(tmp_path: Path, python: Path, request: pytest.FixtureRequest) -> HookedMachine:
    """A machine with the hook and one enrolled repository; of Claude Code, if no other is asked."""
    kind: type[HookedMachine] = getattr(request, "param", HookedMachine)
    return kind(tmp_path, python).prepare()


@pytest.fixture(autouse=True)
def workers() -> Iterator[Workers]:
    """The workers of a test; it ends when the last of them did."""
    with adopted() as workers:
        yield workers


@pytest.fixture
def mortal() -> str:
    """A line of shell after which permissions hold, for root too."""
    if os.geteuid():
        return ":"
    if shutil.which("setpriv") is None:
        pytest.skip("root may write anywhere, and there is no setpriv to forgo it")
    return f'exec setpriv --bounding-set={_CAPABILITIES} /bin/sh -c "$0"'
