"""What a later release added to a JSON document, kept when it is written anew."""

from typing import Any

_ID = "project_id"
_NAMES = (_ID, "path", "repository")
"""What an object in a list is known by, whatever else of it changes."""

Object = dict[str, Any]


def with_added(new: Object, old: Object) -> Object:
    """Return `new` with the keys that only `old` has, in all objects that both have.

    What is known by its place, and is in another one, is recognised where nothing else in a list
    came or went.
    """
    added = {key: value for key, value in old.items() if key not in new}
    return {key: _value(value, old.get(key)) for key, value in new.items()} | added


def _value(new: Any, old: Any) -> Any:
    if isinstance(new, dict) and isinstance(old, dict):
        return with_added(new, old)
    if isinstance(new, list) and isinstance(old, list):
        return _values(new, [each for each in old if isinstance(each, dict)])
    return new


def _values(new: list[Any], old: list[Object]) -> list[Any]:
    objects = [each for each in new if isinstance(each, dict)]
    was = {_name(each): each for each in old}
    now = {_name(each) for each in objects}
    gone = [each for each in old if _name(each) not in now]
    come = [each for each in objects if _name(each) not in was]
    if len(gone) == len(come) == 1 and _ID not in come[0]:
        was[_name(come[0])] = gone[0]
    return [_value(each, was.get(_name(each))) if isinstance(each, dict) else each for each in new]


def _name(each: Object) -> str | None:
    return next((str(each[name]) for name in _NAMES if name in each), None)
