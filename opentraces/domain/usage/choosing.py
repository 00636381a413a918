"""Which responses a report is about."""

import re
from typing import NamedTuple

from opentraces.domain.globs import name_regex
from opentraces.domain.usage.portions import Portion, Span
from opentraces.domain.words import fold


class Choice(NamedTuple):
    """Responses that are meant; without bounds, all."""

    span: Span = Span()
    """When they were given."""

    agent: str | None = None
    """Whose sessions. None: everyone's."""

    project: str | None = None
    """The folder in which their sessions began, or its name; `*` stands for any letters."""

    model: str | None = None
    """The model that gave them, with or without who serves it; `*` stands for any letters."""

    def takes(self, portion: Portion) -> bool:
        """Whether responses are meant, but for when they were given."""
        account, model = portion.account, portion.model or ""
        folder = (account.folder or "").rstrip("/")
        return (
            _is(self.agent, account.agent)
            and _is(self.project and self.project.rstrip("/"), account.project or "", folder)
            and _is(self.model, model, model.partition("/")[2])
        )


def _is(asked: str | None, *names: str) -> bool:
    if asked is None:
        return True
    return any(name and re.fullmatch(name_regex(asked), fold(name)) for name in names)
