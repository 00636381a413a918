"""What Pi's extension costs Pi, whose own process it runs in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import orjson

import opentraces
from benchmarks.processes import run
from benchmarks.table import Row, show

_BOUND_MS = 2.0
_EXTENSION = Path(
    opentraces.__path__[0], "entrypoints", "hooks", "opentraces-pi", "extensions", "index.ts"
)
_ROOT = Path(__file__).parents[1]


def rows(cache: Path) -> Iterator[Row]:
    """Yield the median of some events, in an enrolled repository; none without Pi's Node.js."""
    node = next(_ROOT.glob(".agents/pi/node_modules/node-linux-*/bin/node"), None)
    if node is None:
        yield Row("an event in Pi's extension", "no Node.js of Pi's: make test-agents")
        return
    folder = cache / "extension"
    shutil.rmtree(folder, ignore_errors=True)
    repository = folder / "widgets"
    (repository / ".git").mkdir(parents=True)
    enrolled = folder / "home" / ".opentraces" / "state" / "enrolled" / "pi"
    enrolled.parent.mkdir(parents=True)
    enrolled.write_text(f"{repository.resolve()}\n")
    # Node.js reads no TypeScript below a folder of installed packages.
    script = shutil.copy(_EXTENSION, folder)
    harness = str(Path(__file__).with_name("pi_events.mjs"))
    command = (str(node), "--no-warnings", harness, str(script), str(repository))
    ran = run(command, {"HOME": str(folder / "home")})
    for name, ms in orjson.loads(ran.stdout).items():
        figure = f"Pi's extension at {name}"
        yield Row(figure, show(ms, "ms"), bound=f"≤ {_BOUND_MS:g} ms", ok=ms <= _BOUND_MS)
