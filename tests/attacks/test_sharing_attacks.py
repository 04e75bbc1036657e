"""
Attacks on sharing keys: whoever asks for a division chooses nothing, and no stranger gets in.

In a dynamic key CARL, DORA and EMIL, who use 600, 300 and 500 Wh, are credited with 429, 214 and
357 Wh of the roof's 1,000, whatever anybody tries.
"""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import RecordId
from tallystick.client.events import decode_event
from tallystick.contracts.certificate.commands import Claim, Issue, Pledge, Transfer
from tallystick.contracts.certificate.errors import (
    LockedForAnother,
    PledgeInForce,
    SignerIsNotConsumer,
    SignerIsNotOwner,
)
from tallystick.contracts.certificate.model import Certificate, CertificateParameters, Settlement
from tallystick.contracts.measurement.model import Kind, measurement_id
from tallystick.contracts.sharing.commands import Share
from tallystick.contracts.sharing.errors import (
    EnrolledBefore,
    MeasuredBefore,
    NotAMember,
    NotAnOwner,
    NotEnrolled,
    PartyHasNotSigned,
    SharedBefore,
    TooEarly,
)
from tallystick.contracts.sharing.events import MemberNotCovered
from tallystick.contracts.sharing.model import Method, Shared, lock_id_of
from tallystick.core.errors import UnknownCommand
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict
from tests.contracts.sharing.cases import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    CONSUMPTIONS,
    DORA,
    EMIL,
    END,
    ISSUING_BODY,
    LATER,
    MEMBERS,
    METERS,
    NOW,
    OPERATOR,
    OWNERS,
    PRODUCTION,
    ROOF,
    STRANGER,
    agreed,
    agreement,
    cast,
    do,
    enrol,
    enrolment,
    found,
    measured,
    money_of,
    pay_in,
    plant,
    publish,
    sharing_of,
    with_money,
)

THIEF_METER, THIEF_ROOF = 900, 901
"""Numbers of the owner keys of a stranger's meters."""

FAIR = (429, 214, 357)
THEFT = measurement_id(key(THIEF_METER), BEGIN)
TOY = measurement_id(key(THIEF_ROOF), BEGIN)


def forecourt() -> tuple[Trial, RecordId]:
    """Return a ledger on which everybody has enrolled and nothing is measured yet."""
    trial = found()
    with_money(trial)
    id = agreed(trial, agreement(Method.DYNAMIC))
    pay_in(trial, id, *MEMBERS)
    enrol(trial, id, *MEMBERS)
    return trial, id


def measure(trial: Trial) -> None:
    """Publish all readings, those of the stranger too, and wait until they may be shared."""
    trial.move_to(END * 1_000)
    publish(trial)
    do(trial, measured(THIEF_METER, Kind.CONSUMPTION, 900), ISSUING_BODY)
    do(trial, measured(THIEF_ROOF, Kind.PRODUCTION, 3), ISSUING_BODY)
    do(trial, Issue(TOY, "T010000", "F01040100"), ISSUING_BODY)
    trial.move_to(NOW)


def outcome(trial: Trial) -> list[bytes]:
    """Return all that is known of who got what of the roof and for how much."""
    found = [
        trial.read(Shared, PRODUCTION),
        *(trial.read(Settlement, each) for each in (*CONSUMPTIONS, THEFT)),
    ]
    money = ",".join(map(str, money_of(trial, *MEMBERS, *OWNERS, STRANGER)))
    return [b"" if each is None else encode(each) for each in found] + [money.encode()]


def check_fair(trial: Trial, id: RecordId, asker: int) -> None:
    """Let somebody ask, and insist that members get, and pay, what they should."""
    before = money_of(trial, *MEMBERS)
    do(trial, sharing_of(id), asker)
    shared = trial.read(Shared, PRODUCTION)
    assert shared is not None
    assert FAIR == shared.credited_wh
    after = money_of(trial, *MEMBERS)
    assert FAIR == tuple(old - new for old, new in zip(before, after, strict=True))
    assert None is trial.read(Settlement, THEFT)
    settled = [trial.read(Settlement, each) for each in CONSUMPTIONS]
    assert list(FAIR) == [0 if each is None else each.total_wh for each in settled]
    assert not list(trial.violations())


def untouched(
    trial: Trial, command: Record, verdict: Verdict, *signers: int, label: str = ""
) -> None:
    """Insist that an attack is refused for its reason, and nothing changes."""
    before = _written(trial)
    assert verdict == trial.execute(command, signers=signers), label
    assert before == _written(trial), label


def _written(trial: Trial) -> list[tuple[RecordId, list[bytes]]]:
    """Return every record that the block in the making has changed."""
    overlay = trial.candidate.overlay
    return [(each.id, sorted(map(encode, each.after.values()))) for each in overlay.changes()]


class Chosen(Record, tag="sharing.share"):
    """The command as it was when whoever asked said which reading is whose."""

    key: RecordId
    """The agreement."""

    production: RecordId
    """The production."""

    consumptions: tuple[RecordId | None, ...]
    """For each member."""


FIRST, SECOND, THIRD = CONSUMPTIONS
CHOICES: list[tuple[str, int, Sequence[RecordId | None]]] = [
    ("a stranger leaves everybody out", STRANGER, (None, None, None)),
    ("a member names only his own reading", EMIL, (None, None, THIRD)),
    ("a member puts his reading in another's place", EMIL, (THIRD, None, None)),
    ("a stranger puts his own in a member's place", STRANGER, (THEFT, SECOND, THIRD)),
    ("members are swapped", DORA, (SECOND, FIRST, THIRD)),
]


@pytest.mark.parametrize(("label", "asker", "consumptions"), CHOICES)
def test_nobody_chooses_readings(
    label: str, asker: int, consumptions: Sequence[RecordId | None]
) -> None:
    """There is no way to say it, and whoever tried gets the same division as all others."""
    trial, id = forecourt()
    measure(trial)
    attack = Chosen(id, PRODUCTION, tuple(consumptions))
    assert UnknownCommand == trial.execute(attack, signers=[asker]), label
    check_fair(trial, id, asker)
    untouched(trial, sharing_of(id), SharedBefore, ANNA)


def test_a_stranger_who_pledges_a_meter_to_a_key_has_no_place_in_it() -> None:
    """Nobody pays for it: a pledge alone says nothing about whose meter it is."""
    trial, id = forecourt()
    do(trial, Pledge(key(THIEF_METER), BEGIN, "sharing", lock_id_of(id), LATER), THIEF_METER)
    for member in MEMBERS:
        untouched(trial, enrolment(id, member, THIEF_METER), PartyHasNotSigned, STRANGER)
    untouched(trial, enrolment(id, STRANGER, THIEF_METER), NotAMember, STRANGER, THIEF_METER)
    measure(trial)
    check_fair(trial, id, STRANGER)


def test_a_stranger_who_pledges_a_roof_to_a_key_does_not_use_it_up() -> None:
    """What is shared is the plant's production, so a toy's stays locked until its pledge lapses."""
    trial, id = forecourt()
    do(trial, Pledge(key(THIEF_ROOF), BEGIN, "sharing", lock_id_of(id), LATER), THIEF_ROOF)
    untouched(trial, plant(id, STRANGER, THIEF_ROOF), NotAnOwner, STRANGER, THIEF_ROOF)
    untouched(trial, plant(id, ANNA, THIEF_ROOF), PartyHasNotSigned, STRANGER, THIEF_ROOF)
    measure(trial)
    check_fair(trial, id, STRANGER)
    toy = trial.read(Certificate, TOY)
    assert toy is not None
    assert (3, None) == (toy.amount_wh, toy.next)


EARLY: list[tuple[str, Callable[[RecordId], Record], Verdict, tuple[int, ...]]] = [
    ("another roof", lambda id: plant(id, BEN, THIEF_ROOF), EnrolledBefore, (BEN, THIEF_ROOF)),
    (
        "a second meter of a member's",
        lambda id: enrolment(id, EMIL, THIEF_METER),
        EnrolledBefore,
        (EMIL, THIEF_METER),
    ),
    (
        "another member's meter",
        lambda id: enrolment(id, EMIL, METERS[0], begin=END),
        SignerIsNotOwner,
        (EMIL,),
    ),
    (
        "a meter in another member's name",
        lambda id: enrolment(id, CARL, METERS[2], begin=END),
        PartyHasNotSigned,
        (EMIL, METERS[2]),
    ),
    (
        "an enrolled meter, for another contract",
        lambda _: Pledge(key(METERS[2]), BEGIN, "market", lock_id_of(PRODUCTION), LATER),
        PledgeInForce,
        (METERS[2],),
    ),
]


@pytest.mark.parametrize(("label", "attack", "verdict", "signers"), EARLY)
def test_what_is_enrolled_stands(
    label: str,
    attack: Callable[[RecordId], Record],
    verdict: Verdict,
    signers: tuple[int, ...],
) -> None:
    """Beforehand nobody takes a place that is taken, or another's."""
    trial, id = forecourt()
    untouched(trial, attack(id), verdict, *signers, label=label)
    measure(trial)
    check_fair(trial, id, STRANGER)


LATE: list[tuple[str, Callable[[RecordId], Record], Verdict, tuple[int, ...]]] = [
    (
        "a known reading",
        lambda id: enrolment(id, DORA, THIEF_METER),
        MeasuredBefore,
        (DORA, THIEF_METER),
    ),
    (
        "the enrolled production, given away",
        lambda _: Transfer(PRODUCTION, key(STRANGER), None),
        LockedForAnother,
        (ROOF,),
    ),
    (
        "the enrolled production, claimed alone",
        lambda _: Claim(PRODUCTION, CONSUMPTIONS[0], None),
        LockedForAnother,
        (ROOF, METERS[0]),
    ),
    (
        "another certificate, claimed for a member",
        lambda _: Claim(TOY, CONSUMPTIONS[0], None),
        SignerIsNotConsumer,
        (THIEF_ROOF,),
    ),
    ("an interval without a plant", lambda id: sharing_of(id, END), NotEnrolled, (STRANGER,)),
]


@pytest.mark.parametrize(("label", "attack", "verdict", "signers"), LATE)
def test_nobody_chooses_afterwards(
    label: str,
    attack: Callable[[RecordId], Record],
    verdict: Verdict,
    signers: tuple[int, ...],
) -> None:
    """Once readings are known, nothing that was bound is unbound, and nothing added."""
    trial, id = cast(Method.DYNAMIC, members=(CARL, EMIL))
    do(trial, measured(THIEF_METER, Kind.CONSUMPTION, 900), ISSUING_BODY)
    do(trial, measured(THIEF_ROOF, Kind.PRODUCTION, 3), ISSUING_BODY)
    do(trial, Issue(TOY, "T010000", "F01040100"), ISSUING_BODY)
    untouched(trial, attack(id), verdict, *signers)
    do(trial, sharing_of(id), STRANGER)
    shared = trial.read(Shared, PRODUCTION)
    assert shared is not None
    assert (545, 0, 455) == shared.credited_wh, label


def test_asking_early_wins_nothing() -> None:
    """Readings are waited for; who asks before the delay is over is refused."""
    trial, id = forecourt()
    trial.move_to(END * 1_000)
    do(trial, measured(ROOF, Kind.PRODUCTION, 1_000), ISSUING_BODY)
    do(trial, Issue(PRODUCTION, "T010000", "F01040100"), ISSUING_BODY)
    do(trial, measured(METERS[2], Kind.CONSUMPTION, 500), ISSUING_BODY)
    trial.move_to(NOW - 1)
    untouched(trial, sharing_of(id), TooEarly, EMIL)
    for meter, amount in zip(METERS[:2], (600, 300), strict=True):
        do(trial, measured(meter, Kind.CONSUMPTION, amount), ISSUING_BODY)
    trial.move_to(NOW)
    check_fair(trial, id, EMIL)


ASKERS = st.sampled_from((OPERATOR, ISSUING_BODY, STRANGER, *MEMBERS, *OWNERS))
PUBLISHED = st.tuples(*[st.sampled_from((0, 1, 3_599_999, 3_600_000, 4_000_000))] * 3)


@settings(max_examples=30, deadline=None)
@given(method=st.sampled_from(Method), published=PUBLISHED, asked=st.integers(0, 9), asker=ASKERS)
def test_it_makes_no_difference_who_asks_when(
    method: Method, published: tuple[int, int, int], asked: int, asker: int
) -> None:
    """Whatever has come in meanwhile, all is as if a stranger had asked at the first moment."""
    outcomes = []
    for who, later in ((STRANGER, 0), (asker, asked * 100_000)):
        trial = found()
        with_money(trial)
        id = agreed(trial, agreement(method))
        pay_in(trial, id, *MEMBERS)
        enrol(trial, id, *MEMBERS)
        trial.move_to(END * 1_000)
        do(trial, measured(ROOF, Kind.PRODUCTION, 1_000), ISSUING_BODY)
        do(trial, Issue(PRODUCTION, "T010000", "F01040100"), ISSUING_BODY)
        due = sorted(zip(published, METERS, (600, 300, 500), strict=True))
        for after, meter, amount in due:
            if END * 1_000 + after <= NOW + later:
                trial.move_to(END * 1_000 + after)
                do(trial, measured(meter, Kind.CONSUMPTION, amount), ISSUING_BODY)
        trial.move_to(NOW + later)
        do(trial, Share(id, BEGIN), who)
        shared = trial.read(Shared, PRODUCTION)
        assert shared is not None
        outcomes.append((shared.credited_wh, shared.paid, shared.received, outcome(trial)[1:]))
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("price_per_mwh", [10**9, AMOUNT_MAX])
def test_a_huge_price_and_reading_stop_no_index(price_per_mwh: int) -> None:
    """What nobody's deposit pays for is told as the largest amount, and can be read again."""
    trial = found()
    with_money(trial)
    id = agreed(trial, replace(agreement(Method.DYNAMIC), price_per_mwh=price_per_mwh))
    pay_in(trial, id, *MEMBERS)
    enrol(trial, id, *MEMBERS)
    trial.move_to(END * 1_000)
    publish(trial, used_wh=(AMOUNT_MAX, 1_000_002, 0))
    trial.move_to(NOW)
    told = do(trial, sharing_of(id), STRANGER)
    assert told == [decode_event(encode(each)) for each in told]
    costs = [each.cost for each in told if isinstance(each, MemberNotCovered)]
    assert [AMOUNT_MAX, min(AMOUNT_MAX, 1_000_002 * price_per_mwh // 10**6)] == costs


def test_a_smaller_split_that_is_decided_later_stops_no_key() -> None:
    """Everybody gets what is fair, in more steps."""
    trial, id = forecourt()
    measure(trial)
    trial.candidate._parameters[CertificateParameters] = CertificateParameters(split_parts_max=2)
    check_fair(trial, id, STRANGER)
