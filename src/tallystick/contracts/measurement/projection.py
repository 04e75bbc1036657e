"""Measurement's read model: totals per sector, kind and interval."""

from collections.abc import Iterator

from tallystick.core.event import Event
from tallystick.core.projection import Add, Projection, RowChange, Table

from .events import MeasurementCorrected, MeasurementPublished

TOTALS = Table(
    name="measurement_totals",
    columns=(
        ("sector", "text"),
        ("kind", "text"),
        ("begin", "integer"),
        ("end", "integer"),
        ("measurements", "integer"),
        ("corrections", "integer"),
        ("amount", "integer"),
    ),
    key=("sector", "kind", "begin", "end"),
    indexes=(("begin",),),
)


def fold(event: Event, _time: int) -> Iterator[RowChange]:
    """Turn an event into row changes."""
    match event:
        case MeasurementPublished():
            key = (event.sector, event.kind.value, event.begin, event.end)
            yield Add(TOTALS, key, {"measurements": 1, "amount": event.amount})
        case MeasurementCorrected():
            key = (event.sector, event.kind.value, event.begin, event.end)
            change = event.new_amount - event.old_amount
            yield Add(TOTALS, key, {"corrections": 1, "amount": change})


PROJECTION = Projection(tables=(TOTALS,), fold=fold)
