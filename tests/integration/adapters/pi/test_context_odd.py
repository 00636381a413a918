"""Lines of real sessions of Pi with a value in them that no agent writes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from opentraces.adapters._reading.jsonl import decode
from opentraces.adapters.pi.context.requests import contexts
from opentraces.adapters.pi.parser import PiParser
from opentraces.domain.context.blocks import block_id
from opentraces.domain.context.events import LayerObserved, NodeObserved
from opentraces.domain.context.lines import line_of
from opentraces.domain.context.node_ids import id_of, layer_id
from opentraces.domain.context.paths import blocks_at
from opentraces.domain.context.templates import Place, pointed, render
from tests.contracts.context_events import Lines, by_id, layers_of, nodes_of
from tests.contracts.trace_parser import read, read_in_parts, transcript
from tests.integration.adapters.filesystem.forging import places, replaced
from tests.integration.adapters.pi.fixtures import DATA, FILES

EVENTS = DATA.parent / "pi-events"
PLACE = "@here@"
ODD = (
    "null",
    "true",
    "-1",
    "1.5",
    '""',
    '"x|y"',
    '"[1"',
    "[]",
    "{}",
    '[{"type":"text"}]',
    '{"type":"image","data":7}',
    '"\\ud800\\u0000"',
    "9" * 40,
    '{"a":[' * 150 + "1" + "]}" * 150,
)


class Decoded(Lines):
    """Looks places up as lines are read: half a letter is replaced."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._bytes = data

    def value(self, place: Place) -> Any:
        """See Kept."""
        _, offset, length, pointer = place
        return pointed(decode(self._bytes[offset : offset + length]), pointer)


def kinds() -> dict[str, dict[str, Any]]:
    """Return one line of each kind that real sessions have, the longest."""
    found: dict[str, dict[str, Any]] = {}
    for path in (path for paths in FILES.values() for path in paths):
        for line in path.read_bytes().splitlines()[1:]:
            said = json.loads(line)
            message = said.get("message", {})
            kind = f"{said['type']} {message.get('role')} {message.get('api')}"
            if len(line) < 6000 and len(json.dumps(found.get(kind, ""))) < len(line):
                found[kind] = said
    return found


def odd_lines(text: str) -> Iterator[bytes]:
    """Yield each line as often as it has values, each time with the text in place of one."""
    for kind, line in kinds().items():
        for number, where in enumerate(places(line)):
            odd = replaced(line, where, PLACE)
            if where != ("id",):
                odd["id"] = f"{kind} {number}"
            yield json.dumps(odd).replace(f'"{PLACE}"', text).encode() + b"\n"


@pytest.mark.parametrize("follows", [True, False])
@pytest.mark.parametrize("text", ODD, ids=lambda text: text[:20])
def test_any_value_in_any_place_is_read_and_put_together(text: str, follows: bool) -> None:
    whole = max(FILES["0.87.1/s2_branches"])
    odd = b"".join(odd_lines(text))
    if follows:
        odd = b"".join(_following(odd))
    data = whole.read_bytes() + odd + whole.read_bytes()

    found = read(PiParser(), transcript(data))

    kept, known = Decoded(data), by_id(nodes_of(found))
    for node in nodes_of(found):
        assert node.node_id == id_of(node)
        assert len(blocks_at(known, node.node_id)) >= len(node.added)
        for block in node.added:
            assert block.id == block_id(block.role, render(block.content, kept)), block
    for layer in layers_of(found):
        assert layer.layer_id == layer_id(layer.kind, render(layer.content, kept))
    assert b"".join(map(line_of, found.context))
    parts = read_in_parts(PiParser(), transcript(data), [len(data) // 3, len(data) // 2])
    assert parts.context == found.context
    assert len(nodes_of(found)) > 20


@pytest.mark.parametrize("text", ODD, ids=lambda text: text[:20])
def test_any_value_in_any_place_of_a_request_is_read_and_put_together(text: str) -> None:
    lines = (EVENTS / "0.87.1.jsonl").read_bytes().splitlines(keepends=True)
    told = [line for line in lines if b'"before_provider_request"' in line or b'"turn_end"' in line]
    for line in told[:4]:
        said = json.loads(line)
        for where in places(said):
            odd = json.dumps(replaced(said, where, PLACE)).replace(f'"{PLACE}"', text)
            data = b"".join((*told[:2], odd.encode(), b"\n", *told[2:4]))
            kept = Decoded(data)
            for each in contexts([data]):
                assert line_of(each)
                for block in each.added if isinstance(each, NodeObserved) else ():
                    assert block.id == block_id(block.role, render(block.content, kept))
                if isinstance(each, LayerObserved):
                    assert each.layer_id == layer_id(each.kind, render(each.content, kept))


def _following(lines: bytes) -> Iterator[bytes]:
    """Yield lines, each behind the one before."""
    for line in lines.splitlines():
        said = decode(line)
        if said is not None:
            said.pop("parentId", None)
            yield json.dumps(said).encode() + b"\n"
