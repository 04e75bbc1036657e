"""
What always holds about certificates.

Each is checked on what a block changed and, by an audit, on everything: there the state before is
empty, and a change is what there is. All are local, so their cost is that of the changes.
"""

from collections import defaultdict
from collections.abc import Iterator
from operator import attrgetter
from typing import Final

from tallystick.base.identifiers import RecordId
from tallystick.contracts.measurement.model import Kind, Measurement
from tallystick.core.invariant import Changes, Invariant, Leaf

from .model import Action, Certificate, Settlement, is_leaf

_CONSTANTS: Final = attrgetter(
    "origin",
    "measurement",
    "begin",
    "end",
    "sector",
    "technology",
    "fuel",
    "owner",
    "created_at",
)
"""What never changes about a certificate."""

_MARKS: Final = attrgetter("withdrawn", "broken", "unclaimed")
"""What is only ever set."""

Claim = tuple[RecordId, RecordId, int, bool]
"""Consumption, certificate, amount and mark of a claim, as each side of it tells."""


def _created_or_lost(changes: Changes) -> Iterator[str]:
    if not changes.of(Certificate) and not changes.of(Measurement):
        return
    differences: defaultdict[RecordId, int] = defaultdict(int)
    for id, before, after in changes:
        old, new = before.get(Certificate), after.get(Certificate)
        if old is None and new is None:
            continue
        if isinstance(old, Certificate) and is_leaf(old):
            differences[old.measurement] -= old.amount_wh
        if isinstance(new, Certificate) and is_leaf(new):
            differences[new.measurement] += new.amount_wh
        change_wh = _issued_wh(after) - _issued_wh(before)
        if change_wh:
            differences[id] -= change_wh
    for measurement, difference_wh in differences.items():
        if difference_wh:
            yield f"leaves of {measurement.hex()} are {difference_wh} Wh off what was measured"


def _issued_wh(leaf: Leaf) -> int:
    """Return what was measured, where a certificate was issued for it."""
    measurement = leaf.get(Measurement)
    return measurement.amount if isinstance(measurement, Measurement) and Certificate in leaf else 0


def _unsettled_or_overdrawn(changes: Changes) -> Iterator[str]:
    one_sided: set[Claim] = set()
    for id, old, new in changes.of(Certificate):
        for certificate in (old, new):
            claim = None if certificate is None else _told_by_certificate(id, certificate)
            if claim is not None:
                one_sided ^= {claim}
    for _, old, new in changes.of(Settlement):
        one_sided ^= _told_by_settlement(old) ^ _told_by_settlement(new)
    looked_at = changes if changes.of(Settlement) or changes.of(Measurement) else ()
    for id, _, after in looked_at:
        settlement = after.get(Settlement)
        if isinstance(settlement, Settlement):
            yield from _overdrawn(id, settlement, after.get(Measurement))
    for consumption, certificate, amount_wh, _ in one_sided:
        yield (
            f"claim of {certificate.hex()} for {consumption.hex()}, {amount_wh} Wh, "
            "is told by one side only"
        )


def _told_by_certificate(id: RecordId, certificate: Certificate) -> Claim | None:
    """Return the claim that a certificate tells of, if it is retired and its claim stands."""
    next = certificate.next
    if next is None or next.action is not Action.RETIRE:
        return None
    if certificate.broken or certificate.unclaimed:
        return None
    return next.addresses[0], id, certificate.amount_wh, certificate.withdrawn


def _told_by_settlement(settlement: Settlement | None) -> set[Claim]:
    """Return the claims that a settlement tells of."""
    if settlement is None:
        return set()
    return {
        (settlement.measurement, part.certificate, part.amount_wh, part.withdrawn)
        for part in settlement.parts
    }


def _overdrawn(id: RecordId, settlement: Settlement, measurement: object) -> Iterator[str]:
    """Yield what is wrong with a settlement by itself."""
    if not isinstance(measurement, Measurement) or measurement.kind is not Kind.CONSUMPTION:
        yield f"settlement {id.hex()} is not about a consumption"
    elif settlement.total_wh > measurement.amount:
        yield f"settlement {id.hex()} exceeds the {measurement.amount} Wh consumed"
    if settlement.measurement != id:
        yield f"settlement {id.hex()} stands under another's id"
    if settlement.total_wh != sum(part.amount_wh for part in settlement.parts):
        yield f"settlement {id.hex()} does not sum to its total"
    if len({part.certificate for part in settlement.parts}) != len(settlement.parts):
        yield f"settlement {id.hex()} holds a certificate twice"


def _rewritten(changes: Changes) -> Iterator[str]:
    for id, old, new in changes.of(Certificate):
        if new is None:
            yield f"certificate {id.hex()} vanished"
        elif old is not None:
            if _CONSTANTS(old) != _CONSTANTS(new):
                yield f"certificate {id.hex()} changed in what never changes"
            if old.next is not None and old.next != new.next:
                yield f"certificate {id.hex()} got another next"
            if old.next is not None and _lost_mark(old, new):
                yield f"certificate {id.hex()} lost a mark"


def _lost_mark(old: Certificate, new: Certificate) -> bool:
    """Tell whether a mark, which is only ever set, is gone."""
    return any(was and not now for was, now in zip(_MARKS(old), _MARKS(new), strict=True))


def _impossible(changes: Changes) -> Iterator[str]:
    for id, _, certificate in changes.of(Certificate):
        if certificate is None:
            continue
        next = certificate.next
        action = None if next is None else next.action
        if certificate.amount_wh < 1 and not certificate.withdrawn:
            yield f"certificate {id.hex()} stands for nothing and is not withdrawn"
        if certificate.withdrawn and action not in (Action.RETIRE, Action.WITHDRAW):
            yield f"certificate {id.hex()} is withdrawn, yet {action}"
        if certificate.broken and (action is not Action.RETIRE or certificate.withdrawn):
            yield f"certificate {id.hex()} has no claim that could be broken"
        if certificate.unclaimed and not (action is Action.RETIRE and certificate.withdrawn):
            yield f"certificate {id.hex()} has no withdrawn claim that could be taken back"
        if action is Action.WITHDRAW and not certificate.withdrawn:
            yield f"certificate {id.hex()} was withdrawn and is not marked"


INVARIANTS = (
    Invariant(
        "the leaves of a certificate's tree add up to exactly what was measured", _created_or_lost
    ),
    Invariant(
        "certificates and settlements tell of the same claims, each once, never of more than was "
        "consumed",
        _unsettled_or_overdrawn,
    ),
    Invariant(
        "a certificate never vanishes, keeps its origin and owner, and its next once written",
        _rewritten,
    ),
    Invariant(
        "a certificate that is not withdrawn stands for at least one watt-hour, and its marks fit "
        "what happened to it",
        _impossible,
    ),
)
