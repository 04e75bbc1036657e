"""Each of the contract's invariants sees the damage that it is there for."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts import certificate as contract
from tallystick.contracts.certificate.model import Action, Certificate, Next, Part, Settlement
from tallystick.contracts.measurement.model import Measurement
from tallystick.core.invariant import Change, Changes
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.certificate.cases import (
    ACTIVE,
    BROKEN,
    CLAIMED,
    COVERED_CONSUMPTION,
    CUT_PARTS,
    FREE_CONSUMPTION,
    MOVED,
    MOVED_CHILD,
    RECLAIMED,
    UNISSUED,
    UNKNOWN,
    WITHDRAWN,
    audit,
    cast,
    certificate,
    settlement,
)

Damage = Callable[[Trial], list[tuple[RecordId, Record]]]


def changed(id: RecordId, **fields: object) -> Damage:
    """Return damage to some fields of a certificate."""
    return lambda trial: [(id, replace(certificate(trial, id), **fields))]


def settled(**fields: object) -> Damage:
    """Return damage to some fields of the settlement with two parts."""
    return lambda trial: [
        (COVERED_CONSUMPTION, replace(settlement(trial, COVERED_CONSUMPTION), **fields))
    ]


def measured(id: RecordId, amount: int) -> Damage:
    """Return another figure behind the certificates' back."""

    def damage(trial: Trial) -> list[tuple[RecordId, Record]]:
        found = trial.read(Measurement, id)
        assert found is not None
        return [(id, replace(found, amount=amount, revision=found.revision + 1))]

    return damage


def moved_settlement(_trial: Trial) -> list[tuple[RecordId, Record]]:
    """Put a settlement under a production."""
    return [(UNISSUED, Settlement(UNISSUED, (), 0))]


def misplaced_settlement(_trial: Trial) -> list[tuple[RecordId, Record]]:
    """Put another consumption's settlement under a consumption."""
    return [(FREE_CONSUMPTION, Settlement(COVERED_CONSUMPTION, (), 0))]


def copied(trial: Trial) -> list[tuple[RecordId, Record]]:
    """Make a certificate out of nothing."""
    return [(UNKNOWN, certificate(trial, ACTIVE))]


PART_C, PART_R = Part(CLAIMED, 1_000, withdrawn=False), Part(RECLAIMED, 1_000, withdrawn=True)
UNUSED = Next(Action.RETIRE, (FREE_CONSUMPTION,), 1)

DAMAGES: list[tuple[Damage, str]] = [
    (copied, "are 1000 Wh off what was measured"),
    (changed(ACTIVE, amount_wh=1_001), "are 1 Wh off what was measured"),
    (changed(CUT_PARTS[0], amount_wh=299), "are -1 Wh off what was measured"),
    (changed(CLAIMED, broken=True), "are -1000 Wh off what was measured"),
    (measured(ACTIVE, 999), "are 1 Wh off what was measured"),
    (changed(ACTIVE, next=UNUSED), "is told by one side only"),
    (changed(CLAIMED, withdrawn=True), "is told by one side only"),
    (changed(RECLAIMED, unclaimed=True), "is told by one side only"),
    (changed(BROKEN, broken=False), "is told by one side only"),
    (settled(parts=(PART_C,), total_wh=1_000), "is told by one side only"),
    (
        settled(parts=(PART_C, replace(PART_R, withdrawn=False))),
        "is told by one side only",
    ),
    (settled(parts=(PART_C, PART_R, PART_R)), "holds a certificate twice"),
    (settled(total_wh=1_999), "does not sum to its total"),
    (measured(COVERED_CONSUMPTION, 1_999), "exceeds the 1999 Wh consumed"),
    (moved_settlement, "is not about a consumption"),
    (misplaced_settlement, "stands under another's id"),
    (changed(MOVED, next=None), "got another next"),
    (changed(MOVED_CHILD, owner=key(1)), "changed in what never changes"),
    (changed(MOVED_CHILD, origin=UNKNOWN), "changed in what never changes"),
    (changed(ACTIVE, technology="T020000"), "changed in what never changes"),
    (changed(WITHDRAWN, withdrawn=False), "lost a mark"),
    (changed(BROKEN, broken=False), "lost a mark"),
    (changed(ACTIVE, amount_wh=0), "stands for nothing and is not withdrawn"),
    (changed(ACTIVE, withdrawn=True), "is withdrawn, yet None"),
    (changed(ACTIVE, broken=True), "has no claim that could be broken"),
    (changed(CLAIMED, unclaimed=True), "has no withdrawn claim that could be taken back"),
    (changed(WITHDRAWN, withdrawn=False), "was withdrawn and is not marked"),
]


@pytest.mark.parametrize(("damage", "violation"), DAMAGES)
def test_damage_in_a_block_is_seen(damage: Damage, violation: str) -> None:
    """What no rule would write is reported from the block's changes alone."""
    trial = cast()
    trial.close_block()
    assert [] == list(trial.violations())
    for id, record in damage(trial):
        trial.plant(id, record)
    assert any(violation in each for each in trial.violations())


@pytest.mark.parametrize("kind", [Certificate, Settlement])
def test_vanished_records_are_seen(kind: type[Record]) -> None:
    """A certificate stays for ever, and so does what a settlement says of it."""
    trial = cast()
    id = CLAIMED if kind is Certificate else COVERED_CONSUMPTION
    record = trial.read(kind, id)
    assert record is not None
    changes = Changes([Change(id, {kind: record}, {})], time=trial.time)
    broken = [each for law in contract.CONTRACT.invariants for each in law.violations(changes)]
    assert broken != []


def test_the_whole_ledger_is_sound() -> None:
    """An audit, in which everything is new, finds nothing wrong with what rules have written."""
    assert [] == audit(cast())


@pytest.mark.parametrize(("damage", "violation"), [DAMAGES[0], DAMAGES[5], DAMAGES[13]])
def test_an_audit_sees_what_blocks_did_not(damage: Damage, violation: str) -> None:
    """The same functions find damage in the whole, however it came about."""
    trial = cast()
    for id, record in damage(trial):
        trial.plant(id, record)
    changes = [Change(each.id, {}, each.after) for each in trial.candidate.overlay.changes()]
    whole = Changes(changes, time=trial.time)
    found = [each for law in contract.CONTRACT.invariants for each in law.violations(whole)]
    assert any(violation in each for each in found)
