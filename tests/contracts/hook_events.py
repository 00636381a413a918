"""What every HookEvents keeps to."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opentraces.domain.context.blocks import block_id
from opentraces.domain.context.events import LayerObserved, NodeObserved
from opentraces.domain.context.lines import line_of
from opentraces.domain.context.node_ids import id_of, layer_id
from opentraces.domain.context.templates import render
from opentraces.domain.hook_facts import EventPlace, HookFacts
from opentraces.domain.ids import canonical_bytes
from opentraces.ports.hook_events import HookEvents
from tests.contracts.context_events import Lines
from tests.contracts.trace_parser import GARBAGE

SAME_EVENTS = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
DEEP = 400
ODD = (
    b"null",
    b"true",
    b"[]",
    b"{}",
    b'""',
    b'"x"',
    b"-1",
    b"1.5",
    b"9" * 40,
    b'{"a":[{}]}',
    b'"\\ud83d"',
    b"[" * DEEP + b"]" * DEEP,
    b'{"a":' * DEEP + b"1" + b"}" * DEEP,
)
"""Values that no agent should give."""

_moments = count(1_795_000_000_000_000_000)


def spooled(event: bytes, at: int | None = None) -> bytes:
    """Return an event of the agent's as our hook writes it down: no two lines are alike."""
    moment = next(_moments) if at is None else at
    return b'{"opentraces":1,"at":%d,"event":%b}\n' % (moment, event.strip())


def giant(event: bytes) -> bytes:
    """Return the line of an event that is too large: its size and its head."""
    said = (next(_moments), len(event), event[:2048].hex().encode())
    return b'{"opentraces":1,"at":%d,"bytes":%d,"head":"%b"}\n' % said


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    """Return bytes in pieces."""
    ends = sorted({0, *(place % (len(data) + 1) for place in places), len(data)})
    return [data[begin:end] for begin, end in pairwise(ends)]


def at(data: bytes, place: EventPlace) -> bytes:
    """Return the event that stands at a place."""
    return data[place.offset : place.offset + place.length]


class HookEventsContract:
    @pytest.fixture
    def events(self) -> HookEvents:
        raise NotImplementedError("give the adapter")

    @pytest.fixture
    def real(self) -> list[bytes]:
        """Real events of the agent, as it handed them over: ends of tool calls among them."""
        raise NotImplementedError("give some")

    @pytest.fixture
    def data(self, real: list[bytes]) -> bytes:
        return b"".join(map(spooled, real))

    def test_of_no_events_nothing_is_said(self, events: HookEvents) -> None:
        assert events.facts([]) == events.facts([b"", b""]) == HookFacts()
        assert list(events.contexts([])) == list(events.contexts([b"", b""])) == []

    def test_every_event_is_counted_by_its_name(
        self, events: HookEvents, data: bytes, real: list[bytes]
    ) -> None:
        facts = events.facts([data])

        assert sum(facts.events.values()) == len(real)
        assert list(facts.events) == sorted(facts.events)
        assert facts.bad == 0
        assert facts.transcript
        assert facts.folders

    def test_same_bytes_say_the_same(self, events: HookEvents, data: bytes) -> None:
        assert events.facts([data]) == events.facts([data])

    @given(places=st.lists(st.integers(0, 10**6), max_size=12))
    @settings(suppress_health_check=SAME_EVENTS)
    def test_how_the_bytes_are_cut_changes_nothing(
        self, events: HookEvents, data: bytes, places: list[int]
    ) -> None:
        assert events.facts(cut(data, places)) == events.facts([data])

    @given(places=st.lists(st.integers(0, 10**6), max_size=12))
    @settings(suppress_health_check=SAME_EVENTS)
    def test_how_the_bytes_are_cut_changes_nothing_of_what_was_seen(
        self, events: HookEvents, data: bytes, places: list[int]
    ) -> None:
        assert list(events.contexts(cut(data, places))) == list(events.contexts([data]))

    def test_what_was_seen_is_put_together_from_the_events(
        self, events: HookEvents, data: bytes
    ) -> None:
        kept, known = Lines(data), set[str | None]({None})
        for each in events.contexts([data]):
            if isinstance(each, LayerObserved):
                assert each.layer_id == layer_id(each.kind, render(each.content, kept))
                known.add(each.layer_id)
            if isinstance(each, NodeObserved):
                assert each.source == 0
                assert each.node_id == id_of(each)
                assert {each.parent, each.system, each.tool_registry, each.runtime_state} <= known
                for block in each.added:
                    assert block.id == block_id(block.role, render(block.content, kept))
                known.add(each.node_id)

    def test_single_bytes_say_what_all_of_them_say(self, events: HookEvents, data: bytes) -> None:
        short = data[-9000:]

        assert events.facts(cut(short, range(len(short)))) == events.facts([short])

    def test_event_counts_once_its_line_is_whole(self, events: HookEvents, data: bytes) -> None:
        unfinished = [data, spooled(b"{}")[:-1]]
        assert events.facts(unfinished) == events.facts([data])
        assert list(events.contexts(unfinished)) == list(events.contexts([data]))

    def test_place_of_an_event_gives_it_back(self, events: HookEvents, data: bytes) -> None:
        ends = events.facts([data]).tools

        assert ends
        for call, end in ends.items():
            said = json.loads(at(data, end.place))
            assert call in json.dumps(said)
            assert at(data, end.place) + b"\n" in data.splitlines(keepends=True)

    def test_response_is_what_the_tool_gave_back(
        self, events: HookEvents, data: bytes, real: list[bytes]
    ) -> None:
        said = [json.loads(each) for each in real]
        for call, end in events.facts([data]).tools.items():
            expected = next(each for each in said if each.get("tool_use_id") == call)
            response = events.response(at(data, end.place))
            assert response == expected.get("tool_response")
            assert end.has_response == ("tool_response" in expected)

    @pytest.mark.parametrize("line", GARBAGE)
    def test_garbage_is_counted_and_hides_nothing(
        self, line: bytes, events: HookEvents, data: bytes
    ) -> None:
        first, rest = data[: data.find(b"\n") + 1], data[data.find(b"\n") + 1 :]
        whole, spoiled = events.facts([data]), events.facts([first, line, rest, line])

        assert spoiled.bad == (2 if line.strip() else 0)
        assert (spoiled.events, spoiled.permissions) == (whole.events, whole.permissions)
        assert spoiled.tools.keys() == whole.tools.keys()
        assert events.response(line) is None
        assert events.change(line, EventPlace(0, len(line)), 1) is None
        seen, spoiled_seen = (
            [each.node_id for each in events.contexts(pieces) if isinstance(each, NodeObserved)]
            for pieces in ([data], [first, line, rest, line])
        )
        assert seen == spoiled_seen

    def test_change_is_told_by_the_event_of_its_call(self, events: HookEvents, data: bytes) -> None:
        for call, end in events.facts([data]).tools.items():
            change = events.change(at(data, end.place), end.place, 5)
            for place in (change.before, change.after) if change else ():
                assert place is None or (place.source, place.offset, place.length) == (
                    5,
                    end.place.offset,
                    end.place.length,
                )
            assert change is None or change.call == call
            assert change is None or change.methods == ("hook_response",)

    def test_event_behind_a_torn_one_on_the_same_line_is_read(
        self, events: HookEvents, real: list[bytes]
    ) -> None:
        for event in real:
            torn, whole = spooled(event)[:-9], spooled(event)
            found = events.facts([torn + whole])
            alone = events.facts([whole])
            assert (found.events, found.bad) == (alone.events, 1)
            for call, end in found.tools.items():
                assert (
                    at(torn + whole, end.place) == whole[:-1] == at(whole, alone.tools[call].place)
                )

    def test_torn_event_alone_is_bad(self, events: HookEvents, real: list[bytes]) -> None:
        for event in real:
            found = events.facts([spooled(event)[:-9] + b"\n"])
            assert (found.events, found.bad) == ({}, 1)

    def test_giant_counts_as_an_event(self, events: HookEvents, real: list[bytes]) -> None:
        names = [json.loads(event)["hook_event_name"] for event in real if len(event) < 2048]

        found = events.facts([giant(event) for event in real])

        assert sum(found.events.values()) + found.bad == len(real)
        assert found.events.keys() >= set(names)
        assert found.tools == {}

    @given(pieces=st.lists(st.binary(max_size=60), max_size=6))
    @settings(suppress_health_check=SAME_EVENTS)
    def test_any_bytes_do_no_harm(
        self, events: HookEvents, data: bytes, pieces: list[bytes]
    ) -> None:
        lines = data.splitlines(keepends=True)[: len(pieces)]
        mixed = b"".join(piece + line for piece, line in zip(pieces, lines, strict=False))

        found = events.facts([mixed])

        assert found.bad + sum(found.events.values()) <= 2 * mixed.count(b"\n")
        list(events.contexts([mixed]))
        events.response(mixed)
        events.change(mixed, EventPlace(0, len(mixed)), 1)

    @pytest.mark.parametrize("odd", ODD, ids=lambda value: value[:20].decode())
    def test_odd_value_anywhere_in_an_event_does_no_harm(
        self, odd: bytes, events: HookEvents, real: list[bytes]
    ) -> None:
        data = b"".join(map(spooled, real[:1]))
        of_each = {json.loads(event)["hook_event_name"]: json.loads(event) for event in real}
        for event in of_each.values():
            for name in event:
                line = spooled(with_value(event, name, odd))
                found = events.facts([line])
                assert found.bad + sum(found.events.values()) == 1
                canonical_bytes(asdict(found))
                b"".join(map(line_of, events.contexts([data, line, data])))
                canonical_bytes(events.response(line))
                change = events.change(line, EventPlace(0, len(line) - 1), 1)
                canonical_bytes(change.as_json() if change else None)


def with_value(event: dict[str, Any], name: str, value: bytes) -> bytes:
    """Return an event in which one field has another value."""
    mark = "\0"
    return json.dumps(event | {name: mark}).encode().replace(json.dumps(mark).encode(), value)
