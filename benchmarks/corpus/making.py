"""Write a corpus: the sessions of a plan as files, and the manifest of what is true of them."""

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from multiprocessing import get_context
from pathlib import Path

import orjson

from benchmarks.corpus.chance import new_uuid, seeded
from benchmarks.corpus.manifest import FileFacts, Manifest, SessionFacts
from benchmarks.corpus.needles import NEEDLES, Hiding
from benchmarks.corpus.plan import CorpusPlan, SessionPlan, plan_sessions
from benchmarks.corpus.project import Project, make_project
from benchmarks.corpus.prose import Prose
from benchmarks.corpus.session import SessionWriter, SubAgent, fork
from benchmarks.corpus.tokens import total
from benchmarks.corpus.tools import Scene
from benchmarks.corpus.transcript import Setting, Transcript, iso
from benchmarks.corpus.vocabulary import make_vocabulary

_END = datetime(2026, 11, 20, tzinfo=UTC)
_SPAN = timedelta(days=180)
_MODELS = ("claude-sonnet-4-5-20250929", "claude-opus-4-5-20251101", "claude-haiku-4-5-20251001")
_MODEL_SHARES = (60, 90, 100)
_VERSIONS = ("2.0.69", "2.0.76", "2.1.14", "2.1.40")


def make_corpus(root: Path, plan: CorpusPlan, processes: int = 2) -> Manifest:
    """Write the corpus `plan` describes into `root`, a Claude Code configuration folder.

    The manifest is written last: a folder with one is complete.
    """
    jobs = [(root, session) for session in plan_sessions(plan)]
    if processes == 1:
        made = [_make_session(job) for job in jobs]
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            made = list(pool.map(_make_session, jobs, chunksize=4))
    manifest = _manifest(plan.seed, [facts for several in made for facts in several])
    manifest.save(root)
    return manifest


_vocabulary = lru_cache(maxsize=1)(make_vocabulary)


@cache
def _project(plan: CorpusPlan, number: int) -> Project:
    return make_project(number, _vocabulary(plan.seed), plan.seed, plan.cwd)


def _make_session(job: tuple[Path, SessionPlan]) -> list[SessionFacts]:
    root, plan = job
    vocabulary, projects = _vocabulary(plan.corpus.seed), plan.corpus.projects
    chance = seeded("session", plan.corpus.seed, plan.number)
    project = _project(plan.corpus, min(projects - 1, int(chance.expovariate(3.5 / projects))))
    age = _SPAN * (1 - plan.number / plan.corpus.sessions)
    start = _END - age - timedelta(minutes=chance.randrange(600))
    setting = Setting(
        session_id=new_uuid(chance),
        cwd=project.cwd,
        branch=chance.choice(("main", "main", "dev", f"feat/{chance.choice(vocabulary.words)}")),
        version=chance.choice(_VERSIONS),
        model=chance.choices(_MODELS, cum_weights=_MODEL_SHARES)[0],
    )
    scene = Scene(project, Prose(vocabulary, chance), chance, Hiding(plan.needles))
    writer = SessionWriter(Transcript(setting, start, chance), scene)
    writer.write(plan.size)
    facts = [_keep(root, project, writer, None)]
    if plan.forked:
        facts.append(_keep(root, project, fork(writer, scene), setting.session_id))
    return facts


def _keep(root: Path, project: Project, writer: SessionWriter, fork_of: str | None) -> SessionFacts:
    transcript, session = writer.transcript, writer.transcript.setting
    folder = Path("projects", project.folder)
    main = _write(root, folder / f"{session.session_id}.jsonl", transcript)
    below = folder / session.session_id / "subagents"
    subs = tuple(_write_sub_agent(root, below, sub) for sub in writer.sub_agents)
    text = b"\n".join(line for each in _transcripts(writer) for line in each.lines)
    used = [tokens for each in _transcripts(writer) for tokens in each.used.values()]
    return SessionFacts(
        session_id=session.session_id,
        cwd=project.cwd,
        main=main,
        sub_agents=subs,
        prompts=len(transcript.turns),
        started_at=iso(transcript.started),
        ended_at=iso(transcript.now),
        model=session.model,
        fork_of=fork_of,
        needles=tuple(needle.term for needle in NEEDLES if needle.term.encode() in text),
        responses=len(used),
        tokens=total(used),
    )


def _transcripts(writer: SessionWriter) -> Iterable[Transcript]:
    return (writer.transcript, *(sub.transcript for sub in writer.sub_agents))


def _write_sub_agent(root: Path, folder: Path, sub: SubAgent) -> FileFacts:
    stem = f"agent-{sub.transcript.setting.agent_id}"
    facts = _write(root, folder / f"{stem}.jsonl", sub.transcript)
    meta = {"agentType": "Explore", "description": "", "toolUseId": sub.tool_id, "spawnDepth": 1}
    (root / folder / f"{stem}.meta.json").write_bytes(orjson.dumps(meta))
    return facts


def _write(root: Path, path: Path, transcript: Transcript) -> FileFacts:
    absolute = root / path
    absolute.parent.mkdir(parents=True, exist_ok=True)
    content = b"\n".join([*transcript.lines, b""])
    absolute.write_bytes(content)
    modified = transcript.now.timestamp()
    os.utime(absolute, (modified, modified))
    return FileFacts(path=path.as_posix(), bytes=len(content), lines=len(transcript.lines))


def _manifest(seed: int, sessions: list[SessionFacts]) -> Manifest:
    files = [file for session in sessions for file in session.files]
    return Manifest(
        seed=seed,
        sessions=tuple(sessions),
        bytes=sum(file.bytes for file in files),
        lines=sum(file.lines for file in files),
        responses=sum(session.responses for session in sessions),
        tokens=total(session.tokens for session in sessions),
        needles={
            needle.term: tuple(
                sorted(one.session_id for one in sessions if needle.term in one.needles)
            )
            for needle in NEEDLES
        },
    )
