"""The corpus is what its manifest says, worked out here from the files alone."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.corpus.growing import LINES, grow
from benchmarks.corpus.making import make_corpus
from benchmarks.corpus.manifest import Manifest, SessionFacts
from benchmarks.corpus.needles import NEEDLES, Place
from benchmarks.corpus.plan import CorpusPlan

PLAN = CorpusPlan(sessions=24, megabytes=2.5, seed=11)
CLASSES = (
    "input_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "output_tokens",
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("corpus")
    make_corpus(root, PLAN, processes=1)
    return root


@pytest.fixture(scope="module")
def manifest(corpus: Path) -> Manifest:
    return Manifest.load(corpus)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def digest(root: Path) -> str:
    together = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        together.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return together.hexdigest()


def usage_of(
    corpus: Path, session: SessionFacts
) -> Iterator[tuple[tuple[str, str], list[dict[str, int]]]]:
    found: dict[tuple[str, str], list[dict[str, int]]] = defaultdict(list)
    for line in (line for file in session.files for line in lines_of(corpus / file.path)):
        if line["type"] == "assistant":
            found[line["message"]["id"], line["requestId"]].append(line["message"]["usage"])
    yield from found.items()


def texts(line: dict[str, Any]) -> dict[Place, str]:
    content = line["message"]["content"] if "message" in line else ""
    if isinstance(content, str):
        return {Place.USER: content}
    found: dict[Place, str] = {}
    for block in content:
        match block["type"]:
            case "text":
                found[Place.ASSISTANT] = block["text"]
            case "thinking":
                found[Place.THINKING] = block["thinking"]
            case "tool_use":
                found[Place.TOOL_INPUT] = json.dumps(block["input"], ensure_ascii=False)
            case "tool_result":
                found[Place.TOOL_OUTPUT] = block["content"]
    return found


def test_same_seed_gives_the_same_bytes_with_any_number_of_processes(
    corpus: Path, tmp_path: Path
) -> None:
    make_corpus(tmp_path, PLAN, processes=2)
    assert digest(tmp_path) == digest(corpus)


def test_another_seed_gives_other_sessions(manifest: Manifest, tmp_path: Path) -> None:
    other = make_corpus(tmp_path, CorpusPlan(3, 0.1, seed=12), processes=1)
    assert not {one.session_id for one in other.sessions} & {
        one.session_id for one in manifest.sessions
    }


def test_every_file_is_counted(corpus: Path, manifest: Manifest) -> None:
    on_disk = {str(path.relative_to(corpus)): path for path in corpus.rglob("*.jsonl")}
    assert on_disk.keys() == {file.path for file in manifest.files}
    for file in manifest.files:
        content = on_disk[file.path].read_bytes()
        assert (file.bytes, file.lines) == (len(content), content.count(b"\n"))
        assert content.endswith(b"\n")


def test_size_is_near_the_one_asked_for(manifest: Manifest) -> None:
    assert 0.8 < manifest.bytes / (PLAN.megabytes * 1e6) < 1.4


def test_tokens_are_those_of_the_last_line_of_each_response(
    corpus: Path, manifest: Manifest
) -> None:
    last: dict[tuple[str, str], dict[str, int]] = {}
    for session in sorted(manifest.sessions, key=lambda one: one.fork_of is not None):
        for key, used in usage_of(corpus, session):
            if session.fork_of is None or key not in last:
                last[key] = used[-1]
    assert manifest.responses == len(last)
    assert manifest.tokens == tuple(sum(used[name] for used in last.values()) for name in CLASSES)


def test_output_tokens_grow_within_a_response(corpus: Path, manifest: Manifest) -> None:
    counts = [
        [used["output_tokens"] for used in several]
        for session in manifest.sessions
        for _, several in usage_of(corpus, session)
        if len(several) > 1
    ]
    assert counts
    assert all(max(one[:-1]) < one[-1] for one in counts)


@pytest.mark.parametrize("needle", NEEDLES, ids=lambda needle: needle.term)
def test_needle_is_where_it_was_planted_and_nowhere_else(
    corpus: Path, manifest: Manifest, needle: Any
) -> None:
    places: dict[str, set[Place]] = defaultdict(set)
    for session in manifest.sessions:
        for file in session.files:
            for line in lines_of(corpus / file.path):
                for place, text in texts(line).items():
                    if needle.term in text:
                        places[session.session_id].add(place)
    assert tuple(sorted(places)) == manifest.needles[needle.term]
    assert set.union(*places.values()) == {needle.place}
    originals = {one.session_id for one in manifest.sessions if one.fork_of is None}
    assert len(originals & places.keys()) == needle.sessions


def test_fork_repeats_native_ids_under_a_session_of_its_own(
    corpus: Path, manifest: Manifest
) -> None:
    forks = [one for one in manifest.sessions if one.fork_of is not None]
    assert forks
    by_id = {one.session_id: one for one in manifest.sessions}
    for fork in forks:
        assert fork.fork_of is not None
        mine = lines_of(corpus / fork.main.path)
        theirs = {line.get("uuid") for line in lines_of(corpus / by_id[fork.fork_of].main.path)}
        assert {line["sessionId"] for line in mine if "sessionId" in line} == {fork.session_id}
        copied = [line for line in mine if line.get("uuid") in theirs]
        assert 0 < len(copied) < len(mine)


def test_sub_agents_are_linked_to_their_call(tmp_path: Path) -> None:
    manifest = make_corpus(tmp_path, CorpusPlan(40, 12, seed=7), processes=2)
    with_subs = [one for one in manifest.sessions if one.sub_agents]
    assert with_subs
    for session in with_subs:
        calls = (tmp_path / session.main.path).read_text()
        for file in session.sub_agents:
            meta = json.loads((tmp_path / file.path).with_suffix(".meta.json").read_text())
            assert f'"id":"{meta["toolUseId"]}","name":"Agent"' in calls
            own = lines_of(tmp_path / file.path)
            assert all(line["isSidechain"] for line in own)
            assert {line["sessionId"] for line in own} == {session.session_id}


def test_growing_appends_ten_lines_that_hold_the_term(tmp_path: Path) -> None:
    session = make_corpus(tmp_path, CorpusPlan(1, 0.1, seed=5), processes=1).sessions[0]
    path = tmp_path / session.main.path
    before = path.read_bytes()
    growth = grow(path, times=3)
    after = path.read_bytes()
    assert after.startswith(before)
    assert len(after) - len(before) == growth.bytes
    added = [json.loads(line) for line in after[len(before) :].splitlines()]
    assert len(added) == LINES
    assert growth.term.encode() not in before
    assert growth.term in added[0]["message"]["content"]
    assert added[0]["parentUuid"] == lines_of(path)[session.main.lines - 1]["uuid"]


def test_all_sessions_of_a_given_folder_work_there(tmp_path: Path) -> None:
    plan = CorpusPlan(3, 0.1, seed=1, cwd="/srv/app.d")
    manifest = make_corpus(tmp_path, plan, processes=1)
    assert {one.cwd for one in manifest.sessions} == {"/srv/app.d"}
    assert all(one.main.path.startswith("projects/-srv-app-d/") for one in manifest.sessions)
