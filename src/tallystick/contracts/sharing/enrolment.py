"""
The rules by which meters are bound to a key beforehand: enrol a member's, enrol the plant's.

Whose meter a measurement comes from cannot be seen on the ledger, because its owner key is a fresh
one for each interval. So both who stands for it and the meter itself sign, before there is anything
to choose from: a member's account, or that of an owner of the plant, and each measurement's key.
"""

from collections.abc import Sequence

from tallystick.base.identifiers import RecordId
from tallystick.contracts.certificate.commands import Pledge
from tallystick.contracts.measurement.model import HOUR_SECONDS, Measurement, measurement_id
from tallystick.core.context import Context

from .commands import Enrol, EnrolProduction, MeterKey
from .errors import (
    EnrolledBefore,
    MeasuredBefore,
    NotAMember,
    NotAnOwner,
    PartyHasNotSigned,
    TooFarAhead,
)
from .events import ConsumptionEnrolled, ProductionEnrolled
from .model import (
    AHEAD_SECONDS_MAX,
    SHARING_SECONDS_MAX,
    Enrolled,
    SharingKey,
    enrolled_consumption_id,
    enrolled_production_id,
    lock_id_of,
)
from .rules import CONTRACT_NAME, key_at


def enrol(context: Context, command: Enrol) -> None:
    """
    Bind a member's consumption to a key, interval by interval.

    It is pledged in the same act. A member that enrols nothing for an interval is credited with
    nothing there.
    """
    # READ
    id, member = command.key, command.member
    key = key_at(context, id)
    places = [enrolled_consumption_id(id, member, each.begin) for each in command.meters]
    # CHECK
    if member not in context.signers:
        raise PartyHasNotSigned(member, field="member")
    if all(each.account != member for each in key.members):
        raise NotAMember(member)
    _check_meters(context, command.meters, places)
    # WRITE
    measured = _bind(context, id, key, command.meters, places)
    for meter, measurement in zip(command.meters, measured, strict=True):
        context.emit(ConsumptionEnrolled(id, member, meter.begin, measurement))


def enrol_production(context: Context, command: EnrolProduction) -> None:
    """
    Bind the plant's production to a key, interval by interval.

    It is pledged in the same act, so its certificate is born locked for the key. Any one of the
    owners does it for all: they agreed on each other when they signed the key.
    """
    # READ
    id, owner = command.key, command.owner
    key = key_at(context, id)
    places = [enrolled_production_id(id, each.begin) for each in command.meters]
    # CHECK
    if owner not in context.signers:
        raise PartyHasNotSigned(owner, field="owner")
    if all(each.account != owner for each in key.incomes):
        raise NotAnOwner(owner)
    _check_meters(context, command.meters, places)
    # WRITE
    measured = _bind(context, id, key, command.meters, places)
    for meter, measurement in zip(command.meters, measured, strict=True):
        context.emit(ProductionEnrolled(id, owner, meter.begin, measurement))


def _check_meters(context: Context, meters: Sequence[MeterKey], places: Sequence[RecordId]) -> None:
    """
    Refuse a place that is taken, a reading that is known, and what lies too far ahead.

    That each meter's key has signed is for `certificate` to check, to which it is pledged.
    """
    begins: set[int] = set()
    for n, (meter, place) in enumerate(zip(meters, places, strict=True)):
        if meter.begin in begins or context.read(Enrolled, place) is not None:
            raise EnrolledBefore(meter.begin, place=n)
        begins.add(meter.begin)
    for n, meter in enumerate(meters):
        id = measurement_id(meter.owner, meter.begin)
        if context.read(Measurement, id) is not None:
            raise MeasuredBefore(id, place=n)
    latest = context.time // 1_000 + AHEAD_SECONDS_MAX
    for n, meter in enumerate(meters):
        if meter.begin > latest:
            raise TooFarAhead(meter.begin, latest, place=n)


def _bind(
    context: Context,
    id: RecordId,
    key: SharingKey,
    meters: Sequence[MeterKey],
    places: Sequence[RecordId],
) -> list[RecordId]:
    """Pledge measurements to the key, write down where each belongs, and return their ids."""
    found = []
    for meter, place in zip(meters, places, strict=True):
        until = _pledged_until(key, meter.begin, now=context.time)
        context.call(Pledge(meter.owner, meter.begin, CONTRACT_NAME, lock_id_of(id), until))
        measurement = measurement_id(meter.owner, meter.begin)
        context.create(place, Enrolled(measurement))
        found.append(measurement)
    return found


def _pledged_until(key: SharingKey, begin: int, *, now: int) -> int:
    """
    Return when the pledge of an interval lapses. [ms since the epoch, UTC]

    Everybody who enrols in time has the same moment. What is enrolled later, as where old readings
    are put on a ledger, still has as long.
    """
    due = (begin + HOUR_SECONDS + key.delay) * 1_000
    return max(due, now) + SHARING_SECONDS_MAX * 1_000
