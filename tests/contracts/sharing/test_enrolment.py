"""Who binds which meter to a key, when, and what it does."""

import pytest

from tallystick.base.encoding import Record
from tallystick.contracts.certificate.commands import Pledge as PledgeAlone
from tallystick.contracts.certificate.errors import PledgeInForce, SignerIsNotOwner
from tallystick.contracts.certificate.model import Certificate, Pledge
from tallystick.contracts.measurement.model import HOUR_SECONDS, Kind, measurement_id
from tallystick.contracts.sharing.commands import Enrol, EnrolProduction
from tallystick.contracts.sharing.errors import (
    EnrolledBefore,
    KeyNotFound,
    MeasuredBefore,
    NotAMember,
    NotAnOwner,
    PartyHasNotSigned,
    TooFarAhead,
)
from tallystick.contracts.sharing.model import (
    AHEAD_SECONDS_MAX,
    ENROLLED_MAX,
    SHARING_SECONDS_MAX,
    Enrolled,
    enrolled_consumption_id,
    enrolled_production_id,
    lock_id_of,
)
from tallystick.core.errors import UnknownCommand
from tallystick.core.holding import LockedFor
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.sharing.cases import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    CONSUMPTIONS,
    DELAY,
    DORA,
    END,
    ISSUING_BODY,
    KEY,
    LATER,
    METERS,
    PRODUCTION,
    QUARTER,
    ROOF,
    STRANGER,
    UNKNOWN,
    agreed,
    agreement,
    cast,
    do,
    enrolment,
    found,
    measured,
    plant,
    with_money,
)

Row = tuple[Record, list[int], Verdict]
"""A command, the numbers of the keys that sign, and the verdict."""

TWICE, MEASURED, ELSEWHERE, NEXT = range(201, 205)
"""Numbers of the owner keys of further meters."""

MANY = range(301, 301 + ENROLLED_MAX)
FIRST = METERS[0]
BEFORE = BEGIN - 2 * QUARTER
AHEAD = BEGIN - 1 + AHEAD_SECONDS_MAX
"""The last second for which anything may be enrolled: block time is just before BEGIN."""

ENROL: list[Row] = [
    (enrolment(KEY, CARL, FIRST), [CARL, FIRST], accepted),
    (enrolment(KEY, CARL, FIRST, NEXT), [CARL, FIRST, NEXT], accepted),
    (enrolment(KEY, CARL, *MANY), [CARL, *MANY], accepted),
    (enrolment(KEY, CARL, *MANY, NEXT), [CARL, *MANY], UnknownCommand),
    (enrolment(KEY, CARL), [CARL], UnknownCommand),
    (enrolment(UNKNOWN, CARL, FIRST), [CARL, FIRST], KeyNotFound),
    (enrolment(KEY, CARL, FIRST), [FIRST], PartyHasNotSigned),
    (enrolment(KEY, CARL, FIRST), [DORA, FIRST], PartyHasNotSigned),
    (enrolment(KEY, CARL, FIRST), [STRANGER, FIRST], PartyHasNotSigned),
    (enrolment(KEY, STRANGER, FIRST), [STRANGER, FIRST], NotAMember),
    (enrolment(KEY, ANNA, FIRST), [ANNA, FIRST], NotAMember),
    (enrolment(KEY, CARL, FIRST), [CARL], SignerIsNotOwner),
    (enrolment(KEY, CARL, FIRST, NEXT), [CARL, FIRST], SignerIsNotOwner),
    (enrolment(KEY, CARL, ELSEWHERE), [CARL, ELSEWHERE], PledgeInForce),
    (enrolment(KEY, DORA, FIRST), [DORA, FIRST], EnrolledBefore),
    (enrolment(KEY, CARL, MEASURED, begin=BEFORE), [CARL, MEASURED], MeasuredBefore),
    (enrolment(KEY, CARL, NEXT, begin=AHEAD), [CARL, NEXT], accepted),
    (enrolment(KEY, CARL, NEXT, begin=AHEAD + 1), [CARL, NEXT], TooFarAhead),
]

ENROL_PRODUCTION: list[Row] = [
    (plant(KEY, ANNA, ROOF, begin=END), [ANNA, ROOF], accepted),
    (plant(KEY, BEN, ROOF, begin=END), [BEN, ROOF], accepted),
    (plant(UNKNOWN, ANNA, ROOF, begin=END), [ANNA, ROOF], KeyNotFound),
    (plant(KEY, ANNA, ROOF, begin=END), [ROOF], PartyHasNotSigned),
    (plant(KEY, ANNA, ROOF, begin=END), [BEN, ROOF], PartyHasNotSigned),
    (plant(KEY, STRANGER, ROOF, begin=END), [STRANGER, ROOF], NotAnOwner),
    (plant(KEY, CARL, ROOF, begin=END), [CARL, ROOF], NotAnOwner),
    (plant(KEY, ANNA, ROOF, begin=END), [ANNA], SignerIsNotOwner),
    (plant(KEY, ANNA, NEXT), [ANNA, NEXT], EnrolledBefore),
    (plant(KEY, BEN, NEXT), [BEN, NEXT], EnrolledBefore),
    (plant(KEY, ANNA, MEASURED, begin=BEFORE), [ANNA, MEASURED], MeasuredBefore),
    (plant(KEY, ANNA, ROOF, begin=AHEAD + 1), [ANNA, ROOF], TooFarAhead),
]

LIMITS: list[Row] = [
    (Enrol(KEY, key(CARL), 2 * enrolment(KEY, CARL, NEXT).meters), [CARL, NEXT], EnrolledBefore),
    (EnrolProduction(KEY, key(ANNA), 2 * plant(KEY, ANNA, NEXT, begin=END).meters), [ANNA, NEXT],
     EnrolledBefore),
]  # fmt: skip
"""The same interval twice in one command."""


def house() -> Trial:
    """Return a ledger on which the roof and DORA have enrolled, and two meters are not free."""
    trial = found()
    with_money(trial)
    id = agreed(trial, agreement())
    do(trial, plant(id, ANNA, TWICE), ANNA, TWICE)
    do(trial, enrolment(id, DORA, METERS[1]), DORA, METERS[1])
    pledge = PledgeAlone(key(ELSEWHERE), BEGIN, "sharing", lock_id_of(id), LATER)
    do(trial, pledge, ELSEWHERE)
    do(trial, measured(MEASURED, Kind.CONSUMPTION, 1, begin=BEFORE), ISSUING_BODY)
    return trial


@pytest.mark.parametrize(("command", "signers", "verdict"), [*ENROL, *ENROL_PRODUCTION, *LIMITS])
def test_each_command(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    assert verdict == house().execute(command, signers=signers)


def test_what_is_enrolled_is_pledged_in_the_same_act() -> None:
    """Everybody's pledge lapses at one moment, and the certificate is born locked until then."""
    trial, id = cast()
    until = (BEGIN + HOUR_SECONDS + DELAY + SHARING_SECONDS_MAX) * 1_000
    expected = Pledge("sharing", lock_id_of(id), until)
    for measurement in CONSUMPTIONS:
        assert expected == trial.read(Pledge, measurement)
    certificate = trial.read(Certificate, PRODUCTION)
    assert certificate is not None
    assert LockedFor("sharing", lock_id_of(id), until) == certificate.lock


def test_a_place_names_its_measurement() -> None:
    """One record for each interval, for whoever knows the key, the account and the interval."""
    trial = house()
    do(trial, enrolment(KEY, CARL, FIRST, NEXT), CARL, FIRST, NEXT)
    for meter, begin in ((FIRST, BEGIN), (NEXT, END)):
        expected = Enrolled(measurement_id(key(meter), begin))
        assert expected == trial.read(Enrolled, enrolled_consumption_id(KEY, key(CARL), begin))
    roof = Enrolled(measurement_id(key(TWICE), BEGIN))
    assert roof == trial.read(Enrolled, enrolled_production_id(KEY, BEGIN))


def test_one_meter_that_may_not_stops_all_of_a_command() -> None:
    """Nothing is enrolled and nothing pledged if the last of several is refused."""
    trial = house()
    command = enrolment(KEY, CARL, FIRST, NEXT)
    assert SignerIsNotOwner == trial.execute(command, signers=[CARL, FIRST])
    assert None is trial.read(Enrolled, enrolled_consumption_id(KEY, key(CARL), BEGIN))
    assert None is trial.read(Pledge, CONSUMPTIONS[0])


def test_old_intervals_are_enrolled_as_long_as_they_are_not_measured() -> None:
    """What comes late has as long until its pledge lapses."""
    trial = house()
    late = (BEGIN + HOUR_SECONDS + DELAY + 5 * SHARING_SECONDS_MAX) * 1_000
    trial.move_to(late)
    do(trial, enrolment(KEY, CARL, FIRST), CARL, FIRST)
    expected = Pledge("sharing", lock_id_of(KEY), late + SHARING_SECONDS_MAX * 1_000)
    assert expected == trial.read(Pledge, CONSUMPTIONS[0])
