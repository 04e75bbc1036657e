"""The read model of shared productions: keys, whose meter is whose, what each got and paid."""

from collections.abc import Iterator

from tallystick.core.event import Event
from tallystick.core.projection import Add, Insert, Projection, RowChange, Table

from .events import (
    ConsumptionEnrolled,
    DepositPaidIn,
    DepositWithdrawn,
    IncomePaid,
    KeyAgreed,
    MemberCredited,
    ProductionEnrolled,
    ProductionShared,
)

KEYS = Table(
    name="sharing_keys",
    columns=(("key", "bytes"), ("name", "text"), ("method", "text"), ("agreed_at", "integer")),
    key=("key",),
)

MEMBERS = Table(
    name="sharing_members",
    columns=(
        ("key", "bytes"),
        ("member", "bytes"),
        ("deposited", "integer"),
        ("energy_wh", "integer"),
        ("paid", "integer"),
    ),
    key=("key", "member"),
    indexes=(("member",),),
)

INCOMES = Table(
    name="sharing_incomes",
    columns=(("key", "bytes"), ("account", "bytes"), ("received", "integer")),
    key=("key", "account"),
    indexes=(("account",),),
)

ENROLLED = Table(
    name="sharing_enrolled",
    columns=(
        ("key", "bytes"),
        ("begin", "integer"),
        ("kind", "text"),
        ("account", "bytes"),
        ("measurement", "bytes"),
    ),
    key=("key", "begin", "kind", "account"),
    indexes=(("measurement",), ("account",)),
)

PRODUCTIONS = Table(
    name="sharing_productions",
    columns=(
        ("production", "bytes"),
        ("key", "bytes"),
        ("produced_wh", "integer"),
        ("credited_wh", "integer"),
        ("paid", "integer"),
        ("shared_at", "integer"),
    ),
    key=("production",),
    indexes=(("key",),),
)


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes. [ms since the epoch, UTC]"""
    match event:
        case KeyAgreed(key=key, name=name, method=method):
            yield Insert(KEYS, (key, name, method.value, time))
        case DepositPaidIn(key=key, member=member, amount=amount):
            yield Add(MEMBERS, (key, member), {"deposited": amount})
        case DepositWithdrawn(key=key, member=member, amount=amount):
            yield Add(MEMBERS, (key, member), {"deposited": -amount})
        case MemberCredited(key=key, member=member, energy_wh=energy_wh, cost=cost):
            amounts = {"deposited": -cost, "energy_wh": energy_wh, "paid": cost}
            yield Add(MEMBERS, (key, member), amounts)
        case ConsumptionEnrolled(key=key, begin=begin, member=account):
            yield Insert(ENROLLED, (key, begin, "consumption", account, event.measurement))
        case ProductionEnrolled(key=key, begin=begin, owner=account):
            yield Insert(ENROLLED, (key, begin, "production", account, event.measurement))
        case IncomePaid(key=key, account=account, amount=amount):
            yield Add(INCOMES, (key, account), {"received": amount})
        case ProductionShared(production=production, key=key):
            row = (production, key, event.produced_wh, event.credited_wh, event.paid, time)
            yield Insert(PRODUCTIONS, row)


PROJECTION = Projection(tables=(KEYS, MEMBERS, INCOMES, ENROLLED, PRODUCTIONS), fold=fold)
