"""Whether what is kept is for its owner alone."""

import shlex
from collections.abc import Iterator

from opentraces.application.diagnosing.checker import Checker
from opentraces.domain.health import Check, Level
from opentraces.domain.slotted import frozen_dataclass
from opentraces.ports.privacy import Privacy

_TOPIC = "privacy"
_MANY = 100


@frozen_dataclass
class PrivacyChecker(Checker):
    """Looks at who else may look at what is kept, and keeps them out."""

    privacy: Privacy

    def checks(self) -> Iterator[Check]:
        """See Checker. An agent's own folders are never changed."""
        exposed = self.privacy.exposed()
        if exposed:
            much = f"{_MANY} or more" if len(exposed) >= _MANY else f"{len(exposed)}"
            text = f"{much} of our files and folders are not private: {exposed[0]}"
            others = ", …" if len(exposed) > 1 else ""
            yield Check(_TOPIC, Level.WARN, f"{text}{others}", "opentraces doctor --fix")
        else:
            yield Check(_TOPIC, Level.OK, "what is kept is for you alone")
        for folder in self.privacy.open_to_others():
            text = f"other users of this machine may look into {folder}"
            yield Check(_TOPIC, Level.WARN, text, f"chmod go-rwx {shlex.quote(folder)}")

    def mend(self) -> Iterator[str]:
        """See Checker."""
        if closed := self.privacy.close():
            yield f"made {closed:,} of our files and folders private"
