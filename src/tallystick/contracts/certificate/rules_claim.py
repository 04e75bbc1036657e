"""The rules by which certificates are used up: claim, withdraw, unclaim."""

from msgspec.structs import replace

from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.contracts.measurement.commands import Rely
from tallystick.contracts.measurement.model import HOUR_SECONDS, Kind, Measurement
from tallystick.core.context import Context

from .commands import Claim, Unclaim, Withdraw
from .errors import (
    CertificateNotFound,
    CertificateNotWithdrawable,
    ClaimExceedsConsumption,
    IntervalsDiffer,
    MeasurementNotFound,
    NotConsumption,
    PartNotFound,
    PartNotWithdrawn,
    SectorsDiffer,
    SettlementFull,
    SignerIsNotConsumer,
    SignerIsNotIssuingBody,
)
from .events import CertificateClaimed, CertificateUnclaimed, CertificateWithdrawn
from .model import (
    Action,
    Certificate,
    CertificateParameters,
    IntervalRule,
    Next,
    Part,
    Pledge,
    SectorRule,
    Settlement,
    is_leaf,
    status_at,
)
from .rules import check_obeys, check_usable, followed_by
from .settlements import find_part, with_less, with_mark, with_part


def claim(context: Context, command: Claim) -> None:
    """
    Retire a whole certificate to the settlement of a consumption measurement.

    Retiring and settling are one command, so nothing can get stuck between them. Two people agree:
    the certificate's owner gives it up, the consumption's owner takes it. The first part makes this
    contract the one through which the consumption is corrected.
    """
    # READ
    id, consumption = command.certificate, command.consumption
    parameters = context.parameters(CertificateParameters)
    certificate = context.read(Certificate, id)
    measurement = context.read(Measurement, consumption)
    settlement = context.read(Settlement, consumption)
    # CHECK
    if certificate is None:
        raise CertificateNotFound(id)
    if measurement is None:
        raise MeasurementNotFound(consumption, field="consumption")
    check_obeys(context, id, certificate, command.lock_id)
    if measurement.owner not in context.signers and not _is_pledged(
        context, consumption, command.lock_id
    ):
        raise SignerIsNotConsumer(consumption)
    check_usable(context, id, certificate)
    if measurement.kind is not Kind.CONSUMPTION:
        raise NotConsumption(measurement.kind)
    if certificate.sector != measurement.sector and parameters.sector_rule is SectorRule.SAME:
        raise SectorsDiffer(certificate.sector, measurement.sector)
    _check_interval(parameters.interval_rule, certificate, measurement)
    settled_wh = 0 if settlement is None else settlement.total_wh
    amount_wh = certificate.amount_wh
    if settled_wh + amount_wh > measurement.amount:
        raise ClaimExceedsConsumption(amount_wh, measurement.amount - settled_wh)
    if settlement is not None and len(settlement.parts) >= parameters.parts_max:
        raise SettlementFull(parameters.parts_max)
    # COMPUTE
    part = Part(id, amount_wh, withdrawn=False)
    # WRITE
    if settlement is None:
        context.call(Rely(consumption))
        context.write(consumption, Settlement(consumption, (part,), amount_wh))
    else:
        context.write(consumption, with_part(settlement, part))
    context.write(id, followed_by(certificate, Next(Action.RETIRE, (consumption,), context.time)))
    context.emit(
        CertificateClaimed(
            id,
            consumption,
            certificate.begin,
            certificate.end,
            certificate.sector,
            certificate.technology,
            amount_wh,
        )
    )


def withdraw(context: Context, command: Withdraw) -> None:
    """
    Take a certificate back.

    One that was claimed keeps its `next`, which is written once: it is marked, and so is its part
    of the settlement, until the consumption's owner takes the part out.
    """
    # READ
    id = command.certificate
    certificate = context.read(Certificate, id)
    # CHECK
    if certificate is None:
        raise CertificateNotFound(id)
    if not authorised(context, Role.ISSUING_BODY, certificate.sector):
        raise SignerIsNotIssuingBody(certificate.sector, field="certificate")
    if certificate.withdrawn or not is_leaf(certificate):
        raise CertificateNotWithdrawable(
            id, status_at(certificate, time=context.time, expiry_seconds=0)
        )
    # COMPUTE
    consumption = None if certificate.next is None else certificate.next.addresses[0]
    next = certificate.next or Next(Action.WITHDRAW, (), context.time)
    # WRITE
    context.write(id, replace(certificate, next=next, withdrawn=True))
    if consumption is not None:
        context.write(consumption, with_mark(settlement_of(context, consumption), id))
    context.emit(
        CertificateWithdrawn(
            certificate=id,
            begin=certificate.begin,
            end=certificate.end,
            sector=certificate.sector,
            technology=certificate.technology,
            amount_wh=certificate.amount_wh,
            consumption=consumption,
            reason=command.reason,
        )
    )


def unclaim(context: Context, command: Unclaim) -> None:
    """
    Take a withdrawn certificate out of a settlement.

    Nothing is reissued: what was withdrawn stays withdrawn. It makes room, so that the consumption
    can be covered by something else.
    """
    # READ
    id, consumption = command.certificate, command.consumption
    measurement = context.read(Measurement, consumption)
    settlement = context.read(Settlement, consumption)
    # CHECK
    if measurement is None:
        raise MeasurementNotFound(consumption, field="consumption")
    if measurement.owner not in context.signers:
        raise SignerIsNotConsumer(consumption)
    part = None if settlement is None else find_part(settlement, id)
    if settlement is None or part is None:
        raise PartNotFound(id, consumption)
    if not part.withdrawn:
        raise PartNotWithdrawn(id)
    # WRITE
    leave_settlement(context, id, certificate_of(context, id))


def leave_settlement(
    context: Context, id: RecordId, certificate: Certificate, *, corrected: int | None = None
) -> None:
    """Take a withdrawn certificate's part away, whether its owner or a correction asks for it."""
    consumption = consumption_of(certificate)
    settlement = settlement_of(context, consumption)
    revision = certificate.corrected if corrected is None else corrected
    context.write(id, replace(certificate, unclaimed=True, corrected=revision))
    context.write(consumption, with_less(settlement, id, 0))
    context.emit(
        CertificateUnclaimed(
            certificate=id, consumption=consumption, amount_wh=certificate.amount_wh
        )
    )


def consumption_of(certificate: Certificate) -> RecordId:
    """Return the consumption for which a certificate was retired."""
    next = certificate.next
    if next is None or next.action is not Action.RETIRE:
        raise AssertionError(f"a certificate of {certificate.measurement.hex()} was not retired")
    return next.addresses[0]


def settlement_of(context: Context, consumption: RecordId) -> Settlement:
    """Return the settlement that a retired certificate points to."""
    settlement = context.read(Settlement, consumption)
    if settlement is None:
        raise AssertionError(f"nothing was ever settled for {consumption.hex()}")
    return settlement


def certificate_of(context: Context, id: RecordId) -> Certificate:
    """Return the certificate that a settlement's part points to."""
    certificate = context.read(Certificate, id)
    if certificate is None:
        raise AssertionError(f"certificate {id.hex()} vanished")
    return certificate


def _is_pledged(context: Context, consumption: RecordId, lock_id: LockId | None) -> bool:
    """Tell whether the consumption is open to the calling contract under a lock id."""
    pledge = context.read(Pledge, consumption)
    return (
        pledge is not None
        and context.time < pledge.until
        and context.caller == pledge.holder
        and lock_id == pledge.lock_id
    )


def _check_interval(rule: IntervalRule, certificate: Certificate, measurement: Measurement) -> None:
    """Refuse production that does not meet the consumption in time."""
    if certificate.begin == measurement.begin and certificate.end == measurement.end:
        return
    if rule is IntervalRule.WITHIN:
        meets = measurement.begin <= certificate.begin and certificate.end <= measurement.end
    elif rule is IntervalRule.HOUR:
        meets = certificate.begin // HOUR_SECONDS == measurement.begin // HOUR_SECONDS
    else:
        meets = False
    if not meets:
        raise IntervalsDiffer(
            (certificate.begin, certificate.end), (measurement.begin, measurement.end), rule.value
        )
