"""Dataclasses that have slots, made in a quarter of the time.

`dataclasses` writes the code of seven functions for each such class and compiles each by itself:
a seventh of all that a short command took. Here that of one is, once the first of a class is made.

Fields may have defaults, or what makes them, and may be left out of `__init__`; each is compared,
hashed and shown. What is made inherits no fields.
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
    cls.__doc__ = cls.__doc__ or cls.__name__  # else one is made up of a signature
    made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    methods = _methods(made)
    if is_frozen:
        methods |= _of_frozen(made)
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    return made


def _methods(cls: type[Any]) -> dict[str, Callable[..., Any] | None]:
    names = _names(cls)
    values = _getter(names)

    def begin(self: object, *given: Any, **named: Any) -> None:
        init = _init(cls)
        cls.__init__ = init
        init(self, *given, **named)

    def equal(self: object, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    def shown(self: object) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({said})"

    return {"__init__": begin, "__repr__": shown, "__eq__": equal, "__hash__": None}


def _of_frozen(cls: type[Any]) -> dict[str, Callable[..., Any]]:
    names = _names(cls)
    values = _getter(names)
    setters = [getattr(cls, name).__set__ for name in names]

    def restore(self: object, state: tuple[Any, ...]) -> None:
        for set_slot, each in zip(setters, state, strict=True):
            set_slot(self, each)

    return {
        "__hash__": lambda self: hash(values(self)),
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__getstate__": lambda self: values(self),  # one that is no function would not be bound
        "__setstate__": restore,
    }


def _names(cls: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls))


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
        name, default = field.name, _default(field, known)
        known[f"_set_{name}"] = getattr(cls, name).__set__
        given = name if field.init else default
        if field.init and default.endswith("()"):
            arguments.append(f"{name}=_NONE")
            given = f"{default} if {name} is _NONE else {name}"
        elif field.init:
            arguments.append(f"{name}={default}" if default else name)
        if given:
            lines.append(f" _set_{name}(self, {given})\n")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()\n")
    written = f"def __init__(self, {', '.join(arguments)}):\n{''.join(lines) or ' pass'}"
    exec(written, known)  # noqa: S102
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"  # named when it is called wrongly
    return init


def _default(field: "dataclasses.Field[Any]", known: dict[str, Any]) -> str:
    """Return what stands for a field's default, and make that known. Empty: it has none."""
    if field.default_factory is not _NONE:
        known[f"_make_{field.name}"] = field.default_factory
        return f"_make_{field.name}()"
    if field.default is not _NONE:
        known[f"_default_{field.name}"] = field.default
        return f"_default_{field.name}"
    return ""
