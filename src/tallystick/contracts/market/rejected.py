"""The base of every reason for which this contract refuses a command, and how it names a field."""

from typing import Final, NamedTuple

from tallystick.core.errors import Rejected


class MarketRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "market"


class Naming(NamedTuple):
    """
    Which field of the command that was sent says what an order has.

    Who produces an order under a mandate, or takes another's, sends no `market.place`.
    """

    owner: str = "owner"
    """Whose it is."""

    level: str = "level"
    """Its limit price."""

    lots: str = "lots"
    """How much it is for."""

    device: str = "device"
    """What it sells from."""


PLACED: Final = Naming()
"""How `market.place` names it."""

PRODUCED: Final = Naming(owner="mandate", level="mandate", lots="expected_wh", device="mandate")
"""How `market.produce` does: the mandate says nearly all."""

TAKEN: Final = Naming(level="order")
"""How `market.take` does: the order that is taken has the price."""


def opening(field: str, part: str) -> str:
    """Begin a message about a part, which the field is, or which the record has that it names."""
    return f"{field}: " if field == part else f"{field}: its {part} "
