"""What anybody sees who follows the ledger: orders and trades, as its events tell them."""

from typing import Final, get_args

from tallystick.base.encoding import Decoder
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.client.ledger import Ledger
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.device.events import DeviceRegistered
from tallystick.contracts.market.events import (
    ClearingEnded,
    MarketCleared,
    MarketCorrected,
    MarketFilled,
    MarketOpened,
    OrderPlaced,
)
from tallystick.contracts.sharing.events import KeyAgreed

Told = (
    AssetDefined
    | ClearingEnded
    | DeviceRegistered
    | KeyAgreed
    | MarketCleared
    | MarketCorrected
    | MarketFilled
    | MarketOpened
    | OrderPlaced
)
_TOLD: Final[Decoder[Told]] = Decoder(Told)
_TAGS: Final = tuple(str(kind.__struct_config__.tag).encode() for kind in get_args(Told))
_TAG_END: Final = 40
"""An event begins with its tag, which ends before this byte."""


class Seen:
    """Follows a ledger and remembers what the story needs to know."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._height = 0
        self.ids: dict[str, RecordId] = {}
        """Money, market and the house's agreement, once they are made."""
        self.devices: dict[PublicKey, RecordId] = {}
        """Devices by the account that they sell for."""
        self.orders: dict[RecordId, OrderPlaced] = {}
        """Every order."""
        self.fills: list[MarketFilled] = []
        """Every trade, earliest first."""
        self.clearings: dict[RecordId, MarketCleared] = {}
        """Every auction's price, by its book."""
        self.ended: set[RecordId] = set()
        """Books of which every order was filled or told why not."""
        self.corrections: list[MarketCorrected] = []
        """Every trade that was settled anew."""

    @property
    def money(self) -> RecordId:
        """Return the class of money."""
        return self.ids["money"]

    @property
    def market(self) -> RecordId:
        """Return the market."""
        return self.ids["market"]

    @property
    def agreement(self) -> RecordId:
        """Return the key by which the house shares its roof."""
        return self.ids["agreement"]

    def catch_up(self) -> list[MarketFilled]:
        """Read on to the latest block; return the trades that are new."""
        known = len(self.fills)
        for block in self._ledger.follow(self._height):
            self._height = block.header.height + 1
            for _, event in block.events:
                if any(tag in event[:_TAG_END] for tag in _TAGS):
                    self._note(_TOLD.decode_trusted(event))
        return self.fills[known:]

    def buyer(self, fill: MarketFilled) -> PublicKey:
        """Return who bought."""
        if fill.buy is None:
            raise AssertionError("in this market each trade names both orders")
        return self.orders[fill.buy].owner

    def _note(self, event: Told) -> None:
        """Remember one event."""
        match event:
            case OrderPlaced():
                self.orders[event.order] = event
            case MarketFilled():
                self.fills.append(event)
            case MarketCleared():
                self.clearings[event.book] = event
            case ClearingEnded():
                self.ended.add(event.book)
            case MarketCorrected():
                self.corrections.append(event)
            case DeviceRegistered():
                self.devices[event.owner] = event.device
            case AssetDefined():
                self.ids["money"] = event.asset
            case MarketOpened():
                self.ids["market"] = event.market
            case KeyAgreed():
                self.ids["agreement"] = event.key
