"""The rule by which published measurements count towards a unit's emissions and output."""

from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import RecordId
from tallystick.contracts.measurement.model import Kind, Measurement, Quality
from tallystick.core.context import Context

from .commands import Report
from .coverage import obligation_of
from .errors import (
    AmountTooLarge,
    MeasurementIsMissing,
    MeasurementNotFound,
    MeasurementNotOfUnit,
    MeasurementOutsidePeriods,
    NothingToCount,
    UnitNotFound,
)
from .events import MeasurementsCounted
from .ids import counted_id, obligation_id
from .model import Counted, Obligation, Unit, due
from .rules_unit import check_admitted
from .stock import terms_of
from .terms import Terms

Tally = dict[int, Obligation]
"""What a unit owes, by period, while measurements are being counted."""


def report(context: Context, command: Report) -> None:
    """
    Count measurements of a unit's meters.

    Anybody may, so a unit cannot keep an emission back that was published. Each is counted once; a
    corrected one by its difference, for the unit for which it was counted first, even if its meter
    is another's by now. A measurement counts to the period in which it begins. If that
    is closed for the unit, the difference in emissions counts to its first open period: nothing
    that was measured late is lost.
    """
    # READ
    id = command.unit
    unit = context.read(Unit, id)
    # CHECK
    if unit is None:
        raise UnitNotFound(id)
    check_admitted(unit)
    terms = terms_of(context, unit.programme)
    tally: Tally = {}
    counted: dict[RecordId, Counted] = {}
    for measurement in dict.fromkeys(command.measurements):
        _count(context, command, unit, measurement, tally, counted)
    if not counted:
        raise NothingToCount(len(command.measurements))
    for obligation in tally.values():
        emitted_g = obligation.emitted_g + max(0, obligation.carried_g)
        most = max(emitted_g, abs(obligation.carried_g), obligation.produced_wh)
        if most > AMOUNT_MAX:
            raise AmountTooLarge("measurements", most)
    # WRITE
    for place, figure in counted.items():
        context.write(place, figure)
    for period, obligation in sorted(tally.items()):
        context.write(obligation_id(unit=id, period=period), obligation)
        context.emit(
            MeasurementsCounted(
                unit=id,
                period=period,
                emitted_g=obligation.emitted_g,
                carried_g=obligation.carried_g,
                produced_wh=obligation.produced_wh,
                due=due(obligation, terms),
            )
        )


def _count(
    context: Context,
    command: Report,
    unit: Unit,
    measurement: RecordId,
    tally: Tally,
    counted: dict[RecordId, Counted],
) -> None:
    """Count one measurement, unless it was counted as it is."""
    found = context.read(Measurement, measurement)
    if found is None:
        raise MeasurementNotFound(_field(command, measurement), measurement)
    emission = found.kind is Kind.EMISSION and found.owner in unit.emission_keys
    output = found.kind is Kind.PRODUCTION and found.owner in unit.production_keys
    place = counted_id(programme=unit.programme, measurement=measurement)
    before = context.read(Counted, place)
    if not (emission or output) or (before is not None and before.unit != command.unit):
        raise MeasurementNotOfUnit(_field(command, measurement), measurement)
    if found.quality is Quality.MISSING:
        raise MeasurementIsMissing(_field(command, measurement), measurement)
    terms = terms_of(context, unit.programme)
    period = _period_of(terms, found.begin)
    open_period = max(period, unit.next_period)
    if period < unit.first_period or (emission and open_period == len(terms.periods)):
        raise MeasurementOutsidePeriods(_field(command, measurement), found.begin)
    if before is not None and before.revision == found.revision:
        return
    change = found.amount - (0 if before is None else before.amount)
    counted[place] = Counted(command.unit, found.amount, found.revision)
    target = open_period if emission else period
    obligation = tally.get(target) or obligation_of(context, command.unit, target)
    if not emission:
        tally[target] = replace(obligation, produced_wh=obligation.produced_wh + change)
    elif target == period:
        until = max(obligation.measured_until, found.end)
        emitted_g = obligation.emitted_g + change
        tally[target] = replace(obligation, emitted_g=emitted_g, measured_until=until)
    else:
        tally[target] = replace(obligation, carried_g=obligation.carried_g + change)


def _field(command: Report, measurement: RecordId) -> str:
    """Return where a command names a measurement."""
    return f"measurements[{command.measurements.index(measurement)}]"


def _period_of(terms: Terms, begin: int) -> int:
    """Return the period in which a second lies; -1 if it lies in none."""
    for n, each in enumerate(terms.periods):
        if each.begin <= begin < each.end:
            return n
    return -1
