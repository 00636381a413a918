"""The composition root: settings in, use cases out."""

from dependency_injector import containers, providers

from opentraces.entrypoints.container import build
from opentraces.entrypoints.settings import Settings


class Container(containers.DeclarativeContainer):
    """Settings in, use cases out."""

    settings = providers.Dependency(instance_of=Settings)
    # Ports.
    keeper = providers.Singleton(build.keeper, settings)
    # Use cases.
    restore_trace = providers.Factory(build.restore_trace, settings)
    delete_trace = providers.Factory(build.delete_trace, settings)
