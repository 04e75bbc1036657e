"""
What a market does with the certificates that stand behind its trades.

A seller's production is born locked for the book, or was locked when the order came in. `Backing`
remembers which certificate holds what is left of it. A buyer's consumption is pledged to the book,
so that the book may claim for it. Whatever was not needed is handed back with the last fill.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.contracts.certificate.commands import Claim, Split, SplitPart
from tallystick.contracts.certificate.model import (
    SPLIT,
    Certificate,
    CertificateParameters,
    IntervalRule,
    Pledge,
    SectorRule,
    Settlement,
    child_id,
    expires_at,
)
from tallystick.contracts.measurement.model import HOUR_SECONDS, Measurement
from tallystick.core.context import Context
from tallystick.core.holding import Release, in_force

from .model import Backing, Position, Side

MARKET: Final = "market"
CERTIFICATE: Final = "certificate"


class Wanted(NamedTuple):
    """Energy that was produced, and consumed, for a delivery."""

    delivery: int
    """Which of the deliveries that are settled together."""

    book: RecordId
    """The book in which it was traded."""

    production: RecordId
    """The measurement of the producer."""

    consumption: RecordId
    """The measurement of the consumer."""

    energy_wh: int
    """How much. [Wh]"""


def claim_all(context: Context, wanted: Sequence[Wanted], *, deliveries: int) -> list[int]:
    """
    Claim production for consumption, as far as it goes; return how much for each delivery. [Wh]

    What leaves one certificate is split off together, however many consumers it has. Nothing is
    claimed, without a complaint, where the certificate contract would refuse: payment does not
    wait for certificates. So each of its conditions is judged here first.
    """
    claimed = [0] * deliveries
    parts_max = context.parameters(CertificateParameters).split_parts_max - 1
    by_production: dict[tuple[RecordId, RecordId], list[Wanted]] = {}
    for each in wanted:
        by_production.setdefault((each.book, each.production), []).append(each)
    for (book, production), group in by_production.items():
        lock_id = LockId(Hash(book))
        for begin in range(0, len(group), max(1, parts_max)):
            held = _held(context, production, lock_id)
            if held is None or parts_max < 1:
                break
            batch = _fitting(context, lock_id, held[1], group[begin : begin + parts_max])
            if batch:
                _claim(context, lock_id, production, held, batch)
            for each in batch:
                claimed[each.delivery] += each.energy_wh
    return claimed


def release_meters(context: Context, book: RecordId, position: Position) -> None:
    """
    Hand back what a finished position no longer needs: pledges, and certificates not claimed.

    What was pledged or locked elsewhere meanwhile, because the market's hold had lapsed, is not
    the market's to release.
    """
    lock_id = LockId(Hash(book))
    for meter in position.meters:
        held = _held(context, meter, lock_id) if position.side is Side.SELL else None
        if held is not None:
            context.call(Release(CERTIFICATE, held[0], lock_id))
        elif context.read(Certificate, meter) is None and _is_pledged(context, meter, lock_id):
            context.call(Release(CERTIFICATE, meter, lock_id))
        if position.side is Side.SELL and context.read(Backing, meter) is not None:
            context.delete(Backing, meter)


def _fitting(
    context: Context,
    lock_id: LockId,
    whole: Certificate,
    batch: Sequence[Wanted],
) -> list[Wanted]:
    """Return what of a batch can be claimed, with as much as fits into certificate and meter."""
    left_wh = whole.amount_wh
    found = []
    taken: dict[RecordId, tuple[int, int]] = {}
    for each in batch:
        id = each.consumption
        parts, taken_wh = taken.get(id, (0, 0))
        room_wh = _room(context, lock_id, whole, id, parts=parts) - taken_wh
        energy_wh = min(each.energy_wh, left_wh, room_wh)
        if energy_wh > 0:
            found.append(each._replace(energy_wh=energy_wh))
            taken[id] = parts + 1, taken_wh + energy_wh
            left_wh -= energy_wh
    return found


def _room(
    context: Context, lock_id: LockId, whole: Certificate, consumption: RecordId, *, parts: int
) -> int:
    """Return how much may be claimed for a consumption, before `parts` more have been. [Wh]"""
    measured = context.read(Measurement, consumption)
    if measured is None or measured.relier not in ("", CERTIFICATE):
        return 0
    if not _is_pledged(context, consumption, lock_id) or not _meet(context, whole, measured):
        return 0
    settled = context.read(Settlement, consumption)
    if settled is None:
        return measured.amount
    if len(settled.parts) + parts >= context.parameters(CertificateParameters).parts_max:
        return 0
    return measured.amount - settled.total_wh


def _claim(
    context: Context,
    lock_id: LockId,
    production: RecordId,
    held: tuple[RecordId, Certificate],
    batch: Sequence[Wanted],
) -> None:
    """Split off what a batch claims, claim it, and remember where the rest is."""
    id, whole = held
    rest_wh = whole.amount_wh - sum(each.energy_wh for each in batch)
    if len(batch) == 1 and not rest_wh:
        context.call(Claim(id, batch[0].consumption, lock_id))
        return
    amounts_wh = [each.energy_wh for each in batch] + ([rest_wh] if rest_wh else [])
    parts = tuple(SplitPart(amount_wh, whole.owner) for amount_wh in amounts_wh)
    context.call(Split(id, parts, lock_id))
    for n, each in enumerate(batch):
        context.call(Claim(child_id(id, SPLIT, n), each.consumption, lock_id))
    if rest_wh:
        context.write(production, Backing(child_id(id, SPLIT, len(batch))))


def _held(
    context: Context, production: RecordId, lock_id: LockId
) -> tuple[RecordId, Certificate] | None:
    """Return the certificate that backs a measurement and is locked for a book, or nothing."""
    backing = context.read(Backing, production)
    id = production if backing is None else backing.certificate
    certificate = context.read(Certificate, id)
    if certificate is None or certificate.next is not None:
        return None
    lock = certificate.lock
    if lock is None or not in_force(lock, time=context.time):
        return None
    return (id, certificate) if (lock.holder, lock.lock_id) == (MARKET, lock_id) else None


def _is_pledged(context: Context, meter: RecordId, lock_id: LockId) -> bool:
    """Tell whether an interval is pledged to a book, and not yet lapsed."""
    pledge = context.read(Pledge, meter)
    return (
        pledge is not None
        and context.time < pledge.until
        and (pledge.holder, pledge.lock_id) == (MARKET, lock_id)
    )


def _meet(context: Context, certificate: Certificate, measured: Measurement) -> bool:
    """Tell whether the ledger lets a certificate be claimed for a consumption."""
    parameters = context.parameters(CertificateParameters)
    if parameters.sector_rule is SectorRule.SAME and certificate.sector != measured.sector:
        return False
    expiry = expires_at(certificate, expiry_seconds=parameters.expiry_seconds)
    if expiry and context.time >= expiry:
        return False
    if certificate.begin == measured.begin and certificate.end == measured.end:
        return True
    if parameters.interval_rule is IntervalRule.WITHIN:
        return measured.begin <= certificate.begin and certificate.end <= measured.end
    if parameters.interval_rule is IntervalRule.HOUR:
        return certificate.begin // HOUR_SECONDS == measured.begin // HOUR_SECONDS
    return False
