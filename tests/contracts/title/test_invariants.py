"""Each of the contract's invariants sees the damage that it is there for, and nothing else."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.title.commands import Amend, Confirm, Rebind, Retire, Share, Transfer
from tallystick.contracts.title.model import (
    Dependant,
    Dependence,
    Listing,
    ListingPage,
    NamedState,
    ShareClass,
    Title,
    TitleShare,
    dependant_id,
    kind_listing_id,
    page_id,
    share_class_id,
)
from tallystick.core.holding import Lock, LockedFor, Move, Release
from tallystick.core.invariant import Change, Changes, Leaf
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.title.cases import (
    ALICE,
    BLUE,
    BOB,
    CLERK,
    CONTRACTS,
    FIRST,
    INSURER,
    LOCK,
    NOW,
    NOWHERE,
    OTHER_LOCK,
    POLICY,
    RED,
    SECOND,
    UNKNOWN,
    WRECK,
    Town,
    car,
    do,
    insured,
    shares,
    title_of,
)

CARS = kind_listing_id("car")
SHARES = RecordId(b"\x77" * 32)
Damage = tuple[RecordId, Record]


def changed(id: RecordId, **fields: object) -> Damage:
    """Return damage to some fields of a title."""
    ledger = insured().policies if id == POLICY else insured().cars
    return id, replace(title_of(ledger, id), **fields)


def known(town: Town, **fields: object) -> Dependence:
    """Return what is known of the insured car, with something else in it."""
    found = title_of(town.policies, POLICY).depends_on
    assert found is not None
    return replace(found, **fields)


DAMAGES: list[tuple[Damage, str]] = [
    (changed(FIRST, name="VIN-5", revision=9), "under another's id"),
    (changed(FIRST, kind="boat", revision=9), "under another's id"),
    (changed(FIRST, registered_at=1, revision=9), "was registered again"),
    (changed(WRECK, retired_at=0, revision=9), "after it was retired"),
    (changed(WRECK, attributes=(), revision=9), "after it was retired"),
    (changed(FIRST, owner=key(BOB)), "is still revision"),
    (
        changed(FIRST, retired_at=NOW, lock=LockedFor("market", LOCK, 0), revision=9),
        "market holds it",
    ),
    (
        (UNKNOWN, Title("car", "X", key(ALICE), (), None, NOW, 0, 1, None)),
        "does not gain the 1",
    ),
    ((CARS, Listing(5)), "does not gain the 0"),
    ((page_id(CARS, 0), ListingPage(CARS, (FIRST,))), "does not gain the 0"),
    (
        (dependant_id(NOWHERE, FIRST, POLICY), Dependant(NOWHERE, FIRST, POLICY)),
        "does not gain the 1",
    ),
    ((UNKNOWN, Dependant(NOWHERE, FIRST, POLICY)), "was rewritten"),
    ((FIRST, TitleShare(SHARES, NOW, 0)), "do not name each other"),
    ((share_class_id(SHARES), ShareClass(FIRST)), "do not name each other"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGES)
def test_damage_is_seen(damage: Damage, message: str) -> None:
    """In the block that does it."""
    trial = insured().cars
    trial.close_block()
    assert [] == list(trial.violations())
    trial.plant(*damage)
    assert any(message in each for each in trial.violations()), list(trial.violations())


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (None, "depends on nothing any more"),
        (known(insured(), as_of=1), "known before"),
        (known(insured(), title=SECOND, as_of=1), ""),
        (known(insured(), state=NamedState.RETIRED), ""),
        (known(insured(), insured_since=1), "nobody knows when"),
    ],
)
def test_a_dependence_only_learns(found: Dependence | None, message: str) -> None:
    """Neither what is known of a car nor its owner's time grows older; another car may."""
    trial = insured().policies
    trial.close_block()
    policy = title_of(trial, POLICY)
    trial.plant(POLICY, replace(policy, depends_on=found, revision=policy.revision + 1))
    seen = list(trial.violations())
    assert (not message and not seen) or any(message in each for each in seen)


@pytest.mark.parametrize(("later", "message"), [(0, "nobody knows when"), (1, "")])
def test_a_dependant_says_since_when_it_is_its_owner_s(later: int, message: str) -> None:
    """Who has it since, has it since later."""
    trial = insured().policies
    trial.close_block()
    policy, found = title_of(trial, POLICY), known(insured())
    his = replace(found, insured_since=found.insured_since + later)
    revision = policy.revision + 1
    trial.plant(POLICY, replace(policy, owner=key(BOB), depends_on=his, revision=revision))
    seen = list(trial.violations())
    assert (not message and not seen) or any(message in each for each in seen)


@pytest.mark.parametrize("kind", [Title, TitleShare, ShareClass, Dependant])
def test_nothing_vanishes(kind: type[Record]) -> None:
    """Titles and what ties them stay."""
    town = insured()
    trial = town.policies
    do(trial, Share(POLICY, shares(trial)), ALICE)
    trial.close_block()
    stored = {id: trial.state.decode(data) for id, data in trial.state.store.items()}
    id = next(id for id, leaf in stored.items() if kind in leaf)
    without = {each: record for each, record in stored[id].items() if each is not kind}
    changes = Changes([Change(id, stored[id], without)], time=trial.time)
    (contract,) = (each for each in CONTRACTS if each.name == "title")
    broken = [message for each in contract.invariants for message in each.violations(changes)]
    assert broken


STEP = st.tuples(st.integers(0, 10), st.integers(0, 3), st.integers(0, 3), st.integers(0, 30))
TITLES = (FIRST, SECOND, POLICY, UNKNOWN)
OWNERS: tuple[PublicKey, ...] = (key(ALICE), key(BOB))
LOCKS: tuple[LockId, ...] = (LOCK, OTHER_LOCK)


def command(town: Town, step: tuple[int, int, int, int], *, time: int) -> tuple[Record, str]:
    """Return what a step tries, and as which contract."""
    action, first, second, number = step
    id, owner, lock_id = TITLES[first], OWNERS[second % 2], LOCKS[number % 2]
    until = time + number if number % 3 else 0
    commands: list[tuple[Record, str]] = [
        (car(f"VIN-{number}", ALICE, RED if second else BLUE), ""),
        (Amend(id, BLUE if second % 2 else RED), ""),
        (Transfer(id, owner), ""),
        (Retire(id), ""),
        (Lock("title", id, lock_id, until, number % 3), "market"),
        (Release("title", id, lock_id, 0), "market"),
        (Move("title", id, lock_id, 1, owner), "market"),
        (Lock("title", id, lock_id, until), "exchange"),
        (Release("title", id, lock_id, 0), "exchange"),
        (Confirm(POLICY, town.cars.prove(FIRST)), ""),
        (Rebind(POLICY, town.named(town.holding(SECOND), SECOND)), ""),
    ]
    return commands[action]


def leaves(trial: Trial) -> list[Change]:
    """Return everything that stands on the ledger, as an audit sees it."""
    stored: dict[RecordId, Leaf] = {
        id: trial.state.decode(data) for id, data in trial.state.store.items()
    }
    stored |= {change.id: change.after for change in trial.candidate.overlay.changes()}
    return [Change(id, {}, leaf) for id, leaf in stored.items()]


@settings(max_examples=25, deadline=None)
@given(st.lists(STEP, max_size=25))
def test_whatever_happens_they_hold(history: Sequence[tuple[int, int, int, int]]) -> None:
    """After every step, and in the end for an audit of everything."""
    town = insured()
    for step in history:
        trial = (town.cars, town.policies)[step[2] // 2]
        item, caller = command(town, step, time=trial.time)
        trial.execute(item, signers=[ALICE, BOB, CLERK, INSURER], caller=caller)
        trial.move_to(trial.time + step[3])
    for trial in (town.cars, town.policies):
        changes = Changes(leaves(trial), time=trial.time)
        broken = [
            message
            for contract in trial.state.contracts
            for invariant in contract.invariants
            for message in invariant.violations(changes)
        ]
        assert [] == broken
