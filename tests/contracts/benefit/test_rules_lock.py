"""How a contract holds a benefit, lets go, and moves it."""

from hashlib import sha256

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.contracts.benefit.commands import Redeem, Transfer
from tallystick.contracts.benefit.errors import (
    BenefitIsNotOwned,
    BenefitIsOneThing,
    BenefitIsReserved,
    BenefitNotFound,
    CallerIsNoContract,
    CredentialIsNotInForce,
    HoldMayNotLapse,
    HoldNotFound,
    OwnerHasNotSigned,
)
from tallystick.contracts.benefit.model import BenefitState
from tallystick.contracts.exchange.commands import LockHash, Prepare
from tallystick.contracts.exchange.commands import Redeem as Show
from tallystick.contracts.exchange.commands import Refund as GiveBack
from tallystick.contracts.exchange.errors import HoldingIsReserved
from tallystick.contracts.exchange.errors import OwnerHasNotSigned as OwnerDidNotPrepare
from tallystick.contracts.exchange.events import HashLocked
from tallystick.contracts.exchange.model import Part, change_id
from tallystick.core.holding import Lock, Move, Release
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.benefit.cases import (
    AMOS,
    ANNA,
    BEN,
    CLEARING_A,
    LEAVER,
    LEFT,
    LISTED,
    MINUTE,
    OFFERED,
    OWNED,
    REDEEMED,
    SOME_LOCK,
    STRANGER,
    UNKNOWN,
    A,
    B,
    benefit_of,
    buying,
    cast,
    changing,
    credential_of,
    do,
    reserved,
    settle,
)

Row = tuple[Record, list[int], str, Verdict]
"""A command, the numbers of the keys that sign, the calling contract if any, and the verdict."""


def locking(id: RecordId = OWNED, *, until: int = 0, amount: int = 0) -> Lock:
    """Return a lock as a contract would call it."""
    return Lock("benefit", id, SOME_LOCK, until, amount)


def releasing(lock_id: LockId = SOME_LOCK, id: RecordId = OWNED, *, amount: int = 0) -> Release:
    """Return a release as a contract would call it."""
    return Release("benefit", id, lock_id, amount)


def moving(lock_id: LockId = SOME_LOCK, id: RecordId = OWNED, *, amount: int = 0) -> Move:
    """Return a move to Ben as a contract would call it."""
    return Move("benefit", id, lock_id, amount, key(BEN))


OTHER_LOCK = LockId(b"\x06" * 32)

LOCKING: list[Row] = [
    (locking(), [ANNA], "exchange", accepted),
    (locking(amount=1), [ANNA], "market", accepted),
    (locking(LISTED), [ANNA], "market", accepted),
    (locking(UNKNOWN), [ANNA], "exchange", BenefitNotFound),
    (locking(), [AMOS], "exchange", OwnerHasNotSigned),
    (locking(OFFERED), [AMOS], "exchange", OwnerHasNotSigned),
    (locking(), [ANNA], "", CallerIsNoContract),
    (locking(OFFERED), [CLEARING_A], "exchange", BenefitIsNotOwned),
    (locking(REDEEMED), [AMOS], "exchange", BenefitIsNotOwned),
    (locking(LEFT), [LEAVER], "exchange", CredentialIsNotInForce),
    (locking(until=1), [ANNA], "exchange", HoldMayNotLapse),
    (locking(amount=2), [ANNA], "exchange", BenefitIsOneThing),
]

ENDING: list[Row] = [
    (releasing(), [STRANGER], "exchange", accepted),
    (releasing(amount=1), [STRANGER], "exchange", accepted),
    (releasing(id=UNKNOWN), [STRANGER], "exchange", BenefitNotFound),
    (releasing(id=LISTED), [ANNA], "exchange", HoldNotFound),
    (releasing(OTHER_LOCK), [ANNA], "exchange", HoldNotFound),
    (releasing(), [ANNA], "market", HoldNotFound),
    (releasing(), [ANNA], "", HoldNotFound),
    (releasing(amount=2), [ANNA], "exchange", BenefitIsOneThing),
    (moving(), [STRANGER], "exchange", accepted),
    (moving(amount=1), [STRANGER], "exchange", accepted),
    (moving(id=UNKNOWN), [STRANGER], "exchange", BenefitNotFound),
    (moving(OTHER_LOCK), [ANNA], "exchange", HoldNotFound),
    (moving(), [ANNA], "market", HoldNotFound),
    (moving(), [ANNA], "", HoldNotFound),
    (moving(amount=2), [ANNA], "exchange", BenefitIsOneThing),
    (locking(), [ANNA], "exchange", BenefitIsReserved),
    (locking(), [ANNA], "market", BenefitIsReserved),
]
"""What is tried once exchange holds the benefit."""


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), LOCKING)
def test_each_lock(command: Record, signers: list[int], caller: str, verdict: Verdict) -> None:
    """Owners hand to contracts what is theirs, and nothing else is held."""
    assert verdict == cast().execute(command, signers=signers, caller=caller)


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), ENDING)
def test_each_end(command: Record, signers: list[int], caller: str, verdict: Verdict) -> None:
    """Only who holds it ends that, whoever signs."""
    trial = held()
    assert verdict == trial.execute(command, signers=signers, caller=caller)


def held() -> Trial:
    """Return the ledger of the cases with Anna's benefit in exchange's hands."""
    trial = cast()
    assert accepted == trial.execute(locking(), signers=[ANNA], caller="exchange")
    return trial


def test_released_stands_as_before() -> None:
    """Listed if it was listed."""
    trial = cast()
    before = benefit_of(trial, LISTED)
    assert accepted == trial.execute(locking(LISTED), signers=[ANNA], caller="exchange")
    assert BenefitState.RESERVED is benefit_of(trial, LISTED).state
    command = releasing(id=LISTED)
    assert accepted == trial.execute(command, signers=[STRANGER], caller="exchange")
    assert before == benefit_of(trial, LISTED)


def test_nobody_takes_hold_for_a_purchase_but_exchange() -> None:
    """And exchange only once, for the change that was reserved; nobody prepares for the owner."""
    trial, change = reserved()
    lock = Lock("benefit", OFFERED, change_id(change), 0)
    for caller in ("exchange", "market"):
        assert OwnerHasNotSigned == trial.execute(lock, signers=[AMOS], caller=caller)
    n = next(n for n, part in enumerate(change.parts) if part.contract == "benefit")
    other = buying(cast(), OFFERED, AMOS, salt=5).change
    assert OwnerDidNotPrepare == trial.execute(Prepare(other, n), signers=[AMOS])
    assert HoldingIsReserved == trial.execute(Prepare(other, n), signers=[CLEARING_A])


def test_a_purchase_needs_buy() -> None:
    """Exchange alone prepares nobody's benefit without its owner, nor on offer with it."""
    trial = cast()
    change = buying(trial, OFFERED, AMOS).change
    n = next(n for n, part in enumerate(change.parts) if part.contract == "benefit")
    assert OwnerDidNotPrepare == trial.execute(Prepare(change, n), signers=[AMOS])
    assert BenefitIsNotOwned == trial.execute(Prepare(change, n), signers=[CLEARING_A])


def test_who_got_it_by_an_exchange_says_as_whose_employee() -> None:
    """Until then the credential does not count; whoever else signs changes nothing."""
    trial = held()
    assert accepted == trial.execute(moving(), signers=[STRANGER], caller="exchange")
    found = benefit_of(trial, OWNED)
    assert (key(BEN), None) == (found.owner, found.employer)
    assert CredentialIsNotInForce == trial.execute(Redeem(OWNED), signers=[BEN])
    assert CredentialIsNotInForce == trial.execute(Transfer(OWNED, key(ANNA), A), signers=[BEN])
    assert OwnerHasNotSigned == trial.execute(Transfer(OWNED, key(BEN), B), signers=[ANNA])
    do(trial, Transfer(OWNED, key(BEN), B), BEN)
    assert B == credential_of(trial, OWNED).employer
    do(trial, Redeem(OWNED), BEN)


def test_a_hash_time_lock_moves_a_benefit() -> None:
    """Against the preimage in time, or back to its owner after it."""
    preimage = b"\x09" * 32
    digest = Hash(sha256(preimage).digest())
    for late in (False, True):
        trial = cast()
        until = trial.time + MINUTE
        events = do(trial, LockHash("benefit", OWNED, 0, digest, key(BEN), until), ANNA)
        (lock,) = [each.lock for each in events if isinstance(each, HashLocked)]
        assert BenefitIsReserved == trial.execute(Redeem(OWNED), signers=[ANNA])
        if late:
            trial.move_to(until)
            do(trial, GiveBack(lock), STRANGER)
        else:
            do(trial, Show(lock, preimage), STRANGER)
        assert key(ANNA if late else BEN) == benefit_of(trial, OWNED).owner


def test_a_joint_change_of_owned_benefits() -> None:
    """An owner prepares its own part with exchange alone, for whatever else changes with it."""
    trial = cast()
    ledger = trial.state.ledger
    parts = (Part(ledger, "benefit", OWNED, key(ANNA), 0, key(BEN)),)
    change = changing(trial, parts)
    do(trial, Prepare(change, 0), ANNA)
    settle(trial, change)
    assert key(BEN) == benefit_of(trial, OWNED).owner
