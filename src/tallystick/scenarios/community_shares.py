"""
Compute a second time how the roof was shared, from meter readings and the flats' shares alone.

The key is written down here as the agreement says it, in a few lines. What the ledger answers for
each quarter hour is then held against it, and what its read model adds up against the sum of both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.client.ledger import Ledger
from tallystick.contracts.sharing.views import SharedView, ShowShared

from .community_cast import House
from .community_house import production_at, shared_quarters
from .community_orders import Lane
from .community_rules import SHARED_PRICE
from .matching import divide


@dataclass(frozen=True, slots=True)
class Roof:
    """What a shared roof has given."""

    made_wh: int
    """What the roof made. [Wh]"""
    rest_wh: int
    """What nobody was credited with. [Wh]"""
    used_wh: tuple[int, ...]
    """What each flat used, at night too. [Wh]"""
    got_wh: tuple[int, ...]
    """What each flat was credited with. [Wh]"""
    paid: tuple[int, ...]
    """What each flat paid for it. [millionths of a euro]"""
    income: tuple[int, ...]
    """What the owner of each flat's share received. [millionths of a euro]"""


def answers(ledger: Ledger, lane: Lane) -> dict[int, SharedView]:
    """Ask the ledger how each quarter hour's production was shared."""
    found = {}
    for day in range(len(lane.days)):
        for quarter in shared_quarters(lane, day):
            answer = ledger.ask(ShowShared(production_at(lane, quarter)))
            if not isinstance(answer, SharedView):
                raise AssertionError("every production was shared")
            found[quarter] = answer
    return found


def roof_of(lane: Lane, shared: Iterable[SharedView]) -> Roof:
    """Add up what the ledger has answered."""
    views, flats = tuple(shared), lane.plan.cast.house.flats
    quarters = range(lane.days[0].first, lane.days[-1].end)
    places = range(len(flats))
    return Roof(
        made_wh=sum(view.produced_wh for view in views),
        rest_wh=sum(view.rest_wh for view in views),
        used_wh=tuple(sum(lane.measured_wh(flat, each) for each in quarters) for flat in flats),
        got_wh=tuple(sum(view.parts[n].energy_wh for view in views) for n in places),
        paid=tuple(sum(view.parts[n].cost for view in views) for n in places),
        income=tuple(sum(view.received[n] for view in views) for n in places),
    )


def credits_of(house: House, made_wh: int, used_wh: Sequence[int]) -> list[int]:
    """Return each flat's fixed share as far as it is used, and its part of what is left. [Wh]"""
    quotas = divide(made_wh, house.shares, first=0)
    own = list(map(min, quotas, used_wh))
    wanted = [used - got for used, got in zip(used_wh, own, strict=True)]
    more = divide(min(made_wh - sum(own), sum(wanted)), wanted, first=0)
    return [got + extra for got, extra in zip(own, more, strict=True)]


def shares_agree(lane: Lane, shared: Mapping[int, SharedView]) -> bool:
    """Tell whether every quarter hour was shared, paid and paid out as it should have been."""
    house = lane.plan.cast.house
    accounts = [lane.company.account(flat).public for flat in house.flats]
    for quarter, view in shared.items():
        made = lane.measured_wh(house.roof, quarter)
        got = credits_of(house, made, [lane.measured_wh(flat, quarter) for flat in house.flats])
        paid = [SHARED_PRICE * each for each in got]
        told = [(each.member, each.energy_wh, each.cost) for each in view.parts]
        if told != list(zip(accounts, got, paid, strict=True)):
            return False
        if (view.produced_wh, view.rest_wh) != (made, made - sum(got)):
            return False
        if list(view.received) != divide(sum(paid), house.shares, first=0):
            return False
    return bool(shared)


def sums_agree(
    lane: Lane,
    agreement: RecordId,
    roof: Roof,
    *,
    members: Iterable[Mapping[str, Any]],
    incomes: Iterable[Mapping[str, Any]],
) -> bool:
    """Tell whether the read model's sums are those of the answers, and no deposit is left."""
    accounts = [lane.company.account(flat).public for flat in lane.plan.cast.house.flats]
    credited: dict[PublicKey, tuple[int, int, int]] = {
        row["member"]: (row["energy_wh"], row["paid"], row["deposited"])
        for row in members
        if row["key"] == agreement
    }
    received = {row["account"]: row["received"] for row in incomes if row["key"] == agreement}
    return (
        [credited.get(each) for each in accounts]
        == [(got, paid, 0) for got, paid in zip(roof.got_wh, roof.paid, strict=True)]
        and [received.get(each, 0) for each in accounts] == list(roof.income)
        and sum(roof.paid) == sum(roof.income)
    )
