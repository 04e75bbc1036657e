"""
Attacks on who comes by an insurance: nothing that was so before is held against him.

A car and its insurance change hands together, on two ledgers one after the other. Whoever has an
interest in the insurance's end shows what the car's ledger said before it came to its part.
"""

from collections.abc import Callable

import pytest

from tallystick.contracts.exchange.commands import Commit, Finish, Prepare
from tallystick.contracts.exchange.model import Change, Part, change_id, decision_id, prepared_id
from tallystick.contracts.title.commands import Confirm, Retire, Transfer
from tallystick.contracts.title.errors import LapseIsRecent, OwnerHasNotSigned
from tallystick.contracts.title.model import Standing, standing
from tallystick.core.foreign import ForeignProof
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted
from tests.contracts.title.cases import (
    AGE_MAX,
    ALICE,
    BOB,
    DEADLINE,
    FIRST,
    INSURER,
    POLICY,
    SKEW_MAX,
    STRANGER,
    Town,
    do,
    insured,
    title_of,
)

END = Retire(POLICY)
LATE = AGE_MAX - SKEW_MAX
"""How long the insurer waits with what he was shown: it is not stale by then. [ms]"""


class Sale:
    """Car and insurance on their way to Bob; the insurers' ledger has done its part."""

    def __init__(self) -> None:
        self.town = insured()
        cars, policies = self.town.cars, self.town.policies
        here, there = cars.state.ledger, policies.state.ledger
        sides = [
            (cars, Part(here, "title", FIRST, key(ALICE), 0, key(BOB))),
            (policies, Part(there, "title", POLICY, key(ALICE), 0, key(BOB))),
        ]
        sides.sort(key=lambda side: side[1].ledger)
        self.car_part = next(n for n, (side, _) in enumerate(sides) if side is cars)
        self.change = Change(there, DEADLINE, tuple(part for _, part in sides), b"t" * 16)
        self.before = cars.prove(FIRST)
        self.id = change_id(self.change)
        for n, (side, _) in enumerate(sides):
            do(side, Prepare(self.change, n), ALICE)
        self.held = cars.prove(FIRST)
        proof = cars.prove(prepared_id(self.id, self.car_part))
        finish = Finish(self.id, 1 - self.car_part, None)
        do(policies, [Commit(self.change, (proof,)), finish], STRANGER)

    def held_until_now(self) -> ForeignProof:
        """Let time go by while nobody tells the cars' ledger, and show that it holds the car."""
        self.town.wait()
        return self.town.cars.prove(FIRST)

    def finish(self) -> None:
        """Let the cars' ledger do its part."""
        decided = self.town.policies.prove(decision_id(self.id))
        do(self.town.cars, Finish(self.id, self.car_part, decided), STRANGER)


def standing_of(town: Town) -> Standing:
    """Return how it stands with the insurance."""
    return standing(title_of(town.policies, POLICY))


@pytest.mark.parametrize(
    "taken", [lambda sale: sale.before, lambda sale: sale.held, Sale.held_until_now]
)
def test_an_older_proof_ends_no_new_owner_s_insurance(
    taken: Callable[[Sale], ForeignProof],
) -> None:
    """Neither from before the car was held, nor while it was, nor as long as it still is."""
    sale = Sale()
    proof = taken(sale)
    sale.finish()
    policies = sale.town.policies
    policies.move_to(max(proof.header.time + LATE, policies.time))
    news = Confirm(POLICY, proof)
    assert OwnerHasNotSigned == policies.execute([news, END], signers=[INSURER])
    do(policies, news, INSURER)
    assert Standing.UNPROVEN == standing_of(sale.town)
    assert OwnerHasNotSigned == policies.execute(END, signers=[INSURER])
    do(policies, Confirm(POLICY, sale.town.cars.prove(FIRST)), BOB)
    assert Standing.IN_FORCE == standing_of(sale.town)


@pytest.mark.parametrize("ahead", [-SKEW_MAX, 0, SKEW_MAX])
def test_clocks_that_differ_help_nobody(ahead: int) -> None:
    """The cars' clock may be off by as much as is allowed, and the proof no less old."""
    town = insured()
    town.wait(10 * SKEW_MAX)
    cars, policies = town.cars, town.policies
    cars.move_to(cars.time + SKEW_MAX + ahead)
    policies.move_to(policies.time + SKEW_MAX)
    old = cars.prove(FIRST)
    do(policies, Transfer(POLICY, key(BOB)), ALICE)
    do(cars, Transfer(FIRST, key(BOB)), ALICE)
    policies.move_to(policies.time + LATE)
    do(policies, Confirm(POLICY, old), INSURER)
    assert Standing.UNPROVEN == standing_of(town)


def test_an_insurer_cannot_hurry_a_buyer() -> None:
    """Who sells the car a little later has as long as a proof may take to show that he did."""
    town = insured()
    do(town.policies, Transfer(POLICY, key(BOB)), ALICE)
    town.wait()
    news = Confirm(POLICY, town.cars.prove(FIRST))
    do(town.cars, Transfer(FIRST, key(BOB)), ALICE)
    assert LapseIsRecent == town.policies.execute([news, END], signers=[INSURER])
    do(town.policies, news, INSURER)
    assert Standing.LAPSED == standing_of(town)
    town.wait(AGE_MAX // 2)
    assert LapseIsRecent == town.policies.execute(END, signers=[INSURER])
    do(town.policies, Confirm(POLICY, town.cars.prove(FIRST)), BOB)
    assert Standing.IN_FORCE == standing_of(town)
    town.wait(AGE_MAX)
    assert OwnerHasNotSigned == town.policies.execute(END, signers=[INSURER])


def test_showing_a_lapse_again_and_again_does_not_put_its_end_off() -> None:
    """The insurer waits once, whoever brings the same news meanwhile."""
    town = insured()
    town.wait()
    do(town.cars, Transfer(FIRST, key(BOB)), ALICE)
    for _ in range(3):
        do(town.policies, Confirm(POLICY, town.cars.prove(FIRST)), ALICE)
        town.wait(AGE_MAX // 2)
    assert accepted == town.policies.execute(END, signers=[INSURER])
