"""What an answer means for a swap, and what of it may be seen."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tallystick.base.identifiers import Hash, RecordId, TransactionId
from tallystick.contracts.exchange.model import HashLockState
from tallystick.contracts.exchange.views import HashLockView
from tallystick.coordination.entries import Terms
from tallystick.coordination.swap import (
    GiveBack,
    Pay,
    PutLock,
    Role,
    Side,
    SwapSeen,
    SwapStep,
    SwapWait,
    leg_of,
    lock_id,
)
from tallystick.coordination.swap_work import Due, Swap, needs_proof, state_of, take_in
from tallystick.core.block import Outcome
from tallystick.core.errors import Later, Malformed, NonceUsedBefore
from tallystick.core.node import Answer
from tallystick.core.receipt import Receipt
from tests.coordination.test_swap import NOW, T_A, T_B, agreed

SEEN = SwapSeen(HashLockState.OPEN, HashLockState.OPEN, NOW, NOW)


def swap_of(role: Role) -> tuple[Swap, bytes]:
    """Return a swap as one party has it, and its preimage."""
    terms, preimage = agreed()
    ids = {side: lock_id(terms, side) for side in Side}
    return Swap(terms, role, preimage if role is Role.LEADER else b"", ids), preimage


def lock_of(terms: Terms, side: Side, state: HashLockState, preimage: bytes) -> HashLockView:
    """Return a lock as its ledger shows it, made as agreed."""
    leg = leg_of(terms, side)
    return HashLockView(
        lock=lock_id(terms, side),
        contract=leg.contract,
        holding=leg.holding,
        amount=leg.amount,
        digest=terms.digest,
        beneficiary=leg.beneficiary,
        until=leg.until,
        state=state,
        preimage=preimage,
    )


@pytest.mark.parametrize(
    ("role", "step", "expected"),
    [
        (Role.LEADER, PutLock(Side.LEAD), None),
        (Role.LEADER, Pay(Side.FOLLOW), Side.FOLLOW),
        (Role.LEADER, Pay(Side.LEAD), None),
        (Role.LEADER, GiveBack(Side.LEAD), None),
        (Role.FOLLOWER, PutLock(Side.FOLLOW), Side.LEAD),
        (Role.FOLLOWER, Pay(Side.LEAD), None),
        (Role.FOLLOWER, GiveBack(Side.FOLLOW), None),
        (Role.FOLLOWER, SwapWait(0), None),
    ],
)
def test_what_risks_something_needs_a_proof(
    role: Role, step: SwapStep, expected: Side | None
) -> None:
    """A lock in return, and the first showing of the preimage."""
    assert expected is needs_proof(swap_of(role)[0], step)


LIES: list[Callable[[HashLockView], HashLockView]] = [
    lambda lock: replace(lock, amount=lock.amount + 1),
    lambda lock: replace(lock, until=lock.until - 1),
    lambda lock: replace(lock, beneficiary=lock.beneficiary[::-1]),
    lambda lock: replace(lock, holding=RecordId(b"\x07" * 32)),
    lambda lock: replace(lock, digest=Hash(b"\x07" * 32)),
    lambda lock: replace(lock, preimage=bytes(32)),
]


def test_a_lock_counts_as_far_as_it_was_agreed() -> None:
    """And a preimage only if it is the one."""
    swap, preimage = swap_of(Role.FOLLOWER)
    paid = lock_of(swap.terms, Side.LEAD, HashLockState.REDEEMED, preimage)
    assert None is state_of(swap, swap.terms.lead, None)
    assert [None] * len(LIES) == [state_of(swap, swap.terms.lead, lie(paid)) for lie in LIES]
    assert b"" == swap.preimage
    assert HashLockState.REDEEMED is state_of(swap, swap.terms.lead, paid)
    assert preimage == swap.preimage


def receipt(contract: str, code: int) -> Receipt:
    """Return what became of a transaction."""
    return Receipt(
        TransactionId(bytes(32)),
        1,
        0,
        NOW,
        Outcome(TransactionId(bytes(32)), contract, code, 0),
        "why",
    )


@pytest.mark.parametrize(
    ("step", "answer", "got_on", "refused", "rests"),
    [
        (PutLock(Side.LEAD), receipt("", 0), True, False, False),
        (PutLock(Side.LEAD), receipt("kernel", NonceUsedBefore.code), True, False, False),
        (PutLock(Side.LEAD), receipt("asset", 7), True, True, False),
        (PutLock(Side.LEAD), Malformed("no"), False, False, True),
        (Pay(Side.LEAD), Later("busy", retry_after_milliseconds=9), False, False, False),
        (Pay(Side.LEAD), receipt("exchange", 7), False, False, True),
        (GiveBack(Side.LEAD), receipt("exchange", 7), False, False, True),
    ],
)
def test_what_an_answer_means(
    step: SwapStep, answer: Answer, *, got_on: bool, refused: bool, rests: bool
) -> None:
    """Who is too busy has refused nothing; a refused lock ends the swap; the rest waits."""
    swap, _ = swap_of(Role.LEADER)
    assert got_on is take_in(Due(swap, step, SEEN), answer, NOW)
    assert (refused, rests) == (swap.refused, not swap.pause.is_over(NOW))


@pytest.mark.parametrize(("now", "over_at"), [(NOW, NOW + 50), (T_B, T_B + 7), (T_B + 1, T_B + 8)])
def test_no_rest_lasts_until_the_next_deadline(now: int, over_at: int) -> None:
    """It is over by half of the time that is left, however often it was refused."""
    swap, _ = swap_of(Role.FOLLOWER)
    assert (T_B, T_A) == (swap.terms.follow.until, swap.terms.lead.until)
    for _ in range(12):
        swap.rest(now)
    assert [False, True] == [swap.pause.is_over(each) for each in (over_at - 1, over_at)]


def test_the_preimage_is_in_no_representation() -> None:
    """Nor is the transaction that shows it, before it is sent."""
    swap, preimage = swap_of(Role.LEADER)
    due = Due(swap, Pay(Side.FOLLOW), SEEN, raw=b"raw" + preimage)
    assert swap.terms.follow.ledger == due.ledger
    assert preimage.hex() not in repr(due)
    assert str(preimage)[2:-1] not in repr(due)
    with pytest.raises(TypeError, match="SwapWait is done nowhere"):
        _ = Due(swap, SwapWait(0), SEEN).ledger
