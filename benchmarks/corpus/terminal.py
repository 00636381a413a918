"""What commands print: test reports, logs, listings, matches."""

from collections.abc import Iterator
from random import Random

from benchmarks.corpus.project import Project
from benchmarks.corpus.prose import Prose

_SHAPES = 5


def terminal_lines(count: int, project: Project, prose: Prose, chance: Random) -> Iterator[str]:
    """Draw the lines of one command's output."""
    for _ in range(count):
        yield _line(chance.randrange(_SHAPES), project, prose, chance)


def _line(shape: int, project: Project, prose: Prose, chance: Random) -> str:
    a, b, c, d, e = prose.words(5)
    number, minute = chance.randrange(10_000), chance.randrange(60)
    if shape == 0:
        return f"{project.any_path(chance)}:{number}: {a} {b} {c} {d} {e}"
    if shape == 1:
        checksum = chance.getrandbits(32)
        return f"10:{minute:02d}:07 INFO [{a}.{b}] {c} {d} took {number}ms {checksum:08x}"
    if shape == 2:
        verdict = "PASSED" if chance.random() < 0.9 else "FAILED"
        return f"tests/test_{a}.py::test_{b}_{c} {verdict}  [{number % 100:3d}%]"
    if shape == 3:
        size = chance.randrange(10**6)
        return f"-rw-r--r-- 1 dev dev {size:8d} Nov {number % 28 + 1:2d} 10:{minute:02d} {d}_{e}.py"
    return prose.code(1)[0]
