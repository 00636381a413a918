"""How a look at a bucket's own description is wired; imports no models."""

from opentraces.adapters.filesystem import bucket_file
from opentraces.entrypoints.settings import Settings


def has_bucket(settings: Settings) -> bool:
    """Whether anything was ever kept here."""
    return (settings.bucket / "bucket.json").exists()


def later_format(settings: Settings) -> str | None:
    """Return the format of a bucket that this release may only read. None: it may write to it."""
    return bucket_file.later_format(settings.bucket)


def refuse_later(settings: Settings) -> None:
    """Raise NewerFormat where a later release made the bucket."""
    bucket_file.refuse_later(settings.bucket)
