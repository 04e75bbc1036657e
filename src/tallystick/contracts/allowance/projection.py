"""
The read model of allowances: public lists, what is confidential, and each allowance's way.

`PUBLIC` names the tables that anybody may see. The rest is for the account's holder, the Director
and the registry operator; an interface has to keep them apart.
"""

from collections.abc import Iterator
from typing import Final

from tallystick.base.identifiers import RecordId
from tallystick.core.event import Event
from tallystick.core.projection import Add, Insert, Projection, RowChange, Table, Update

from .events import (
    AccountClosed,
    AccountOpened,
    AllowancesAllocated,
    AllowancesLocked,
    AllowancesMoved,
    AllowancesReleased,
    AllowancesRetired,
    AllowancesTransferred,
    ApplicationDecided,
    BaselineSet,
    HolderRegistered,
    MeasurementsCounted,
    PeriodClosed,
    ProgrammeOpened,
    UnitApplied,
    UnitWithdrawn,
)
from .holdings import Block, End, amount_of
from .ids import vintage_id
from .model import UnitStatus

PROGRAMMES: Final = Table(
    name="allowance_programmes",
    columns=(
        ("programme", "bytes"),
        ("name", "text"),
        ("pollutant", "text"),
        ("unit_grams", "integer"),
        ("opened_at", "integer"),
    ),
    key=("programme",),
)

HOLDERS: Final = Table(
    name="allowance_holders",
    columns=(("holder", "bytes"), ("programme", "bytes"), ("zone", "text"), ("name", "text")),
    key=("holder",),
    indexes=(("programme", "zone"),),
)

UNITS: Final = Table(
    name="allowance_units",
    columns=(
        ("unit", "bytes"),
        ("programme", "bytes"),
        ("zone", "text"),
        ("size_mw", "integer"),
        ("type", "text"),
        ("postcode", "text"),
        ("status", "text"),
        ("first_period", "integer"),
    ),
    key=("unit",),
    indexes=(("programme", "zone"),),
)

BASELINES: Final = Table(
    name="allowance_baselines",
    columns=(
        ("unit", "bytes"),
        ("period", "integer"),
        ("rate_g_per_mwh", "integer"),
        ("formula_g_per_mwh", "integer"),
        ("expected_mwh", "integer"),
    ),
    key=("unit", "period"),
)

VINTAGES: Final = Table(
    name="allowance_vintages",
    columns=(
        ("vintage", "bytes"),
        ("issued", "integer"),
        ("surrendered", "integer"),
        ("cancelled", "integer"),
        ("expired", "integer"),
    ),
    key=("vintage",),
)

ACCOUNTS: Final = Table(
    name="allowance_accounts",
    columns=(
        ("account", "bytes"),
        ("programme", "bytes"),
        ("zone", "text"),
        ("key", "bytes"),
        ("kind", "text"),
        ("commitment", "bytes"),
        ("closed_at", "integer"),
    ),
    key=("account",),
    indexes=(("key",),),
)

HOLDINGS: Final = Table(
    name="allowance_holdings",
    columns=(
        ("vintage", "bytes"),
        ("owner", "bytes"),
        ("spendable", "integer"),
        ("locked", "integer"),
    ),
    key=("vintage", "owner"),
    indexes=(("owner",),),
)

OBLIGATIONS: Final = Table(
    name="allowance_obligations",
    columns=(
        ("unit", "bytes"),
        ("period", "integer"),
        ("emitted_g", "integer"),
        ("carried_g", "integer"),
        ("produced_wh", "integer"),
        ("due", "integer"),
        ("surrendered", "integer"),
        ("missing", "integer"),
        ("penalty", "integer"),
        ("closed_at", "integer"),
    ),
    key=("unit", "period"),
)

MOVEMENTS: Final = Table(
    name="allowance_movements",
    columns=(
        ("vintage", "bytes"),
        ("first", "integer"),
        ("last", "integer"),
        ("time", "integer"),
        ("what", "text"),
        ("source", "bytes"),
        ("target", "bytes"),
        ("times", "integer"),
    ),
    key=("vintage", "first", "last", "time", "what", "source", "target"),
)
"""Each block's ways; the history of number n is in the rows with first <= n <= last, by time."""

PUBLIC: Final = (PROGRAMMES, HOLDERS, UNITS, BASELINES, VINTAGES)
"""What anybody may see."""

CONFIDENTIAL: Final = (ACCOUNTS, HOLDINGS, OBLIGATIONS, MOVEMENTS)
"""What only the holder, the Director and the registry operator may see."""

NOBODY: Final = b""


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes."""
    match event:
        case ProgrammeOpened(programme=id, terms=terms):
            yield Insert(PROGRAMMES, (id, terms.name, terms.pollutant, terms.unit_grams, time))
        case HolderRegistered():
            yield Insert(HOLDERS, (event.holder, event.programme, event.zone, event.name))
        case AccountOpened(account=id, kind=kind, commitment=commitment):
            row = (id, event.programme, event.zone, event.key, kind.value, commitment, 0)
            yield Insert(ACCOUNTS, row)
        case AccountClosed(account=id):
            yield Update(ACCOUNTS, (id,), {"closed_at": time})
        case UnitApplied() | ApplicationDecided() | UnitWithdrawn() | BaselineSet():
            yield from _fold_unit(event)
        case MeasurementsCounted() | PeriodClosed():
            yield from _fold_obligation(event, time)
        case _:
            yield from _fold_movement(event, time)


def _fold_unit(
    event: UnitApplied | ApplicationDecided | UnitWithdrawn | BaselineSet,
) -> Iterator[RowChange]:
    """Fold what is public of a unit."""
    match event:
        case UnitApplied(unit=id, facts=facts):
            where = (id, event.programme, event.zone)
            what = (facts.size_mw, facts.type, facts.postcode)
            yield Insert(UNITS, (*where, *what, UnitStatus.APPLIED.value, 0))
        case ApplicationDecided(unit=id, admitted=admitted, first_period=period):
            status = UnitStatus.ADMITTED if admitted else UnitStatus.REFUSED
            yield Update(UNITS, (id,), {"status": status.value, "first_period": period})
        case UnitWithdrawn(unit=id):
            yield Update(UNITS, (id,), {"status": UnitStatus.WITHDRAWN.value})
        case BaselineSet(unit=id, period=period):
            # It may be set again until it is used: a row of zeros becomes whatever is set last.
            yield Add(BASELINES, (id, period), {"expected_mwh": 0})
            figures = {
                "rate_g_per_mwh": event.rate_g_per_mwh,
                "formula_g_per_mwh": event.formula_g_per_mwh,
                "expected_mwh": event.expected_mwh,
            }
            yield Update(BASELINES, (id, period), figures)


def _fold_obligation(event: MeasurementsCounted | PeriodClosed, time: int) -> Iterator[RowChange]:
    """Fold what a unit owes."""
    key = (event.unit, event.period)
    yield Add(OBLIGATIONS, key, {"due": 0})
    match event:
        case MeasurementsCounted():
            figures = {
                "emitted_g": event.emitted_g,
                "carried_g": event.carried_g,
                "produced_wh": event.produced_wh,
                "due": event.due,
            }
            yield Update(OBLIGATIONS, key, figures)
        case PeriodClosed():
            figures = {
                "missing": event.missing,
                "penalty": event.penalty,
                "due": event.due,
                "closed_at": time,
            }
            yield Update(OBLIGATIONS, key, figures)


def _fold_movement(event: Event, time: int) -> Iterator[RowChange]:
    """Fold what moves allowances."""
    match event:
        case AllowancesAllocated(owner=owner, blocks=blocks):
            vintage = vintage_id(programme=event.programme, zone=event.zone, period=event.period)
            yield Add(VINTAGES, (vintage,), {"issued": amount_of(blocks)})
            yield _held(vintage, owner, spendable=amount_of(blocks))
            yield from _ways(vintage, blocks, time, "allocated", NOBODY, owner)
        case AllowancesTransferred(vintage=vintage, source=source, target=target, blocks=blocks):
            yield _held(vintage, source, spendable=-amount_of(blocks))
            yield _held(vintage, target, spendable=amount_of(blocks))
            yield from _ways(vintage, blocks, time, "transferred", source, target)
        case AllowancesLocked(vintage=vintage, owner=owner, blocks=blocks):
            amount = amount_of(blocks)
            yield _held(vintage, owner, spendable=-amount, locked=amount)
            yield from _ways(vintage, blocks, time, "locked", owner, owner)
        case AllowancesReleased(vintage=vintage, owner=owner, blocks=blocks):
            amount = amount_of(blocks)
            yield _held(vintage, owner, spendable=amount, locked=-amount)
            yield from _ways(vintage, blocks, time, "released", owner, owner)
        case AllowancesMoved(vintage=vintage, source=source, target=target, blocks=blocks):
            column = "locked" if event.locked else "spendable"
            yield Add(HOLDINGS, (vintage, source), {column: -amount_of(blocks)})
            yield _held(vintage, target, spendable=amount_of(blocks))
            yield from _ways(vintage, blocks, time, "moved", source, target)
        case AllowancesRetired(vintage=vintage, owner=owner, end=end, blocks=blocks):
            column = "spendable" if event.holder is None else "locked"
            yield Add(HOLDINGS, (vintage, owner), {column: -amount_of(blocks)})
            yield Add(VINTAGES, (vintage,), {end.value: amount_of(blocks)})
            yield from _ways(vintage, blocks, time, end.value, owner, NOBODY)
            if end is End.SURRENDERED:
                key = (event.unit, event.covers)
                yield Add(OBLIGATIONS, key, {"surrendered": amount_of(blocks)})


def _held(vintage: RecordId, owner: bytes, *, spendable: int, locked: int = 0) -> Add:
    """Return the change of what an owner holds."""
    return Add(HOLDINGS, (vintage, owner), {"spendable": spendable, "locked": locked})


def _ways(
    vintage: RecordId,
    blocks: tuple[Block, ...],
    time: int,
    what: str,
    source: bytes,
    target: bytes,
) -> Iterator[RowChange]:
    """Return the rows of blocks that moved together."""
    for each in blocks:
        yield Add(
            MOVEMENTS, (vintage, each.first, each.last, time, what, source, target), {"times": 1}
        )


PROJECTION = Projection(tables=(*PUBLIC, *CONFIDENTIAL), fold=fold)
