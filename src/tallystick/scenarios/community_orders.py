"""What members of the lane sign: orders the day before, availability at dawn, readings after."""

import random
from collections.abc import Iterable, Iterator

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.device.commands import Declare
from tallystick.contracts.market.commands import MeterKey, Place
from tallystick.contracts.market.model import Side

from .community_cast import SECTOR, Company, Key, Member
from .community_rules import BOAST, DAWN_ERROR, DAY_AHEAD_ERROR, Plan, guess, level_of, product_at
from .village_data import INTERVAL_SECONDS
from .village_weeks import Day
from .village_work import reading_commands

OUTAGE_FIRST_HOUR, OUTAGE_LAST_HOUR = 14, 16
_QUARTERS_PER_HOUR = 3_600 // INTERVAL_SECONDS


class Lane:
    """Everybody's meters in the lane, and what people expect of them."""

    def __init__(self, company: Company, plan: Plan, days: list[Day]) -> None:
        self.company = company
        self.plan = plan
        self.days = days
        first = days[plan.outage_day].first
        self.outage = range(
            first + OUTAGE_FIRST_HOUR * _QUARTERS_PER_HOUR,
            first + OUTAGE_LAST_HOUR * _QUARTERS_PER_HOUR,
        )
        """The quarter hours in which a donor's line is broken."""

    def begin(self, quarter: int) -> int:
        """Return when a quarter hour begins. [s since the epoch, UTC]"""
        return self.company.village.begins[quarter]

    def measured_wh(self, meter: int, quarter: int) -> int:
        """Return what a meter counts. Behind a broken line a roof makes nothing."""
        if quarter in self.outage and meter == self._donor(self.plan.cast.cut_off).meter:
            return 0
        return self.company.village.energy_wh[meter][quarter]

    def offer_wh(self, donor: Member, quarter: int) -> int:
        """Return what a donor offers the day before."""
        made = self.company.village.energy_wh[donor.meter][quarter]
        expected = guess(made, donor.meter, quarter, error=DAY_AHEAD_ERROR)
        return expected * BOAST // 100 if donor is self._boaster else expected

    def request_wh(self, receiver: Member, quarter: int) -> int:
        """Return what a receiver asks for the day before."""
        used = self.company.village.energy_wh[receiver.meter][quarter]
        return guess(used, receiver.meter, quarter, error=DAY_AHEAD_ERROR)

    def available_wh(self, donor: Member, quarter: int, day: int) -> int:
        """Return what a donor's controller promises at dawn; that of the boaster not always."""
        if donor is self._boaster and day not in self.plan.honest_days:
            return self.offer_wh(donor, quarter)
        made = self.company.village.energy_wh[donor.meter][quarter]
        return guess(made, donor.meter, quarter + 1, error=DAWN_ERROR)

    def trading_quarters(self, day: int) -> list[int]:
        """Return the quarter hours of a day in which somebody offers something."""
        return [
            quarter
            for quarter in range(self.days[day].first, self.days[day].end)
            if any(self.offer_wh(donor, quarter) for donor in self.plan.cast.donors)
        ]

    def orders(
        self, market: RecordId, devices: dict[str, RecordId], day: int
    ) -> Iterator[tuple[list[Record], list[Key]]]:
        """Yield each member's orders for a day, with the keys that sign them together."""
        for members, side in ((self._donors, Side.SELL), (self._receivers, Side.BUY)):
            for member in members:
                commands: list[Record] = []
                keys = [self.company.account(member.meter)]
                for quarter in self.trading_quarters(day):
                    sells = side is Side.SELL
                    lots = (self.offer_wh if sells else self.request_wh)(member, quarter)
                    if lots:
                        device = devices[member.name] if sells else None
                        commands.append(self.order(market, member, quarter, lots, device))
                        keys.append(self.company.meter(member.meter, quarter))
                if commands:
                    yield commands, keys

    def order(
        self, market: RecordId, member: Member, quarter: int, lots: int, device: RecordId | None
    ) -> Place:
        """Return one order; whoever names a device sells."""
        key = self.company.meter(member.meter, quarter)
        begin = self.begin(quarter)
        return Place(
            market=market,
            product=product_at(market, begin),
            side=Side.BUY if device is None else Side.SELL,
            owner=self.company.account(member.meter).public,
            level=level_of(member.limit),
            lots=lots,
            least=0,
            valid_until=0,
            device=device,
            meters=(MeterKey(key.public, begin),),
            partner=None,
        )

    def promises(
        self, devices: dict[str, RecordId], day: int
    ) -> Iterator[tuple[list[Record], list[Key]]]:
        """Yield what each donor's controller says at dawn of the day's offers."""
        for donor in self._donors:
            commands: list[Record] = [
                Declare(
                    devices[donor.name],
                    self.begin(quarter),
                    self.begin(quarter) + INTERVAL_SECONDS,
                    self.available_wh(donor, quarter, day),
                )
                for quarter in self.trading_quarters(day)
                if self.offer_wh(donor, quarter)
            ]
            if commands:
                yield commands, [self.company.controller(donor.meter)]

    def readings(self, meters: Iterable[int], quarters: Iterable[int]) -> list[Record]:
        """Return what the meter data administrator publishes, in no order that tells anything."""
        chosen = list(meters)
        groups = [
            reading_commands(
                self.company.village.meters[meter],
                self.company.meter(meter, quarter).public,
                self.begin(quarter),
                self.measured_wh(meter, quarter),
                SECTOR,
            )
            for quarter in quarters
            for meter in chosen
        ]
        random.SystemRandom().shuffle(groups)
        return [command for group in groups for command in group]

    @property
    def _donors(self) -> tuple[Member, ...]:
        return self.plan.cast.donors

    @property
    def _receivers(self) -> tuple[Member, ...]:
        return self.plan.cast.receivers

    @property
    def _boaster(self) -> Member:
        return self._donor(self.plan.cast.boaster)

    def _donor(self, place: int) -> Member:
        return self.plan.cast.donors[place]
