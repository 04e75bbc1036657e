"""The next step of each party follows from what both ledgers say, and from nothing else."""

from hashlib import sha256

import pytest
from msgspec.structs import replace

from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.contracts.exchange.model import HashLockState
from tallystick.coordination.entries import Leg, Terms
from tallystick.coordination.swap import (
    Assumptions,
    DeadlinesOutOfOrder,
    GiveBack,
    Pay,
    PutLock,
    Role,
    Side,
    SwapOutcome,
    SwapOver,
    SwapSeen,
    SwapStep,
    SwapWait,
    check_deadlines,
    leg_of,
    lock_command,
    lock_id,
    lock_nonce,
    next_swap_step,
    propose,
)
from tallystick.testing.keys import key

ASSUMED = Assumptions(finality_lead=1, finality_follow=2, clock_skew=4, claim=8)
NO, OPEN = None, HashLockState.OPEN
PAID, BACK = HashLockState.REDEEMED, HashLockState.REFUNDED
LEAD, FOLLOW = Side.LEAD, Side.FOLLOW
NOW, LASTING = 1_000, 100
T_B = NOW + LASTING
T_A = T_B + 15
SWAPPED, REFUNDED = SwapOver(SwapOutcome.SWAPPED), SwapOver(SwapOutcome.REFUNDED)
NOTHING, LOST = SwapOver(SwapOutcome.NOTHING), SwapOver(SwapOutcome.LOST)


def agreed() -> tuple[Terms, bytes]:
    """Return terms and their preimage."""
    lead = Leg(LedgerId(bytes(32)), "asset", RecordId(bytes(32)), 5, key(1), key(2), 0)
    follow = Leg(LedgerId(b"\x01" * 32), "title", RecordId(bytes(32)), 0, key(2), key(1), 0)
    return propose(lead, follow, now=NOW, lasting=LASTING, assumptions=ASSUMED)


LEADER = [
    # The leader's lock, the follower's, the time on both ledgers, the step.
    (NO, NO, NOW, PutLock(LEAD)),
    (NO, NO, T_B - 15, PutLock(LEAD)),
    (NO, NO, T_B - 14, NOTHING),
    (NO, OPEN, NOW, PutLock(LEAD)),
    (OPEN, NO, NOW, SwapWait(T_A)),
    (OPEN, NO, T_A - 1, SwapWait(T_A)),
    (OPEN, NO, T_A, GiveBack(LEAD)),
    (OPEN, OPEN, NOW, Pay(FOLLOW)),
    (OPEN, OPEN, T_B - 14, Pay(FOLLOW)),
    (OPEN, OPEN, T_B - 13, SwapWait(T_A)),
    (OPEN, OPEN, T_A, GiveBack(LEAD)),
    (OPEN, BACK, T_B, SwapWait(T_A)),
    (OPEN, BACK, T_A, GiveBack(LEAD)),
    (OPEN, PAID, T_B, Pay(LEAD)),
    (OPEN, PAID, T_A, GiveBack(LEAD)),
    (PAID, PAID, NOW, SWAPPED),
    (PAID, OPEN, T_B - 1, Pay(FOLLOW)),
    (PAID, OPEN, T_B, LOST),
    (PAID, BACK, T_B, LOST),
    (BACK, NO, T_A, REFUNDED),
    (BACK, BACK, T_A, REFUNDED),
    (BACK, OPEN, T_A, REFUNDED),
    (BACK, PAID, T_A, SWAPPED),
]
FOLLOWER = [
    (NO, NO, NOW, SwapWait(T_B)),
    (NO, NO, T_B - 13, NOTHING),
    (OPEN, NO, NOW, PutLock(FOLLOW)),
    (OPEN, NO, T_B - 14, PutLock(FOLLOW)),
    (OPEN, NO, T_B - 13, NOTHING),
    (BACK, NO, NOW, NOTHING),
    (PAID, NO, NOW, NOTHING),
    (OPEN, OPEN, T_B - 1, SwapWait(T_B)),
    (OPEN, OPEN, T_B, GiveBack(FOLLOW)),
    (BACK, OPEN, T_B, GiveBack(FOLLOW)),
    (OPEN, PAID, NOW, Pay(LEAD)),
    (OPEN, PAID, T_A - 1, Pay(LEAD)),
    (OPEN, PAID, T_A, LOST),
    (PAID, PAID, NOW, SWAPPED),
    (BACK, PAID, T_A, LOST),
    (OPEN, BACK, T_B, REFUNDED),
    (BACK, BACK, T_A, REFUNDED),
]
TABLE = [(Role.LEADER, *row) for row in LEADER] + [(Role.FOLLOWER, *row) for row in FOLLOWER]


@pytest.mark.parametrize(("role", "lead", "follow", "time", "expected"), TABLE)
def test_the_next_step(
    role: Role,
    lead: HashLockState | None,
    follow: HashLockState | None,
    time: int,
    expected: SwapStep,
) -> None:
    """Claims stop early enough, refunds begin at the deadline, and what is public is used."""
    seen = SwapSeen(lead, follow, time, time)
    assert expected == next_swap_step(agreed()[0], seen, role, ASSUMED)


@pytest.mark.parametrize("role", list(Role))
def test_who_cannot_lock_does_nothing(role: Role) -> None:
    """A refused lock ends the swap for whoever was refused."""
    seen = SwapSeen(NO if role is Role.LEADER else OPEN, NO, NOW, NOW)
    assert NOTHING == next_swap_step(agreed()[0], seen, role, ASSUMED, refused=True)


def test_a_follower_does_not_lock_against_a_clock_that_runs_ahead() -> None:
    """On such a ledger the leader could be refunded before its time."""
    terms, _ = agreed()
    near = SwapSeen(OPEN, NO, NOW + ASSUMED.clock_skew, NOW)
    ahead = SwapSeen(OPEN, NO, NOW + ASSUMED.clock_skew + 1, NOW)
    assert PutLock(FOLLOW) == next_swap_step(terms, near, Role.FOLLOWER, ASSUMED)
    assert SwapWait(T_B) == next_swap_step(terms, ahead, Role.FOLLOWER, ASSUMED)


@pytest.mark.parametrize(
    ("role", "lead", "follow", "own", "expected"),
    [
        (Role.LEADER, NO, NO, T_B - 15, PutLock(LEAD)),
        (Role.LEADER, NO, NO, T_B - 14, NOTHING),
        (Role.LEADER, OPEN, OPEN, T_B - 14, Pay(FOLLOW)),
        (Role.LEADER, OPEN, OPEN, T_B - 13, SwapWait(T_A)),
        (Role.LEADER, PAID, OPEN, T_A, Pay(FOLLOW)),
        (Role.FOLLOWER, OPEN, NO, T_B - 14, PutLock(FOLLOW)),
        (Role.FOLLOWER, OPEN, NO, T_B - 13, NOTHING),
        (Role.FOLLOWER, OPEN, NO, NOW - 4, PutLock(FOLLOW)),
        (Role.FOLLOWER, OPEN, NO, NOW - 5, SwapWait(T_B)),
        (Role.FOLLOWER, OPEN, PAID, T_A, Pay(LEAD)),
    ],
)
def test_nothing_is_risked_unless_ones_own_clock_agrees(
    role: Role,
    lead: HashLockState | None,
    follow: HashLockState | None,
    own: int,
    expected: SwapStep,
) -> None:
    """Whatever nodes say of the time; what is public already is used as long as they take it."""
    seen = SwapSeen(lead, follow, NOW, NOW, own)
    assert expected == next_swap_step(agreed()[0], seen, role, ASSUMED)


def test_deadlines_leave_room_for_what_was_assumed() -> None:
    """One millisecond less is refused, and the error says how much it must be."""
    terms, _ = agreed()
    assert (T_A, T_B) == (terms.lead.until, terms.follow.until)
    check_deadlines(terms, ASSUMED)
    early = replace(terms, lead=replace(terms.lead, until=T_A - 1))
    with pytest.raises(DeadlinesOutOfOrder, match="ends 14 ms after") as caught:
        check_deadlines(early, ASSUMED)
    assert ASSUMED.margin == caught.value.margin == 15


def test_a_preimage_is_drawn_afresh_and_opens_its_digest() -> None:
    """It has 32 bytes on both sides, and nobody can guess it."""
    drawn = [agreed() for _ in range(3)]
    assert [32] * 3 == [len(preimage) for _, preimage in drawn]
    assert 3 == len({preimage for _, preimage in drawn})
    assert all(sha256(preimage).digest() == terms.digest for terms, preimage in drawn)


def test_ids_follow_from_the_terms() -> None:
    """Both parties know both locks before there are any; other terms have others."""
    terms, _ = agreed()
    other = replace(terms, lead=replace(terms.lead, amount=6))
    ids = {lock_id(each, side) for each in (terms, other) for side in Side}
    assert 4 == len(ids)
    assert 4 == len({lock_nonce(each, side) for each in (terms, other) for side in Side})
    command = lock_command(terms, FOLLOW)
    leg = leg_of(terms, FOLLOW)
    assert (terms.digest, leg.until, leg.beneficiary) == (
        command.digest,
        command.until,
        command.beneficiary,
    )
