"""Let a session grow: ten more lines at the end of a transcript, with a term to find them by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random

import orjson

from benchmarks.corpus.chance import native_id, seeded, signature
from benchmarks.corpus.prose import Prose
from benchmarks.corpus.transcript import Fields, Setting, Transcript
from benchmarks.corpus.vocabulary import Vocabulary, make_vocabulary

LINES = 10


@dataclass(frozen=True)
class Growth:
    """What was appended."""

    term: str
    """Occurs in the new lines and nowhere else."""

    bytes: int


def grow(path: Path, times: int) -> Growth:
    """Append ten lines to the transcript at `path`, for the `times`-th time."""
    chance = seeded("growth", path.name, times)
    prose = Prose(_vocabulary(), chance)
    term = f"growterm{times}q"
    transcript = _resumed(path, chance)
    before = len(transcript.lines)
    transcript.prompt(f"Please look at {term} too. {prose.paragraph(2)}")
    thinking: Fields = {
        "type": "thinking",
        "thinking": prose.paragraph(3),
        "signature": signature(400, chance),
    }
    _work(transcript, [thinking, _text(prose), _call(prose, chance)], prose)
    _work(transcript, [_text(prose), _call(prose, chance)], prose)
    transcript.response([_text(prose)], "end_turn")
    transcript.turn_duration()
    added = b"\n".join([*transcript.lines[before:], b""])
    with path.open("ab") as file:
        file.write(added)
    return Growth(term, len(added))


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary:
    return make_vocabulary(0)


def _resumed(path: Path, chance: Random) -> Transcript:
    lines = path.read_bytes().splitlines()
    last = next(line for line in map(orjson.loads, reversed(lines)) if "uuid" in line)
    setting = Setting(
        session_id=last["sessionId"],
        cwd=last["cwd"],
        branch=last["gitBranch"],
        version=last["version"],
        model="claude-sonnet-4-5-20250929",
    )
    start = datetime.fromisoformat(last["timestamp"]) + timedelta(minutes=1)
    transcript = Transcript(setting, start, chance)
    transcript.continue_from(lines)
    return transcript


def _work(transcript: Transcript, blocks: list[Fields], prose: Prose) -> None:
    transcript.response(blocks, "tool_use")
    printed = "\n".join(prose.code(12))
    shown: Fields = {"tool_use_id": blocks[-1]["id"], "type": "tool_result", "content": printed}
    result = {"stdout": printed, "stderr": "", "interrupted": False, "isImage": False}
    transcript.tool_result(shown | {"is_error": False}, result)


def _text(prose: Prose) -> Fields:
    return {"type": "text", "text": prose.paragraph(2)}


def _call(prose: Prose, chance: Random) -> Fields:
    arguments = {"command": f"make {prose.word()}", "description": prose.phrase(60)}
    return {
        "type": "tool_use",
        "id": native_id("toolu_01", chance),
        "name": "Bash",
        "input": arguments,
    }
