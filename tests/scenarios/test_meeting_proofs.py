"""What is proved of the meeting, and that each claim can fail."""

import copy
from collections.abc import Callable
from dataclasses import replace as changed
from typing import Any

import pytest
from msgspec.structs import replace

from tallystick.contracts.ballot.model import Finding
from tallystick.scenarios.meeting_assembly import BY_APPLICATION, Told
from tallystick.scenarios.meeting_cast import MEMBERS, TOO_LATE
from tallystick.scenarios.meeting_held import BY_NAME
from tallystick.scenarios.meeting_proofs import Held, prove, said
from tests.scenarios.mill import all_rows, played

Damage = Callable[[Held], Held]


def test_everything_holds() -> None:
    """As it was played."""
    assert {True} == set(played().proved.values())
    assert 16 == len(played().proved)


def with_minutes(**fields: object) -> Damage:
    """Return what puts other minutes in place."""

    def damage(held: Held) -> Held:
        minutes = replace(held.minutes, **fields)
        return changed(held, checked=changed(held.checked, minutes=minutes))

    return damage


def with_check(name: str) -> Damage:
    """Return what lets a stranger find something false."""
    fields: dict[str, Any] = {name: False}
    return lambda held: changed(held, checked=changed(held.checked, **fields))


def with_told(damage: Callable[[Told], Told]) -> Damage:
    """Return what lets something else have happened."""

    def other(held: Held) -> Held:
        assembly = copy.copy(held.assembly)
        assembly.told = damage(assembly.told)
        return changed(held, assembly=assembly)

    return other


def failing(held: Held) -> Held:
    """Return a vote whose formal check fails."""
    failed = (Finding(each.check, holds=False, found=0, needed=1) for each in held.minutes.findings)
    return with_minutes(findings=tuple(failed))(held)


def without_device(told: Told) -> Told:
    """Let everybody have voted by application."""
    spoken = [
        changed(each, how=BY_APPLICATION) if each.how.startswith("device") else each
        for each in told.spoken
    ]
    return changed(told, spoken=spoken)


def with_late(told: Told) -> Told:
    """Let the late vote have counted."""
    late = changed(told.spoken[0], member=BY_NAME[TOO_LATE])
    return changed(told, spoken=[*told.spoken, late])


def without_delegates(told: Told) -> Told:
    """Let nobody have been represented."""
    spoken = [each for each in told.spoken if each.how == BY_APPLICATION]
    return changed(told, spoken=spoken)


def accepting(told: Told) -> Told:
    """Let something have been accepted that should not."""
    return changed(told, refused={**told.refused, "everything": False})


SITTING: list[tuple[Damage, set[str]]] = [
    (failing, {"opened_with_its_quorum"}),
    (with_minutes(signed_by=None), {"minutes_signed"}),
    (with_check("agrees"), {"recount_agrees"}),
    (with_check("is_forgery_noticed"), {"forgery_noticed"}),
    (with_check("is_proven"), {"minutes_proven"}),
    (with_told(without_device), {"device_spoke_for_those_in_the_hall"}),
    (with_told(accepting), {"misuse_refused"}),
    (
        with_told(with_late),
        {
            "late_statements_refused",
            "totals_are_what_was_said",
            "silence_refused_per_rollam",
            "read_model_agrees",
        },
    ),
    (
        with_told(without_delegates),
        {
            "delegates_keep_weights_apart",
            "device_spoke_for_those_in_the_hall",
            "totals_are_what_was_said",
            "silence_refused_per_rollam",
            "read_model_agrees",
        },
    ),
]


@pytest.mark.parametrize(("damage", "claims"), SITTING)
def test_a_claim_that_does_not_hold_is_seen(
    damage: Damage, claims: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by the damage that it is there for, and by no other."""
    # The ledger is closed by now, so it can't be asked for its roll.
    where = "tallystick.scenarios.meeting_proofs._roll_is_the_list"
    monkeypatch.setattr(where, lambda _held: True)
    proved = prove(damage(played().sitting), played().rollam, all_rows(played().rows))
    assert claims == {name for name, holds in proved.items() if not holds}


def test_a_proposal_that_missed_somebody_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Per rollam everybody must have it."""
    where = "tallystick.scenarios.meeting_proofs._roll_is_the_list"
    monkeypatch.setattr(where, lambda _held: True)
    proved = prove(played().sitting, failing(played().rollam), all_rows(played().rows))
    assert ["delivered_to_everybody"] == [name for name, holds in proved.items() if not holds]


def test_both_votes_heard_the_same() -> None:
    """Nobody has changed his mind, and every share that spoke is in the sums."""
    sums = said(played().sitting)
    assert sums == said(played().rollam)
    spoken = {each.member.name for each in played().sitting.assembly.told.spoken}
    shares = sum(member.shares for member in MEMBERS if member.name in spoken)
    assert shares == sum(sums[0, option] for option in range(3))
