"""Reproducible chance, and the kinds of id that the agent and its API hand out."""

from base64 import b64encode
from random import Random
from uuid import UUID

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def seeded(*names: object) -> Random:
    """Return a generator that depends on `names` and on nothing else."""
    return Random("/".join(map(str, names)))


def new_uuid(chance: Random) -> str:
    """Draw the id of a session, a line or a snapshot."""
    return str(UUID(int=chance.getrandbits(128), version=4))


def native_id(prefix: str, chance: Random) -> str:
    """Draw an id of the API's: a message, a request, a tool call."""
    return prefix + "".join(chance.choices(_BASE62, k=22))


def signature(size: int, chance: Random) -> str:
    """Draw the opaque text that closes a thinking block: `size` bytes, incompressible."""
    return b64encode(chance.randbytes(size)).decode()


def lognormal(median: float, spread: float, chance: Random) -> float:
    """Draw from a log-normal distribution given by its median."""
    return median * chance.lognormvariate(0, spread)
