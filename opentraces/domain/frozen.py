"""The base of all that is kept: immutable, and closed."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from opentraces.domain.limits import LARGEST_COUNT

Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]
"""A number of something."""

JsonObject = dict[str, Any]
"""A JSON object whose keys are not ours: str, int, float, bool, None, list and dict, nested.

Only the outermost keys are checked. `pydantic.JsonValue` would check the rest, and costs half as
much again for a nested tool input; an import reads tens of thousands, each fresh from a JSON
parser. Whoever reads foreign bytes keeps nesting below 200: no writer of JSON here goes past 254.
Never changed in place.
"""


class Frozen(BaseModel):
    """A value: made once, whole, and never changed.

    Text in it holds no lone surrogate. Whoever reads foreign bytes replaces them, for a model takes
    them without complaint and cannot be written afterwards.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
