"""What Codex says of our hooks, asked over its `app-server`: one JSON object a line, both ways."""

import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from opentraces.adapters._reading.values import mapping, objects, text
from opentraces.domain.setup import HooksTrusted
from opentraces.ports.hook_trust import HookTrust

_ASKED = 2
_MOST_BYTES = 4 << 20
_FOLDER = "/hooks/opentraces/"
"""What is in such a folder is ours."""

_STANDINGS = {
    "managed": "trusted",
    "trusted": "trusted",
    "modified": "modified",
    "disabled": "disabled",
}


class CodexHookTrust(HookTrust):
    """Starts `codex app-server`, asks for its list of hooks, and ends it."""

    def __init__(self, codex_home: Path, user: Path, search_path: str, seconds: float = 5) -> None:
        """`codex_home`: its folder; `user`: the home folder; `search_path`: as PATH has it."""
        folders = [folder for folder in search_path.split(os.pathsep) if folder.startswith("/")]
        self._path = os.pathsep.join(folders) or os.defpath
        self._home = codex_home
        self._user = user
        self._seconds = seconds

    def ask(self) -> HooksTrusted:
        """See HookTrust. Asked in its own folder, where no project adds hooks."""
        program = shutil.which("codex", path=self._path)
        if program is None:
            return HooksTrusted(problem="codex is not on the PATH")
        try:
            with self._started(program) as server:
                return trusted_in(self._answer(server))
        except TimeoutError:
            return HooksTrusted(problem=f"codex did not answer within {self._seconds:g} s")
        except (OSError, ValueError) as error:
            return HooksTrusted(problem=f"codex did not say: {error}")

    @contextmanager
    def _started(self, program: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start it in a group of its own: what npm installs starts another, and both must end."""
        server = subprocess.Popen(  # noqa: S603 - no shell, and no argument of anybody's
            [program, "app-server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"HOME": str(self._user), "CODEX_HOME": str(self._home), "PATH": self._path},
            cwd=self._home,
            start_new_session=True,
        )
        with server:
            try:
                yield server
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(server.pid, signal.SIGKILL)

    def _answer(self, server: subprocess.Popen[bytes]) -> dict[str, Any]:
        """Return its answer. Raises TimeoutError, OSError, and ValueError for what is none."""
        if server.stdin is None or server.stdout is None:
            raise OSError("it has no pipes")
        client = {"name": "opentraces", "title": "opentraces", "version": "0"}
        for call in (
            {"id": 1, "method": "initialize", "params": {"clientInfo": client}},
            {"method": "initialized"},
            {"id": _ASKED, "method": "hooks/list", "params": {"cwds": [str(self._home)]}},
        ):
            server.stdin.write(json.dumps(call).encode() + b"\n")
        server.stdin.flush()
        for line in _lines(server.stdout.fileno(), self._seconds):
            said = mapping(json.loads(line))
            if said.get("id") == _ASKED and "method" not in said:
                return _listed(said)
        raise ValueError("it ended without an answer")


def trusted_in(listed: dict[str, Any]) -> HooksTrusted:
    """Return what a list of hooks says of ours; a word that we do not know means untrusted."""
    found: dict[str, list[str]] = {}
    for hook in objects(listed.get("hooks")):
        name = text(hook.get("eventName"))
        if name is None or _FOLDER not in (text(hook.get("command")) or ""):
            continue
        is_off = hook.get("enabled") is False
        standing = "disabled" if is_off else text(hook.get("trustStatus")) or ""
        found.setdefault(_STANDINGS.get(standing, "untrusted"), []).append(
            name[0].upper() + name[1:]
        )
    return HooksTrusted(
        trusted=tuple(found.get("trusted", ())),
        untrusted=tuple(found.get("untrusted", ())),
        modified=tuple(found.get("modified", ())),
        disabled=tuple(found.get("disabled", ())),
        complaints=tuple(_complaints(listed)),
    )


def _complaints(listed: dict[str, Any]) -> Iterator[str]:
    for kind in ("warnings", "errors"):
        said = listed.get(kind)
        for each in said if isinstance(said, list) else ():
            yield text(each) or text(mapping(each).get("message")) or kind


def _listed(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what it lists for the one folder. Raises ValueError for anything else."""
    folders = objects(mapping(answer.get("result")).get("data"))
    if len(folders) != 1:
        raise ValueError("its answer is of a form that we do not know")
    return folders[0]


def _lines(descriptor: int, seconds: float) -> Iterator[bytes]:
    """Yield whole lines as they come. Raises TimeoutError, and ValueError for too many of them."""
    limit, rest, size = time.monotonic() + seconds, b"", 0
    while size < _MOST_BYTES:
        left = limit - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise TimeoutError
        piece = os.read(descriptor, 1 << 16)
        if not piece:
            return
        size += len(piece)
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    raise ValueError("it says too much")
