"""Tell the story of one history: `python -m tests.integration.trail.fuzzing identical 7`."""

import sys
import tempfile
from pathlib import Path

from tests.integration.trail.fuzzing.evidence import crediting
from tests.integration.trail.fuzzing.judging import judge
from tests.integration.trail.fuzzing.lines import Mode
from tests.integration.trail.fuzzing.running import happen, story


def main(mode: Mode, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        happened = happen(Path(folder) / "history", mode, seed)
    found = tuple(crediting(happened.evidence))
    verdict = judge(happened.world, seed, found, happened.added)
    findings = [finding for _, finding in (*verdict.wrong, *verdict.indistinguishable)]
    sys.stdout.write(f"{story(happened, found, findings)}\n{verdict}\n")


if __name__ == "__main__":
    main("identical" if sys.argv[1] == "identical" else "unique", int(sys.argv[2]))
