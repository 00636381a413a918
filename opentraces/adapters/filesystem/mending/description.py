"""bucket.json of a bucket in the hands of a repair."""

import re

from opentraces.adapters.filesystem import bucket_file
from opentraces.adapters.filesystem.layout import BUCKET_FILE
from opentraces.adapters.filesystem.tree import Tree
from opentraces.domain.errors import Corrupt, NewerFormat

_FORMAT = re.compile(rb'"format":"(opentraces\.bucket/\d+)"')


def is_lost(bucket: Tree) -> bool:
    """Whether it cannot be read, or is not there and something else is.

    Raises NewerFormat where a later release made the bucket, or a damaged one says so.
    """
    try:
        bucket_file.refuse_later(bucket.root)
    except Corrupt:
        _refuse_what_says_later(bucket)
        return True
    names = bucket.names("")
    return bool(names) and BUCKET_FILE not in names


def _refuse_what_says_later(bucket: Tree) -> None:
    """Leave a damaged description alone that may be a later release's."""
    try:
        stored = bucket.read(BUCKET_FILE) or b""
    except Corrupt:
        return
    found = _FORMAT.search(stored)
    ours = bucket_file.BUCKET_FORMAT.encode()
    if found is None or found[1] == ours or _is_whole(stored.replace(found[1], ours)):
        return
    raise NewerFormat(f"{BUCKET_FILE} is damaged, and may be a later release's: it is left alone")


def _is_whole(stored: bytes) -> bool:
    try:
        bucket_file.decode(stored)
    except Corrupt:
        return False
    return True
