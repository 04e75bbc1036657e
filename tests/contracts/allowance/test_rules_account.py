"""Accounts are opened and closed by the zone's registry operator."""

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.allowance.commands import CloseAccount
from tallystick.contracts.allowance.errors import (
    AccountExists,
    AccountIsClosed,
    AccountNotEmpty,
    AccountNotFound,
    AccountServesUnit,
    PayerHasNotSigned,
    ProgrammeNotFound,
    SignerIsNotOperator,
    SignerIsNotOwner,
    ZoneUnknown,
)
from tallystick.contracts.allowance.model import Account, AccountKind, account_id, commitment
from tallystick.testing.factories import STRANGER
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.allowance import bank
from tests.contracts.allowance.cases import (
    BUYER,
    COLLECTOR,
    DIRECTOR,
    FEES,
    FRESH,
    NORTH,
    OPERATOR,
    PAYER,
    PLANT,
    PROGRAMME,
    SALT,
    SOUTH,
    SOUTHERN_OPERATOR,
    TRADER,
    UNKNOWN,
    account_of,
    do,
    market,
    money,
    opening,
    terms,
    transfer,
)

COMPLIANCE = AccountKind.COMPLIANCE


def closing(owner: int) -> CloseAccount:
    """Return the closing of an account in the north."""
    return CloseAccount(account_id(programme=PROGRAMME, zone=NORTH, key=key(owner)))


OPENINGS: list[tuple[Record, list[int], Verdict]] = [
    (opening(PROGRAMME, FRESH), [OPERATOR, FRESH], accepted),
    (opening(PROGRAMME, FRESH, COMPLIANCE), [OPERATOR, FRESH], accepted),
    (opening(PROGRAMME, TRADER, zone=SOUTH), [SOUTHERN_OPERATOR, TRADER], accepted),
    (opening(UNKNOWN, FRESH), [OPERATOR, FRESH], ProgrammeNotFound),
    (opening(PROGRAMME, FRESH, zone="east"), [OPERATOR, FRESH], ZoneUnknown),
    (opening(PROGRAMME, FRESH), [STRANGER, FRESH], SignerIsNotOperator),
    (opening(PROGRAMME, FRESH), [DIRECTOR, FRESH], SignerIsNotOperator),
    (opening(PROGRAMME, FRESH), [SOUTHERN_OPERATOR, FRESH], SignerIsNotOperator),
    (opening(PROGRAMME, FRESH), [OPERATOR], SignerIsNotOwner),
    (opening(PROGRAMME, TRADER), [OPERATOR, TRADER], AccountExists),
]

CHARGED: list[tuple[Record, list[int], Verdict]] = [
    (opening(PROGRAMME, FRESH, payer=PAYER), [OPERATOR, FRESH, PAYER], accepted),
    (opening(PROGRAMME, FRESH), [OPERATOR, FRESH], PayerHasNotSigned),
    (opening(PROGRAMME, FRESH, payer=PAYER), [OPERATOR, FRESH], PayerHasNotSigned),
    (opening(PROGRAMME, FRESH, payer=FRESH), [OPERATOR, FRESH], bank.PurseTooSmall),
]

CLOSINGS: list[tuple[Record, list[int], Verdict]] = [
    (closing(BUYER), [OPERATOR], accepted),
    (CloseAccount(UNKNOWN), [OPERATOR], AccountNotFound),
    (closing(FRESH), [OPERATOR], AccountNotFound),
    (closing(BUYER), [BUYER], SignerIsNotOperator),
    (closing(BUYER), [SOUTHERN_OPERATOR], SignerIsNotOperator),
    (closing(PLANT), [OPERATOR], AccountServesUnit),
    (closing(TRADER), [OPERATOR], AccountNotEmpty),
]


@pytest.mark.parametrize(("command", "signers", "verdict"), OPENINGS)
def test_open_account(command: Record, signers: list[int], verdict: Verdict) -> None:
    """The operator opens one account for each key and zone, and the key agrees."""
    trial, _, _ = market()
    assert verdict == trial.execute(command, signers=signers)


@pytest.mark.parametrize(("command", "signers", "verdict"), CHARGED)
def test_account_fee(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Whoever is named as payer signs, and has the money."""
    trial, _, _ = market(terms(fees=FEES))
    before = money(trial, COLLECTOR)
    assert verdict == trial.execute(command, signers=signers)
    assert money(trial, COLLECTOR) - before == (FEES.account if verdict == accepted else 0)


@pytest.mark.parametrize(("command", "signers", "verdict"), CLOSINGS)
def test_close_account(command: Record, signers: list[int], verdict: Verdict) -> None:
    """The operator closes what is empty and serves no unit."""
    trial, programme, _ = market()
    transfer(trial, programme, PLANT, TRADER, 1)
    assert verdict == trial.execute(command, signers=signers)


def test_closed_once() -> None:
    """A closed account is closed for good, and its key gets no other."""
    trial, programme, _ = market()
    do(trial, closing(BUYER), OPERATOR)
    assert trial.time == account_of(trial, programme, BUYER).closed_at
    assert AccountIsClosed == trial.execute(closing(BUYER), signers=[OPERATOR])
    again = opening(programme, BUYER)
    assert AccountExists == trial.execute(again, signers=[OPERATOR, BUYER])


def test_what_an_account_says() -> None:
    """It says its key and its kind; of who stands behind it, a commitment."""
    trial, programme, _ = market()
    do(trial, opening(programme, FRESH, COMPLIANCE), OPERATOR, FRESH)
    expected = Account(
        programme=programme,
        zone=NORTH,
        key=key(FRESH),
        kind=COMPLIANCE,
        commitment=commitment(holder=RecordId(UNKNOWN), key=key(FRESH), salt=SALT),
        opened_at=trial.time,
    )
    assert expected == account_of(trial, programme, FRESH)
