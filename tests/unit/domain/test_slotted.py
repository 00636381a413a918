"""Both kinds of dataclasses with slots, against those of the standard library."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import pytest

from opentraces.domain.slotted import frozen_dataclass, mutable_dataclass


class Box:
    """What is made a dataclass of, by the standard library and by us."""

    name: str
    size: int = 3
    parts: list[str] = field(default_factory=list)
    colour: str = field(default="none", init=False)
    lids: list[str] = field(default_factory=list, init=False)
    kind: ClassVar[str] = "box"

    def half(self) -> int:
        """Return half of it."""
        return self.size // 2


class BoxToChange(Box):
    """What is made one of that may be changed."""

    def __post_init__(self) -> None:
        """Count from one."""
        self.size += 1


def undecorated(name: str, *bodies: type[Any]) -> Any:
    """A class of a module's own name, with all that stands in some bodies."""
    own = [vars(body).items() for body in bodies]
    members = {key: value for each in own for key, value in each if "dict" not in key}
    members.pop("__weakref__", None)
    members["__annotations__"] = Box.__annotations__
    return type(name, (), members)


Theirs = dataclass(frozen=True, slots=True)(undecorated("Theirs", Box))
Ours = frozen_dataclass(undecorated("Ours", Box))
TheirsToChange = dataclass(slots=True)(undecorated("TheirsToChange", Box, BoxToChange))
OursToChange = mutable_dataclass(undecorated("OursToChange", Box, BoxToChange))


@frozen_dataclass
class Nothing:
    """Has no fields."""


@frozen_dataclass
class Single:
    """Has one field, and compares it in its own way."""

    name: str

    def __eq__(self, other: object) -> bool:
        """Whether the names differ by nothing but case."""
        return isinstance(other, Single) and self.name.lower() == other.name.lower()

    def __hash__(self) -> int:
        """Hash what is compared."""
        return hash(self.name.lower())


class Port(Protocol):
    """Asked for something."""

    def said(self) -> str:
        """Return it."""
        ...


@frozen_dataclass
class Adapter(Port):
    """Says what it was given."""

    word: str

    def said(self) -> str:
        """See Port."""
        return self.word


def outcome(act: Callable[[Any], object], kind: type[Any]) -> object:
    """What comes of it, or of which kind its error is, by the names that both have in common."""
    try:
        return repr(act(kind)).replace(kind.__name__, "It")
    except (TypeError, AttributeError, ValueError) as error:
        is_refused = isinstance(error, dataclasses.FrozenInstanceError)
        return type(error), is_refused or str(error).replace(kind.__name__, "It")


def changed(it: Any) -> object:
    """Return it with another size."""
    it.size = 12
    return it


@pytest.mark.parametrize(("ours", "theirs"), [(Ours, Theirs), (OursToChange, TheirsToChange)])
@pytest.mark.parametrize(
    "act",
    [
        lambda it: it("a"),
        lambda it: it("a", 4, ["b"]),
        lambda it: it(name="a", parts=["b"]),
        lambda it: it(),
        lambda it: it("a", 1, [], 2),
        lambda it: it("a", name="b"),
        lambda it: it("a", colour="red"),
        lambda it: it("a", lids=[]),
        lambda it: (it("a").colour, it("a").lids, it("a").lids is not it("b").lids),
        lambda it: it("a", 5).half(),
        lambda it: (it("a") == it("a", 3, []), it("a") == it("b"), it("a") == "a", it.kind),
        lambda it: it.__eq__(it("a"), "a"),
        lambda it: hash(it("a")),
        lambda it: it("a").__dict__,
        lambda it: changed(it("a")),
        lambda it: dataclasses.replace(it("a"), size=9),
        lambda it: dataclasses.replace(it("a"), colour="red"),
        lambda it: dataclasses.asdict(it("a")),
        lambda it: [each.name for each in dataclasses.fields(it)],
        lambda it: (it.__slots__, it.__match_args__),
        lambda it: (copy.copy(it("a", 1)), copy.deepcopy(it("a", 1, ["b"]))),
        lambda it: pickle.loads(pickle.dumps(it("a", 1, ["b"]))),  # noqa: S301
    ],
)
def test_it_does_what_the_standard_library_does(
    act: Callable[[Any], object], ours: type[Any], theirs: type[Any]
) -> None:
    assert outcome(act, ours) == outcome(act, theirs)


@pytest.mark.parametrize("name", ["name", "size", "colour"])
def test_it_is_never_changed(name: str) -> None:
    ours = Ours("a")

    with pytest.raises(dataclasses.FrozenInstanceError, match=f"Ours is frozen: {name}"):
        setattr(ours, name, "b")
    with pytest.raises(dataclasses.FrozenInstanceError, match=f"Ours is frozen: {name}"):
        delattr(ours, name)
    assert ours == Ours("a")


def test_what_is_made_by_default_is_made_each_time() -> None:
    one, other = Ours("a"), Ours("a")

    one.parts.append("b")

    assert other.parts == []


def test_equal_ones_have_one_hash() -> None:
    assert {(Nothing(), Adapter("a")), (Nothing(), Adapter("a"))} == {(Nothing(), Adapter("a"))}


def test_methods_of_its_own_stay() -> None:
    assert {Single("A"), Single("a")} == {Single("a")}


def test_no_fields_and_one_are_fields_too() -> None:
    assert (repr(Nothing()), repr(Adapter("a"))) == ("Nothing()", "Adapter(word='a')")
    assert pickle.loads(pickle.dumps((Nothing(), Adapter("a")))) == (Nothing(), Adapter("a"))  # noqa: S301
    assert Adapter("a").said() == "a"


def test_one_without_words_is_called_by_its_name() -> None:
    @frozen_dataclass
    class Plain:
        size: int

    assert Plain.__doc__ == "Plain"
