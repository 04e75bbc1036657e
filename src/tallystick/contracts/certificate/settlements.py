"""What becomes of a settlement when one of its parts comes, changes or goes."""

from tallystick.base.identifiers import RecordId

from .model import Part, Settlement


def with_part(settlement: Settlement, part: Part) -> Settlement:
    """Return a settlement with one more part at its end."""
    return Settlement(
        settlement.measurement,
        (*settlement.parts, part),
        settlement.total_wh + part.amount_wh,
    )


def find_part(settlement: Settlement, certificate: RecordId) -> Part | None:
    """Return the part of a certificate, or nothing."""
    for part in settlement.parts:
        if part.certificate == certificate:
            return part
    return None


def with_mark(settlement: Settlement, certificate: RecordId) -> Settlement:
    """Return a settlement in which a certificate's part is marked as withdrawn."""
    parts = tuple(
        Part(part.certificate, part.amount_wh, withdrawn=True)
        if part.certificate == certificate
        else part
        for part in settlement.parts
    )
    return Settlement(settlement.measurement, parts, settlement.total_wh)


def with_less(settlement: Settlement, certificate: RecordId, amount_wh: int) -> Settlement:
    """Return a settlement in which a certificate's part is smaller; at zero it is gone. [Wh]"""
    parts = tuple(
        Part(part.certificate, amount_wh, part.withdrawn)
        if part.certificate == certificate
        else part
        for part in settlement.parts
        if amount_wh or part.certificate != certificate
    )
    return Settlement(settlement.measurement, parts, sum(part.amount_wh for part in parts))
