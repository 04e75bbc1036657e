"""How the month goes, and what the ledger tells of it."""

from dataclasses import dataclass, field

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.events import (
    MarketCorrected,
    MarketEntry,
    MarketFilled,
    MarketSettled,
    OrderPlaced,
)
from tallystick.contracts.market.model import Settled


@dataclass(frozen=True, slots=True)
class Plan:
    """How the month goes; days are counted from 0."""

    days: int = 31
    """How many days are played."""
    outage_day: int = 9
    """On which evening the line of the battery fails."""
    weak_day: int = 16
    """On which evening the battery gives less than it sold."""
    corrected_day: int = 20
    """Of which evening a home's reading is corrected, long after it was settled."""


@dataclass
class Told:
    """What the ledger told of the month."""

    fills: list[MarketFilled] = field(default_factory=list)
    """Every trade."""
    orders: dict[RecordId, OrderPlaced] = field(default_factory=dict)
    """Every order."""
    settled: dict[RecordId, MarketSettled] = field(default_factory=dict)
    """What each trade came to."""
    corrected: dict[RecordId, MarketCorrected] = field(default_factory=dict)
    """What a correction changed."""
    entries: list[MarketEntry] = field(default_factory=list)
    """Every line of every statement."""
    refused: dict[str, bool] = field(default_factory=dict)
    """What was tried and should be refused, and whether it was."""
    beyond_budget: int = 0
    """How often the standing order's agent was refused, because the budget was spent."""
    dues: int = 0
    """What corrections left owing, and was paid. [minor units]"""

    def outcomes(self) -> list[Settled]:
        """Return what each trade came to in the end, whatever it was settled for at first."""
        after = {fill: corrected.after for fill, corrected in self.corrected.items()}
        return [after.get(fill, event.settled) for fill, event in self.settled.items()]
