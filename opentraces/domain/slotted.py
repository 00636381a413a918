"""Dataclasses that have slots, made in a quarter of the time.

`dataclasses` writes the code of seven functions for each such class and compiles each by itself:
a seventh of all that a short command took. Here that of one is, once the first of a class is made.

What is made has fields with defaults, or with what makes them; each is given, compared, hashed
and shown. It inherits no fields.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

Made = TypeVar("Made")

_NONE = dataclasses.MISSING


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def frozen_dataclass(cls: type[Made]) -> type[Made]:
    """Make of a class what `dataclass(frozen=True, slots=True)` makes of it."""
    return _made(cls, is_frozen=True)


@dataclass_transform(field_specifiers=(dataclasses.field,))
def mutable_dataclass(cls: type[Made]) -> type[Made]:
    """Make of a class what `dataclass(slots=True)` makes of it."""
    return _made(cls, is_frozen=False)


def _made(cls: type[Made], *, is_frozen: bool) -> type[Made]:
    cls.__doc__ = cls.__doc__ or cls.__name__  # else one is made up: that takes longest of all
    made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    for name, method in _methods(made, is_frozen=is_frozen).items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    return made


def _methods(cls: type[Any], *, is_frozen: bool) -> dict[str, Callable[..., Any] | None]:
    names = tuple(field.name for field in dataclasses.fields(cls))
    values = _getter(names)

    def equal(self: object, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    def shown(self: object) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({said})"

    def hashed(self: object) -> int:
        return hash(values(self))

    def begin(self: object, *given: Any, **named: Any) -> None:
        init = _init(cls)
        cls.__init__ = init
        init(self, *given, **named)

    methods = {"__init__": begin, "__repr__": shown, "__eq__": equal, "__hash__": None}
    if not is_frozen:
        return methods
    return {
        **methods,
        "__hash__": hashed,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__reduce__": lambda self: (type(self), values(self)),
    }


def _getter(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    """Return what gives the values of all fields of an object."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple([getattr(self, name) for name in names])


def _refuse(self: object, name: str, value: object = None) -> None:
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__} is frozen: {name}")


def _init(cls: type[Any]) -> Callable[..., None]:
    """Write what sets the slots: by their descriptors, for a class may refuse to be set."""
    known: dict[str, Any] = {"_NONE": _NONE}
    arguments, lines = list[str](), list[str]()
    for field in dataclasses.fields(cls):
        name, argument, given = field.name, field.name, field.name
        known[f"_set_{name}"] = getattr(cls, name).__set__
        if field.default_factory is not _NONE:
            known[f"_make_{name}"] = field.default_factory
            argument, given = f"{name}=_NONE", f"_make_{name}() if {name} is _NONE else {name}"
        elif field.default is not _NONE:
            known[f"_default_{name}"] = field.default
            argument = f"{name}=_default_{name}"
        arguments.append(argument)
        lines.append(f" _set_{name}(self, {given})\n")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()\n")
    written = f"def __init__(self, {', '.join(arguments)}):\n{''.join(lines) or ' pass'}"
    exec(written, known)  # noqa: S102
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"  # named when it is called wrongly
    return init
