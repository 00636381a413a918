"""What each response cost: every token once, whatever a rollout repeats."""

from tests.unit.adapters.codex_cli.lines import (
    OLD_TURN,
    PARENT,
    begin,
    call,
    counted,
    event,
    line,
    meta,
    output,
    parsed,
    recorded,
    said,
    spent,
    typed,
)


def test_input_is_without_what_was_cached() -> None:
    assert spent(said("a"), recorded("r1", 100, 60, 7)) == [(40, 7, 60)]


def test_what_was_put_into_the_cache_is_a_class_of_its_own() -> None:
    row = recorded("r1", 100, 60, 7, cache_write_input_tokens=30)
    (step,) = parsed(said("a"), row).steps

    assert step.step.token_usage.input_tokens == 10
    assert step.step.token_usage.cache_write_tokens == 30


def test_reasoning_is_a_part_of_the_output() -> None:
    row = recorded("r1", 100, 0, 7, reasoning_output_tokens=5)
    found = parsed(said("a"), row)

    assert found.steps[0].step.token_usage.output_tokens == 7
    assert found.steps[0].native["reasoning_tokens"] == "5"
    assert found.source.facts.native["reasoning_tokens"] == 5


def test_a_record_that_stands_twice_counts_once() -> None:
    row = recorded("r1", 100, 60, 7)

    assert spent(said("a"), row, row, said("b"), row) == [(40, 7, 60), (0, 0, 0)]


def test_a_count_repeats_what_a_record_said() -> None:
    assert spent(said("a"), recorded("r1", 100, 60, 7), counted(100, 60, 7)) == [(40, 7, 60)]


def test_cumulative_counts_are_compared() -> None:
    assert spent(
        event("token_count", info=None),
        said("a"),
        counted(100, 60, 7, (100, 60, 7)),
        counted(100, 60, 7, (100, 60, 7)),
        said("b"),
        counted(250, 160, 17, (150, 100, 10)),
        counted(250, 160, 17, (0, 0, 0)),
    ) == [(40, 7, 60), (50, 10, 100)]


def test_a_count_may_follow_the_outputs() -> None:
    assert spent(call("c1"), output("c1", "x"), counted(100, 60, 7), said("b")) == [
        (40, 7, 60),
        (0, 0, 0),
    ]


def test_a_thread_that_goes_on_from_another_one_s_count_begins_at_its_own() -> None:
    assert spent(said("a"), counted(9100, 5060, 907, (100, 60, 7))) == [(40, 7, 60)]


def test_a_count_that_began_anew_is_measured_by_its_last_response() -> None:
    assert spent(said("a"), counted(900, 0, 7), said("b"), counted(100, 60, 5, (100, 60, 5))) == [
        (900, 7, 0),
        (40, 5, 60),
    ]


def test_an_older_client_that_goes_on_is_counted_by_its_counts() -> None:
    assert spent(
        said("a"), recorded("r1", 100, 60, 7), counted(100, 60, 7), said("b"), counted(250, 160, 17)
    ) == [(40, 7, 60), (50, 10, 100)]


def test_a_response_of_which_nothing_is_left_still_costs() -> None:
    assert spent(said("a"), recorded("r1", 100, 60, 7), recorded("r2", 10, 0, 3)) == [
        (40, 7, 60),
        (10, 3, 0),
    ]


def test_what_a_fork_copied_is_the_baseline_of_its_count() -> None:
    copied = (
        begin(OLD_TURN),
        typed("before"),
        said("of the parent"),
        counted(9000, 5000, 900, (9000, 5000, 900)),
    )
    own = (begin(), typed("now"), said("mine"), counted(9100, 5060, 907, (100, 60, 7)))

    found = parsed(meta(forked_from_id=PARENT), meta(PARENT), *copied, *own)

    assert [step.step.content for step in found.steps] == ["now", "mine"]
    assert spent(meta(), meta(PARENT), *copied, *own) == [(40, 7, 60)]
    assert found.source.facts.native["copied_lines"] == 5


def test_a_copy_tells_by_its_ordinal_where_its_own_history_begins() -> None:
    lines = (
        line("session_meta", {"id": "t", "subagent_history_start_ordinal": 3}, ordinal=0),
        line("session_meta", {"id": "p"}, ordinal=1),
        line("event_msg", {"type": "user_message", "message": "theirs"}, ordinal=2),
        line("event_msg", {"type": "user_message", "message": "mine"}, ordinal=3),
    )

    assert [step.step.content for step in parsed(*lines).steps] == ["mine"]


def test_a_copy_that_cannot_be_told_is_kept_and_says_so() -> None:
    old = "0a3c5f0e-1111-4111-8111-000000000001"
    found = parsed(meta(old), meta("f14fc1d2-1111-4111-8111-000000000002"), typed("whose?"))

    assert [step.step.content for step in found.steps] == ["whose?"]
    assert found.source.facts.limitations == ("copied_history_untold",)


def test_a_copy_of_an_answer_has_the_key_of_the_original() -> None:
    turn = (begin(OLD_TURN), call("c1"), recorded("r1", 1, 0, 1))
    original = parsed(meta(PARENT), *turn).steps
    copy = parsed(meta("f14fc1d2-1111-4111-8111-000000000002"), meta(PARENT), *turn).steps

    assert [step.key for step in copy] == [step.key for step in original]


def settings(tier: object) -> bytes:
    return event("thread_settings_applied", thread_settings={"service_tier": tier})


def test_the_higher_speed_is_that_of_the_settings_in_force() -> None:
    lines = [said("a"), recorded("r0", 100, 0, 7)]
    for number, tier in enumerate(("priority", "default", "fast", None, "flex", ["fast"]), 1):
        lines += [settings(tier), said(f"{tier}"), recorded(f"r{number}", 100, 0, 7)]

    speeds = [step.native.get("speed") for step in parsed(*lines).steps]

    assert speeds == [None, "fast", None, "fast", None, None, None]
