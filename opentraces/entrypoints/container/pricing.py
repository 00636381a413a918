"""How prices are wired: the table of the package, and the user's own before all others."""

from opentraces.domain.usage.price_list import price_table
from opentraces.domain.usage.prices import Price, PriceTable, Rates
from opentraces.entrypoints.settings import Settings


def prices(settings: Settings) -> PriceTable:
    """Make the table of prices."""
    own = {name: Price(Rates(**dollars)) for name, dollars in settings.prices.items()}
    return price_table(own)
