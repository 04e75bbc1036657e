"""What a zone's ledger tells: the events of programme and markets, each with its block's time."""

from typing import Final, TypeVar

from tallystick.base.encoding import Decoder, Record
from tallystick.client.ledger import Ledger
from tallystick.contracts.allowance.events import (
    AccountOpened,
    AllowancesAllocated,
    AllowancesLocked,
    AllowancesMoved,
    AllowancesReleased,
    AllowancesRetired,
    AllowancesTransferred,
    DeductionCarried,
    HolderRegistered,
    PenaltyPaid,
    PeriodClosed,
    ProgrammeOpened,
    RecordCertified,
    UnitApplied,
    UnitWithdrawn,
)
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.market.events import (
    MarketCleared,
    MarketFilled,
    MarketOpened,
    MarketSettled,
    OrderEnded,
    OrderPlaced,
    StatementOpened,
)

Told = (
    AccountOpened
    | AllowancesAllocated
    | AllowancesLocked
    | AllowancesMoved
    | AllowancesReleased
    | AllowancesRetired
    | AllowancesTransferred
    | AssetDefined
    | DeductionCarried
    | HolderRegistered
    | MarketCleared
    | MarketFilled
    | MarketOpened
    | MarketSettled
    | OrderEnded
    | OrderPlaced
    | PenaltyPaid
    | PeriodClosed
    | ProgrammeOpened
    | RecordCertified
    | StatementOpened
    | UnitApplied
    | UnitWithdrawn
)
_TOLD: Final[Decoder[Told]] = Decoder(Told)
_TAGS: Final = tuple(str(kind.__struct_config__.tag).encode() for kind in Told.__args__)
_TAG_END: Final = 40
"""An event begins with its tag, which ends before this byte."""

Event = TypeVar("Event", bound=Record)


class Seen:
    """Follows a ledger and keeps what this story needs; measurements are passed over."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._height = 0
        self.events: list[tuple[int, Record]] = []
        """Every event so far with its block's time, earliest first. [ms since the epoch, UTC]"""

    def catch_up(self) -> list[Record]:
        """Read on to the latest block; return the events that are new."""
        known = len(self.events)
        for block in self._ledger.follow(self._height):
            self._height = block.header.height + 1
            for _, event in block.events:
                if any(tag in event[:_TAG_END] for tag in _TAGS):
                    self.events.append((block.header.time, _TOLD.decode_trusted(event)))
        return [event for _, event in self.events[known:]]

    def of(self, kind: type[Event]) -> list[Event]:
        """Return every event of a kind, earliest first."""
        return [event for _, event in self.events if isinstance(event, kind)]

    def latest(self, kind: type[Event]) -> Event:
        """Return the latest event of a kind, which there is."""
        self.catch_up()
        return self.of(kind)[-1]
