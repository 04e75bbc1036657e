"""What can be asked about certificates, settlements and pledges, by id."""

from msgspec import Struct

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.measurement.model import Measurement
from tallystick.contracts.measurement.views import MeasurementView, ShowMeasurement
from tallystick.contracts.measurement.views import show as show_measurement
from tallystick.core.contract import Reader
from tallystick.core.holding import LockedFor

from .errors import CertificateNotFound, MeasurementNotFound, PledgeNotFound
from .model import (
    Certificate,
    CertificateParameters,
    Next,
    Part,
    Pledge,
    Settlement,
    Status,
    expires_at,
    status_at,
)

PAGE_MAX = 256


class ShowCertificate(Record, tag="certificate.show"):
    """Show a certificate with its status."""

    certificate: RecordId
    """Which."""


class ShowHistory(Record, tag="certificate.show-history"):
    """Show where a certificate comes from, back to its measurement."""

    certificate: RecordId
    """Where to begin: the certificate itself, or where the page before said it goes on."""


class ShowSettlement(Record, tag="certificate.show-settlement"):
    """Show what was claimed for a consumption measurement, and what is left to claim."""

    measurement: RecordId
    """The consumption measurement."""


class ShowPledge(Record, tag="certificate.show-pledge"):
    """Show to which contract an interval was pledged."""

    measurement: RecordId
    """The id that the interval's measurement has or will have."""


class CertificateView(Struct, frozen=True):
    """A certificate as it stands at the latest block."""

    certificate: RecordId
    """Its id."""

    status: Status
    """Where it stands."""

    origin: RecordId
    """Where it came from: its measurement, or the certificate before it."""

    measurement: RecordId
    """The production measurement at the root of its tree."""

    begin: Seconds
    """Start of the production interval. [s since the epoch, UTC]"""

    end: Seconds
    """End of the production interval. [s since the epoch, UTC]"""

    amount_wh: Amount
    """Electricity that it stands for. [Wh]"""

    sector: str
    """Where the electricity was produced."""

    technology: str
    """AIB code of the technology."""

    fuel: str
    """AIB code of the fuel."""

    owner: PublicKey
    """Whose signature moves it, or moved it."""

    created_at: Milliseconds
    """When it came to be. [ms since the epoch, UTC]"""

    expires_at: Milliseconds
    """When it can no longer be used; 0 means never. [ms since the epoch, UTC]"""

    lock: LockedFor | None
    """The lock that binds it now."""

    next: Next | None
    """What happened to it."""

    corrected: int
    """The revision of the measurement whose correction touched it last; 0 if none did."""

    unclaimed: bool
    """Whether it left its settlement after it had been withdrawn."""


class HistoryView(Struct, frozen=True):
    """A page of a certificate's ancestors, itself first."""

    steps: tuple[CertificateView, ...]
    """Each came from the one after it."""

    continues_at: RecordId | None
    """The certificate with which the next page begins; nothing on the last page."""

    measurement: MeasurementView | None
    """What the first certificate was issued for; on the last page."""


class SettlementView(Struct, frozen=True):
    """How much of a consumption is covered."""

    measurement: RecordId
    """The consumption measurement."""

    measured_wh: Amount
    """What was consumed. [Wh]"""

    settled_wh: Amount
    """What is claimed for it. [Wh]"""

    withdrawn_wh: Amount
    """How much of what is claimed was withdrawn since. [Wh]"""

    rest_wh: Amount
    """What is left to claim. [Wh]"""

    parts: tuple[Part, ...]
    """Every claim, earliest first."""


class PledgeView(Struct, frozen=True):
    """To which contract an interval is pledged."""

    measurement: RecordId
    """The id that the interval's measurement has or will have."""

    holder: str
    """The contract."""

    lock_id: LockId
    """Which of the contract's affairs it is for."""

    until: Milliseconds
    """When it lapses. [ms since the epoch, UTC]"""

    in_force: bool
    """Whether it binds at the time of the latest block."""


def show(reader: Reader, question: ShowCertificate) -> CertificateView:
    """Return a certificate with its status, or raise `CertificateNotFound`."""
    found = reader.read(Certificate, question.certificate)
    if found is None:
        raise CertificateNotFound(question.certificate)
    return _view(reader, question.certificate, found)


def show_history(reader: Reader, question: ShowHistory) -> HistoryView:
    """Return a certificate's ancestors, or raise `CertificateNotFound`."""
    steps: list[CertificateView] = []
    id = question.certificate
    while len(steps) < PAGE_MAX:
        found = reader.read(Certificate, id)
        if found is None:
            raise CertificateNotFound(id)
        steps.append(_view(reader, id, found))
        if id == found.measurement:
            measurement = show_measurement(reader, ShowMeasurement(id))
            return HistoryView(steps=tuple(steps), continues_at=None, measurement=measurement)
        id = found.origin
    return HistoryView(steps=tuple(steps), continues_at=id, measurement=None)


def show_settlement(reader: Reader, question: ShowSettlement) -> SettlementView:
    """Return the settlement of a measurement, empty if nothing was claimed for it yet."""
    id = question.measurement
    measurement = reader.read(Measurement, id)
    if measurement is None:
        raise MeasurementNotFound(id)
    settlement = reader.read(Settlement, id) or Settlement(id, (), 0)
    return SettlementView(
        measurement=id,
        measured_wh=measurement.amount,
        settled_wh=settlement.total_wh,
        withdrawn_wh=sum(part.amount_wh for part in settlement.parts if part.withdrawn),
        rest_wh=measurement.amount - settlement.total_wh,
        parts=settlement.parts,
    )


def show_pledge(reader: Reader, question: ShowPledge) -> PledgeView:
    """Return a pledge, or raise `PledgeNotFound`."""
    found = reader.read(Pledge, question.measurement)
    if found is None:
        raise PledgeNotFound(question.measurement)
    return PledgeView(
        measurement=question.measurement,
        holder=found.holder,
        lock_id=found.lock_id,
        until=found.until,
        in_force=reader.time < found.until,
    )


def _view(reader: Reader, id: RecordId, certificate: Certificate) -> CertificateView:
    """Return what people see of a certificate."""
    expiry_seconds = reader.parameters(CertificateParameters).expiry_seconds
    status = status_at(certificate, time=reader.time, expiry_seconds=expiry_seconds)
    return CertificateView(
        certificate=id,
        status=status,
        origin=certificate.origin,
        measurement=certificate.measurement,
        begin=certificate.begin,
        end=certificate.end,
        amount_wh=certificate.amount_wh,
        sector=certificate.sector,
        technology=certificate.technology,
        fuel=certificate.fuel,
        owner=certificate.owner,
        created_at=certificate.created_at,
        expires_at=expires_at(certificate, expiry_seconds=expiry_seconds),
        lock=certificate.lock if status is Status.LOCKED else None,
        next=certificate.next,
        corrected=certificate.corrected,
        unclaimed=certificate.unclaimed,
    )
