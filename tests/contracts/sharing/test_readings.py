"""Which of the enrolled readings count, and that none of them stops a division."""

from dataclasses import dataclass

import pytest

from tallystick.contracts.certificate.commands import Claim, Issue
from tallystick.contracts.certificate.model import Settlement
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id
from tallystick.contracts.sharing.model import Enrolled, Method, Shared, enrolled_consumption_id
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.sharing.cases import (
    BEGIN,
    CARL,
    CONSUMPTIONS,
    DORA,
    EMIL,
    END,
    ISSUING_BODY,
    KEY,
    METERS,
    NOW,
    PRODUCED_WH,
    PRODUCTION,
    QUARTER,
    ROOF,
    STRANGER,
    agreed,
    agreement,
    do,
    enrol,
    found,
    measured,
    pay_in,
    sharing_of,
    with_money,
)

OTHER = 300
"""The number of the owner key of another roof's measurement."""


@dataclass(frozen=True)
class Reading:
    """How CARL's reading comes."""

    kind: Kind = Kind.CONSUMPTION
    """What it measures."""
    length: int = QUARTER
    """How long its interval is. [s]"""
    sector: str = "village"
    """Where."""
    quality: Quality = Quality.MEASURED
    """How good it is."""
    time: int = END * 1_000
    """When it is published. [ms]"""
    issued_at: int = END * 1_000
    """When the roof's certificate is issued. [ms]"""


def publication(how: Reading) -> Publish:
    """Return what publishes CARL's 600 Wh."""
    owner, end = key(METERS[0]), BEGIN + how.length
    return Publish(owner, BEGIN, end, how.sector, how.kind, 600, how.quality)


def shared_with(how: Reading) -> tuple[int, ...]:
    """Return what CARL, DORA and EMIL are credited with; DORA uses 300 Wh, EMIL has no reading."""
    trial = found()
    with_money(trial)
    id = agreed(trial, agreement(Method.DYNAMIC))
    pay_in(trial, id, CARL, DORA, EMIL)
    enrol(trial, id, CARL, DORA, EMIL)
    trial.move_to(END * 1_000)
    do(trial, measured(ROOF, Kind.PRODUCTION, PRODUCED_WH), ISSUING_BODY)
    do(trial, measured(METERS[1], Kind.CONSUMPTION, 300), ISSUING_BODY)
    issue = Issue(PRODUCTION, "T010000", "F01040100")
    for time, command in sorted(
        ((how.time, publication(how)), (how.issued_at, issue)), key=lambda pair: pair[0]
    ):
        trial.move_to(max(time, trial.time))
        do(trial, command, ISSUING_BODY)
    trial.move_to(max(NOW, trial.time) + 1)
    return shares_of(trial)


def shares_of(trial: Trial) -> tuple[int, ...]:
    """Share, as a stranger, and return what each is credited with."""
    do(trial, sharing_of(KEY), STRANGER)
    shared = trial.read(Shared, PRODUCTION)
    assert shared is not None
    return shared.credited_wh


COUNTS, NOTHING = (600, 300, 0), (0, 300, 0)
READINGS: list[tuple[Reading, tuple[int, ...]]] = [
    (Reading(), COUNTS),
    (Reading(quality=Quality.ESTIMATED), COUNTS),
    (Reading(time=NOW - 1), COUNTS),
    (Reading(time=NOW), NOTHING),
    (Reading(time=NOW + 1), NOTHING),
    (Reading(time=NOW, issued_at=NOW + 1), COUNTS),
    (Reading(time=NOW + 1, issued_at=NOW + 1), NOTHING),
    (Reading(time=NOW + 2, issued_at=NOW + 1), NOTHING),
    (Reading(kind=Kind.PRODUCTION), NOTHING),
    (Reading(kind=Kind.EMISSION), NOTHING),
    (Reading(length=2 * QUARTER, time=END * 1_000 + QUARTER * 1_000), NOTHING),
    (Reading(sector="valley"), NOTHING),
    (Reading(quality=Quality.MISSING), NOTHING),
]


@pytest.mark.parametrize(("how", "credited"), READINGS)
def test_a_reading_counts_or_is_nothing(how: Reading, credited: tuple[int, ...]) -> None:
    """What is missing, late or something else is nothing consumed, and stops nobody."""
    assert credited == shared_with(how)


def house() -> Trial:
    """Return a ledger on which everything is ready to be shared but for DORA, who is absent."""
    trial = found()
    with_money(trial)
    id = agreed(trial, agreement(Method.DYNAMIC))
    pay_in(trial, id, CARL, DORA, EMIL)
    enrol(trial, id, CARL, EMIL)
    trial.move_to(END * 1_000)
    for meter, kind, amount in (
        (ROOF, Kind.PRODUCTION, PRODUCED_WH),
        (OTHER, Kind.PRODUCTION, 10),
        (METERS[0], Kind.CONSUMPTION, 600),
        (METERS[2], Kind.CONSUMPTION, 500),
    ):
        do(trial, measured(meter, kind, amount), ISSUING_BODY)
    do(trial, Issue(PRODUCTION, "T010000", "F01040100"), ISSUING_BODY)
    trial.move_to(NOW)
    return trial


def test_what_its_owner_had_covered_otherwise_is_nothing() -> None:
    """A claim elsewhere takes a member out of the division, and not the others with it."""
    trial = house()
    other = measurement_id(key(OTHER), BEGIN)
    do(trial, Issue(other, "T010000", "F01040100"), ISSUING_BODY)
    do(trial, Claim(other, CONSUMPTIONS[0], None), OTHER, METERS[0])
    assert (0, 0, 500) == shares_of(trial)
    settled = trial.read(Settlement, CONSUMPTIONS[0])
    assert settled is not None
    assert 10 == settled.total_wh


def test_one_reading_serves_one_member() -> None:
    """Should it ever stand in two places, it counts in the first."""
    trial = house()
    place = enrolled_consumption_id(KEY, key(DORA), BEGIN)
    trial.plant(place, Enrolled(CONSUMPTIONS[0]))
    assert (545, 0, 455) == shares_of(trial)


def test_a_reading_that_is_not_pledged_is_nothing() -> None:
    """Only what a key was given does it claim for."""
    trial = house()
    do(trial, measured(METERS[1], Kind.CONSUMPTION, 300), ISSUING_BODY)
    place = enrolled_consumption_id(KEY, key(DORA), BEGIN)
    trial.plant(place, Enrolled(CONSUMPTIONS[1]))
    assert (545, 0, 455) == shares_of(trial)
