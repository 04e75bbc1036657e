"""Every course that a swap by hash-time locks can take, with the real rules."""

from itertools import product

import pytest

from tallystick.base.encoding import Record
from tallystick.contracts.exchange.commands import Redeem, Refund
from tallystick.contracts.exchange.model import HashLockState
from tallystick.core.contract import Rule
from tallystick.testing.explore import Counterexample, Explored, explore
from tests.coordination.model_change import CLOCK, RELAY
from tests.coordination.model_mistakes import (
    redeem_at_the_deadline,
    refund_before_the_deadline,
    refund_on_error,
)
from tests.coordination.model_report import PAGE, Size, measure, row
from tests.coordination.model_swap import NAMES, Swap, Terms, World

STATES_MAX = 100_000
UNTIL_TWO = 4
GAPS = range(-2, 7)
LEADER, FOLLOWER = frozenset(NAMES[:1]), frozenset(NAMES[1:])
BOTH, NEITHER = frozenset(NAMES), frozenset[str]()

SIZES = {
    "swap, both mind": (BOTH, Size(360, 873, 23)),
    "swap, only the leader minds": (LEADER, Size(572, 1514, 23)),
    "swap, only the follower minds": (FOLLOWER, Size(1081, 3379, 23)),
    "swap, nobody minds": (NEITHER, Size(1397, 4653, 23)),
}
"""Who minds, and how many courses a swap can take if skew and time to claim are 2 ticks."""

LOCKED_0, LOCKED_1 = "leader: locks on ledger 0", "follower: locks on ledger 1"
SHOWN = "leader: sends her claim, and so shows the secret"
PAID_0, PAID_1 = "relay: redeems on ledger 0", "relay: redeems on ledger 1"
BACK_0, BACK_1 = "relay: refunds on ledger 0", "relay: refunds on ledger 1"


def explored(swap: Swap) -> Explored[World]:
    """Return every course that a swap can take, if no law is broken."""
    return explore(swap.start, swap.moves, swap.laws, states_max=STATES_MAX)


def is_safe(terms: Terms) -> bool:
    """Tell whether nobody who minds his affairs ever pays without being paid."""
    try:
        explored(Swap(terms))
    except Counterexample:
        return False
    return True


@pytest.mark.parametrize("name", SIZES)
def test_swap(name: str) -> None:
    """Whoever minds is safe, both can be paid, and strangers and time alone end every lock."""
    mindful, size = SIZES[name]
    swap = Swap(Terms(UNTIL_TWO + 4, UNTIL_TWO, skew=2, claim=2, mindful=mindful))
    found = explored(swap)
    found.insist_reachable("every lock ends", swap.is_over, by={RELAY, CLOCK})
    found.insist_inevitable(
        "when time has run out, strangers end every lock",
        swap.is_over,
        by={RELAY},
        since=lambda world: min(world[1]) > max(swap.deadlines),
    )
    assert any(map(swap.is_swapped, found.states))
    assert size == measure(name, found, swap.ledgers)


@pytest.mark.parametrize(("skew", "claim"), list(product(range(3), range(3))))
def test_the_margin_is_exact(skew: int, claim: int) -> None:
    """
    The leader's lock must outlast the follower's by skew and time to claim, and not a tick less.

    So a follower is safe from any leader; wrong deadlines, T_B at or after T_A, are never safe
    unless clocks agree and a claim takes no time. If the leader minds, too, she shows her secret so
    early that the skew is enough. She herself is safe whatever the follower agreed to.
    """
    safe: dict[frozenset[str], list[int]] = {BOTH: [], LEADER: [], FOLLOWER: []}
    for mindful, gap in product(safe, GAPS):
        terms = Terms(UNTIL_TWO + gap, UNTIL_TWO, skew=skew, claim=claim, mindful=mindful)
        if is_safe(terms):
            safe[mindful].append(gap)
    assert {
        FOLLOWER: [gap for gap in GAPS if gap >= skew + claim],
        BOTH: [gap for gap in GAPS if gap >= skew],
        LEADER: list(GAPS),
    } == safe


def test_a_lock_that_ends_with_the_other_is_unsafe() -> None:
    """The leader takes at T-1 what the follower locked, and takes back at T what she locked."""
    swap = Swap(Terms(2, 2, skew=1, claim=1, mindful=FOLLOWER))
    with pytest.raises(Counterexample) as caught:
        explored(swap)
    assert [
        "clock: ledger 0 is at T-1",
        "clock: ledger 1 is at T-1",
        LOCKED_0,
        LOCKED_1,
        "clock: ledger 0 is at T",
        BACK_0,
        SHOWN,
        PAID_1,
    ] == said(caught.value)


@pytest.mark.parametrize("n", range(len(NAMES)))
def test_claims_and_refunds_at_the_boundary(n: int) -> None:
    """On each ledger a claim succeeds until T-1 and fails from T on; a refund does the opposite."""
    swap = Swap(Terms(3, 3, mindful=NEITHER))
    found = explored(swap)
    ends = {
        (state, clock - swap.deadlines[n])
        for world in found.states
        if swap.state(world, n) is HashLockState.OPEN and world[2]
        for clock in [world[1][n]]
        for _, after in swap.moves(world)
        for state in [swap.state(after, n)]
        if state is not HashLockState.OPEN and state is not None
    }
    assert {
        *((HashLockState.REDEEMED, clock) for clock in (-3, -2, -1)),
        *((HashLockState.REFUNDED, clock) for clock in (0, 1)),
    } == ends


@pytest.mark.parametrize(
    ("command", "rule", "mindful", "steps"),
    [
        (
            Redeem,
            redeem_at_the_deadline,
            FOLLOWER,
            [
                "clock: ledger 0 is at T-3",
                "clock: ledger 1 is at T-1",
                "clock: ledger 0 is at T-2",
                LOCKED_0,
                LOCKED_1,
                "clock: ledger 1 is at T",
                "clock: ledger 0 is at T-1",
                SHOWN,
                PAID_1,
                "clock: ledger 1 is at T+1",
                "clock: ledger 0 is at T",
                BACK_0,
            ],
        ),
        (
            Refund,
            refund_before_the_deadline,
            LEADER,
            [
                LOCKED_0,
                LOCKED_1,
                SHOWN,
                "clock: ledger 1 is at T-1",
                PAID_0,
                BACK_1,
            ],
        ),
        (
            Refund,
            refund_on_error,
            FOLLOWER,
            [
                LOCKED_0,
                LOCKED_1,
                "leader: refunds on ledger 0",
                SHOWN,
                PAID_1,
            ],
        ),
        (
            Refund,
            refund_on_error,
            LEADER,
            [
                LOCKED_0,
                LOCKED_1,
                SHOWN,
                PAID_0,
                "follower: refunds on ledger 1",
            ],
        ),
    ],
)
def test_mistakes_are_found(
    command: type[Record], rule: Rule, mindful: frozenset[str], steps: list[str]
) -> None:
    """Rules with one mistake make somebody pay without being paid; the way there is a shortest."""
    terms = Terms(4, 2, skew=1, claim=1, mindful=mindful)
    assert is_safe(terms)
    with pytest.raises(Counterexample, match="never pays without being paid") as caught:
        explored(Swap(terms, rules={command: rule}))
    assert steps == said(caught.value)


def test_the_page_says_how_many() -> None:
    """The documentation has a line for each world, with its size."""
    page = PAGE.read_text(encoding="utf-8")
    assert [] == [name for name, (_, size) in SIZES.items() if row(name, size) not in page]


def said(counterexample: Counterexample) -> list[str]:
    """Return a way in words."""
    return [f"{step.actor}: {step.deed}" for step in counterexample.steps]
