"""
A roof that six flats share.

The flats agree once on a key: each is credited with the share of the roof that its owner paid for,
and what one does not use goes to those who use more. The day before, each flat enrols its own meter
for every quarter hour of sun, and one of the owners the roof's. When the time for readings is over,
anybody may have the production shared: certificates are claimed for the flats, which pay from their
deposits to the owners, all in one act.
"""

from collections.abc import Iterator

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.client.ledger import Ledger
from tallystick.contracts.measurement.model import measurement_id
from tallystick.contracts.sharing.commands import (
    Agree,
    Enrol,
    EnrolProduction,
    MeterKey,
    PayIn,
    Share,
    Withdraw,
)
from tallystick.contracts.sharing.model import WH_PER_MWH, Income, Member, Method

from .community_cast import HOUSE, SECTOR, Company, Key, Office
from .community_orders import Lane
from .community_rules import SCALE, SHARED_PRICE, SHARING_DELAY_SECONDS
from .community_seen import Seen

DEPOSIT = 10 * 10**SCALE
PPM_A_PERCENT = 10_000


def agree(ledger: Ledger, company: Company, seen: Seen) -> None:
    """Let the operator and all flats agree on how the roof is shared, and the flats deposit."""
    house, operator = company.cast.house, company.office(Office.MARKET_OPERATOR)
    flats = [company.account(flat) for flat in house.flats]
    shares = [PPM_A_PERCENT * share for share in house.shares]
    agreement = Agree(
        name=HOUSE,
        sector=SECTOR,
        method=Method.HYBRID,
        members=tuple(Member(key.public, ppm) for key, ppm in zip(flats, shares, strict=True)),
        incomes=tuple(Income(key.public, ppm) for key, ppm in zip(flats, shares, strict=True)),
        money=seen.money,
        price_per_mwh=SHARED_PRICE * WH_PER_MWH,
        delay=SHARING_DELAY_SECONDS,
    )
    ledger.send(agreement, [key.secret for key in (operator, *flats)])
    seen.catch_up()
    deposits = [PayIn(seen.agreement, key.public, DEPOSIT) for key in flats]
    ledger.send(deposits, [key.secret for key in flats])


def enrolments(lane: Lane, seen: Seen, day: int) -> Iterator[tuple[list[Record], list[Key]]]:
    """Yield how each of the house's meters is enrolled for a day, from sunrise to sunset."""
    company, house = lane.company, lane.plan.cast.house
    quarters = sunny_quarters(lane, day)
    for meter in (house.roof, *house.flats) if quarters else ():
        is_roof = meter == house.roof
        account = company.account(house.flats[0] if is_roof else meter)
        keys = [company.meter(meter, quarter) for quarter in quarters]
        meters = tuple(
            MeterKey(key.public, lane.begin(quarter))
            for key, quarter in zip(keys, quarters, strict=True)
        )
        enrol = EnrolProduction if is_roof else Enrol
        yield [enrol(seen.agreement, account.public, meters)], [account, *keys]


def shares(lane: Lane, seen: Seen, day: int) -> list[Record]:
    """Return what has the roof's production of a day shared; anybody may sign it."""
    return [
        Share(key=seen.agreement, begin=lane.begin(quarter))
        for quarter in shared_quarters(lane, day)
    ]


def withdraw(ledger: Ledger, company: Company, seen: Seen) -> None:
    """Let the flats take back what is left of their deposits."""
    flats = [company.account(flat) for flat in company.cast.house.flats]
    withdrawals = [Withdraw(seen.agreement, key.public) for key in flats]
    ledger.send(withdrawals, [key.secret for key in flats])


def sunny_quarters(lane: Lane, day: int) -> range:
    """Return the quarter hours of a day from the roof's first production to its last."""
    found = shared_quarters(lane, day)
    return range(found[0], found[-1] + 1) if found else range(0)


def shared_quarters(lane: Lane, day: int) -> list[int]:
    """Return the quarter hours of a day in which the roof made something."""
    roof = lane.plan.cast.house.roof
    quarters = range(lane.days[day].first, lane.days[day].end)
    return [quarter for quarter in quarters if lane.measured_wh(roof, quarter)]


def production_at(lane: Lane, quarter: int) -> RecordId:
    """Return the id of what the roof made in a quarter hour."""
    key = lane.company.meter(lane.plan.cast.house.roof, quarter)
    return measurement_id(key.public, lane.begin(quarter))
