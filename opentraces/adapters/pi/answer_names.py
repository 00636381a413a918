"""What answers of the model, and models, are told by."""

from typing import Any

from opentraces.adapters._reading.values import name

ANSWER = "answer_id"
"""The key of `native` that an answer is told by: see `answer_id`."""

LONGEST_ID = 200
"""Characters of an id that are kept."""


def answer_id(response: str | None, entry: str | None) -> str | None:
    """Return what an answer is told by: its response's id, or else its entry's."""
    return response[:LONGEST_ID] if response else entry


def model_of(provider: Any, model: Any) -> str | None:
    """Return a model by its provider's name and its own. None: it is not named."""
    own, whose = name(model), name(provider)
    return f"{whose}/{own}" if own and whose else own
