"""The rules of the administration: programmes, the list of holders, certified records."""

from itertools import pairwise

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import RecordId, format_record_id
from tallystick.contracts.identity.model import Authority, Identity, KeyBinding, Role
from tallystick.contracts.identity.views import acting_identity, authorised
from tallystick.contracts.measurement.model import Measurement
from tallystick.core.context import Context
from tallystick.core.holding import can_own

from .commands import CertifyRecord, OpenProgramme, RegisterHolder
from .errors import (
    CoefficientsNotInOrder,
    CollectorIsNoOwner,
    MoneyNotNamed,
    PeriodsNotInOrder,
    ProgrammeNotFound,
    RecordNotFound,
    SignerIsNotDirector,
    SignerIsNotOperator,
    ZoneNamedTwice,
)
from .events import HolderRegistered, ProgrammeOpened, RecordCertified
from .formula import Formula
from .holdings import Holding, LockedBlocks, Retirement, Vintage
from .ids import record_digest
from .model import (
    Account,
    Baseline,
    CertifiedRecord,
    Counted,
    Holder,
    MeterBinding,
    Obligation,
    Programme,
    Unit,
)
from .stock import check_zone
from .terms import PeriodTimes, Terms

CERTIFIABLE: tuple[type[Record], ...] = (
    Account,
    Authority,
    Baseline,
    CertifiedRecord,
    Counted,
    Holder,
    Holding,
    Identity,
    KeyBinding,
    LockedBlocks,
    Measurement,
    MeterBinding,
    Obligation,
    Programme,
    Retirement,
    Unit,
    Vintage,
)
"""What can be certified, in the order of the records' tags."""


def open_programme(context: Context, command: OpenProgramme) -> None:
    """
    Open a programme.

    Its terms are stated once and for all, so that everybody knows beforehand what will be due.
    """
    # READ
    terms = command.terms
    # CHECK
    for n, zone in enumerate(terms.zones):
        if not authorised(context, Role.DIRECTOR, zone):
            raise SignerIsNotDirector(f"terms.zones[{n}]", zone)
    if len(set(terms.zones)) != len(terms.zones):
        raise ZoneNamedTwice(terms.zones)
    _check_periods(terms.periods)
    _check_formula(terms.formula)
    charges = (*_fees(terms), terms.penalty.amount)
    if any(charges) and (terms.money is None or terms.collector is None):
        raise MoneyNotNamed("terms.money" if terms.money is None else "terms.collector")
    if terms.collector is not None and not can_own(terms.collector):
        raise CollectorIsNoOwner(terms.collector)
    # COMPUTE
    id = context.derive_id()
    # WRITE
    context.create(id, Programme(terms, context.time))
    context.emit(ProgrammeOpened(id, terms))


def register_holder(context: Context, command: RegisterHolder) -> None:
    """
    Enter an account holder's name in the public list.

    Only the operator signs: a key of the holder's beside its name would give its accounts away.
    """
    # READ
    programme = context.read(Programme, command.programme)
    # CHECK
    if programme is None:
        raise ProgrammeNotFound(command.programme)
    check_zone(programme.terms, command.zone)
    if not authorised(context, Role.REGISTRY_OPERATOR, command.zone):
        raise SignerIsNotOperator("zone", command.zone)
    # COMPUTE
    id = context.derive_id()
    # WRITE
    context.create(id, Holder(command.programme, command.zone, command.name, context.time))
    context.emit(HolderRegistered(id, command.programme, command.zone, command.name))


def certify_record(context: Context, command: CertifyRecord) -> None:
    """
    Certify what stands under an id at this moment.

    The certificate holds a digest, not the record: it can be shown to be about a record that stays
    confidential. A client adds the proof that both stand under the same state root.
    """
    # READ
    programme = context.read(Programme, command.programme)
    found = [encode(each) for each in _records_at(context, command.subject)]
    # CHECK
    if programme is None:
        raise ProgrammeNotFound(command.programme)
    check_zone(programme.terms, command.zone)
    if not found:
        raise RecordNotFound("subject", f"record {format_record_id(command.subject)} here")
    director = acting_identity(context, Role.DIRECTOR, command.zone)
    if director is None:
        raise SignerIsNotDirector("zone", command.zone)
    operator = acting_identity(context, Role.REGISTRY_OPERATOR, command.zone)
    if operator is None:
        raise SignerIsNotOperator("zone", command.zone)
    # COMPUTE
    id = context.derive_id()
    certified = CertifiedRecord(
        programme=command.programme,
        zone=command.zone,
        subject=command.subject,
        digest=record_digest(*found),
        reason=command.reason,
        requested_by=director,
        certified_by=operator,
        certified_at=context.time,
    )
    # WRITE
    context.create(id, certified)
    context.emit(
        RecordCertified(id, command.programme, command.zone, command.subject, certified.digest)
    )


def _records_at(context: Context, id: RecordId) -> list[Record]:
    """Return what stands under an id, of all that can be certified, in the order of tags."""
    found = (context.read(kind, id) for kind in CERTIFIABLE)
    return [each for each in found if each is not None]


def _fees(terms: Terms) -> tuple[int, ...]:
    """Return what the programme charges."""
    return terms.fees.application, terms.fees.account, terms.fees.transfer


def _check_periods(periods: tuple[PeriodTimes, ...]) -> None:
    """Refuse periods that are empty, overlap, or end after their deadline."""
    for n, each in enumerate(periods):
        if not each.begin < each.end <= each.deadline:
            raise PeriodsNotInOrder(n, each, None)
    for n, (before, after) in enumerate(pairwise(periods), start=1):
        if before.end > after.begin or before.deadline >= after.deadline:
            raise PeriodsNotInOrder(n, after, before)


def _check_formula(formula: Formula) -> None:
    """Refuse coefficients among which one would have to be chosen."""
    names = {
        "types": [each.type for each in formula.types],
        "postcodes": [each.prefix for each in formula.postcodes],
        "conditions": [each.condition for each in formula.conditions],
    }
    for what, entries in names.items():
        if len(set(entries)) != len(entries):
            twice = next(each for n, each in enumerate(entries) if each in entries[:n])
            raise CoefficientsNotInOrder(what, twice)
    sizes = [each.least_mw for each in formula.sizes]
    for before, after in pairwise(sizes):
        if before >= after:
            raise CoefficientsNotInOrder("sizes", after)
