"""What a transcript says of its session as a whole."""

from typing import Any

import pytest

from opentraces.adapters.claude_code.line_types import KNOWN
from opentraces.domain.line_counts import LineCounts
from tests.checked import json_of
from tests.unit.adapters.claude_code.lines import Lines, call, parsed, text


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.mark.parametrize("kind", sorted(KNOWN))
def test_a_known_type_is_recognised_whatever_it_holds(lines: Lines, kind: str) -> None:
    facts = parsed(lines.line(kind), lines.line(kind, message=[7], attachment=7)).source.facts

    assert facts.lines == LineCounts(recognised=2)
    assert facts.line_types == {kind: 2}


def test_types_of_another_release_are_counted(lines: Lines) -> None:
    found = parsed(
        lines.line("hologram"), lines.line("hologram"), b"{}\n", b'{"type":[]}\n', b"[]\n", b"\n"
    )

    assert found.source.facts.lines == LineCounts(recognised=1, unknown=4, bad=1)
    assert found.source.facts.unknown_types == {"hologram": 2, "(none)": 2}
    assert found.source.facts.line_types == {"blank": 1}
    assert found.steps == []


def test_names_without_end_are_counted_together(lines: Lines) -> None:
    facts = parsed(*(lines.line(f"type-{n}" + "x" * 200) for n in range(300))).source.facts

    assert len(facts.unknown_types) == 201
    assert facts.unknown_types["(other)"] == 100
    assert max(map(len, facts.unknown_types)) == 80


@pytest.mark.parametrize(
    ("given", "own", "title"),
    [
        ([("custom-title", {"customTitle": "Mine"})], "Mine", None),
        ([("custom-title", {"customTitle": n}) for n in ("Old", "New")], "New", None),
        ([("agent-name", {"agentName": "worker"})], "worker", None),
        (
            [("custom-title", {"customTitle": "Mine"}), ("agent-name", {"agentName": "x"})],
            "Mine",
            None,
        ),
        ([("ai-title", {"aiTitle": "Its own"})], None, "Its own"),
        ([("summary", {"summary": "Its summary", "leafUuid": "u"})], None, "Its summary"),
        ([("ai-title", {"aiTitle": 7}), ("custom-title", {})], None, None),
    ],
)
def test_titles_are_the_users_or_the_agents(
    lines: Lines, given: list[tuple[str, Any]], own: str | None, title: str | None
) -> None:
    facts = parsed(*(lines.line(kind, **fields) for kind, fields in given)).source.facts

    assert (facts.given_title, facts.agent_title) == (own, title)


def test_times_are_kept_as_written_and_file_order_is_truth(lines: Lines) -> None:
    stamps = ["2026-11-23T05:00:09Z", "2026-11-23T05:00:01.5Z", "2026-11-23T06:00:05+01:00"]
    found = parsed(*(lines.user("x", timestamp=stamp) for stamp in stamps))

    assert [step.step.timestamp for step in found.steps] == stamps
    assert [step.moment - found.steps[0].moment for step in found.steps] == [0, 0, 0]
    facts = found.source.facts
    assert facts.first_moment == found.steps[0].moment == 1795410009000
    assert (facts.started, facts.ended) == (stamps[1], stamps[0])


@pytest.mark.parametrize("odd", ["yesterday", "", 7, None, [], "2026-13-01T00:00:00Z"])
def test_a_time_that_is_none_is_none(lines: Lines, odd: Any) -> None:
    found = parsed(lines.user("x", timestamp=odd))

    assert found.steps[0].step.timestamp is None
    assert found.steps[0].moment == 0
    assert found.source.facts.first_moment is None


def test_folders_branches_and_versions_are_listed_in_order(lines: Lines) -> None:
    places = [("/a", "main", "2.1.1"), ("/b", "main", "2.1.2"), ("/a", "topic", "2.1.2")]
    facts = parsed(
        *(lines.user("x", cwd=cwd, gitBranch=br, version=v) for cwd, br, v in places),
        lines.user("x", cwd=7, gitBranch="", version=None),
    ).source.facts

    assert facts.folders == ("/a", "/b")
    assert facts.branches == ("main", "topic")
    assert facts.versions == ("2.1.1", "2.1.2")


def test_what_only_this_agent_has_is_native(lines: Lines) -> None:
    facts = parsed(
        lines.user("x", entrypoint="sdk-cli", permissionMode="plan", slug="a-b-c"),
        lines.line("permission-mode", permissionMode="acceptEdits"),
        lines.answer(text("x"), said={"usage": {"service_tier": "standard"}}, forkedFrom="s0"),
        lines.line("cost-state", totalCostUSD=0.5),
    ).source.facts

    assert facts.native == {
        "entrypoints": ["sdk-cli"],
        "permission_modes": ["plan", "acceptEdits"],
        "slugs": ["a-b-c"],
        "service_tiers": ["standard"],
        "forked_from": "s0",
        "reported_cost_usd": 0.5,
    }


def test_the_machine_is_what_the_first_snapshot_says(lines: Lines) -> None:
    snapshot = {"platform": "linux", "shell": "bash", "osVersion": "Linux 6.1", "isGitRepo": True}
    facts = parsed(
        lines.line("attachment", attachment={"type": "environment", "snapshot": snapshot}),
        lines.line("attachment", attachment={"type": "environment", "snapshot": {"shell": "zsh"}}),
    ).source.facts

    said = facts.surroundings
    assert (said.os, said.platform, said.shell) == ("Linux 6.1", "linux", "bash")
    assert (said.arch, said.is_repository) == (None, True)


LONG = "x" * 1_000_000


@pytest.mark.parametrize(
    "field",
    ["version", "cwd", "gitBranch", "entrypoint", "permissionMode", "slug", "forkedFrom"],
)
def test_what_no_name_is_as_long_as_is_none(lines: Lines, field: str) -> None:
    found = parsed(*(lines.user("go", **{field: f"{n}{LONG}"}) for n in range(3)))

    assert len(json_of(found.source.facts)) < 2000


def test_what_is_said_of_a_session_is_bounded_whatever_a_line_holds(lines: Lines) -> None:
    told = {"agentId": LONG, "agentType": LONG, "description": LONG}
    spilled = {"persistedOutputPath": f"/home/dev/{LONG}"}
    found = parsed(
        lines.user(LONG),
        lines.user(f"<command-name>/{LONG}</command-name>"),
        lines.answer(call("Agent", LONG), call("Skill", "t2", skill=LONG), said={"model": LONG}),
        lines.result(LONG, told=told),
        lines.result("t2", told=told),
        lines.result("t2", told=spilled),
        lines.answer(text("x"), message="m2", said={"stop_reason": LONG, "usage": {"x": LONG}}),
        lines.answer(text("x"), message="m3", said={"usage": {"service_tier": LONG}}),
        lines.answer({"type": LONG}, message="m4", isApiErrorMessage=True, error=LONG),
        lines.line("custom-title", customTitle=LONG),
        lines.line("ai-title", aiTitle=LONG),
        lines.line("permission-mode", mode=LONG),
        lines.line("system", subtype="compact_boundary", compactMetadata={"trigger": LONG}),
        lines.line(
            "attachment",
            attachment={
                "type": "environment",
                "snapshot": dict.fromkeys(("osVersion", "platform", "shell", "arch"), LONG),
            },
        ),
        lines.line(LONG),
        lines.user("late", timestamp="2026-11-23T05:00:09." + "0" * 1_000_000 + "Z"),
        name="projects/-w/s1/subagents/agent-a1.jsonl",
    )

    assert found.source.facts.lines.bad == 0
    assert len(json_of(found.source.facts)) < 20_000
