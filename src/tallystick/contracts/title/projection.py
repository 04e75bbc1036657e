"""Titles' read model: what there is, what is said of it, what became of it, and who was paid."""

from collections.abc import Iterator

from tallystick.base.identifiers import RecordId
from tallystick.core.event import Event
from tallystick.core.projection import Add, Delete, Insert, Projection, RowChange, Table, Update

from .events import (
    DependenceConfirmed,
    IncomeDistributed,
    TitleAmended,
    TitleLocked,
    TitleRebound,
    TitleRegistered,
    TitleReleased,
    TitleRetired,
    TitleTransferred,
    TitleWasShared,
)
from .history import Happening, step_of
from .model import Attribute, Dependence, Standing

TITLES = Table(
    name="titles",
    columns=(
        ("title", "bytes"),
        ("kind", "text"),
        ("name", "text"),
        ("owner", "bytes"),
        ("registered_at", "integer"),
        ("retired_at", "integer"),
        ("revision", "integer"),
        ("holder", "text"),
        ("locked_until", "integer"),
        ("named_ledger", "bytes"),
        ("named_title", "bytes"),
        ("proven_at", "integer"),
        ("standing", "text"),
    ),
    key=("title",),
    indexes=(("kind", "name"), ("owner",), ("named_ledger", "named_title"), ("standing",)),
)

ATTRIBUTES = Table(
    name="title_attributes",
    columns=(("title", "bytes"), ("name", "text"), ("value", "text")),
    key=("title", "name"),
    indexes=(("name", "value"),),
)

HISTORY = Table(
    name="title_history",
    columns=(
        ("title", "bytes"),
        ("revision", "integer"),
        ("time", "integer"),
        ("what", "text"),
        ("owner", "bytes"),
        ("detail", "text"),
    ),
    key=("title", "revision"),
)

SHARES = Table(
    name="title_shares",
    columns=(("title", "bytes"), ("asset", "bytes"), ("shared_at", "integer")),
    key=("title",),
    indexes=(("asset",),),
)

DISTRIBUTIONS = Table(
    name="title_distributions",
    columns=(
        ("title", "bytes"),
        ("distribution", "integer"),
        ("time", "integer"),
        ("unit", "bytes"),
        ("payer", "bytes"),
        ("amount", "integer"),
        ("holders", "integer"),
    ),
    key=("title", "distribution"),
)


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes. [ms since the epoch, UTC]"""
    match event:
        case TitleRegistered():
            yield from _fold_registration(event, time)
        case TitleWasShared(title=id, asset=asset):
            yield Insert(SHARES, (id, asset, time))
        case IncomeDistributed(title=id, distribution=n, unit=unit, payer=payer, amount=amount):
            yield Insert(DISTRIBUTIONS, (id, n, time, unit, payer, amount, event.holders))
        case (
            TitleAmended()
            | TitleTransferred()
            | TitleLocked()
            | TitleReleased()
            | TitleRetired()
            | TitleRebound()
            | DependenceConfirmed()
        ):
            yield from _fold_revision(event, time)


def _fold_registration(event: TitleRegistered, time: int) -> Iterator[RowChange]:
    """Fold what came to be."""
    id, found = event.title, event.depends_on
    standing = Standing.INDEPENDENT if found is None else Standing.IN_FORCE
    head = (id, event.kind, event.name, event.owner, time, 0, 1, "", 0)
    yield Insert(TITLES, (*head, *_named(found).values(), standing.value))
    yield _step(event, 1, time)
    for each in event.attributes:
        yield from _said(id, each)


def _fold_revision(
    event: TitleAmended
    | TitleTransferred
    | TitleLocked
    | TitleReleased
    | TitleRetired
    | TitleRebound
    | DependenceConfirmed,
    time: int,
) -> Iterator[RowChange]:
    """Fold what changed."""
    id, columns = event.title, {"revision": event.revision}
    free = {"holder": "", "locked_until": 0}
    match event:
        case TitleAmended(attributes=attributes, removed=removed):
            for name in removed:
                yield Delete(ATTRIBUTES, (id, name))
            for each in attributes:
                yield from _said(id, each)
            yield Update(TITLES, (id,), columns)
        case TitleTransferred(target=target, standing=standing):
            moved = {"owner": target, "standing": standing.value}
            yield Update(TITLES, (id,), columns | free | moved)
        case TitleLocked(lock=lock):
            held = {"holder": lock.holder, "locked_until": lock.until}
            yield Update(TITLES, (id,), columns | held)
        case TitleReleased():
            yield Update(TITLES, (id,), columns | free)
        case TitleRetired():
            yield Update(TITLES, (id,), columns | free | {"retired_at": time})
        case TitleRebound(depends_on=found) | DependenceConfirmed(depends_on=found):
            proven = _named(found) | {"standing": event.standing.value}
            yield Update(TITLES, (id,), columns | proven)
    yield _step(event, event.revision, time)


def _named(found: Dependence | None) -> dict[str, bytes | int]:
    """Return what is known of the title that another depends on."""
    if found is None:
        return {"named_ledger": b"", "named_title": b"", "proven_at": 0}
    return {
        "named_ledger": found.ledger,
        "named_title": found.title,
        "proven_at": found.as_of,
    }


def _said(title: RecordId, attribute: Attribute) -> Iterator[RowChange]:
    """Write what is said of a thing, whether or not something else was said before."""
    yield Add(ATTRIBUTES, (title, attribute.name), {})
    yield Update(ATTRIBUTES, (title, attribute.name), {"value": attribute.value})


def _step(event: Happening, revision: int, time: int) -> Insert:
    """Return a line of a title's history."""
    step = step_of(time, event)
    row = (event.title, revision, time, step.what, step.owner or b"", step.detail)
    return Insert(HISTORY, row)


PROJECTION = Projection(tables=(TITLES, ATTRIBUTES, HISTORY, SHARES, DISTRIBUTIONS), fold=fold)
