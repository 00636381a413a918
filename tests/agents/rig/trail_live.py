"""A session of each real client, as its trail is asked about afterwards."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks.program import Program, command
from opentraces.domain.trail.credit import Reason
from tests.agents.rig import codex_live, fake_api, pi_live
from tests.agents.rig.claude_code import ClaudeCode, new_repository
from tests.agents.rig.codex import session_of
from tests.agents.rig.codex_story import SCRIPTING
from tests.agents.rig.live import Live
from tests.agents.rig.told import Told
from tests.agents.rig.trail_story import FILES, WORK, of_claude_code, of_codex, of_pi

PROMPT = f"{WORK}: count the koalas"
_TOLD = {"PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true"}

Author = tuple[str, int, str]
"""Trace, step and call that wrote a line."""

Named = Author | Reason
"""Who is named for a line, or why nobody is."""


@dataclass(frozen=True)
class Worked:
    """A session that is over, and was kept by what the client told."""

    program: Program
    repository: Path
    session: str
    edit: str
    """The tool that edits."""

    write: str
    """The tool that writes a new file; the same where there is one for both."""

    helper: str
    """The session in which the sub-agent's work is kept. Empty: there is no sub-agent."""

    def record(self, session: str = "") -> dict[str, Any]:
        """Return what is kept of a session; empty: of the main one."""
        return self.program.json("trace", "get", session or self.session)

    def author(self, tool: str, file: str, session: str = "") -> Author:
        """Return the only call of a tool that has to do with a file."""
        record = self.record(session)
        (call,) = Told(self.program, record).calls(tool, file)
        (step,) = (
            step["step_index"]
            for step in record["steps"]
            if call in [each["tool_call_id"] for each in step["tool_calls"]]
        )
        return record["trace_id"], step, call

    def blame(self, file: str) -> list[tuple[str, Named]]:
        """Return each line of a file, and who is named for it."""
        said = self.json("trail", "blame", file)["lines"]
        lines = (self.repository / file).read_text().splitlines()
        assert [each["line"] for each in said] == [*range(1, len(lines) + 1)]
        return [(line, _named(each)) for line, each in zip(lines, said, strict=True)]

    def blame_commit(self) -> dict[str, list[tuple[int, Named]]]:
        """Return the lines that the last commit added: number and who is named, by file."""
        found: dict[str, list[tuple[int, Named]]] = {}
        for each in self.json("trail", "blame", "HEAD")["lines"]:
            found.setdefault(each["path"], []).append((each["line"], _named(each)))
        return found

    def json(self, *arguments: str) -> dict[str, Any]:
        """Run a command of ours in the repository; returns its document."""
        document: dict[str, Any] = orjson.loads(self.ours(*arguments, "--json"))
        return document

    def ours(self, *arguments: str) -> str:
        """Run a command of ours in the repository; returns what it says."""
        done = subprocess.run(
            (*command(), *arguments),
            cwd=self.repository,
            env=self.program.environment,
            capture_output=True,
            check=True,
            timeout=60,
        )
        return done.stdout.decode()

    def git(self, *arguments: str, who: str = "Dev", **more: str) -> str:
        """Be a person who runs git in the repository; returns what it says."""
        named = ("-c", f"user.name={who}", "-c", f"user.email={who.lower()}@example.com")
        told = {**_TOLD, "HOME": str(self.repository.parent), **more}
        run = subprocess.run(
            ("git", *named, *arguments),
            cwd=self.repository,
            env=told,
            capture_output=True,
            check=True,
            timeout=60,
        )
        return run.stdout.decode().strip()


def _named(line: Mapping[str, Any]) -> Named:
    author = (line["trace_id"], line["step"], line["tool_call_id"])
    if line["reason"] is None:
        assert line["tier"] is not None
        return author
    assert (*author, line["tier"]) == (None,) * 4
    return Reason(line["reason"])


@contextmanager
def _claude_code(root: Path) -> Iterator[Worked]:
    home, repository = root / "home", root / "rates"
    new_repository(repository, FILES)
    home.mkdir()
    with fake_api.serving(of_claude_code(repository)) as (api, address):
        live = Live(ClaudeCode(home, repository, address), api)
        live.in_repository("setup", "claude-code")
        live.in_repository("init", "--agent", "claude-code")
        ended = live.client.run(PROMPT)
        assert ended.code == 0, ended
        live.kept(ended.session, ended.at, f"{WORK} was said.", ends=1)
        yield Worked(live.program, repository, ended.session, "Edit", "Write", ended.session)


@contextmanager
def _codex(root: Path) -> Iterator[Worked]:
    with codex_live.living(root, FILES, of_codex) as live:
        live.client.trust_hooks()
        ended = live.client.run(live.repository, *SCRIPTING, PROMPT)
        assert ended.code == 0, ended
        session = session_of(ended)
        told = live.kept(session, SessionEnd=1)
        (helper,) = filter(None, (step["subagent_trajectory_ref"] for step in told.record["steps"]))
        live.kept(helper)
        patch = "apply_patch"
        yield Worked(live.program, live.repository, session, patch, patch, helper)


def _pi(release: str) -> Callable[[Path], AbstractContextManager[Worked]]:
    @contextmanager
    def living(root: Path) -> Iterator[Worked]:
        with pi_live.living(root, release, FILES, of_pi) as live:
            played = live.play("-p", PROMPT)
            live.kept(played.session, session_shutdown=1)
            yield Worked(live.program, live.repository, played.session, "edit", "write", "")

    return living


CLIENTS: Mapping[str, Callable[[Path], AbstractContextManager[Worked]]] = {
    "claude-code": _claude_code,
    "codex": _codex,
    **{f"pi {release}": _pi(release) for release in pi_live.RELEASES},
}
"""What lets each client work in a home below a folder, by its name."""
