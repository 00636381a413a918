"""The time zone of this machine, as it is in each season."""

from datetime import UTC, datetime, timedelta, tzinfo


class LocalZone(tzinfo):
    """Asks the machine for each moment: a zone that it gives is that of one season only."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Return how far clocks here are ahead of UTC."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Return that nobody knows which part of it is the season's."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        """Return that it has no name."""
        return None

    def fromutc(self, dt: datetime) -> datetime:
        """Return what clocks here show at a moment."""
        return dt.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)
