"""What is written down when bodies of one session are kept."""

from collections.abc import Callable, Iterable
from typing import Any, Literal

from opentraces.domain.context.blocks import Block
from opentraces.domain.context.carried import LIVE
from opentraces.domain.context.events import ContextEvent, NodeObserved
from opentraces.domain.context.kept_bodies import KeptBodies, KeptElsewhere
from opentraces.domain.context.known_values import KnownValues, PutBlob
from opentraces.domain.context.live import LiveContext, RequestSaid, is_told
from opentraces.domain.context.recipes import Recipes
from opentraces.domain.ids import BlobId
from opentraces.domain.slotted import frozen_dataclass

SaidIn = Callable[[Any, str | None], RequestSaid]
"""The JSON of a request, and what telemetry says that it was made by, to what its agent's own
words tell."""


@frozen_dataclass
class BodyEvents:
    """What one body adds."""

    events: tuple[ContextEvent, ...] = ()
    """In the order in which they are to be written."""

    blobs: tuple[BlobId, ...] = ()
    """Blobs that they refer to, ascending: new ones, and ones that were there."""


class BodyKeeper:
    """The bodies of one session, kept in the order in which they were written."""

    def __init__(
        self,
        elsewhere: KeptElsewhere,
        put_blob: PutBlob,
        said_in: SaidIn,
        events: Iterable[ContextEvent],
    ) -> None:
        """Go on after `events`: all that is written down, what the session's lines told included.

        What templates refer to is in `elsewhere`, new blobs as soon as they were put.
        """
        so_far = tuple(events)
        self._said_in = said_in
        self._kept = KeptBodies(elsewhere, so_far)
        self._known = KnownValues(self._kept, put_blob)
        for event in so_far:
            if isinstance(event, NodeObserved) and event.capture_method not in LIVE:
                self._known.learn(event.added)
        self._recipes = Recipes(self._kept, self._known, so_far)
        self._live = LiveContext(self._known, so_far)

    def learn(self, blocks: Iterable[Block]) -> None:
        """Know blocks of the session's lines that no node of theirs has yet."""
        self._known.learn(blocks)

    def is_told(self, body: Any) -> bool:
        """Whether all thinking that a request's body leaves out is known from elsewhere."""
        return is_told(self._known, body)

    def keep(
        self,
        name: str,
        kind: Literal["request", "response"],
        data: bytes,
        query_source: str | None = None,
    ) -> BodyEvents:
        """Return what a body adds; nothing, when one of its name is kept already."""
        if name in self._kept:
            return BodyEvents()
        recipe = self._recipes.keep(name, kind, data)
        if kind == "response":
            return BodyEvents(recipe.events, recipe.blobs)
        said = self._said_in(recipe.value, query_source)
        return BodyEvents((*recipe.events, *self._live.node(recipe, said)), recipe.blobs)
