"""
A roof that six flats share.

Each quarter hour the roof's production is divided among the flats in proportion to what they used,
and claimed for it. At the end of the week each flat pays for what it got, the grid operator for
what was left over, and the income goes to the flats' owners by the shares that they paid for.
"""

from collections.abc import Sequence

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey
from tallystick.client.ledger import Ledger
from tallystick.contracts.asset.commands import Transfer
from tallystick.contracts.certificate.commands import Claim, Split, SplitPart
from tallystick.contracts.certificate.model import SPLIT, child_id
from tallystick.contracts.measurement.model import measurement_id

from .community_cast import Company, Key, Office
from .community_log import Shared
from .community_orders import Lane
from .community_rules import FEED_IN_PRICE, SHARED_PRICE
from .community_seen import Seen
from .matching import divide


def share_day(ledger: Ledger, lane: Lane, quarters: range, shared: Shared) -> None:
    """Divide a day's production of the roof among the flats, and claim it for them."""
    house = lane.plan.cast.house
    shared.used_wh = shared.used_wh or [0] * len(house.flats)
    shared.got_wh = shared.got_wh or [0] * len(house.flats)
    work: list[bytes] = []
    for quarter in quarters:
        made = lane.measured_wh(house.roof, quarter)
        used = [lane.measured_wh(flat, quarter) for flat in house.flats]
        parts = divide(min(made, sum(used)), used, first=quarter % len(used))
        shared.made_wh += made
        shared.used_wh = _added(shared.used_wh, used)
        shared.got_wh = _added(shared.got_wh, parts)
        if any(parts):
            commands, keys = _claims(lane, quarter, parts, rest_wh=made - sum(parts))
            work.append(lane.company.seal(commands, keys, expiry=ledger.expiry()))
    ledger.submit_all(work)


def share_income(ledger: Ledger, company: Company, seen: Seen, shared: Shared) -> None:
    """Collect what the roof has earned, and pay all of it out by shares, in one transaction."""
    house, till = company.cast.house, company.till()
    grid = company.office(Office.GRID_OPERATOR)
    flats = [company.account(flat) for flat in house.flats]
    shared.paid = [SHARED_PRICE * got_wh for got_wh in shared.got_wh]
    shared.feed_in = FEED_IN_PRICE * (shared.made_wh - sum(shared.got_wh))
    income = sum(shared.paid) + shared.feed_in
    shared.income = divide(income, house.shares, first=0)

    def pay(source: PublicKey, target: PublicKey, amount: int) -> list[Record]:
        return [Transfer(seen.money, source, target, amount)] if amount else []

    commands = pay(grid.public, till.public, shared.feed_in)
    for flat, amount in zip(flats, shared.paid, strict=True):
        commands += pay(flat.public, till.public, amount)
    for flat, amount in zip(flats, shared.income, strict=True):
        commands += pay(till.public, flat.public, amount)
    if commands:
        ledger.send(commands, [each.secret for each in (grid, till, *flats)])


def _claims(
    lane: Lane, quarter: int, parts_wh: Sequence[int], *, rest_wh: int
) -> tuple[list[Record], list[Key]]:
    """Return the commands that split the roof's certificate and claim a part for each flat."""
    company, house, begin = lane.company, lane.plan.cast.house, lane.begin(quarter)
    roof = company.meter(house.roof, quarter)
    keys = [company.meter(flat, quarter) for flat in house.flats]
    given = [(key, wh) for key, wh in zip(keys, parts_wh, strict=True) if wh]
    parts = [SplitPart(wh, key.public) for key, wh in given]
    if rest_wh:
        parts.append(SplitPart(rest_wh, roof.public))
    whole = measurement_id(roof.public, begin)
    claims = [
        Claim(child_id(whole, SPLIT, n), measurement_id(key.public, begin), None)
        for n, (key, _) in enumerate(given)
    ]
    return [Split(whole, tuple(parts), None), *claims], [roof, *(key for key, _ in given)]


def _added(sums: Sequence[int], more: Sequence[int]) -> list[int]:
    """Return sums that have grown."""
    return [one + other for one, other in zip(sums, more, strict=True)]
