"""Each of the contract's invariants sees the damage that it is there for."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.governance.model import Proposal
from tallystick.core.genesis import parameters_id
from tallystick.core.release import ParametersPlan, Release, ReleasePlan, Setting, releases_id
from tallystick.testing.tables import Trial
from tests.contracts.governance.cases import (
    HEIGHT,
    UNKNOWN,
    enacted,
    fee_of,
    found,
    resolution,
)


def ledger() -> tuple[Trial, RecordId]:
    """Return a ledger on which something is enacted, and what."""
    trial = found()
    id = enacted(trial)
    trial.close_block()
    return trial, id


TRIAL, ID = ledger()


def changed(**fields: object) -> tuple[RecordId, Record]:
    """Return damage to some fields of the proposal."""
    proposal = TRIAL.read(Proposal, ID)
    assert proposal is not None
    return ID, replace(proposal, **fields)


def releases(*entries: Release) -> tuple[RecordId, Record]:
    """Return damage to the plan of versions."""
    return releases_id(), ReleasePlan(releases=entries)


SETTINGS = tuple(Setting(height, "till", b"") for height in (HEIGHT, HEIGHT - 1))
PLAN = TRIAL.read(ReleasePlan, releases_id())
assert PLAN is not None
DAMAGES: list[tuple[tuple[RecordId, Record], str]] = [
    (changed(resolution=resolution(fee_of(1))), "was rewritten"),
    (changed(ballot=UNKNOWN), "was rewritten"),
    (changed(question=1), "was rewritten"),
    (changed(proposed_height=0), "was rewritten"),
    (changed(enacted_height=2), "was decided twice"),
    (changed(enacted_height=0), "was decided twice"),
    (changed(enacted_height=HEIGHT), "was enacted in block"),
    (changed(enacted_height=HEIGHT + 1), "was enacted in block"),
    (changed(applied_height=HEIGHT - 1), "was applied in block"),
    (releases(*PLAN.releases[1:]), "a release was forgotten"),
    (releases(Release(9, "till", 2), *PLAN.releases), "releases are out of order"),
    ((parameters_id("till"), ParametersPlan(SETTINGS)), "out of order"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGES)
def test_damage_is_seen(damage: tuple[RecordId, Record], message: str) -> None:
    """In the block that does it."""
    trial, id = ledger()
    assert ID == id
    assert [] == list(trial.violations())
    trial.plant(*damage)
    assert any(message in each for each in trial.violations())


@pytest.mark.parametrize(
    ("kind", "id", "message"),
    [
        (Proposal, ID, "vanished"),
        (ReleasePlan, releases_id(), "a release was forgotten"),
        (ParametersPlan, parameters_id("till"), "vanished"),
    ],
)
def test_what_vanishes_is_missed(kind: type[Record], id: RecordId, message: str) -> None:
    """Nothing of it is ever deleted."""
    trial, _ = ledger()
    trial.candidate.overlay.delete(kind, id)
    assert any(message in each for each in trial.violations())
