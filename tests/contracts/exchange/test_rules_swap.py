"""A hash-time lock pays for a preimage before its deadline, and gives back from it on."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.asset.errors import (
    AccountNotFound,
    AmountIsZero,
    NotEnough,
    SignerIsNotOwner,
)
from tallystick.contracts.exchange.commands import Redeem, Refund
from tallystick.contracts.exchange.errors import (
    CannotBeMoved,
    DeadlineHasPassed,
    DeadlineIsTooFar,
    HashLockIsOver,
    HashLockNotFound,
    HoldingIsReserved,
    PreimageIsWrong,
    PreimageLengthIsWrong,
    TargetIsNoOwner,
    TooEarlyToRefund,
    TooLateToRedeem,
)
from tallystick.contracts.exchange.events import HashLocked
from tallystick.contracts.exchange.model import (
    DAY_MILLISECONDS,
    HashLock,
    HashLockState,
    Reservation,
    reservation_id,
)
from tallystick.contracts.exchange.views import (
    ReservationView,
    ShowHashLock,
    ShowReservation,
)
from tallystick.core.holding import WHOLE
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted

from .sides import ALICE, BEGIN, BOB, DEADLINE, FUNDS, PREIMAGE, STRANGER, Sides

UNKNOWN = RecordId(b"\x77" * 32)


def locked(sides: Sides, *, amount: int = FUNDS) -> RecordId:
    """Let Alice lock money for Bob on ledger one, and return the lock's id."""
    assert accepted == sides.one.execute(sides.hash_lock(amount=amount), signers=[ALICE])
    event = sides.one.events[-1]
    assert isinstance(event, HashLocked)
    return event.lock


@pytest.mark.parametrize(
    ("changes", "signer", "verdict"),
    [
        ({}, ALICE, accepted),
        ({"amount": WHOLE}, ALICE, AmountIsZero),
        ({"amount": 1}, ALICE, accepted),
        ({"beneficiary": PublicKey(b"\x05" * 33)}, ALICE, TargetIsNoOwner),
        ({"until": BEGIN}, ALICE, DeadlineHasPassed),
        ({"until": BEGIN + 1}, ALICE, DeadlineHasPassed),
        ({"until": BEGIN + 2}, ALICE, accepted),
        ({"until": BEGIN + 30 * DAY_MILLISECONDS + 1}, ALICE, accepted),
        ({"until": BEGIN + 30 * DAY_MILLISECONDS + 2}, ALICE, DeadlineIsTooFar),
        ({}, BOB, SignerIsNotOwner),
        ({"amount": FUNDS + 1}, ALICE, NotEnough),
        ({"holding": UNKNOWN}, ALICE, AccountNotFound),
        ({"contract": "identity"}, ALICE, CannotBeMoved),
        ({"contract": "exchange"}, ALICE, CannotBeMoved),
        ({"contract": "certificate"}, ALICE, CannotBeMoved),
    ],
)
def test_lock(changes: dict[str, object], signer: int, verdict: Verdict) -> None:
    """Only the owner locks, for somebody who can be paid, until a time that lies ahead."""
    sides = Sides()
    command = replace(sides.hash_lock(), **changes)
    assert verdict == sides.one.execute(command, signers=[signer])
    if verdict != accepted:
        assert (FUNDS, 0) == sides.funds(sides.one, ALICE)


def test_a_refusal_names_the_field_as_the_command_does() -> None:
    """What a change calls deadline and target, a lock calls until and beneficiary."""
    sides = Sides()
    for changes, expected in (
        ({"until": BEGIN}, "until: 2023-11-14T22:13:20.000Z has passed"),
        ({"beneficiary": PublicKey(b"\x05" * 33)}, "beneficiary: key_05"),
        ({"contract": "identity"}, "contract: 'identity' keeps nothing"),
    ):
        command = replace(sides.hash_lock(), **changes)
        assert accepted != sides.one.execute(command, signers=[ALICE])
        assert sides.one.message.startswith(expected)


def locked_car(sides: Sides) -> RecordId:
    """Let Alice lock her car for Bob on ledger one, and return the lock's id."""
    assert accepted == sides.one.execute(sides.car_lock(), signers=[ALICE])
    event = sides.one.events[-1]
    assert isinstance(event, HashLocked)
    return event.lock


def test_whoever_comes_second_is_told_who_holds_it_and_until_when() -> None:
    """The whole of a holding is held once."""
    sides = Sides()
    lock = locked_car(sides)
    assert HoldingIsReserved == sides.one.execute(sides.car_lock(), signers=[ALICE])
    assert lock.hex() in sides.one.message
    assert "2023-11-14T22:14:20" in sides.one.message
    found = sides.one.ask(ShowReservation("title", sides.car))
    assert ReservationView(LockId(lock), DEADLINE) == found


@pytest.mark.parametrize(
    ("ending", "time", "owner"),
    [(PREIMAGE, DEADLINE - 1, BOB), (None, DEADLINE, ALICE)],
)
def test_one_of_a_kind(ending: bytes | None, time: int, owner: int) -> None:
    """A car is paid out or given back whole, and is free again."""
    sides = Sides()
    lock = locked_car(sides)
    command: Record = Refund(lock) if ending is None else Redeem(lock, ending)
    assert accepted == sides.one.execute(command, signers=[STRANGER], time=time)
    assert key(owner) == sides.car_owner()
    assert sides.one.read(Reservation, reservation_id("title", sides.car)) is None


@pytest.mark.parametrize(
    ("preimage", "time", "verdict"),
    [
        (PREIMAGE, BEGIN + 5, accepted),
        (PREIMAGE, DEADLINE - 1, accepted),
        (PREIMAGE, DEADLINE, TooLateToRedeem),
        (PREIMAGE, DEADLINE + 1, TooLateToRedeem),
        (b"", BEGIN + 5, PreimageLengthIsWrong),
        (PREIMAGE[:-1], BEGIN + 5, PreimageLengthIsWrong),
        (PREIMAGE + b"p", BEGIN + 5, PreimageLengthIsWrong),
        (bytes(32), BEGIN + 5, PreimageIsWrong),
    ],
)
@pytest.mark.parametrize("amount", [1, 60, FUNDS])
def test_redeem(preimage: bytes, time: int, verdict: Verdict, amount: int) -> None:
    """Whoever shows the preimage in time, it is the beneficiary who is paid."""
    sides = Sides()
    lock = locked(sides, amount=amount)
    paid = amount
    command = Redeem(lock, preimage)
    assert verdict == sides.one.execute(command, signers=[STRANGER], time=time)
    given = verdict == accepted
    assert (FUNDS - paid, 0 if given else paid) == sides.funds(sides.one, ALICE)
    assert (paid if given else 0, 0) == sides.funds(sides.one, BOB)
    view = sides.one.ask(ShowHashLock(lock))
    expected = (HashLockState.REDEEMED, PREIMAGE) if given else (HashLockState.OPEN, b"")
    assert expected == (view.state, view.preimage)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("time", "verdict"),
    [
        (BEGIN + 5, TooEarlyToRefund),
        (DEADLINE - 1, TooEarlyToRefund),
        (DEADLINE, accepted),
        (DEADLINE + DAY_MILLISECONDS, accepted),
    ],
)
@pytest.mark.parametrize("amount", [1, 60, FUNDS])
def test_refund(time: int, verdict: Verdict, amount: int) -> None:
    """Anybody sees to it that the owner has everything back, from the deadline on."""
    sides = Sides()
    lock = locked(sides, amount=amount)
    assert verdict == sides.one.execute(Refund(lock), signers=[STRANGER], time=time)
    held = 0 if verdict == accepted else amount
    assert (FUNDS - held, held) == sides.funds(sides.one, ALICE)


def test_it_ends_once() -> None:
    """What was paid is not given back, and what was given back is not paid."""
    for first, time in ((PREIMAGE, DEADLINE - 1), (None, DEADLINE)):
        sides = Sides()
        lock = locked(sides)
        ending: Record = Refund(lock) if first is None else Redeem(lock, first)
        assert accepted == sides.one.execute(ending, signers=[STRANGER], time=time)
        before = sides.one.read(HashLock, lock)
        for again in (Redeem(lock, PREIMAGE), Refund(lock)):
            assert HashLockIsOver == sides.one.execute(again, signers=[STRANGER], time=DEADLINE)
        assert before == sides.one.read(HashLock, lock)


@pytest.mark.parametrize("command", [Redeem(UNKNOWN, PREIMAGE), Refund(UNKNOWN)])
def test_there_must_be_a_lock(command: Record) -> None:
    """An id that is no lock's is refused, by rules and by the view."""
    sides = Sides()
    assert HashLockNotFound == sides.one.execute(command, signers=[STRANGER])
    with pytest.raises(HashLockNotFound):
        sides.one.ask(ShowHashLock(UNKNOWN))


def test_what_is_locked_moves_by_nothing_else() -> None:
    """The owner cannot lock again what is held, nor can another id end it."""
    sides = Sides()
    lock = locked(sides)
    assert NotEnough == sides.one.execute(sides.hash_lock(), signers=[ALICE])
    other = Redeem(RecordId(bytes(32)), PREIMAGE)
    assert HashLockNotFound == sides.one.execute(other, signers=[ALICE])
    assert sides.one.read(HashLock, lock) is not None
