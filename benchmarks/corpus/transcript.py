"""One transcript as Claude Code writes it: lines, their chain, a clock, what was used."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeAlias

import orjson

from benchmarks.corpus.chance import native_id, new_uuid
from benchmarks.corpus.tokens import Tokens

Fields: TypeAlias = dict[str, object]
ResponseId: TypeAlias = tuple[str, str]
"""The ids of the message and of the request: together they name one API response."""

_CONTEXT_LIMIT = 160_000


@dataclass(frozen=True)
class Setting:
    """What all lines of one transcript have in common."""

    session_id: str
    cwd: str
    branch: str
    version: str
    model: str
    agent_id: str | None = None
    """None: the main transcript, else the sub-agent's."""


class Transcript:
    """Lines being written, each a little later than the one before."""

    def __init__(self, setting: Setting, start: datetime, chance: Random) -> None:
        self.setting = setting
        self.now = start
        self.lines: list[bytes] = []
        self.size = 0
        self.started = start
        self.turns: list[int] = []
        """The line each typed prompt stands on, counted from 0."""
        self.used: dict[ResponseId, Tokens] = {}
        """What each response used: its last line has the true number of output tokens."""
        self._chance = chance
        self._parent: str | None = None
        self._context = chance.randrange(9_000, 22_000)

    def pass_time(self, least_s: float, most_s: float) -> None:
        """Let some time pass before the next line."""
        self.now += timedelta(milliseconds=int(1000 * self._chance.uniform(least_s, most_s)))

    def side_line(self, fields: Fields) -> None:
        """Write a line that is no part of the chain."""
        line = orjson.dumps(fields)
        self.lines.append(line)
        self.size += len(line) + 1

    def continue_from(self, lines: list[bytes]) -> None:
        """Go on after lines that stand in the file already, or are copied from another one."""
        self.lines.extend(lines)
        self.size += sum(len(line) + 1 for line in lines)
        fields = map(orjson.loads, reversed(lines))
        self._parent = next((line["uuid"] for line in fields if "uuid" in line), None)

    def prompt(self, text: str) -> None:
        """Write what the user typed."""
        self.turns.append(len(self.lines))
        self._chained(
            "user",
            message={"role": "user", "content": text},
            thinkingMetadata={"level": "high", "disabled": False, "triggers": []},
            todos=[],
        )

    def caveat(self, text: str) -> None:
        """Write a text that the client injected in the user's name."""
        self._chained("user", message={"role": "user", "content": text}, isMeta=True)

    def response(self, blocks: list[Fields], stop_reason: str) -> None:
        """Write one API message: a line a block, the number of output tokens growing."""
        message_id = native_id("msg_01", self._chance)
        request_id = native_id("req_011", self._chance)
        used = self._use(blocks)
        for block in blocks[:-1]:
            partial = used._replace(output=self._chance.randrange(1, 9))
            self._block(block, None, (message_id, request_id), partial)
        self._block(blocks[-1], stop_reason, (message_id, request_id), used)

    def tool_result(self, block: Fields, result: object) -> None:
        """Write what a tool returned: as the model sees it, and in full."""
        self.pass_time(0.05, 9)
        message = {"role": "user", "content": [block]}
        if self.setting.agent_id is None:
            self._chained("user", message=message, toolUseResult=result)
        else:
            self._chained("user", message=message)

    def turn_duration(self) -> None:
        """Write the line the client closes a turn with."""
        self._chained("system", subtype="turn_duration", durationMs=self._chance.randrange(10**5))

    def _block(self, block: Fields, stop: str | None, key: ResponseId, used: Tokens) -> None:
        self.pass_time(0.4, 6)
        self.used[key] = used
        message = {
            "model": self.setting.model,
            "id": key[0],
            "type": "message",
            "role": "assistant",
            "content": [block],
            "stop_reason": stop,
            "stop_sequence": None,
            "usage": _usage(used),
        }
        self._chained("assistant", message=message, requestId=key[1])

    def _use(self, blocks: list[Fields]) -> Tokens:
        written = self._chance.randrange(200, 4000)
        used = Tokens(
            input=self._chance.randrange(1, 12),
            cache_creation=written,
            cache_read=self._context,
            output=len(orjson.dumps(blocks)) // 4 + self._chance.randrange(9, 40),
        )
        self._context += written
        if self._context > _CONTEXT_LIMIT:
            self._context = 18_000
        return used

    def _chained(self, kind: str, **fields: object) -> None:
        setting, line_id = self.setting, new_uuid(self._chance)
        envelope: Fields = {
            "parentUuid": self._parent,
            "isSidechain": setting.agent_id is not None,
            "userType": "external",
            "cwd": setting.cwd,
            "sessionId": setting.session_id,
            "version": setting.version,
            "gitBranch": setting.branch,
        }
        if setting.agent_id is not None:
            envelope["agentId"] = setting.agent_id
        tail: Fields = {"type": kind, **fields, "uuid": line_id, "timestamp": iso(self.now)}
        self.side_line(envelope | tail)
        self._parent = line_id


def iso(moment: datetime) -> str:
    """Write a moment as the agent does: UTC, milliseconds, a Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _usage(used: Tokens) -> Fields:
    return {
        "input_tokens": used.input,
        "cache_creation_input_tokens": used.cache_creation,
        "cache_read_input_tokens": used.cache_read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": used.cache_creation,
            "ephemeral_1h_input_tokens": 0,
        },
        "output_tokens": used.output,
        "service_tier": "standard",
    }
