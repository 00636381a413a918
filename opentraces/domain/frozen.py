"""The base of all that is kept: immutable, and closed."""

from typing import Annotated, Any, ClassVar, Self

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

    _defaults: ClassVar[dict[str, Any] | None] = None
    """Every field's default, in the order of the fields; None of one that has none."""

    @classmethod
    def unchecked(cls, **fields: Any) -> Self:
        """Return the value of fields of which each is, and is known to be, of its type.

        The same as calling the class, in a tenth of the time: for what is made in great numbers by
        our own code. Models in fields are values already, sequences tuples, and what has a default
        that is made anew each time is given.
        """
        defaults = cls.__dict__.get("_defaults")
        if defaults is None:
            cls._defaults = defaults = _defaults_of(cls)
        made = cls.__new__(cls)
        put = object.__setattr__
        put(made, "__dict__", {**defaults, **fields})
        put(made, "__pydantic_fields_set__", set(fields))
        put(made, "__pydantic_extra__", None)
        put(made, "__pydantic_private__", None)
        return made

    def __eq__(self, other: object) -> bool:
        """Whether it is of the same kind, with the same fields."""
        if self is other:
            return True
        return type(self) is type(other) and self.__dict__ == other.__dict__


def _defaults_of(kind: type[BaseModel]) -> dict[str, Any]:
    fields = kind.model_fields.items()
    return {
        name: None if field.is_required() or field.default_factory else field.default
        for name, field in fields
    }
