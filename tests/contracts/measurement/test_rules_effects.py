"""What measurement's rules write, when, and under which parameters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.contracts import identity
from tallystick.contracts.identity.model import Role
from tallystick.contracts.measurement.commands import Rely
from tallystick.contracts.measurement.errors import (
    IntervalNotOver,
    RelierMustCorrect,
    SignerMayNotCorrect,
    SignerMayNotPublish,
)
from tallystick.contracts.measurement.events import (
    MeasurementCorrected,
    MeasurementPublished,
    MeasurementReliedOn,
)
from tallystick.contracts.measurement.model import (
    Kind,
    Measurement,
    MeasurementParameters,
    Quality,
    measurement_id,
)
from tallystick.testing.factories import (
    BEGIN,
    ISSUING_BODY,
    PUBLISHER,
    QUARTER,
    STRANGER,
    TIME,
    VALLEY,
    VILLAGE,
    appoint,
    enrol,
    identity_of,
    measurement_of,
    measurement_parameters,
    publish,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.measurement.prepared import (
    CONTRACTS,
    FREE,
    FRESH,
    HOUR,
    METER,
    NOW,
    RELIED_ON,
    correct,
    prepared,
)


def test_publish_writes() -> None:
    """A publication stands under the id of its owner and begin, at revision nought."""
    trial = prepared()
    assert accepted == trial.execute(publish(FRESH, amount=1_419), signers=[PUBLISHER])
    id = measurement_id(key(FRESH), BEGIN)
    end = BEGIN + QUARTER
    kind, quality = Kind.PRODUCTION, Quality.MEASURED
    expected = Measurement(
        owner=key(FRESH),
        begin=BEGIN,
        end=end,
        sector=VILLAGE,
        kind=kind,
        amount=1_419,
        quality=quality,
        revision=0,
        relier="",
        published_at=NOW,
    )
    assert expected == trial.read(Measurement, id)
    event = MeasurementPublished(
        measurement=id,
        owner=key(FRESH),
        begin=BEGIN,
        end=end,
        sector=VILLAGE,
        kind=kind,
        amount=1_419,
        quality=quality,
    )
    assert event == trial.events[-1]


def test_correct_writes() -> None:
    """A correction replaces the figure and raises the revision; all else stays."""
    trial = prepared()
    id = measurement_of(FREE)
    before = trial.read(Measurement, id)
    assert before is not None
    for revision, amount in ((1, 900), (2, 1_100)):
        old = trial.read(Measurement, id)
        assert old is not None
        command = correct(FREE, amount, Quality.CALCULATED)
        assert accepted == trial.execute(command, signers=[ISSUING_BODY])
        expected = replace(before, amount=amount, quality=Quality.CALCULATED, revision=revision)
        assert expected == trial.read(Measurement, id)
        event = MeasurementCorrected(
            measurement=id,
            begin=BEGIN,
            end=BEGIN + QUARTER,
            sector=VILLAGE,
            kind=Kind.PRODUCTION,
            old_amount=old.amount,
            new_amount=amount,
            quality=Quality.CALCULATED,
            revision=revision,
        )
        assert event == trial.events[-1]


def test_rely_writes_once() -> None:
    """Relying names the caller; relying again changes nothing and reports nothing."""
    trial = prepared()
    id = measurement_of(FREE)
    before = trial.read(Measurement, id)
    assert before is not None
    events = len(trial.events)
    for _ in range(2):
        assert accepted == trial.execute(Rely(id), signers=[STRANGER], caller="certificate")
    assert replace(before, relier="certificate") == trial.read(Measurement, id)
    expected = [MeasurementReliedOn(measurement=id, relier="certificate")]
    assert expected == trial.events[events:]


def test_a_correction_keeps_the_relier() -> None:
    """After its relier corrected a measurement, the relier alone may correct it still."""
    trial = prepared()
    signers = [ISSUING_BODY]
    assert accepted == trial.execute(correct(RELIED_ON), signers=signers, caller="certificate")
    assert trial.execute(correct(RELIED_ON, 5), signers=signers) == RelierMustCorrect


def test_authority_is_judged_at_block_time() -> None:
    """A publisher may publish from the begin of its period up to, and not at, its end."""
    trial = prepared()
    appoint(trial, METER, Role.PUBLISHER, VILLAGE, begin=NOW + 100, end=NOW + 200)
    cases: list[tuple[int, Verdict]] = [
        (NOW + 99, SignerMayNotPublish),
        (NOW + 100, accepted),
        (NOW + 199, accepted),
        (NOW + 200, SignerMayNotPublish),
    ]
    for owner, (time, verdict) in enumerate(cases, start=FRESH):
        assert verdict == trial.execute(publish(owner), signers=[METER], time=time)


def test_the_last_millisecond_of_an_interval() -> None:
    """A reading is taken from the very moment at which its interval ends."""
    trial = village(contracts=CONTRACTS)
    begin = TIME // 1000
    end = begin + QUARTER
    command = publish(begin=begin)
    refused = trial.execute(command, signers=[PUBLISHER], time=end * 1000 - 1)
    assert refused == IntervalNotOver
    assert accepted == trial.execute(command, signers=[PUBLISHER], time=end * 1000)


def test_a_meter_that_its_issuing_body_appointed_publishes() -> None:
    """From enrolment to publication, an issuing body needs no registrar for its own meters."""
    trial = village(contracts=CONTRACTS)
    meter = 50
    enrolment = identity.commands.Enrol(key=key(meter), scope=VILLAGE)
    assert accepted == trial.execute(enrolment, signers=[ISSUING_BODY])
    appointment = identity.commands.Appoint(
        identity=identity_of(trial, meter), role=Role.PUBLISHER, scope=VILLAGE, begin=0, end=0
    )
    assert accepted == trial.execute(appointment, signers=[ISSUING_BODY])
    assert accepted == trial.execute(publish(), signers=[meter])
    elsewhere = publish(101, sector=VALLEY)
    assert trial.execute(elsewhere, signers=[meter]) == SignerMayNotPublish


def test_a_stolen_meter_key_rewrites_no_reading() -> None:
    """A meter that was appointed publisher changes no figure, its neighbour's or its own."""
    trial = prepared()
    neighbour = trial.read(Measurement, measurement_of(FREE))
    assert accepted == trial.execute(publish(FRESH), signers=[METER])
    for owner in (FREE, FRESH):
        assert trial.execute(correct(owner, 0), signers=[METER]) == SignerMayNotCorrect
    assert neighbour == trial.read(Measurement, measurement_of(FREE))


def test_correcting_is_judged_at_block_time() -> None:
    """An issuing body may correct from the begin of its period up to, and not at, its end."""
    trial = prepared()
    appoint(trial, METER, Role.ISSUING_BODY, VILLAGE, begin=NOW + 100, end=NOW + 200)
    cases: list[tuple[int, Verdict]] = [
        (NOW + 99, SignerMayNotCorrect),
        (NOW + 100, accepted),
        (NOW + 199, accepted),
        (NOW + 200, SignerMayNotCorrect),
    ]
    for amount, (time, verdict) in enumerate(cases):
        assert verdict == trial.execute(correct(FREE, amount), signers=[METER], time=time)


def test_an_enrolled_key_without_a_role_may_not_publish() -> None:
    """Being known is not being authorised."""
    trial = village(contracts=CONTRACTS)
    enrol(trial, 50)
    assert trial.execute(publish(), signers=[50]) == SignerMayNotPublish


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            measurement_parameters(interval_seconds=(900, 700)),
            (
                "parameters of contract measurement: "
                "interval_seconds[1]: 700 s does not divide an hour"
            ),
        ),
        (
            measurement_parameters(interval_seconds=(900, 900)),
            "parameters of contract measurement: interval_seconds: one stands there twice",
        ),
        (
            measurement_parameters(sectors=("a", "a")),
            "parameters of contract measurement: sectors: one stands there twice",
        ),
        (
            measurement_parameters(sectors=("*",)),
            (
                "MeasurementParameters.sectors[0]: expected `str` matching regex "
                r"'^[A-Za-z0-9][A-Za-z0-9._-]*\\Z', found '*'"
            ),
        ),
        (
            measurement_parameters(interval_seconds=(30,)),
            "MeasurementParameters.interval_seconds[0]: expected `int` >= 60, found 30",
        ),
    ],
)
def test_impossible_parameters(parameters: MeasurementParameters, message: str) -> None:
    """A ledger whose intervals would not fit into hours is not founded."""
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole message is compared below.
        village(parameters, contracts=CONTRACTS)
    assert message == str(error.value)


MINUTES = st.integers(0, 180)
INTERVALS = st.lists(st.tuples(MINUTES, st.sampled_from([300, 720, 900, 1_200, HOUR])), max_size=30)


@settings(deadline=None)
@given(INTERVALS)
def test_intervals_of_one_owner_never_overlap(wanted: list[tuple[int, int]]) -> None:
    """
    Exactly those intervals are accepted that overlap none accepted before.

    The rule looks at a few ids; this compares it with looking at everything.
    """
    lengths = (300, 720, 900, 1_200, HOUR)
    trial = village(measurement_parameters(interval_seconds=lengths), contracts=CONTRACTS)
    taken: list[tuple[int, int]] = []
    for minute, length in wanted:
        begin = BEGIN + minute * 60 // length * length
        end = begin + length
        free = all(end <= other_begin or other_end <= begin for other_begin, other_end in taken)
        verdict = trial.execute(publish(begin=begin, end=end), signers=[PUBLISHER])
        assert free == (verdict == accepted)
        if free:
            taken.append((begin, end))
