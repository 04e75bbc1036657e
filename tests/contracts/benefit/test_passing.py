"""Credentials are numbered, revoked in both places, and debts are booked where they belong."""

import pytest

from tallystick.contracts.benefit.commands import Redeem, Swap, Transfer
from tallystick.contracts.benefit.events import BenefitPassed, BenefitRedeemed, Cause
from tallystick.contracts.benefit.model import Credential, Issuance, credential_id, issuance_id
from tallystick.contracts.benefit.model_debts import Debt, Position, debt_id, position_id
from tallystick.contracts.benefit.passing import status_entry
from tallystick.contracts.identity.model import (
    STATUS_PAGE_ENTRIES,
    STATUS_PAGES_MAX,
    StatusPage,
    contract_issuer,
    is_set,
    status_id,
)
from tallystick.testing.keys import key
from tests.contracts.benefit.cases import (
    AMOS,
    ANNA,
    BEN,
    MONTH,
    OFFERED_B,
    OWNED,
    OWNED_B,
    A,
    B,
    C,
    benefit_of,
    bought,
    cast,
    do,
)

ENTRIES = [
    (0, (0, 0, 0)),
    (2_047, (0, 0, 2_047)),
    (2_048, (0, 1, 0)),
    (STATUS_PAGE_ENTRIES * STATUS_PAGES_MAX - 1, (0, STATUS_PAGES_MAX - 1, 2_047)),
    (STATUS_PAGE_ENTRIES * STATUS_PAGES_MAX, (1, 0, 0)),
]


@pytest.mark.parametrize(("index", "entry"), ENTRIES)
def test_each_credential_has_an_entry(index: int, entry: tuple[int, int, int]) -> None:
    """In a list, on a page of it; lists follow each other."""
    assert entry == status_entry(index)


def test_revoked_in_both_places() -> None:
    """In the record and in the status list, for each way in which an owner ceases to be one."""
    trial = cast()
    issued = trial.read(Issuance, issuance_id())
    assert Issuance(6) == issued
    (given,) = (each for each in do(trial, Transfer(OWNED, key(AMOS), A), ANNA)
                if isinstance(each, BenefitPassed))  # fmt: skip
    assert (Cause.GIVEN, 6, 0) == (given.cause, given.credential, given.revoked)
    swapped = [
        each
        for each in do(trial, Swap(OWNED, OWNED_B), AMOS, BEN)
        if isinstance(each, BenefitPassed)
    ]
    assert [(7, 6), (8, 2)] == [(each.credential, each.revoked) for each in swapped]
    (used,) = (each for each in do(trial, Redeem(OWNED), BEN) if isinstance(each, BenefitRedeemed))
    assert 7 == used.revoked
    page = trial.read(StatusPage, status_id(contract_issuer("benefit"), 0, 0))
    for index in range(9):
        found = trial.read(Credential, credential_id(index))
        assert found is not None
        assert bool(found.revoked_at) == is_set(page, index)
    assert 8 == benefit_of(trial, OWNED_B).credential


def test_debts_are_booked_twice() -> None:
    """Between the two, and in the position of each."""
    trial = cast()
    bought(trial, OFFERED_B, ANNA, salt=50)
    found = trial.read(Debt, debt_id(MONTH, debtor=A, creditor=B))
    assert Debt(MONTH, A, B, 10) == found
    positions = [trial.read(Position, position_id(MONTH, name)) for name in (A, B, C)]
    expected = [
        Position(MONTH, A, claims=0, debts=20),
        Position(MONTH, B, claims=10, debts=0),
        Position(MONTH, C, claims=10, debts=0),
    ]
    assert expected == positions
