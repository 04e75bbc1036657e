"""Four ledgers that recognise each other, and a marketplace that is full."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tallystick.contracts.asset.views import BalanceView, ShowBalance
from tallystick.contracts.benefit.views import CompanyView, ShowCompany
from tallystick.contracts.identity.views import RecognisedView, ShowRecognised
from tallystick.scenarios.loyalty import FOUNDED
from tallystick.scenarios.loyalty_buying import balance
from tallystick.scenarios.loyalty_founding import (
    ALLOWANCE_UNITS,
    BATCH_MAX,
    House,
    batches,
    found,
)
from tallystick.scenarios.loyalty_life import all_benefits
from tallystick.scenarios.loyalty_parties import Cast
from tallystick.scenarios.village_weeks import DayClock
from tests.scenarios.small import stage_in


@contextmanager
def house_in(folder: Path, *, employees: int = 9, benefits: int = 10) -> Iterator[House]:
    """Open a small house."""
    clock = DayClock(int(FOUNDED.timestamp()) * 1_000)
    house = found(stage_in(folder), Cast(employees), clock, benefits=benefits)
    try:
        yield house
    finally:
        house.close()


def test_everything_is_there(tmp_path: Path) -> None:
    """Companies with their benefits, people with their tokens, and nobody's on the marketplace."""
    with house_in(tmp_path) as house:
        assert 4 == len(house.ledgers)
        assert [4, 3, 3] == [len(ids) for ids in house.benefits.values()]
        assert 10 == len(all_benefits(house))
        for name, branch in house.branches.items():
            company = house.shared.ask(ShowCompany(name))
            assert isinstance(company, CompanyView)
            assert (branch.ledger.id, branch.unit) == (company.ledger, company.unit)
            rate = branch.cast.rate
            expected = ALLOWANCE_UNITS * rate.tokens // rate.units
            assert [(expected, 0)] * 3 == [balance(house, each) for each in branch.cast.people]
            assert 6 * expected == branch.minted
            kept = branch.ledger.ask(ShowBalance(branch.unit, company.clearing))
            assert isinstance(kept, BalanceView)
            assert 3 * expected == kept.spendable


def test_ledgers_recognise_each_other_by_two_keys(tmp_path: Path) -> None:
    """Their own and the auditor's; companies do not know each other."""
    with house_in(tmp_path) as house:
        for branch in house.branches.values():
            for one, other in ((house.shared, branch.ledger), (branch.ledger, house.shared)):
                found_there = one.ask(ShowRecognised(other.id))
                assert isinstance(found_there, RecognisedView)
                assert 2 == found_there.trust.threshold
        assert "asset" not in {each.contract for each in house.shared.node.genesis.sections}


def test_batches_leave_nothing_out() -> None:
    """In the order in which they stand."""
    with_rest = [*range(2 * BATCH_MAX + 1)]
    found_batches = batches(with_rest)
    assert [BATCH_MAX, BATCH_MAX, 1] == [len(each) for each in found_batches]
    assert with_rest == [one for each in found_batches for one in each]
