"""An insurance is written upon a car that is its owner's and held, and told when the car leaves."""

from collections.abc import Callable, Sequence

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.contracts.exchange.commands import Abort, Commit, Finish, Prepare
from tallystick.contracts.exchange.errors import (
    ChangeIsDecided,
    HoldingIsReserved,
    PartIsNotPrepared,
)
from tallystick.contracts.exchange.model import (
    Change,
    Part,
    change_id,
    decision_id,
    prepared_id,
)
from tallystick.contracts.identity.commands import Disown
from tallystick.contracts.identity.errors import ForeignProofIsInvalid, LedgerNotRecognised
from tallystick.contracts.title.commands import (
    Amend,
    Confirm,
    Rebind,
    Register,
    Retire,
    Transfer,
)
from tallystick.contracts.title.errors import (
    ChangeWasDecided,
    DependsOnNothing,
    HeldForAnotherLedger,
    LapseIsRecent,
    NamedTitleIsAnothers,
    NamedTitleIsGone,
    NamedTitleIsNotHeld,
    NameIsTaken,
    OwnerHasNotSigned,
    ProofIsAhead,
    ProofIsOlder,
    ProofIsStale,
    ProofOfAnotherTitle,
    SignerIsNotTitleRegistrar,
    TitleIsLocked,
    TitleIsRetired,
    TitleNotFound,
)
from tallystick.contracts.title.model import Dependence, NamedState, Standing, standing
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.title.cases import (
    AGE_MAX,
    ALICE,
    BLUE,
    BOB,
    CAROL,
    CLERK,
    DEADLINE,
    FIRST,
    FRESH,
    INSURER,
    NOW,
    NOWHERE,
    POLICY,
    REGISTRAR,
    SECOND,
    SKEW_MAX,
    STRANGER,
    THIRD,
    UNKNOWN,
    WRECK,
    Town,
    do,
    insurance,
    insured,
    locked,
    title_of,
)

Commands = Callable[[Town], Sequence[Record]]
Row = tuple[str, Commands, list[int], Verdict]
"""What is tried, the commands for a town in which P-1 insures FIRST, who signs, the verdict."""


def honest(town: Town) -> tuple[Change, list[Record]]:
    """Hold SECOND, and return the change with the commands that insure it."""
    change = town.held(town.holding(SECOND))
    return change, [town.commit(change), insurance(town.named(change, SECOND))]


def with_proof(town: Town, **changes: object) -> list[Record]:
    """Return an insurance of SECOND with something else in what it names."""
    change, (commit, _) = honest(town)
    return [commit, insurance(replace(town.named(change, SECOND), **changes))]


def forged(town: Town) -> list[Record]:
    """Show Bob's car as if it were Alice's."""
    change, (commit, _) = honest(town)
    proof = town.cars.prove(SECOND)
    records = (proof.records or b"").replace(key(ALICE), key(BOB))
    named = replace(town.named(change, SECOND), proof=replace(proof, records=records))
    return [commit, insurance(named)]


def not_held(town: Town) -> list[Record]:
    """Name a change that holds another car."""
    change = town.held(town.holding(FIRST))
    return [town.commit(change), insurance(town.named(change, SECOND))]


def held_by_another_contract(town: Town) -> list[Record]:
    """Show a car that the market holds."""
    locked(town.cars, SECOND)
    change = town.held(town.holding(FIRST))
    return [town.commit(change), insurance(town.named(change, SECOND))]


def on_its_way(town: Town) -> list[Record]:
    """Insure for Alice a car that the same change sells to Bob."""
    change = town.held(town.holding(SECOND, target=BOB))
    return [town.commit(change), insurance(town.named(change, SECOND))]


def let_go(town: Town) -> list[Record]:
    """Show, too late, how it was when the car was held."""
    change, (commit, registration) = honest(town)
    do(town.policies, commit, STRANGER)
    town.finish(change)
    do(town.cars, Transfer(SECOND, key(BOB)), ALICE)
    return [registration]


def aborted(town: Town) -> list[Record]:
    """Insure upon a change that was given up in a block before."""
    change, (_, registration) = honest(town)
    do(town.policies, Abort(change), ALICE)
    town.policies.close_block()
    return [registration]


def held_for_itself(town: Town) -> list[Record]:
    """Show a car that its own ledger holds and lets go when it likes."""
    change = town.held(town.holding(SECOND, deciding=town.cars.state.ledger))
    return [insurance(town.named(change, SECOND))]


def shown_before_it_was_held(town: Town) -> list[Record]:
    """Bring a proof of the time before the car was held."""
    proof = town.cars.prove(SECOND)
    change, (commit, _) = honest(town)
    return [commit, insurance(town.named(change, SECOND, proof))]


def never_prepared(town: Town) -> list[Record]:
    """Name a change of which the car's ledger knows nothing."""
    change = town.holding(SECOND)
    return [insurance(town.named(change, SECOND))]


def of_bobs_car(town: Town) -> list[Record]:
    """Insure for Alice what is Bob's."""
    change = town.held(town.holding(THIRD, BOB), BOB)
    return [town.commit(change), insurance(town.named(change, THIRD))]


def of_a_wreck(town: Town) -> list[Record]:
    """Insure what is no more."""
    change = town.held(town.holding(FIRST))
    return [town.commit(change), insurance(town.named(change, WRECK))]


def of_no_car(town: Town) -> list[Record]:
    """Insure what never was."""
    change = town.held(town.holding(FIRST))
    return [town.commit(change), insurance(town.named(change, UNKNOWN))]


def stale(town: Town) -> list[Record]:
    """Come too late by a millisecond."""
    _, commands = honest(town)
    head = town.cars.state.head
    assert head is not None
    town.policies.move_to(head.time + AGE_MAX + 1)
    return commands


def still_fresh(town: Town) -> list[Record]:
    """Come at the last moment."""
    commands = stale(town)
    town.policies.candidate.time -= 1
    return commands


def ahead(town: Town) -> list[Record]:
    """Let the cars' clock run ahead by a millisecond too much."""
    town.cars.move_to(town.policies.time + SKEW_MAX)
    change = town.held(town.holding(SECOND))
    commit = town.commit(change)
    return [commit, insurance(town.named(change, SECOND))]


def just_ahead(town: Town) -> list[Record]:
    """Let the cars' clock run ahead as far as it may."""
    commands = ahead(town)
    head = town.cars.state.head
    assert head is not None
    town.policies.move_to(head.time - SKEW_MAX)
    return commands


def disowned(town: Town) -> list[Record]:
    """Bring the word of a ledger that is believed no more."""
    _, (_, registration) = honest(town)
    do(town.policies, Disown(town.cars.state.ledger), REGISTRAR)
    return [registration]


REGISTER: list[Row] = [
    ("honest", lambda town: honest(town)[1], [ALICE, INSURER], accepted),
    ("no dependence", lambda _: [insurance(None)], [ALICE, INSURER], accepted),
    ("at the last moment", still_fresh, [ALICE, INSURER], accepted),
    ("as far ahead as may be", just_ahead, [ALICE, INSURER], accepted),
    ("wrong signer", lambda town: honest(town)[1], [ALICE, CLERK], SignerIsNotTitleRegistrar),
    ("no owner", lambda town: honest(town)[1], [BOB, INSURER], OwnerHasNotSigned),
    ("twice", lambda _: [insurance(None, "P-1")], [ALICE, INSURER], NameIsTaken),
    (
        "proof of another title",
        lambda town: with_proof(town, title=FIRST),
        [ALICE, INSURER],
        ProofOfAnotherTitle,
    ),
    (
        "unknown ledger",
        lambda town: with_proof(town, ledger=NOWHERE),
        [ALICE, INSURER],
        LedgerNotRecognised,
    ),
    ("disowned ledger", disowned, [ALICE, INSURER], LedgerNotRecognised),
    ("forged", forged, [ALICE, INSURER], ForeignProofIsInvalid),
    ("ahead", ahead, [ALICE, INSURER], ProofIsAhead),
    ("stale", stale, [ALICE, INSURER], ProofIsStale),
    ("wreck", of_a_wreck, [ALICE, INSURER], NamedTitleIsGone),
    ("no car", of_no_car, [ALICE, INSURER], NamedTitleIsGone),
    ("Bob's car", of_bobs_car, [ALICE, INSURER], NamedTitleIsAnothers),
    ("not held", not_held, [ALICE, INSURER], NamedTitleIsNotHeld),
    ("held by a market", held_by_another_contract, [ALICE, INSURER], NamedTitleIsNotHeld),
    ("on its way", on_its_way, [ALICE, INSURER], NamedTitleIsNotHeld),
    ("before it was held", shown_before_it_was_held, [ALICE, INSURER], NamedTitleIsNotHeld),
    ("never prepared", never_prepared, [ALICE, INSURER], NamedTitleIsNotHeld),
    ("held for its own ledger", held_for_itself, [ALICE, INSURER], HeldForAnotherLedger),
    ("not yet decided", lambda town: honest(town)[1][1:], [ALICE, INSURER], accepted),
    ("let go", let_go, [ALICE, INSURER], ChangeWasDecided),
    ("aborted", aborted, [ALICE, INSURER], ChangeWasDecided),
]


@pytest.mark.parametrize(
    ("commands", "signers", "verdict"),
    [row[1:] for row in REGISTER],
    ids=[row[0] for row in REGISTER],
)
def test_register(commands: Commands, signers: list[int], verdict: Verdict) -> None:
    """An insurance is written upon a car that is held for its owner, or not at all."""
    town = insured()
    items = commands(town)
    assert verdict == town.policies.execute(items, signers=signers), town.policies.message


def rebinding(town: Town) -> list[Record]:
    """Hold SECOND, and return the commands by which P-1 insures it instead."""
    change, (commit, _) = honest(town)
    return [commit, Rebind(POLICY, town.named(change, SECOND))]


def rebinding_locked(town: Town) -> list[Record]:
    """The market holds the insurance."""
    commands = rebinding(town)
    locked(town.policies, POLICY)
    return commands


def rebinding_retired(town: Town) -> list[Record]:
    """The insurance is no more."""
    commands = rebinding(town)
    do(town.policies, Retire(POLICY), ALICE)
    return commands


def rebinding_what_is_independent(town: Town) -> list[Record]:
    """The insurance never depended on anything."""
    do(town.policies, insurance(None), ALICE, INSURER)
    change, (commit, _) = honest(town)
    return [commit, Rebind(FRESH, town.named(change, SECOND))]


def rebinding_late(town: Town) -> list[Record]:
    """The change was decided a block ago."""
    commit, rebind = rebinding(town)
    do(town.policies, commit, STRANGER)
    town.policies.close_block()
    return [rebind]


def rebinding_unknown(town: Town) -> list[Record]:
    """There is no such insurance."""
    change, (commit, _) = honest(town)
    return [commit, Rebind(UNKNOWN, town.named(change, SECOND))]


def rebinding_again(town: Town) -> list[Record]:
    """Hold FIRST anew, show it, and rebind to it with that same proof."""
    change = town.held(town.holding(FIRST, salt=40))
    proof = town.cars.prove(FIRST)
    do(town.policies, Confirm(POLICY, proof), STRANGER)
    return [Rebind(POLICY, town.named(change, FIRST, proof))]


def rebinding_before(town: Town) -> list[Record]:
    """Hold FIRST anew, and rebind to it with a proof from before what was shown since."""
    change = town.held(town.holding(FIRST, salt=40))
    before = town.named(change, FIRST)
    do(town.policies, confirming(town), STRANGER)
    return [Rebind(POLICY, before)]


def rebinding_to_and_fro(town: Town) -> list[Record]:
    """Go to SECOND, and back to FIRST with a proof from before what was known of it."""
    town.policies.close_block()
    there, back = town.held(town.holding(SECOND, salt=41)), town.held(town.holding(FIRST, salt=42))
    before = town.named(back, FIRST)
    do(town.policies, confirming(town), STRANGER)
    town.policies.close_block()
    return [Rebind(POLICY, town.named(there, SECOND)), Rebind(POLICY, before)]


REBIND: list[Row] = [
    ("honest", rebinding, [ALICE, INSURER], accepted),
    ("unknown", rebinding_unknown, [ALICE, INSURER], TitleNotFound),
    ("wrong signer", rebinding, [ALICE, CLERK], SignerIsNotTitleRegistrar),
    ("no owner", rebinding, [BOB, INSURER], OwnerHasNotSigned),
    ("retired", rebinding_retired, [ALICE, INSURER], TitleIsRetired),
    ("locked", rebinding_locked, [ALICE, INSURER], TitleIsLocked),
    ("independent", rebinding_what_is_independent, [ALICE, INSURER], DependsOnNothing),
    ("not yet decided", lambda town: rebinding(town)[1:], [ALICE, INSURER], accepted),
    ("again", rebinding_again, [ALICE, INSURER], accepted),
    ("there and back", rebinding_to_and_fro, [ALICE, INSURER], accepted),
    ("before", rebinding_before, [ALICE, INSURER], ProofIsOlder),
    ("decided before", rebinding_late, [ALICE, INSURER], ChangeWasDecided),
]


@pytest.mark.parametrize(
    ("commands", "signers", "verdict"),
    [row[1:] for row in REBIND],
    ids=[row[0] for row in REBIND],
)
def test_rebind(commands: Commands, signers: list[int], verdict: Verdict) -> None:
    """The insured car is changed as an insurance is registered."""
    town = insured()
    items = commands(town)
    assert verdict == town.policies.execute(items, signers=signers), town.policies.message


def confirming(town: Town) -> list[Record]:
    """Show how it stands with FIRST."""
    return [Confirm(POLICY, town.cars.prove(FIRST))]


def confirming_independent(town: Town) -> list[Record]:
    """Show something of what depends on nothing."""
    do(town.policies, insurance(None), ALICE, INSURER)
    return [Confirm(FRESH, town.cars.prove(FIRST))]


def confirming_retired(town: Town) -> list[Record]:
    """Show something of what is no more."""
    do(town.policies, Retire(POLICY), ALICE)
    return confirming(town)


def confirming_before(town: Town) -> list[Record]:
    """Show what was, after what is."""
    before = confirming(town)
    do(town.policies, confirming(town), STRANGER)
    return before


def confirming_again(town: Town) -> list[Record]:
    """Show the same twice."""
    now = confirming(town)
    do(town.policies, now, STRANGER)
    return now


def confirming_late(town: Town) -> list[Record]:
    """Show what was long ago."""
    now = confirming(town)
    town.policies.move_to(NOW + AGE_MAX + 1_000)
    return now


def confirming_early(town: Town) -> list[Record]:
    """Show what is still to come."""
    town.cars.move_to(town.policies.time + SKEW_MAX + 1)
    return confirming(town)


def confirming_forged(town: Town) -> list[Record]:
    """Show that there is no such car."""
    return [Confirm(POLICY, replace(town.cars.prove(FIRST), records=None))]


def confirming_locked(town: Town) -> list[Record]:
    """A lock does not keep the truth away."""
    locked(town.policies, POLICY)
    return confirming(town)


CONFIRM: list[Row] = [
    ("by anybody", confirming, [STRANGER], accepted),
    ("again", confirming_again, [STRANGER], accepted),
    ("locked", confirming_locked, [STRANGER], accepted),
    (
        "unknown",
        lambda town: [Confirm(UNKNOWN, town.cars.prove(FIRST))],
        [STRANGER],
        TitleNotFound,
    ),
    ("retired", confirming_retired, [STRANGER], TitleIsRetired),
    ("independent", confirming_independent, [STRANGER], DependsOnNothing),
    (
        "another car",
        lambda town: [Confirm(POLICY, town.cars.prove(SECOND))],
        [STRANGER],
        ProofOfAnotherTitle,
    ),
    ("forged", confirming_forged, [STRANGER], ForeignProofIsInvalid),
    ("early", confirming_early, [STRANGER], ProofIsAhead),
    ("late", confirming_late, [STRANGER], ProofIsStale),
    ("before", confirming_before, [STRANGER], ProofIsOlder),
]


@pytest.mark.parametrize(
    ("commands", "signers", "verdict"),
    [row[1:] for row in CONFIRM],
    ids=[row[0] for row in CONFIRM],
)
def test_confirm(commands: Commands, signers: list[int], verdict: Verdict) -> None:
    """Anybody brings the other ledger's word, if it is fresh and about the named title."""
    town = insured()
    items = commands(town)
    assert verdict == town.policies.execute(items, signers=signers), town.policies.message


TABLES = (REGISTER, REBIND, CONFIRM)


def standing_of(town: Town) -> Standing:
    """Return how it stands with the insurance of FIRST."""
    return standing(title_of(town.policies, POLICY))


def confirm(town: Town) -> Standing:
    """Bring the news, and return how it stands with the insurance since."""
    do(town.policies, confirming(town), STRANGER)
    return standing_of(town)


def test_what_an_insurance_knows_of_its_car() -> None:
    """Whose it was, and as of when."""
    town = insured()
    found = title_of(town.policies, POLICY).depends_on
    assert found is not None
    expected = Dependence(
        town.cars.state.ledger, FIRST, NamedState.STANDS, key(ALICE), found.as_of, NOW, 0
    )
    assert expected == found
    assert NOW <= found.as_of < town.cars.time


def test_another_car_makes_nobody_a_new_owner() -> None:
    """Since when the insurance is its owner's does not change with what it depends on."""
    town = insured()
    town.wait()
    do(town.policies, rebinding(town), ALICE, INSURER)
    found = title_of(town.policies, POLICY).depends_on
    assert found is not None
    assert (SECOND, NOW, 0) == (found.title, found.insured_since, found.lapsed_since)


def test_an_insurance_whose_car_left_is_lapsed() -> None:
    """It is in force again once the car comes back, and lapsed for good once the car is retired."""
    town = insured()
    town.wait()
    assert Standing.IN_FORCE == standing_of(town)
    do(town.cars, Transfer(FIRST, key(BOB)), ALICE)
    assert Standing.IN_FORCE == standing_of(town), "nobody has told it yet"
    assert Standing.LAPSED == confirm(town)
    do(town.cars, Transfer(FIRST, key(ALICE)), BOB)
    assert Standing.IN_FORCE == confirm(town)
    do(town.cars, Retire(FIRST), ALICE)
    assert Standing.LAPSED == confirm(town)


def test_an_insurance_that_changes_hands_waits_for_its_car() -> None:
    """Between the two, nobody has proven anything; the car's arrival puts it in force."""
    town = insured()
    do(town.policies, Transfer(POLICY, key(BOB)), ALICE)
    assert Standing.UNPROVEN == standing_of(town)
    do(town.cars, Transfer(FIRST, key(BOB)), ALICE)
    assert Standing.UNPROVEN == standing_of(town)
    assert Standing.IN_FORCE == confirm(town)


def test_an_insurance_follows_a_car_that_left() -> None:
    """Lapsed with the seller, it is in force with the buyer, whom the last proof has named."""
    town = insured()
    town.wait()
    do(town.cars, Transfer(FIRST, key(BOB)), ALICE)
    assert Standing.LAPSED == confirm(town)
    do(town.policies, Transfer(POLICY, key(BOB)), ALICE)
    assert Standing.IN_FORCE == standing_of(town)
    do(town.policies, Transfer(POLICY, key(CAROL)), BOB)
    assert Standing.UNPROVEN == standing_of(town)
    assert Standing.UNPROVEN == confirm(town), "the car may be on its way to her"
    town.wait()
    assert Standing.LAPSED == confirm(town)
    do(town.policies, Transfer(POLICY, key(ALICE)), CAROL)
    assert Standing.UNPROVEN == standing_of(town), "what spoke against Carol spares Alice"


def test_an_insurer_ends_what_has_lapsed_and_nothing_else() -> None:
    """Neither what is in force, nor what waits for a proof, nor what lapsed only just now."""
    town = insured()
    town.wait()
    end = Retire(POLICY)
    assert OwnerHasNotSigned == town.policies.execute(end, signers=[INSURER])
    do(town.cars, Transfer(FIRST, key(BOB)), ALICE)
    assert Standing.LAPSED == confirm(town)
    lapsed_at = town.policies.time
    assert OwnerHasNotSigned == town.policies.execute(end, signers=[CLERK])
    town.wait()
    assert Standing.LAPSED == confirm(town), "to show it again begins no new time"
    town.policies.move_to(lapsed_at + AGE_MAX)
    assert LapseIsRecent == town.policies.execute(end, signers=[INSURER])
    town.policies.move_to(lapsed_at + AGE_MAX + 1)
    assert OwnerHasNotSigned == town.policies.execute(end, signers=[CLERK])
    do(town.policies, end, INSURER)


def test_an_owner_ends_what_has_just_lapsed() -> None:
    """His insurance is his, whatever an insurer has to wait for."""
    town = insured()
    do(town.cars, Retire(FIRST), ALICE)
    assert Standing.LAPSED == confirm(town)
    assert LapseIsRecent == town.policies.execute(Retire(POLICY), signers=[INSURER])
    do(town.policies, Retire(POLICY), ALICE)


def test_a_car_that_is_prepared_obeys_nobody_alone() -> None:
    """It is neither sold, amended nor retired, and whoever else wants it is told who holds it."""
    town = insured()
    town.held(town.holding())
    for command in (Transfer(FIRST, key(BOB)), Amend(FIRST, BLUE), Retire(FIRST)):
        assert TitleIsLocked == town.cars.execute(command, signers=[ALICE, CLERK])
    other = Prepare(town.holding(salt=9), 0)
    assert HoldingIsReserved == town.cars.execute(other, signers=[ALICE])


def test_a_decision_serves_in_its_own_block() -> None:
    """What was committed in a block before is no reason to write an insurance now."""
    town = insured()
    change, (commit, registration) = honest(town)
    do(town.policies, commit, STRANGER)
    do(town.policies, registration, ALICE, INSURER)
    town.policies.close_block()
    later = Register("insurance", "P-3", key(ALICE), (), town.named(change, SECOND))
    assert ChangeWasDecided == town.policies.execute(later, signers=[ALICE, INSURER])
    assert ChangeIsDecided == town.policies.execute(commit, signers=[ALICE])


def test_an_insurance_that_is_a_part_of_the_change_is_decided_by_nobody_else() -> None:
    """Its id is known before it is registered, so no relay can commit before it is."""
    town = insured()
    here, there = town.cars.state.ledger, town.policies.state.ledger
    parts = [
        Part(here, "title", SECOND, key(ALICE), 0, key(ALICE)),
        Part(there, "title", FRESH, key(ALICE), 0, key(ALICE)),
    ]
    parts.sort(key=lambda part: part.ledger)
    at_home = next(n for n, part in enumerate(parts) if part.ledger == there)
    change = town.held(Change(there, DEADLINE, tuple(parts), b"r" * 16), index=1 - at_home)
    commit = town.commit(change, index=1 - at_home)
    assert PartIsNotPrepared == town.policies.execute(commit, signers=[STRANGER])
    commands = [
        insurance(town.named(change, SECOND)),
        Prepare(change, at_home),
        commit,
        Finish(change_id(change), at_home, None),
    ]
    do(town.policies, commands, ALICE, INSURER)
    town.finish(change, index=1 - at_home)
    assert (None, None) == (
        title_of(town.policies, FRESH).lock,
        title_of(town.cars, SECOND).lock,
    )
    assert Standing.IN_FORCE == standing(title_of(town.policies, FRESH))


def test_car_and_insurance_change_owner_together() -> None:
    """Both are held, one ledger decides, and a last proof puts the insurance in force."""
    town = insured()
    here, there = town.cars.state.ledger, town.policies.state.ledger
    sides = [
        (town.cars, Part(here, "title", FIRST, key(ALICE), 0, key(BOB))),
        (town.policies, Part(there, "title", POLICY, key(ALICE), 1, key(BOB))),
    ]
    sides.sort(key=lambda side: side[1].ledger)
    change = Change(there, DEADLINE, tuple(part for _, part in sides), b"t" * 16)
    for n, (side, _) in enumerate(sides):
        do(side, Prepare(change, n), ALICE)
    n = next(n for n, (side, _) in enumerate(sides) if side is town.cars)
    proof = town.cars.prove(prepared_id(change_id(change), n))
    do(town.policies, Commit(change, (proof,)), STRANGER)
    do(town.policies, Finish(change_id(change), 1 - n, None), STRANGER)
    decided = town.policies.prove(decision_id(change_id(change)))
    do(town.cars, Finish(change_id(change), n, decided), STRANGER)
    owners = (title_of(town.cars, FIRST).owner, title_of(town.policies, POLICY).owner)
    assert (key(BOB), key(BOB)) == owners
    assert Standing.UNPROVEN == standing_of(town)
    assert Standing.IN_FORCE == confirm(town)
    do(town.cars, Retire(FIRST), BOB)


def test_accepted_is_not_a_rejection() -> None:
    """Each table has a row in which everything is as it should be."""
    assert all(any(row[3] == accepted for row in table) for table in TABLES)
