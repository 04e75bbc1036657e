"""
Certificates' read model: holdings, the leaves of each tree, claims, and totals per hour and source.

What depends on the time of asking is left to whoever asks: a holding that is `active` here is
locked while `lock_until` lies ahead (or is 0 with a holder), and expired once the ledger's
`expiry_seconds` have passed since `end`.
"""

from collections.abc import Iterator

from tallystick.base.identifiers import RecordId
from tallystick.core.event import Event
from tallystick.core.holding import LockedFor
from tallystick.core.projection import Add, Delete, Insert, Projection, RowChange, Table, Update

from .events import (
    CertificateClaimed,
    CertificateIssued,
    CertificateLocked,
    CertificateReleased,
    CertificateSplit,
    CertificateTransferred,
    CertificateUnclaimed,
    CertificateWithdrawn,
    ClaimBroken,
    ProductionCorrected,
)
from .model import CORRECT, SPLIT, TRANSFER, Status, child_id

HOLDINGS = Table(
    name="certificate_holdings",
    columns=(
        ("certificate", "bytes"),
        ("measurement", "bytes"),
        ("origin", "bytes"),
        ("owner", "bytes"),
        ("amount_wh", "integer"),
        ("sector", "text"),
        ("technology", "text"),
        ("fuel", "text"),
        ("begin", "integer"),
        ("end", "integer"),
        ("created_at", "integer"),
        ("status", "text"),
        ("leaf", "integer"),
        ("lock_holder", "text"),
        ("lock_until", "integer"),
    ),
    key=("certificate",),
    indexes=(("owner", "status"), ("measurement", "leaf")),
)

PARTS = Table(
    name="certificate_parts",
    columns=(
        ("consumption", "bytes"),
        ("certificate", "bytes"),
        ("amount_wh", "integer"),
        ("withdrawn", "integer"),
        ("claimed_at", "integer"),
    ),
    key=("consumption", "certificate"),
)

TOTALS = Table(
    name="certificate_totals",
    columns=(
        ("sector", "text"),
        ("technology", "text"),
        ("begin", "integer"),
        ("end", "integer"),
        ("issued_wh", "integer"),
        ("claimed_wh", "integer"),
        ("withdrawn_wh", "integer"),
    ),
    key=("sector", "technology", "begin", "end"),
    indexes=(("begin",),),
)

Born = (
    CertificateIssued
    | CertificateTransferred
    | CertificateSplit
    | ClaimBroken
    | ProductionCorrected
)
"""The events that say everything about a new certificate's production."""


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes."""
    match event:
        case CertificateIssued() | CertificateTransferred() | CertificateSplit():
            yield from _fold_movement(event, time)
        case CertificateClaimed() | CertificateWithdrawn() | CertificateUnclaimed():
            yield from _fold_use(event, time)
        case ProductionCorrected() | ClaimBroken():
            yield from _fold_correction(event, time)
        case CertificateLocked():
            lock = event.lock
            columns = {"lock_holder": lock.holder, "lock_until": lock.until}
            yield Update(HOLDINGS, (event.certificate,), columns)
        case CertificateReleased():
            yield Update(HOLDINGS, (event.certificate,), {"lock_holder": "", "lock_until": 0})


def _fold_movement(
    event: CertificateIssued | CertificateTransferred | CertificateSplit, time: int
) -> Iterator[RowChange]:
    """Fold what makes new certificates out of a measurement or of another certificate."""
    match event:
        case CertificateIssued(measurement=id, owner=owner, amount_wh=amount_wh, lock=lock):
            yield _holding(event, time, id=id, origin=id, owner=owner, wh=amount_wh, lock=lock)
            yield Add(TOTALS, _total_key(event), {"issued_wh": amount_wh})
        case CertificateTransferred(certificate=id, owner=owner, amount_wh=amount_wh, lock=lock):
            yield _status(id, Status.TRANSFERRED)
            child = child_id(id, TRANSFER, 0)
            yield _holding(event, time, id=child, origin=id, owner=owner, wh=amount_wh, lock=lock)
        case CertificateSplit(certificate=id, parts=parts):
            yield _status(id, Status.SPLIT)
            for n, part in enumerate(parts):
                child, owner = child_id(id, SPLIT, n), part.owner
                lock = event.lock if owner == event.owner else None
                wh = part.amount_wh
                yield _holding(event, time, id=child, origin=id, owner=owner, wh=wh, lock=lock)


def _fold_use(
    event: CertificateClaimed | CertificateWithdrawn | CertificateUnclaimed, time: int
) -> Iterator[RowChange]:
    """Fold what ends the life of a certificate, and what follows from its end."""
    id, consumption, amount_wh = event.certificate, event.consumption, event.amount_wh
    match event:
        case CertificateClaimed():
            yield _status(id, Status.CLAIMED)
            yield Insert(PARTS, (consumption, id, amount_wh, 0, time))
            yield Add(TOTALS, _total_key(event), {"claimed_wh": amount_wh})
        case CertificateWithdrawn():
            yield _status(id, Status.WITHDRAWN)
            amounts = {"withdrawn_wh": amount_wh}
            if consumption is not None:
                yield Update(PARTS, (consumption, id), {"withdrawn": 1})
                amounts["claimed_wh"] = -amount_wh
            yield Add(TOTALS, _total_key(event), amounts)
        case CertificateUnclaimed():
            yield Delete(PARTS, (consumption, id))


def _fold_correction(event: ProductionCorrected | ClaimBroken, time: int) -> Iterator[RowChange]:
    """Fold what a correction did to one tree, or to one claim."""
    match event:
        case ProductionCorrected(measurement=root, owner=owner, added_wh=added_wh):
            for leaf in event.leaves:
                yield from _fold_leaf(leaf.certificate, leaf.amount_wh, leaf.consumption)
            if added_wh:
                id = child_id(root, CORRECT, event.revision)
                yield _holding(event, time, id=id, origin=root, owner=owner, wh=added_wh)
            amounts = {"issued_wh": event.new_wh - event.old_wh}
            if event.taken_from_withdrawn_wh:
                amounts["withdrawn_wh"] = -event.taken_from_withdrawn_wh
            yield Add(TOTALS, _total_key(event), amounts)
        case ClaimBroken(certificate=id, owner=owner, reborn=reborn, reborn_wh=reborn_wh):
            yield _status(id, Status.BROKEN)
            yield Delete(PARTS, (event.consumption, id))
            if reborn_wh:
                yield _holding(event, time, id=reborn, origin=id, owner=owner, wh=reborn_wh)
            yield Add(TOTALS, _total_key(event), {"claimed_wh": -event.amount_wh})


def _fold_leaf(id: RecordId, amount_wh: int, consumption: RecordId | None) -> Iterator[RowChange]:
    """Fold a leaf's new amount, and that of its part where it has one."""
    columns: dict[str, int | str] = {"amount_wh": amount_wh}
    if not amount_wh:
        columns["status"] = Status.WITHDRAWN.value
    yield Update(HOLDINGS, (id,), columns)
    if consumption is None:
        return
    if amount_wh:
        yield Update(PARTS, (consumption, id), {"amount_wh": amount_wh})
    else:
        yield Delete(PARTS, (consumption, id))


def _holding(
    event: Born,
    time: int,
    *,
    id: RecordId,
    origin: RecordId,
    owner: bytes,
    wh: int,
    lock: LockedFor | None = None,
) -> Insert:
    """Return the row of a new certificate."""
    holder, until = ("", 0) if lock is None else (lock.holder, lock.until)
    values = (
        id,
        event.measurement,
        origin,
        owner,
        wh,
        event.sector,
        event.technology,
        event.fuel,
        event.begin,
        event.end,
        time,
        Status.ACTIVE.value,
        1,
        holder,
        until,
    )
    return Insert(HOLDINGS, values)


def _status(id: RecordId, status: Status) -> Update:
    """Return the change of a certificate's status, and whether it is still a leaf."""
    leaf = int(status in (Status.CLAIMED, Status.WITHDRAWN))
    return Update(HOLDINGS, (id,), {"status": status.value, "leaf": leaf})


def _total_key(
    event: Born | CertificateClaimed | CertificateWithdrawn,
) -> tuple[str, str, int, int]:
    """Return the row of totals to which an event counts."""
    return event.sector, event.technology, event.begin, event.end


PROJECTION = Projection(tables=(HOLDINGS, PARTS, TOTALS), fold=fold)
