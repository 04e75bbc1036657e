"""The base of every reason for which this contract refuses a command."""

from tallystick.core.errors import Rejected


class MarketRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "market"
