"""Each claim fails if what it claims did not happen."""

from dataclasses import replace

import pytest

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.market.model import Basis, Charge
from tallystick.scenarios.communities_cast import FEE_PPM, NEW_FEE_PPM
from tallystick.scenarios.communities_days import Session
from tallystick.scenarios.communities_desk import Desk
from tallystick.scenarios.communities_proofs import is_conserved, prove_fees
from tests.scenarios.test_communities_cast import CAST

BUYER = PublicKey(bytes([2]) * 33)
UNIT = RecordId(bytes(32))


def session(opened_height: int, rate_ppm: int, *, value: int = 1_000, charged: int = -1) -> Session:
    """Return a market in which somebody bought something."""
    levy = Charge("community", Basis.VALUE, rate_ppm, BUYER)
    fee = value * rate_ppm // 1_000_000 if charged < 0 else charged
    return Session(0, opened_height, UNIT, (levy,), {BUYER: value}, 1, {BUYER: fee})


OLD, NEW = session(9, FEE_PPM), session(10, NEW_FEE_PPM)


@pytest.mark.parametrize(
    ("sessions", "false"),
    [
        ([OLD, NEW], set()),
        ([session(5, FEE_PPM), OLD, NEW, session(11, NEW_FEE_PPM)], set()),
        ([OLD, session(10, FEE_PPM)], {"new_fee_from_the_height"}),
        ([session(9, NEW_FEE_PPM), NEW], {"old_fee_until_the_height"}),
        ([replace(OLD, opened_height=8), NEW], {"changed_between_two_blocks"}),
        ([OLD, session(10, NEW_FEE_PPM, charged=26)], {"fees_are_exact"}),
        ([replace(OLD, charged=None), NEW], {"fees_are_exact"}),
    ],
)
def test_a_wrong_fee_is_seen(sessions: list[Session], false: set[str]) -> None:
    """Too early, too late, or not what the market said."""
    proved = prove_fees(sessions, 10)
    assert false == {name for name, holds in proved.items() if not holds}


@pytest.mark.parametrize(("spendable", "conserved"), [(7, True), (8, False), (6, False)])
def test_a_lost_unit_is_seen(spendable: int, *, conserved: bool) -> None:
    """One too many as well."""
    desk = Desk("oakfield", None, CAST, minted={UNIT: 10})  # type: ignore[arg-type] # Not asked.
    rows = [{"unit": UNIT, "spendable": spendable, "locked": 3}]
    assert conserved == is_conserved(desk, lambda _: iter(rows))
