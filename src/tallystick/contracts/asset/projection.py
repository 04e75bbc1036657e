"""Assets' read model: classes, tokens, and what each owner has."""

from collections.abc import Iterator

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.event import Event
from tallystick.core.projection import Add, Insert, Projection, RowChange, Table

from .events import (
    AssetBurned,
    AssetDefined,
    AssetLocked,
    AssetMinted,
    AssetMoved,
    AssetReleased,
)

CLASSES = Table(
    name="asset_classes",
    columns=(
        ("asset", "bytes"),
        ("name", "text"),
        ("unit", "text"),
        ("scale", "integer"),
        ("kind", "text"),
        ("defined_at", "integer"),
    ),
    key=("asset",),
    indexes=(("name",),),
)

SERIES = Table(
    name="asset_series",
    columns=(
        ("series", "bytes"),
        ("asset", "bytes"),
        ("project_id", "text"),
        ("reading_id", "text"),
        ("kwh", "integer"),
        ("owner", "bytes"),
        ("minted_at", "integer"),
        ("nonce", "integer"),
    ),
    key=("series",),
    indexes=(("asset", "reading_id"), ("owner",)),
)

BALANCES = Table(
    name="asset_balances",
    columns=(
        ("unit", "bytes"),
        ("owner", "bytes"),
        ("spendable", "integer"),
        ("locked", "integer"),
    ),
    key=("unit", "owner"),
    indexes=(("owner",),),
)

SUPPLIES = Table(
    name="asset_supplies",
    columns=(("unit", "bytes"), ("minted", "integer"), ("burned", "integer")),
    key=("unit",),
)


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes. [ms since the epoch, UTC]"""
    match event:
        case AssetDefined(asset=id, name=name, unit=unit, scale=scale, kind=kind):
            yield Insert(CLASSES, (id, name, unit, scale, kind.value, time))
        case AssetMinted():
            yield from _fold_mint(event, time)
        case AssetBurned(unit=unit, owner=owner, amount=amount):
            yield _balance(unit, owner, spendable=-amount)
            yield Add(SUPPLIES, (unit,), {"burned": amount})
        case AssetMoved(unit=unit, amount=amount):
            column = "locked" if event.from_lock else "spendable"
            yield Add(BALANCES, (unit, event.source), {column: -amount})
            yield _balance(unit, event.target, spendable=amount)
        case AssetLocked(unit=unit, owner=owner, amount=amount):
            yield _balance(unit, owner, spendable=-amount, locked=amount)
        case AssetReleased(unit=unit, owner=owner, amount=amount):
            yield _balance(unit, owner, spendable=amount, locked=-amount)


def _fold_mint(event: AssetMinted, time: int) -> Iterator[RowChange]:
    """Fold what came to be."""
    if event.series is not None:
        row = (event.series, event.asset, event.project_id, event.reading_id)
        yield Insert(SERIES, (*row, event.amount, event.owner, time, event.nonce))
    yield _balance(event.unit, event.owner, spendable=event.amount)
    yield Add(SUPPLIES, (event.unit,), {"minted": event.amount})


def _balance(unit: RecordId, owner: PublicKey, *, spendable: int, locked: int = 0) -> Add:
    """Return a change of both parts of an account."""
    amounts = {"spendable": spendable, "locked": locked} if locked else {"spendable": spendable}
    return Add(BALANCES, (unit, owner), amounts)


PROJECTION = Projection(tables=(CLASSES, SERIES, BALANCES, SUPPLIES), fold=fold)
