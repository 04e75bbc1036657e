"""What one community gives, the other gets, on two ledgers."""

from pathlib import Path

import pytest

from tallystick.client.foreign import trust_of
from tallystick.contracts.identity.commands import Recognise
from tallystick.contracts.identity.errors import LedgerNotRecognised
from tallystick.coordination.swap import SwapOutcome
from tallystick.scenarios.communities_sale import PRICE, sell, voted_trust
from tests.scenarios.oakfield import communities


@pytest.mark.parametrize(
    ("funds", "outcomes"),
    [
        (10**12, (SwapOutcome.SWAPPED, SwapOutcome.SWAPPED)),
        (10, (SwapOutcome.REFUNDED, SwapOutcome.NOTHING)),
    ],
)
def test_a_surplus_is_sold_or_stays(
    tmp_path: Path, funds: int, outcomes: tuple[SwapOutcome, SwapOutcome]
) -> None:
    """Who cannot pay gets nothing, and nobody loses anything."""
    with communities(tmp_path) as (days, neighbour):
        days.found()
        neighbour.define_money()
        neighbour.mint(neighbour.money, neighbour.office("treasury"), funds)
        desk, seller, buyer = days.desk, days.desk.office("treasury"), neighbour.office("treasury")
        desk.mint(days.energy, seller, 7_000)
        desk.send(Recognise(trust_of(neighbour.ledger)), desk.office("office"))
        sale = sell(days, neighbour)
        swapped = SwapOutcome.SWAPPED in outcomes
        assert outcomes == sale.outcomes
        assert (7_000, 7_000 * PRICE) == (sale.sold_wh, sale.price)
        assert 7_000 * swapped == desk.spendable(days.energy, buyer)
        assert 7_000 * (not swapped) == desk.spendable(days.energy, seller)
        paid = neighbour.spendable(neighbour.money, seller)
        assert 7_000 * PRICE * swapped == paid
        assert funds - paid == neighbour.spendable(neighbour.money, buyer)


def test_who_is_not_recognised_is_not_believed(tmp_path: Path) -> None:
    """The keys come from the vote, not from whoever asks."""
    with communities(tmp_path) as (days, neighbour), pytest.raises(LedgerNotRecognised):
        voted_trust(days.desk.ledger, neighbour.ledger.id)
