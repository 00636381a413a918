"""Which request of a kept body is which call of a session, told by events alone.

An answer of the model stands word for word in the next request, with ids of its own: so the call
that follows it in the session's lines and the request that ends after it are the same. What was
said to the model then tells apart what goes on from one answer in several ways. No order of events
matters, but that of equal requests: the last one was answered.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from opentraces.domain.context.endings import Ending, Endings
from opentraces.domain.context.events import BodyKept, NodeObserved, Purpose
from opentraces.domain.context.live import is_of_body
from opentraces.domain.context.node_ids import layer_id
from opentraces.domain.context.tree import ContextTree
from opentraces.domain.ids import Digest
from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass

CallKey = tuple[int, str]
"""The number of a source, and the native id of an answer in it."""

_NO_TOOLS = layer_id("tool_registry", [])
_SAME_LAST, _SAME_ANSWERS, _SAME_SPEAKER, _MOST = 1000, 200, 100, 99


@frozen_dataclass
class Joined:
    """The calls of a session, and the requests that are none of its steps."""

    calls: Mapping[CallKey, NodeObserved]
    """By call: the node of its request where a body was kept, else that of the session's lines."""

    others: tuple[NodeObserved, ...]
    """Nodes of requests that are no step, or to which no answer is known."""


@mutable_dataclass
class _Side:
    """Equal requests, or equal calls: all end in the same way."""

    end: Ending
    nodes: list[NodeObserved]

    @property
    def is_helper(self) -> bool:
        """Whether a sub-agent's."""
        first = self.nodes[0]
        return bool(first.source) or first.branch_type == "subagent_fork"


def joined(tree: ContextTree) -> Joined:
    """Join the requests of bodies to the calls of a session's lines."""
    calls = dict(tree.calls)
    if not tree.live:
        return Joined(calls, ())
    answers = {answer: name for name, answer in map(_answer, tree.bodies.values()) if answer}
    live = [node for node in tree.live if is_of_body(node)]
    others = [node for node in live if node.purpose != "step"]
    steps = [node for node in live if node.purpose == "step"]
    calls |= _named(tree)
    for requests, answered in _matched(steps, tree.calls.values()):
        pairs = min(len(requests), len(answered))
        for node, call in zip(requests[len(requests) - pairs :], answered, strict=False):
            calls[call.source, str(call.call)] = _as_call(node, call, answers)
        others += _unanswered(requests[: len(requests) - pairs], is_retried=bool(pairs))
    return Joined(calls, tuple(others))


def _answer(body: BodyKept) -> tuple[str, str | None]:
    """Return the name of a body, and the id of the answer that it holds. None: it holds none."""
    content = body.content if isinstance(body.content, dict) else {}
    answer = content.get("id") if body.kind == "response" else None
    return body.name, answer if isinstance(answer, str) else None


def _named(tree: ContextTree) -> dict[CallKey, NodeObserved]:
    """Return the calls that requests name themselves; of the main source, where none is known."""
    keys: dict[str, list[CallKey]] = defaultdict(list)
    for source, call in tree.calls:
        keys[call].append((source, call))
    return {
        key: node.but(source=key[0])
        for node in tree.live
        if node.call is not None
        for key in keys.get(node.call, [(0, node.call)])
    }


def _as_call(node: NodeObserved, call: NodeObserved, answers: Mapping[str, str]) -> NodeObserved:
    """Return the node of a request as that of a call."""
    answer = answers.get(str(call.call))
    takes_branch = node.parent is None and call.branch_type in ("compaction_fork", "subagent_fork")
    return node.but(
        call=call.call,
        source=call.source,
        requests=(*node.requests, answer) if answer else node.requests,
        branch_type=call.branch_type if takes_branch else node.branch_type,
    )


def _unanswered(nodes: list[NodeObserved], *, is_retried: bool) -> list[NodeObserved]:
    """Return equal requests to which no answer is known, for what they were."""
    last = None if is_retried or not nodes else nodes[-1]
    return [node.but(purpose=_purpose_of(node, is_last=node is last)) for node in nodes]


def _purpose_of(node: NodeObserved, *, is_last: bool) -> Purpose:
    if not is_last:
        return "retry"
    return "other" if node.tool_registry == _NO_TOOLS else "step"


def _matched(
    live: list[NodeObserved], calls: Iterable[NodeObserved]
) -> Iterable[tuple[list[NodeObserved], list[NodeObserved]]]:
    """Yield equal requests with the calls that they are of; with none, where none is known."""
    calls = sorted(calls, key=lambda each: (each.source, str(each.call)))
    endings = Endings([*calls, *live])
    requests, answered = _by_answer(live, endings), _by_answer(calls, endings)
    left: list[_Side] = []
    for answer, sides in requests.items():
        others = answered.get(answer, [])
        for number, other in _best(sides, others).items():
            yield sides[number].nodes, other.nodes
            sides[number], other.nodes = _Side(other.end, []), []
        left += [side for side in sides if side.nodes]
    rest = [side for sides in answered.values() for side in sides if side.nodes]
    for request, call in _by_last_words(left, rest):
        yield request.nodes, call.nodes if call else []


def _by_last_words(
    requests: list[_Side], calls: list[_Side]
) -> Iterable[tuple[_Side, _Side | None]]:
    """Yield requests with the only call whose last words are theirs, and theirs alone.

    After a summary, the session's lines may not tell which answers it left in front of the model.
    """
    often = Counter(side.end.after[-1:] for side in requests)
    found: dict[tuple[Digest, ...], list[_Side]] = defaultdict(list)
    for call in calls:
        found[call.end.after[-1:]].append(call)
    for request in requests:
        last = request.end.after[-1:]
        alone = found[last] if last and often[last] == len(found[last]) == 1 else []
        yield request, next((call for call in alone if _is_told(request, call)), None)


def _is_told(request: _Side, call: _Side) -> bool:
    """Whether last words are nobody else's: results have ids, and a summary is one of a kind."""
    branches = {request.nodes[0].branch_type, call.nodes[0].branch_type}
    return bool(request.nodes[0].results) or branches == {"compaction_fork"}


def _by_answer(
    nodes: Iterable[NodeObserved], endings: Endings
) -> Mapping[tuple[Digest, ...], list[_Side]]:
    """Return nodes by what the model said last, and among those equal ones together."""
    found: dict[tuple[Digest, ...], dict[Ending, _Side]] = defaultdict(dict)
    for node in nodes:
        end = endings.of(node)
        found[end.answer].setdefault(end, _Side(end, [])).nodes.append(node)
    return {answer: list(sides.values()) for answer, sides in found.items()}


def _best(requests: list[_Side], calls: list[_Side]) -> dict[int, _Side]:
    """Return the calls of each of these by its place, the likeliest pair first."""
    often = Counter(block for each in calls for block in set(each.end.after))
    scores = [
        (score, number, other)
        for number, request in enumerate(requests)
        for other, call in enumerate(calls)
        if (score := _score(request, call, often))
    ]
    scores.sort(key=lambda each: (-each[0], requests[each[1]].end.after, calls[each[2]].end.after))
    found: dict[int, _Side] = {}
    taken: set[int] = set()
    for _, number, other in scores:
        if number not in found and other not in taken:
            found[number] = calls[other]
            taken.add(other)
    return found


def _score(request: _Side, call: _Side, often: Mapping[Digest, int]) -> int:
    """Return how much speaks for a request to be of a call that follows the same answer.

    0: nothing does. What comes before a call's last words was asked before, and not answered.
    """
    sent, told = request.end.after, call.end.after
    if sent != told and sent == told[: len(sent)]:
        return 0
    is_last = bool(sent) and sent[-1:] == told[-1:]
    common = sum(often[block] == 1 for block in set(sent) & set(told))
    is_helper = request.is_helper == call.is_helper
    if not request.end.answer and not is_last and not is_helper:
        return 0
    if not (is_last or common or request.nodes[0].results or not told):
        return 0
    alike = request.end.answers == call.end.answers
    if not alike and is_last and often[sent[-1]] > 1:
        return 0
    return (
        _SAME_LAST * is_last
        + _SAME_ANSWERS * alike
        + _SAME_SPEAKER * is_helper
        + min(common, _MOST)
        + 1
    )
