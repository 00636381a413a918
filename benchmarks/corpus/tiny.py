"""Very many sessions of one turn: a prompt, a command and what it printed, a report."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from benchmarks.corpus.chance import native_id, new_uuid, seeded
from benchmarks.corpus.prose import Prose
from benchmarks.corpus.transcript import Fields, Setting, Transcript
from benchmarks.corpus.vocabulary import make_vocabulary

RARE, PHRASE = "quibblefrost", "orchid lattice handshake"
"""Stand in one session, and in four."""

PROJECTS = tuple(f"/home/dev/code/tiny-{number:02}" for number in range(20))
_BEGIN = datetime(2025, 11, 20, tzinfo=UTC)
_SPAN = timedelta(days=365)
_SEED = 7
_AT_ONCE = 1000

_vocabulary = lru_cache(maxsize=1)(make_vocabulary)


def make_tiny_sessions(root: Path, number: int) -> None:
    """Write so many sessions below `root`, a Claude Code configuration folder."""
    jobs = [(root, first, number) for first in range(0, number, _AT_ONCE)]
    for project in PROJECTS:
        _folder(root, project).mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_make_some, jobs))


def _make_some(job: tuple[Path, int, int]) -> None:
    root, first, number = job
    chance = seeded("tiny", _SEED, first)
    prose = Prose(_vocabulary(_SEED), chance)
    for at in range(first, min(first + _AT_ONCE, number)):
        cwd = PROJECTS[min(len(PROJECTS) - 1, int(chance.expovariate(0.2)))]
        setting = Setting(new_uuid(chance), cwd, "main", "2.1.40", "claude-sonnet-4-5-20250929")
        transcript = Transcript(setting, _BEGIN + _SPAN * at / number, chance)
        planted = " ".join(_planted(at, number))
        _write_turn(transcript, prose, planted, native_id("toolu_01", chance))
        path = _folder(root, cwd) / f"{setting.session_id}.jsonl"
        path.write_bytes(b"\n".join([*transcript.lines, b""]))


def _write_turn(transcript: Transcript, prose: Prose, planted: str, tool_id: str) -> None:
    transcript.prompt(f"{prose.paragraph(2)} {planted}".rstrip())
    command: Fields = {"command": f"make {prose.word()}", "description": prose.phrase(40)}
    call: Fields = {"type": "tool_use", "id": tool_id, "name": "Bash", "input": command}
    transcript.response([call], "tool_use")
    printed = "\n".join(prose.code(6))
    result: Fields = {"tool_use_id": tool_id, "type": "tool_result", "content": printed}
    transcript.tool_result(result, {"stdout": printed, "stderr": "", "interrupted": False})
    transcript.response([{"type": "text", "text": prose.paragraph(3)}], "end_turn")


def _planted(at: int, number: int) -> Iterator[str]:
    if at == number // 2:
        yield RARE
    if at % (number // 4) == 0:
        yield PHRASE


def _folder(root: Path, cwd: str) -> Path:
    return root / "projects" / cwd.replace("/", "-")
