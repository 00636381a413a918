"""How taking us off the machine is wired."""

from opentraces.adapters.filesystem.excludes import FilesystemExcludes
from opentraces.adapters.filesystem.home import FilesystemHome
from opentraces.application.uninstall import Uninstall
from opentraces.entrypoints.container.enrolling import enrolments
from opentraces.entrypoints.container.receiving import receiver
from opentraces.entrypoints.container.setting_up import all_setups
from opentraces.entrypoints.settings import Settings


def uninstall(settings: Settings) -> Uninstall:
    """Make the use case that takes us off the machine."""
    return Uninstall(
        setups=all_setups(settings),
        enrolments=enrolments(settings),
        excludes=FilesystemExcludes(),
        home=FilesystemHome(settings.home),
        end_receiver=receiver(settings).stop,
    )
