"""Commands in this process, as the tests of the command line call them."""

from tests.integration.cli.conftest import call, document

__all__ = ["call", "document"]
