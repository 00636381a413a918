from opentraces.domain.spent import Amounts, StepAmounts, amounts_of


def test_each_response_is_added_once_and_those_of_another_trace_not() -> None:
    steps = [
        StepAmounts(3, 7, 100, 5, False),
        StepAmounts(1, 7, 10, 1, False),
        StepAmounts(2, 8, 1000, 50, True),
    ]

    assert amounts_of(steps, (), 1, 2) == Amounts(1011, 53, True)
    assert amounts_of(steps, (8,), 0, 0) == Amounts(10, 1, True)


def test_what_is_not_known_of_one_is_not_known_of_all() -> None:
    known, unknown = StepAmounts(1, 1, 1, 1, False), StepAmounts(2, 2, 1, None, False)

    assert amounts_of([known, unknown], (), 0, 0).cost is None
    assert amounts_of([known, unknown], (2,), 0, 0).cost == 1
    assert amounts_of([known], (), 0, None).cost is None
