"""What is said of steps and traces to be found by."""

from typing import Any

from opentraces.adapters.tantivy_index.schema import PRICED
from opentraces.domain.claiming import claim_of
from opentraces.domain.documents import step_document, trace_document
from opentraces.domain.envelope import Envelope
from opentraces.domain.facts import AgentLink, Compaction, SourceFacts
from opentraces.domain.kept_step import KeptStep
from opentraces.domain.searchable import StepDocument
from opentraces.domain.step import Observation, TokenUsage, ToolCall
from opentraces.domain.trail.events import Anchored, ManifestObserved, PatchCreated, TrailEvent
from opentraces.domain.trail.file_change import TAKEN_BACK, FileChange
from opentraces.domain.trail.noteworthy import Noteworthy, noteworthy
from opentraces.domain.trail.worktree import WorktreeSigns
from opentraces.domain.usage.price_list import CHECKED
from tests.contracts.samples import A, answer, header, source, step


def said(kept: KeptStep, native: dict[str, str] | None = None, **facts: Any) -> KeptStep:
    changed = kept.step.but(**facts)
    return kept.but(step=changed, native=native or kept.native)


def ran(command: str, error: str | None = None) -> KeptStep:
    call = ToolCall(tool_call_id="c", tool_name="Bash", input={"command": command})
    seen = Observation(source_call_id="c", content="done", error=error)
    return said(answer(1), tool_calls=(call,), observations=(seen,))


def wrote(path: str, content: str) -> KeptStep:
    given = {"file_path": path, "content": content}
    return said(answer(1), tool_calls=(ToolCall(tool_call_id="c", tool_name="Write", input=given),))


def envelope(facts: SourceFacts = SourceFacts(), **told: Any) -> Envelope:  # noqa: B008
    kept = source(1).but(facts=facts)
    return Envelope(trace_id=A, commit=1, header=header(kept).but(**told))


def anchored(commit: str, subject: str | None, **facts: Any) -> Anchored:
    return Anchored(
        patch_id="p",
        repository="r",
        commit=commit,
        committed="2026-01-01T00:00:00Z",
        path="a.py",
        blob="b",
        tier="exact_blob_hash",
        lines=((1, 2),),
        subject=subject,
    ).but(**facts)


def found_of(kept: KeptStep) -> StepDocument:
    return step_document(A, kept, claim_of(kept))


def test_a_step_has_its_commands_its_packages_and_its_names() -> None:
    document = found_of(ran("cd x && pip install requests 'click>=8'"))

    assert document.commands == ("cd x && pip install requests 'click>=8'",)
    assert document.deps == ("click", "requests")
    assert found_of(ran("pip install requests", error="no network")).deps == ()
    assert found_of(ran("echo getUserName")).names == ("get user name",)
    assert document.role == "agent"


def test_a_manifest_that_a_step_wrote_says_what_the_project_asks_for() -> None:
    text = '{"dependencies": {"left-pad": "1"}}'

    assert found_of(wrote("/w/package.json", text)).deps == ("left-pad",)
    assert found_of(wrote("/w/notes.json", text)).deps == ()
    assert found_of(wrote("/w/package.json", "{")).deps == ()


USAGE = TokenUsage(
    input_tokens=1_000_000, output_tokens=10, cache_read_tokens=200, cache_write_tokens=3000
)


def test_a_response_has_all_its_tokens_and_what_it_cost() -> None:
    told = said(answer(1), {"cost_usd": "1.25"}, token_usage=USAGE)
    listed = said(answer(1), model="claude-opus-4-8", token_usage=TokenUsage(input_tokens=1000))
    unknown = said(answer(1), model="nobody-1", token_usage=USAGE)

    assert found_of(told).tokens == 1_003_210
    assert found_of(told).cost == 1_250_000
    assert found_of(listed).cost == 5000
    assert found_of(unknown).cost is None
    assert found_of(step(1)).cost == 0


def test_a_side_question_costs_nothing_here() -> None:
    document = found_of(said(answer(1), {"aside": "1"}, token_usage=USAGE))

    assert (document.tokens, document.cost) == (0, 0)


def test_a_trace_has_its_repository_branches_and_what_its_trail_says() -> None:
    facts = SourceFacts(
        branches=("main", "dev"),
        compactions=(Compaction(ordinal=1),),
        links=(AgentLink(agent_id="x"),),
        native={"repository_url": "git@github.com:acme/widgets.git"},
    )
    trail = noteworthy([patch("p"), anchored("1" * 40, "Retry getUser")])
    document = trace_document(envelope(facts, title="myTitle"), 0, trail)

    assert document.repo == "github.com/acme/widgets"
    assert document.branches == ("main", "dev")
    assert document.has == ("patch", "commit", "compaction", "subagent")
    assert document.commits == (("1" * 40, "Retry getUser"),)
    assert document.names == ("my title", "get user")


def test_what_the_agent_does_not_say_is_told_by_the_worktree() -> None:
    signs = WorktreeSigns(path="/w", remote="github.com/acme/api", branch="main")
    document = trace_document(envelope(worktree=signs), 0)

    assert (document.repo, document.branches, document.has) == (signs.remote, ("main",), ())


def patch(name: str, *limitations: str) -> PatchCreated:
    change = FileChange(call="c", path="/w/a.py", operation="edit", limitations=limitations)
    return PatchCreated(patch_id=name, step_index=1, change=change)


def test_of_a_trail_what_was_said_last_counts() -> None:
    events: list[TrailEvent] = [
        patch("p"),
        patch("p", TAKEN_BACK),
        anchored("1" * 40, None),
        anchored("1" * 40, "One"),
        anchored("2" * 40, "Two"),
        anchored("2" * 40, "Two", lines=()),
        ManifestObserved(repository="r", commit="c", path="x", blob="b", names=("click",)),
    ]
    found = noteworthy(events)

    assert (found.patches, found.commits, found.names) == (set(), (("1" * 40, "One"),), {"click"})
    assert Noteworthy().commits == ()


def test_an_index_is_of_the_list_of_prices_that_is_here() -> None:
    assert PRICED == CHECKED
