"""What the model saw is what Pi itself puts together, in sessions that grew at random."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from opentraces.adapters.pi.context import rows
from opentraces.adapters.pi.context.going_back import NO_RESULTS
from opentraces.adapters.pi.parser import PiParser
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.context.templates import render
from tests.agents.rig.installed import pi_before_program, pi_program
from tests.agents.rig.pi_live import RELEASES
from tests.contracts.context_events import Lines, by_id, nodes_of
from tests.contracts.trace_parser import read, transcript
from tests.integration.adapters.pi.wire import Said, said

pytestmark = pytest.mark.agents

TREES = 60
MOST = rows.MOST
OLD, NEW = RELEASES
APIS = ("anthropic-messages", "openai-completions", "openai-responses")
DUE = ("No result provided", "Attached image(s)", "data:image")
"""In what the model is told after the results of an answer."""

FAILED = ("error", "aborted")
SILENT = ("label", "thinking_level_change", "context_edit")
ASK = """
const { readFileSync } = await import("node:fs");
const [core, ai, files] = JSON.parse(readFileSync(process.argv[1], "utf8"));
const { buildSessionContext } = await import(`${core}/session-manager.js`);
const { convertToLlm } = await import(`${core}/messages.js`);
const { transformMessages } = await import(`${ai}/transform-messages.js`);
const { convertMessages } = await import(`${ai}/openai-completions.js`);
const { convertResponsesMessages } = await import(`${ai}/openai-responses-shared.js`);
const sent = (api, messages) => {
  const model = { id: "m", provider: "p", api, input: ["text", "image"], reasoning: true };
  if (api === "openai-completions") return convertMessages(model, { messages }, {});
  if (api === "openai-responses") return convertResponsesMessages(model, { messages }, new Set());
  return transformMessages(messages, model, (id) => id);
};
const found = {};
for (const [file, api] of files) {
  const [, ...entries] = readFileSync(file, "utf8").trim().split("\\n").map(JSON.parse);
  found[file] = {};
  entries.forEach((entry, at) => {
    if (entry.message?.role !== "assistant") return;
    const before = entries.slice(0, at);
    const { messages } = buildSessionContext(before, entry.parentId);
    found[file][entry.message.responseId ?? entry.id] = sent(api, convertToLlm(messages));
  });
}
console.log(JSON.stringify(found));
"""


class Growing:
    """A session that grows at random, with parents anywhere."""

    def __init__(self, seed: int, release: str, api: str) -> None:
        self.random, self.release, self.api = Random(f"{seed} {release} {api}"), release, api
        self.at: str | None = None
        self.rows: list[dict[str, Any]] = []
        if release == NEW:
            told = {"sections": {"preamble": "Be brief.", "cwd": "In /w."}, "toolsAdded": []}
            self.add("message", message={"role": "system", "content": "", **told})
        for _ in range(self.random.randint(5, 70)):
            self.step()

    def step(self) -> None:
        """Add an entry of some kind."""
        kinds = "user answer answer result result result edit summed left ran told label level"
        getattr(self, f"add_{self.random.choice(kinds.split())}")()

    def add(self, kind: str, **said: Any) -> None:
        """Add an entry behind where it stands; now and then it stands elsewhere after that."""
        row = {"type": kind, "id": f"{len(self.rows):08x}", "parentId": self.at}
        self.rows.append({**row, "timestamp": "2026-11-23T05:00:00.000Z", **said})
        self.at = row["id"]
        if self.random.random() < 0.12:
            self.at = self.random.choice(self.rows)["id"]

    def way(self) -> list[str]:
        """Return the ids from where it stands up."""
        parents = {row["id"]: row["parentId"] for row in self.rows}
        found: list[str] = []
        at = self.at
        while at is not None:
            found.append(at)
            at = parents[at]
        return found

    def open_calls(self) -> list[str]:
        """Return the calls that may have a result here: none when anything else was said since."""
        rows = {row["id"]: row for row in self.rows}
        given = set()
        for at in self.way():
            message = rows[at].get("message", {})
            given.add(message.get("toolCallId"))
            if message.get("role") == "assistant" and message["stopReason"] not in FAILED:
                calls = (part for part in message["content"] if part["type"] == "toolCall")
                return [call["id"] for call in calls if call["id"] not in given]
            if rows[at]["type"] not in SILENT and message.get("role") != "toolResult":
                return []
        return []

    def word(self) -> str:
        """Return something to say; now and then, once the service is known, nothing."""
        nothing = ("", " ") if any("api" in row.get("message", ()) for row in self.rows) else ()
        words = (f"word {self.random.random()}" for _ in range(8))
        said: str = self.random.choice((*nothing, *words))
        return said

    def parts(self) -> list[dict[str, Any]]:
        """Return texts, and now and then an image."""
        image = {"type": "image", "mimeType": "image/png", "data": "AAAA"}
        texts = [{"type": "text", "text": self.word()} for _ in range(self.random.randint(0, 2))]
        return [*texts, *([image] if self.random.random() < 0.2 else [])]

    def add_user(self) -> None:
        content = self.random.choice((f"prompt {self.word()}", self.parts()))
        self.add("message", message={"role": "user", "content": content})

    def add_answer(self) -> None:
        number = len(self.rows)
        signature = {
            "anthropic-messages": "c2ln",
            "openai-completions": "reasoning_content",
            "openai-responses": json.dumps({"type": "reasoning", "id": f"rs{number}"}),
        }[self.api]
        thought = {"type": "thinking", "thinking": f"so {number}", "thinkingSignature": signature}
        calls = [f"call{number}_{at}" for at in range(self.random.choice((0, 0, 1, 2)))]
        tail = f"|fc_{number}" if self.api == "openai-responses" else ""
        content = [
            *([thought] if self.random.random() < 0.3 else []),
            *({"type": "text", "text": self.word()} for _ in range(self.random.randint(0, 2))),
            *(
                {"type": "toolCall", "id": f"{call}{tail}", "name": "read", "arguments": {"n": 1}}
                for call in calls
            ),
        ]
        stop = self.random.choice(("stop", "stop", "stop", "length", "error", "aborted"))
        model = {"api": self.api, "provider": "p", "model": "m", "stopReason": stop}
        answer = {"role": "assistant", "content": content, "responseId": f"r{number}", **model}
        self.add("message", message=answer)

    def add_result(self) -> None:
        open_calls = self.open_calls()
        if not open_calls:
            return
        call = self.random.choice(open_calls)
        said = {"toolCallId": call, "toolName": "read", "content": self.parts()}
        is_error = self.random.random() < 0.2
        self.add("message", message={"role": "toolResult", **said, "isError": is_error})

    def add_edit(self) -> None:
        if self.release == NEW and self.rows:
            instead = self.random.choice((None, None, {"content": f"instead {self.word()}"}))
            kinds = ("message", "custom_message", "branch_summary")
            rows = {row["id"]: row for row in self.rows}
            shown = [at for at in self.way()[:6] if rows[at]["type"] in kinds]
            if not shown:
                return
            target = self.random.choice(shown)
            self.add("context_edit", targetId=target, replacement=instead)

    def add_summed(self) -> None:
        if self.rows and self.random.random() < 0.4:
            kept = self.random.choice(self.way()[:12])
            said: dict[str, Any] = {"summary": self.word(), "firstKeptEntryId": kept}
            if self.release == NEW:
                told = {"sections": {"preamble": "Be brief."}}
                said["systemMessage"] = {"role": "system", "content": "", **told}
            self.add("compaction", **said)

    def add_left(self) -> None:
        self.add("branch_summary", summary=self.word(), fromId="root")

    def add_ran(self) -> None:
        said = {"command": "ls", "output": self.word(), "exitCode": self.random.choice((0, 2))}
        hidden = {"excludeFromContext": True} if self.random.random() < 0.3 else {}
        self.add("message", message={"role": "bashExecution", **said, **hidden})

    def add_told(self) -> None:
        self.add("custom_message", customType="x", content=f"told {self.word()}", display=True)

    def add_label(self) -> None:
        self.add("label", targetId="00000000", label="here")

    def add_level(self) -> None:
        self.add("thinking_level_change", thinkingLevel=self.random.choice(("low", "high")))


def written(folder: Path, seed: int, release: str, api: str) -> Path:
    first = {"type": "session", "version": 3, "id": f"s{seed}", "cwd": "/w"}
    first["timestamp"] = "2026-11-23T05:00:00.000Z"
    path = folder / f"{api}-{seed}.jsonl"
    lines = (first, *Growing(seed, release, api).rows)
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in lines))
    return path


def asked_of_pi(release: str, files: list[tuple[Path, str]], home: Path) -> dict[str, Any]:
    """Return what Pi would send for each answer of each file."""
    if release == OLD:
        modules = pi_before_program().parent.parent / "@mariozechner"
        ai, node = modules / "pi-ai" / "dist" / "providers", None
    else:
        program, node = pi_program()
        modules = program.parent.parent / "@earendil-works"
        ai = modules / "pi-ai" / "dist" / "api"
    core = modules / "pi-coding-agent" / "dist" / "core"
    asked = home / "asked.json"
    asked.write_text(json.dumps([str(core), str(ai), [[str(file), api] for file, api in files]]))
    done = subprocess.run(
        [str(node / "node") if node else "node", "--input-type=module", "-e", ASK, str(asked)],
        env={"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found: dict[str, Any] = orjson.loads(done.stdout)
    return found


def as_messages(rows: list[Any], release: str) -> Iterator[Said]:
    """Yield the blocks that Messages is sent of what Pi has put together for it."""
    for row in rows:
        content = row.get("content")
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        match row["role"]:
            case "toolResult":
                texts = [part["text"] for part in parts if part["type"] == "text"]
                images = [image(part) for part in parts if part["type"] == "image"]
                joined = "\n".join(texts)
                if images and not joined:
                    joined = "(see attached image)"
                shown = [{"type": "text", "text": joined}, *images]
                is_error = {"isError": True} if row["isError"] else {}
                result = {"toolCallId": row["toolCallId"], "content": shown, **is_error}
                yield "tool", {"type": "toolResult", **result}
            case "user" | "assistant" as role:
                yield from ((role, part) for part in map(image, parts) if not is_blank(part))


def image(part: dict[str, Any]) -> dict[str, Any]:
    if part["type"] != "image":
        return part
    return {"type": "image", "url": f"data:{part['mimeType']};base64,{part['data']}"}


def is_blank(part: dict[str, Any]) -> bool:
    return part["type"] == "text" and not part["text"].strip()


def sure(blocks: list[Said]) -> list[Said]:
    """Return blocks without those that depend on whether every call has a result."""
    return [each for each in blocks if not any(words in str(each) for words in DUE)]


@pytest.mark.parametrize("most", [MOST, 3])
@pytest.mark.parametrize("release", RELEASES)
def test_context_is_what_pi_puts_together(
    release: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST", most)
    files = [(written(tmp_path, seed, release, api), api) for api in APIS for seed in range(TREES)]
    theirs = asked_of_pi(release, files, tmp_path)

    compared = limited = 0
    for file, api in files:
        data = file.read_bytes()
        found = read(PiParser(), transcript(data))
        known = by_id(nodes_of(found))
        for node in nodes_of(found):
            sent = theirs[str(file)][node.call]
            expected = (
                list(as_messages(sent, release)) if api == APIS[0] else said({"messages": sent})
            )
            blocks = blocks_at(known, node.node_id)
            ours = [(block.role, render(block.content, Lines(data))) for block in blocks]
            limited += bool(node.limitations)
            if node.limitations == (NO_RESULTS,):
                assert sure(ours) == sure(expected), (file.read_text(), node.call)
            if not node.limitations:
                assert ours == expected, (file.read_text(), node.call)
                compared += 1
    assert compared > 500
    share = limited / (limited + compared)
    assert share < (0.05 if release == OLD else 0.3) if most == MOST else 0.05 < share < 0.6, share
