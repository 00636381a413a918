"""Reading in pieces is reading at once: for every way in which the files of a session grew."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.memory_world import MemoryWorld
from tests.transcript_lines import answered, typed

DATA = Path(__file__).parents[1] / "data" / "claude-code"


def _real_sessions() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield the real sessions, each with its sub-agents and notes."""
    for transcript in sorted(DATA.glob("*/projects/*/*.jsonl")):
        folder = transcript.with_suffix("")
        files = {transcript.name: transcript.read_bytes()}
        for path in sorted(folder.rglob("agent-*")):
            files[str(path.relative_to(folder.parent))] = path.read_bytes()
        yield transcript.stem, files


REAL = {name: files for name, files in _real_sessions() if sum(map(len, files.values())) < 90_000}

MAIN = b"".join(
    typed(f"Ask {n}", at=10 * n) + answered(f"Say {n}", at=10 * n + 3) for n in range(4)
)
HELPERS = [
    b"".join(
        answered(f"Help {agent}{n}", at=10 * n + agent, isSidechain=True, agentId=f"a{agent}")
        for n in range(3)
    )
    for agent in (4, 6)
]
MADE = {
    "s1.jsonl": MAIN,
    "s1/subagents/agent-a4.jsonl": HELPERS[0],
    "s1/subagents/agent-a6.jsonl": HELPERS[1],
}


def _kept_at_once(session: str, files: dict[str, bytes]) -> MemoryWorld:
    world = MemoryWorld()
    world.leave(session, files)
    world.run()
    return world


def _kept_in_pieces(
    session: str, files: dict[str, bytes], cuts: Sequence[dict[str, float]]
) -> MemoryWorld:
    """Import again and again while each file grows to a share of itself."""
    world = MemoryWorld()
    shares = dict.fromkeys(files, 0.0)
    for cut in [*cuts, dict.fromkeys(files, 1.0)]:
        shares = {name: max(shares[name], cut.get(name, 0.0)) for name in files}
        so_far = {
            name: data if name.endswith(".json") else data[: round(len(data) * shares[name])]
            for name, data in files.items()
        }
        world.leave(session, {name: data for name, data in so_far.items() if data})
        world.run()
    return world


def _cuts(names: Sequence[str]) -> st.SearchStrategy[list[dict[str, float]]]:
    share = st.floats(0, 1, allow_nan=False)
    return st.lists(st.fixed_dictionaries(dict.fromkeys(names, share)), max_size=4)


@given(data=st.data())
@settings(deadline=None)
def test_made_session_in_pieces_is_the_session_at_once(data: st.DataObject) -> None:
    cuts = data.draw(_cuts(list(MADE)))

    pieces = _kept_in_pieces("s1", MADE, cuts)

    assert pieces.records() == AT_ONCE.records()
    assert pieces.restored("s1") == MADE
    assert pieces.query("say").total == 1


@given(data=st.data(), name=st.sampled_from(sorted(REAL)))
@settings(deadline=None)
def test_real_session_in_pieces_is_the_session_at_once(data: st.DataObject, name: str) -> None:
    files = REAL[name]
    cuts = data.draw(_cuts(list(files)))

    pieces = _kept_in_pieces(name, files, cuts)

    assert pieces.records() == _kept_at_once(name, files).records()
    assert pieces.restored(name) == files


AT_ONCE = _kept_at_once("s1", MADE)
