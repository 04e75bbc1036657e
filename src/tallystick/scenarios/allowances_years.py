"""Two years in both zones, month by month: measure, trade, surrender, close."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tallystick.base.identifiers import PublicKey
from tallystick.contracts.allowance.commands import (
    CarryOver,
    ClosePeriod,
    PayPenalty,
    Surrender,
    Transfer,
    WithdrawUnit,
)
from tallystick.contracts.allowance.views import VintageView
from tallystick.core.holding import holding_id

from .allowances_cast import LEAVING, NORTH, SHORT, SOUTH, TRADER, YEARS, Office
from .allowances_desk import Desk
from .allowances_floor import Floor
from .allowances_founding import allocate, set_baseline
from .allowances_measuring import Figures, expected_mwh, measure
from .allowances_model import month_after
from .allowances_terms import deadline_of

SHARES: Final = {7: 40, 11: 50, 12: 60}
"""In which months there is a spot auction, and what part of their need people trade. [%]"""
FUTURES_MONTH: Final = 7
FORECAST_MONTH: Final = 7
GIFT: Final = ("Alder 1", "Dun Peak", 5)
"""A transfer by hand, between two who know each other: source, target, per mille of a year."""
GIFT_MONTH: Final = date(2024, 11, 1)
LEAVES_IN: Final = date(2025, 8, 1)
LAST_MONTH: Final = date(2026, 4, 1)

SIGNER_IS_NOT_OWNER: Final = 622
VINTAGE_FROM_THE_FUTURE: Final = 689
SALE_BELOW_EMISSIONS: Final = 691
DEADLINE_NOT_PASSED: Final = 671


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What the ledger said beforehand of a unit's year."""

    name: str
    """The unit."""
    zone: str
    """Where it stands."""
    period: int
    """The year."""
    asked: date
    """When it was asked."""
    needed: int
    """Allowances that it will need."""
    covered: int
    """Allowances that it has."""
    shortfall: int
    """What will be missing."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a ledger says of a vintage at a moment, to be compared with its history."""

    zone: str
    """Whose."""
    period: int
    """The vintage."""
    month: date
    """After which month's doings."""
    events: int
    """How many events there had been."""
    totals: VintageView
    """What was issued, and what came of it."""
    held: tuple[tuple[PublicKey, int], ...]
    """What each account may dispose of."""


class Years:
    """The play, with all that it leaves behind."""

    def __init__(self, desks: list[Desk]) -> None:
        self.desks = desks
        self.floors = [Floor(desk) for desk in desks]
        self.figures = {desk.zone: Figures() for desk in desks}
        self.foreseen: list[Foreseen] = []
        """Every forecast that was asked for."""
        self.baselines: dict[tuple[str, int], int] = {}
        """Each unit's baseline of each year. [g/MWh]"""
        self.undelivered: Counter[str] = Counter()
        """Lots of futures that never came, by zone."""
        self.looks: list[Look] = []
        """What the ledger said of each vintage after each month."""
        self.transfers = 0
        """Transfers by hand."""

    def months(self) -> int:
        """Return how many months there are, in all zones."""
        return len(self.desks) * ((LAST_MONTH.year - YEARS[0]) * 12 + LAST_MONTH.month)

    def play(self, advance: Callable[[float], None]) -> None:
        """Play everything."""
        for desk in self.desks:
            self._begin_year(desk, 0)
        month = date(YEARS[0], 1, 1)
        while month <= LAST_MONTH:
            for desk, floor in zip(self.desks, self.floors, strict=True):
                self._play_month(desk, floor, month)
                self._look(desk, month)
                advance(1)
            month = month_after(month)
        for floor in self.floors:
            floor.close_statements()

    def _look(self, desk: Desk, month: date) -> None:
        """Note what the ledger answers at the end of a month's doings."""
        desk.seen.catch_up()
        for period in range(len(YEARS)):
            totals = desk.totals(period)
            self.looks.append(
                Look(
                    zone=desk.zone,
                    period=period,
                    month=month,
                    events=len(desk.seen.events),
                    totals=totals,
                    held=tuple(
                        (each.account.public, desk.held(each.name, period))
                        for each in desk.cast.members
                    ),
                )
            )

    def _play_month(self, desk: Desk, floor: Floor, month: date) -> None:
        """Play a month: what the last one's meters said, then whatever is due."""
        desk.set_day(month, hour=6)
        before = (month - timedelta(days=1)).replace(day=1)
        if before.year in YEARS:
            measure(desk, before, self.figures[desk.zone])
        if month.month == 1 and month.year > YEARS[0]:
            self._turn_year(desk, YEARS.index(month.year - 1))
        if month.year > YEARS[0]:
            self._settle_year(desk, floor, month, YEARS.index(month.year - 1))
        if month.year in YEARS:
            self._trade(desk, floor, month, YEARS.index(month.year))

    def _begin_year(self, desk: Desk, period: int) -> None:
        """Set every baseline and allocate by what units say that they will make."""
        for member in desk.cast.units:
            plant = member.plant
            if plant is None or member.name in desk.left:
                continue
            expected = expected_mwh(plant, YEARS[period], apart=desk.plan.days_apart)
            rate = set_baseline(desk, plant, period, expected_mwh=expected)
            self.baselines[member.name, period] = rate
            allocate(desk, member.name, period)

    def _turn_year(self, desk: Desk, ended: int) -> None:
        """Bring the old year to what was measured, and begin the next."""
        for member in desk.cast.units:
            if member.name not in desk.left:
                allocate(desk, member.name, ended)
        if ended + 1 < len(YEARS):
            self._begin_year(desk, ended + 1)

    def _trade(self, desk: Desk, floor: Floor, month: date, period: int) -> None:
        """Trade the running year's vintage, and do what happens once in the story."""
        if month == LEAVES_IN and desk.zone == SOUTH:
            _leave(desk, period)
        if month.month == FORECAST_MONTH:
            self._foresee(desk, month, period)
        if month.month == FUTURES_MONTH:
            floor.offer_futures(_delivery(period), period, floor.future_wishes(period))
        if month.month in SHARES:
            floor.spot(month.replace(day=20), period, share=SHARES[month.month])
        if month == GIFT_MONTH and desk.zone == NORTH:
            self._hand_over(desk, month, period)

    def _settle_year(self, desk: Desk, floor: Floor, month: date, period: int) -> None:
        """In the spring after a year: trade the rest, deliver, surrender, and draw it up."""
        delivery, deadline = _delivery(period), deadline_of(period)
        defaults = TRADER if (desk.zone, period) == (SOUTH, 0) else ""
        match month.month:
            case 2:
                floor.spot(month.replace(day=20), period, share=100, is_final=True)
            case 3:
                desk.set_day(delivery + timedelta(days=4), hour=10)
                floor.deliver(delivery, period, except_for=defaults)
                desk.set_day(delivery + timedelta(days=24), hour=10)
                self._foresee(desk, delivery + timedelta(days=24), period)
                self._surrender(desk, period)
                desk.set_day(delivery + timedelta(days=30), hour=10)
                lost = floor.settle_default(delivery, period)
                self.undelivered[desk.zone] += lost
                if lost:
                    floor.suspend_trader()
            case 4:
                desk.set_day(deadline, hour=8)
                self._close(desk, period)

    def _foresee(self, desk: Desk, day: date, period: int) -> None:
        """Ask who will fall short."""
        for member in desk.cast.units:
            if member.name not in desk.left:
                found = desk.forecast(member.name, period)
                self.foreseen.append(
                    Foreseen(
                        name=member.name,
                        zone=desk.zone,
                        period=period,
                        asked=day,
                        needed=found.needed,
                        covered=found.covered,
                        shortfall=found.shortfall,
                    )
                )

    def _surrender(self, desk: Desk, period: int) -> None:
        """Let all units but the one that waits for its future surrender what they owe."""
        for member in desk.cast.units:
            if member.name in desk.left or (member.name, period) == (SHORT, 0):
                continue
            owed = desk.obligation(member.name, period)
            amount = min(owed.due - owed.surrendered, desk.held(member.name, period))
            if amount > 0:
                unit = desk.units[member.name]
                desk.send(Surrender(unit, period, amount), member.account)
        unit, waiting = desk.units[desk.cast.units[0].name], desk.cast.units[0]
        if period + 1 < len(YEARS):
            everything = sum(desk.held(waiting.name, each) for each in range(period + 2))
            desk.refuse(
                "A unit surrenders allowances of the next vintage",
                VINTAGE_FROM_THE_FUTURE,
                Surrender(unit, period, everything),
                waiting.account,
            )
        desk.refuse(
            "Somebody closes a year before its deadline",
            DEADLINE_NOT_PASSED,
            ClosePeriod(unit, period),
            desk.office(Office.OPERATOR),
        )

    def _close(self, desk: Desk, period: int) -> None:
        """Draw up every unit's account, let leftovers end, and collect the penalty."""
        anybody = desk.office(Office.EXCHANGE)
        for member in desk.cast.units:
            if member.name not in desk.left:
                desk.send(ClosePeriod(desk.units[member.name], period), anybody)
        for name in (TRADER, *sorted(desk.left)):
            if desk.held(name, period):
                holding = holding_id(desk.vintage(period), desk.account(name).public)
                desk.send(CarryOver(holding), anybody)
        for member in desk.cast.units:
            if desk.obligation(member.name, period).debt:
                pay = PayPenalty(desk.units[member.name], member.account.public)
                desk.send(pay, member.account)
        desk.seen.catch_up()

    def _hand_over(self, desk: Desk, month: date, period: int) -> None:
        """Hand allowances over without a market, for a fee."""
        desk.set_day(month, hour=12)
        source, target, per_mille = GIFT
        giver, taker = desk.account(source), desk.account(target)
        held = desk.held(source, period)

        def transfer(amount: int) -> Transfer:
            return Transfer(
                programme=desk.programme,
                zone=desk.zone,
                period=period,
                source=giver.public,
                target=taker.public,
                amount=amount,
                payer=giver.public,
            )

        desk.refuse(
            "A unit sells what its emissions take", SALE_BELOW_EMISSIONS, transfer(held), giver
        )
        desk.refuse(
            "A stranger transfers a unit's allowances", SIGNER_IS_NOT_OWNER, transfer(1), taker
        )
        desk.send(transfer(max(1, held * per_mille // 1_000)), giver)
        self.transfers += 1


def _leave(desk: Desk, period: int) -> None:
    """Let a unit cover what it has emitted, give back what it did not earn, and leave."""
    member, unit = desk.cast.member(LEAVING), desk.units[LEAVING]
    owed = desk.obligation(LEAVING, period)
    desk.send(Surrender(unit, period, owed.due - owed.surrendered), member.account)
    desk.send(WithdrawUnit(unit), member.account, desk.office(Office.DIRECTOR))
    desk.left.add(LEAVING)


def _delivery(period: int) -> date:
    """Return the day from which futures of a vintage are delivered."""
    return date(YEARS[period] + 1, 3, 1)
