"""What the ledger told of the month is put together."""

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.events_settlement import Cut, MarketCorrected, MarketSettled
from tallystick.contracts.market.model import Settled
from tallystick.scenarios.market_told import Told

SETTLED = Settled(
    known=0,
    missing=False,
    cut_lots=0,
    delivered_wh=500,
    consumed_wh=500,
    claimed_wh=500,
    buyer_pays=100,
    seller_gets=100,
    seller_pays=0,
)


def test_a_correction_has_the_last_word() -> None:
    """A trade comes to what its correction says, the others to what they were settled for."""
    told, fills = Told(), [RecordId(bytes([n]) * 32) for n in (1, 2)]
    for fill in fills:
        told.settled[fill] = MarketSettled(fill, SETTLED, Cut.NONE)
    assert [SETTLED, SETTLED] == told.outcomes()
    less = replace(SETTLED, consumed_wh=400, buyer_pays=80)
    told.corrected[fills[1]] = MarketCorrected(fills[1], SETTLED, less)
    assert [SETTLED, less] == told.outcomes()
