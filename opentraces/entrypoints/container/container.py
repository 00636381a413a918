"""The composition root: settings in, use cases out."""

from dependency_injector import containers, providers

from opentraces.entrypoints.lazy import lazy
from opentraces.entrypoints.settings import Settings

_CONTAINER = "opentraces.entrypoints.container"
"""Where each is made; imported when it is asked for."""


class Container(containers.DeclarativeContainer):
    """Settings in, use cases out."""

    settings = providers.Dependency(instance_of=Settings)
    # Ports.
    keeper = providers.Singleton(lazy(f"{_CONTAINER}.keeping:keeper"), settings)
    # Use cases.
    restore_trace = providers.Factory(lazy(f"{_CONTAINER}.restoring:restore_trace"), settings)
    delete_trace = providers.Factory(lazy(f"{_CONTAINER}.deleting:delete_trace"), settings)
