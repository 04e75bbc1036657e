"""The rules of measurement."""

from collections.abc import Sequence

from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context

from .commands import Correct, Publish, Rely
from .errors import (
    CallerIsNoContract,
    IntervalLengthNotAllowed,
    IntervalNotAligned,
    IntervalNotOver,
    IntervalsOverlap,
    MeasurementExists,
    MeasurementNotFound,
    NothingToCorrect,
    OwnerIsNoKey,
    ReliedOnAlready,
    RelierMustCorrect,
    SectorUnknown,
    SignerMayNotCorrect,
    SignerMayNotPublish,
    TooManyRevisions,
)
from .events import MeasurementCorrected, MeasurementPublished, MeasurementReliedOn
from .model import (
    REVISION_MAX,
    Measurement,
    MeasurementParameters,
    measurement_id,
)

COMPRESSED_KEY_HEADS = (2, 3)


def publish(context: Context, command: Publish) -> None:
    """
    Put a measurement on the ledger.

    The owner's key decides the id, so nobody who doesn't know the key can occupy it beforehand, and
    a reading that is sent twice is refused the second time.
    """
    # READ
    parameters = context.parameters(MeasurementParameters)
    owner, begin, end, sector = command.owner, command.begin, command.end, command.sector
    # CHECK
    if sector not in parameters.sectors:
        raise SectorUnknown(sector, known=parameters.sectors)
    if not _may_publish(context, sector):
        raise SignerMayNotPublish(sector)
    if owner[0] not in COMPRESSED_KEY_HEADS:
        raise OwnerIsNoKey(owner)
    if end - begin not in parameters.interval_seconds:
        raise IntervalLengthNotAllowed(begin=begin, end=end, allowed=parameters.interval_seconds)
    if begin % (end - begin):
        raise IntervalNotAligned(begin=begin, length=end - begin)
    if end * 1000 > context.time:
        raise IntervalNotOver(end=end, time=context.time)
    id = measurement_id(owner, begin)
    if context.read(Measurement, id) is not None:
        raise MeasurementExists(id)
    if len(parameters.interval_seconds) > 1:
        _check_overlap(context, command, parameters.interval_seconds)
    # COMPUTE
    kind, amount, quality = command.kind, command.amount, command.quality
    measurement = Measurement(owner, begin, end, sector, kind, amount, quality, 0, "", context.time)
    # WRITE
    context.write(id, measurement)
    context.emit(MeasurementPublished(id, owner, begin, end, sector, kind, amount, quality))


def correct(context: Context, command: Correct) -> None:
    """
    Replace a measurement's figure by a better one.

    Late and corrected readings are everyday life. The interval and the owner stay; what else was
    wrong is another measurement. A publisher may be a single meter, and whoever steals its key must
    not rewrite what its neighbours measured: so the sector's issuing body signs.
    """
    # READ
    old = context.read(Measurement, command.measurement)
    # CHECK
    if old is None:
        raise MeasurementNotFound(command.measurement)
    if not authorised(context, Role.ISSUING_BODY, old.sector):
        raise SignerMayNotCorrect(old.sector)
    if old.relier and context.caller != old.relier:
        raise RelierMustCorrect(command.measurement, relier=old.relier)
    if command.amount == old.amount and command.quality is old.quality:
        raise NothingToCorrect(amount=old.amount, quality=old.quality)
    if old.revision == REVISION_MAX:
        raise TooManyRevisions(command.measurement)
    # COMPUTE
    corrected = Measurement(
        owner=old.owner,
        begin=old.begin,
        end=old.end,
        sector=old.sector,
        kind=old.kind,
        amount=command.amount,
        quality=command.quality,
        revision=old.revision + 1,
        relier=old.relier,
        published_at=old.published_at,
    )
    # WRITE
    context.write(command.measurement, corrected)
    context.emit(
        MeasurementCorrected(
            measurement=command.measurement,
            begin=old.begin,
            end=old.end,
            sector=old.sector,
            kind=old.kind,
            old_amount=old.amount,
            new_amount=command.amount,
            quality=command.quality,
            revision=corrected.revision,
        )
    )


def rely(context: Context, command: Rely) -> None:
    """
    Make every later correction go through the calling contract.

    Who signs doesn't matter: the calling contract has judged that. Relying again changes nothing.
    """
    # READ
    old = context.read(Measurement, command.measurement)
    # CHECK
    if old is None:
        raise MeasurementNotFound(command.measurement)
    if not context.caller:
        raise CallerIsNoContract
    if old.relier == context.caller:
        return
    if old.relier:
        raise ReliedOnAlready(command.measurement, relier=old.relier)
    # COMPUTE
    relied_on = Measurement(
        owner=old.owner,
        begin=old.begin,
        end=old.end,
        sector=old.sector,
        kind=old.kind,
        amount=old.amount,
        quality=old.quality,
        revision=old.revision,
        relier=context.caller,
        published_at=old.published_at,
    )
    # WRITE
    context.write(command.measurement, relied_on)
    context.emit(MeasurementReliedOn(command.measurement, context.caller))


def _may_publish(context: Context, sector: str) -> bool:
    """Tell whether a signer is publisher or issuing body of a sector."""
    return authorised(context, Role.PUBLISHER, sector) or authorised(
        context, Role.ISSUING_BODY, sector
    )


def _check_overlap(context: Context, command: Publish, lengths: Sequence[int]) -> None:
    """
    Refuse an interval that overlaps another one of the same owner key.

    Others can begin only at multiples of an allowed length, so there are few ids to look at: none
    if only one length is allowed, because then only the same begin overlaps.
    """
    for begin in _begins_overlapping(command.begin, command.end, lengths):
        id = measurement_id(command.owner, begin)
        other = context.read(Measurement, id)
        if other is not None and other.end > command.begin:
            raise IntervalsOverlap(id, begin=other.begin, end=other.end)


def _begins_overlapping(begin: int, end: int, lengths: Sequence[int]) -> list[int]:
    """Return where another allowed interval that overlaps [begin, end) could begin, ascending."""
    begins = {
        start
        for length in lengths
        for start in range(begin - begin % length, end, length)
        if start != begin
    }
    return sorted(begins)
