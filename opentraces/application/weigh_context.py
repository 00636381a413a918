"""Say what filled the window of the model at one step."""

from opentraces.application.show_context import ShowContext, StepContext
from opentraces.domain.address import Address
from opentraces.domain.context.filling import Part, PartKind, estimated, filling
from opentraces.domain.slotted import frozen_dataclass


@frozen_dataclass
class Weighed:
    """What filled the window."""

    context: StepContext
    """All that was in it."""

    tokens: int | None
    """Tokens of the prompt as the provider counted them. None: the answer does not tell."""

    parts: tuple[Part, ...]
    """The largest first; what is sent and not known is the last."""


@frozen_dataclass
class WeighContext:
    """Say what filled the window of the model at one step."""

    show: ShowContext

    def execute(self, address: Address) -> Weighed:
        """See ShowContext."""
        context = self.show.execute(address)
        usage = context.usage
        tokens = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
        said = (value for _, value in context.shown.messages)
        layers: dict[PartKind, int] = {}
        if context.system is not None:
            layers["system"] = context.system.size
        if context.tools is not None:
            layers["tools"] = context.tools.size
        parts = estimated(
            filling(zip(context.blocks, said, strict=True), layers),
            tokens or None,
            is_whole=len(layers) == 2,
        )
        return Weighed(context, tokens or None, parts)
