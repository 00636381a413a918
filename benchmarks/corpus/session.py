"""One session: prompts, the work done for each, its sub-agents, and perhaps a fork."""

from dataclasses import dataclass, replace
from datetime import timedelta

from benchmarks.corpus.chance import lognormal, native_id, new_uuid, signature
from benchmarks.corpus.needles import Hiding, Place
from benchmarks.corpus.tools import Scene, ToolUse, any_tool
from benchmarks.corpus.transcript import Fields, Setting, Transcript, iso

_SUB_AGENT_MODEL = "claude-haiku-4-5-20251001"
_SUB_AGENT_BYTES = 60_000
_CAVEAT = (
    "Caveat: what follows was printed by commands that the user ran. "
    "Leave it alone unless the user asks about it."
)


@dataclass(frozen=True)
class SubAgent:
    """A sub-agent's transcript, and the call that started it."""

    transcript: Transcript
    tool_id: str


class SessionWriter:
    """Writes one transcript up to a size; whoever calls it chose everything else."""

    def __init__(self, transcript: Transcript, scene: Scene) -> None:
        self.transcript = transcript
        self.scene = scene
        self.sub_agents: list[SubAgent] = []

    @property
    def size(self) -> int:
        """Bytes written so far, those of sub-agents included."""
        return self.transcript.size + sum(sub.transcript.size for sub in self.sub_agents)

    def write(self, size: int) -> None:
        """Write turns until the session has `size` bytes and every needle is hidden."""
        if self.transcript.setting.agent_id is None:
            self._preamble()
        while self.size < size or self.scene.hiding:
            self.turn(size)

    def turn(self, size: int) -> None:
        """Write one prompt and the work done for it, cut short beyond `size` bytes."""
        chance, transcript = self.scene.chance, self.transcript
        transcript.prompt(self._prompt())
        for _ in range(max(1, int(lognormal(7, 0.8, chance)))):
            self.step()
            if self.size >= size and not self.scene.hiding:
                break
        if transcript.setting.agent_id is None and chance.random() < 0.01:
            self._delegate(min(_SUB_AGENT_BYTES, size // 4))
        transcript.response([{"type": "text", "text": self._report()}], "end_turn")
        if chance.random() < 0.15:
            transcript.turn_duration()
        transcript.pass_time(20, 900)

    def step(self) -> None:
        """Write one response that calls a tool, and the tool's result."""
        self._call(any_tool(self.scene))

    def _call(self, use: ToolUse) -> str:
        tool_id = native_id("toolu_01", self.scene.chance)
        call: Fields = {
            "type": "tool_use",
            "id": tool_id,
            "name": use.name,
            "input": use.arguments,
        }
        self.transcript.response([*self._words_before(), call], "tool_use")
        shown: Fields = {"tool_use_id": tool_id, "type": "tool_result", "content": use.shown}
        if use.failed is not None:
            shown["is_error"] = use.failed
        self.transcript.tool_result(shown, use.result)
        return tool_id

    def _words_before(self) -> list[Fields]:
        chance, prose, blocks = self.scene.chance, self.scene.prose, list[Fields]()
        if chance.random() < 0.3:
            sentences = chance.randint(2, 8)
            thinking = self._hide(Place.THINKING, prose.paragraph(sentences))
            sealed = signature(220 + 60 * sentences, chance)
            blocks.append({"type": "thinking", "thinking": thinking, "signature": sealed})
        if chance.random() < 0.45:
            text = self._hide(Place.ASSISTANT, prose.paragraph(chance.randint(1, 3)))
            blocks.append({"type": "text", "text": text})
        return blocks

    def _delegate(self, size: int) -> None:
        scene, setting = self.scene, self.transcript.setting
        agent_id = f"a{scene.chance.getrandbits(64):016x}"
        own = replace(setting, agent_id=agent_id, model=_SUB_AGENT_MODEL)
        transcript = Transcript(own, self.transcript.now, scene.chance)
        writer = SessionWriter(transcript, replace(scene, hiding=Hiding(())))
        writer.write(size)
        self.transcript.now = writer.transcript.now
        report = [{"type": "text", "text": scene.prose.paragraph(4)}]
        arguments: Fields = {
            "description": scene.prose.phrase(30),
            "prompt": scene.prose.paragraph(3),
            "subagent_type": "Explore",
        }
        result = {"status": "completed", "agentId": agent_id, "content": report}
        tool_id = self._call(ToolUse("Agent", arguments, report[0]["text"], result))
        self.sub_agents.append(SubAgent(writer.transcript, tool_id))

    def _prompt(self) -> str:
        chance, prose = self.scene.chance, self.scene.prose
        text = prose.paragraph(max(1, int(lognormal(2.5, 0.8, chance))))
        text = self._hide(Place.USER, text)
        if chance.random() < 0.1:
            text += "\n```\n" + "\n".join(prose.code(chance.randint(3, 30))) + "\n```"
        return text

    def _report(self) -> str:
        chance, prose = self.scene.chance, self.scene.prose
        text = self._hide(Place.ASSISTANT, prose.paragraph(chance.randint(2, 6)))
        points = [f"- **{prose.word()}**: {prose.sentence()}" for _ in range(chance.randint(0, 5))]
        return "\n".join([text, "", *points])

    def _hide(self, place: Place, text: str) -> str:
        return self.scene.hiding.into(place, text, self.scene.chance)

    def _preamble(self) -> None:
        chance, transcript = self.scene.chance, self.transcript
        if chance.random() < 0.3:
            summary = self.scene.prose.phrase(90)
            transcript.side_line(
                {"type": "summary", "summary": summary, "leafUuid": new_uuid(chance)}
            )
        message_id = new_uuid(chance)
        snapshot: Fields = {
            "messageId": message_id,
            "trackedFileBackups": {},
            "timestamp": iso(transcript.now),
        }
        transcript.side_line(
            {
                "type": "file-history-snapshot",
                "messageId": message_id,
                "snapshot": snapshot,
                "isSnapshotUpdate": False,
            }
        )
        if chance.random() < 0.2:
            transcript.caveat(_CAVEAT)


def fork(origin: SessionWriter, scene: Scene) -> SessionWriter:
    """Resume under a new id: about 60 % of the lines copied, then one turn of its own.

    A copied line keeps its ids and its time; only the session's id and the branch change.
    """
    source = origin.transcript
    cut = next((at for at in source.turns if at > 0.6 * len(source.lines)), len(source.lines))
    own = replace(source.setting, session_id=new_uuid(scene.chance), branch="retry")
    copied = [_renamed(line, source.setting, own) for line in source.lines[:cut]]
    transcript = Transcript(own, source.now + timedelta(hours=1), scene.chance)
    transcript.continue_from(copied)
    writer = SessionWriter(transcript, scene)
    writer.turn(size=0)
    return writer


def _renamed(line: bytes, old: Setting, new: Setting) -> bytes:
    for key, before, after in (
        ("sessionId", old.session_id, new.session_id),
        ("gitBranch", old.branch, new.branch),
    ):
        line = line.replace(f'"{key}":"{before}"'.encode(), f'"{key}":"{after}"'.encode(), 1)
    return line
