from datetime import UTC, datetime

import pytest

from opentraces.domain.query_text import parse_query
from opentraces.domain.reach import Reach, has_text, reach

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected", "is_ranked"),
    [
        ("", Reach.TRACES, False),
        ("since:1d", Reach.TRACES, False),
        ("agent:pi -project:api until:1d", Reach.TRACES, False),
        ("retry", Reach.BOTH, True),
        ("retry -flaky agent:pi", Reach.BOTH, True),
        ("retry tool:Bash", Reach.STEPS, True),
        ("retry -error:true", Reach.STEPS, True),
        ("-file:*.py", Reach.STEPS, False),
        ("model:opus agent:pi", Reach.STEPS, False),
        ("-flaky agent:pi", Reach.STEPS, False),
        ("has:patch cost:>1 dep:x OR repo:y -branch:main", Reach.TRACES, False),
        ("skill:review has:patch", Reach.STEPS, False),
        ("ko*", Reach.BOTH, True),
        ("retry OR tool:Bash", Reach.BOTH, True),
        ("tool:Edit OR tool:Bash", Reach.STEPS, False),
        ("retry OR agent:pi", Reach.BOTH, True),
        ("retry OR -flaky", Reach.STEPS, True),
        ("retry OR -agent:pi", Reach.BOTH, True),
        ("retry -(flaky OR tool:Bash)", Reach.STEPS, True),
        ("(retry tool:Bash) OR wait", Reach.BOTH, True),
    ],
)
def test_what_is_asked_for_decides_what_answers(
    text: str, expected: Reach, is_ranked: bool
) -> None:
    query = parse_query(text, now=NOW)

    assert reach(query) is expected
    assert has_text(query.clauses) is is_ranked
