"""
The lane's week, in the order in which it happens.

Each delivery day has five moments: the day before, when orders come in before the gates close one
after the other; that evening, when all books are cleared; dawn, when controllers say what there
will be; the morning after, when readings are published and trades are settled; and a day later,
when the time for readings is over and the shared roof's production is divided.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.client.ledger import Ledger
from tallystick.contracts.certificate.commands import Transfer
from tallystick.contracts.device.commands import DeclareOutage
from tallystick.contracts.market.commands import Clear, Close, Pay, Resettle, Settle
from tallystick.contracts.market.events import MarketFilled
from tallystick.contracts.market.views import ParticipantView, ShowParticipant
from tallystick.contracts.measurement.model import measurement_id

from .community_cast import SECTOR, Company, Key, Member, Office
from .community_founding import admit, devices_by_name, found
from .community_house import enrolments, shares, sunny_quarters, withdraw
from .community_log import Log
from .community_orders import Lane
from .community_rules import (
    DELAY_SECONDS,
    GATE_SECONDS,
    SHARING_DELAY_SECONDS,
    Plan,
    book_at,
    product_at,
)
from .community_seen import Seen
from .scenario import Advance
from .village_data import INTERVAL_SECONDS
from .village_weeks import Day, DayClock

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
COMMANDS_MAX = 1_000
FILLS_A_SETTLEMENT = 64
SHARES_A_TRANSACTION = 16
FILLS_A_CLEARING = 13
"""The operator's computer stops after so many trades of a book; a stranger's goes on."""

NOT_ADMITTED, GATE_CLOSED, READING_MISSING, SETTLED_ALREADY = 508, 516, 557, 551
LOCKED_FOR_ANOTHER, CONTROLLER_HAS_NOT_SIGNED = 312, 711
PARTY_HAS_NOT_SIGNED, SHARED_ALREADY = 761, 771
"""Codes of rejections."""

Item = TypeVar("Item")


class Week:
    """The week as it goes on."""

    def __init__(
        self, ledger: Ledger, company: Company, plan: Plan, days: Sequence[Day], clock: DayClock
    ) -> None:
        self.ledger = ledger
        self.company = company
        self.plan = plan
        self.days = list(days)
        self.clock = clock
        self.seen = Seen(ledger)
        self.lane = Lane(company, plan, self.days)
        self.log = Log()
        self._fills: dict[int, list[MarketFilled]] = {}
        self._waiting: list[RecordId] = []

    def play(self, advance: Advance) -> None:
        """Play everything at its time."""
        self._found()
        for moment, act in sorted(self._agenda(), key=lambda entry: entry[0]):
            self.clock.milliseconds = moment
            act()
            advance(1)

    def moments(self) -> int:
        """Return how many moments the agenda has."""
        return len(list(self._agenda()))

    def _agenda(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """Yield what happens when. [ms since the epoch, UTC]"""
        for n, day in enumerate(self.days):
            midnight = 1_000 * self.lane.begin(day.first)
            quarters = self.lane.trading_quarters(n)
            last = 1_000 * self.lane.begin(quarters[-1])
            yield midnight - DAY + 5 * MINUTE, _bind(self._order, n)
            yield last - 1_000 * GATE_SECONDS + 5 * MINUTE, _bind(self._clear, n)
            yield midnight + 4 * HOUR, _bind(self._promise, n)
            yield day.time, _bind(self._settle, n)
            sunny = sunny_quarters(self.lane, n)
            if sunny:
                dusk = self.lane.begin(sunny[-1]) + INTERVAL_SECONDS
                yield 1_000 * (dusk + SHARING_DELAY_SECONDS) + 5 * MINUTE, _bind(self._share, n)
            if n == self.plan.outage_day:
                begin = 1_000 * self.lane.begin(self.lane.outage.start)
                yield begin + 10 * MINUTE, self._declare_outage
            if n == self.plan.late_day:
                waited = last + 1_000 * (INTERVAL_SECONDS + DELAY_SECONDS) + 10 * MINUTE
                yield waited, self._settle_without
                yield waited + 2 * HOUR, self._correct
        end = 1_000 * (self.lane.begin(self.days[-1].end - 1) + INTERVAL_SECONDS)
        yield end + 1_000 * DELAY_SECONDS + 10 * MINUTE, self._close

    def _found(self) -> None:
        """Found the market and admit everybody but the last receiver, who tries all the same."""
        begin = self.lane.begin(self.days[0].first)
        end = self.lane.begin(self.days[-1].end - 1) + INTERVAL_SECONDS
        found(self.ledger, self.company, self.seen, begin=begin, end=end)
        self.devices = devices_by_name(self.company, self.seen)
        *members, last = (*self.plan.cast.donors, *self.plan.cast.receivers)
        admit(self.ledger, self.company, self.seen, members)
        self._try_order("An order of somebody who is not admitted", last, "market", NOT_ADMITTED)
        admit(self.ledger, self.company, self.seen, [last])

    def _order(self, day: int) -> None:
        """Place everybody's orders for a day, and enrol the meters of the shared roof's house."""
        orders = list(self.lane.orders(self.seen.market, self.devices, day))
        with self.log.timed("orders", sum(len(commands) for commands, _ in orders)):
            self.ledger.submit_all([self.seal(*order) for order in orders])
        enrolled = list(enrolments(self.lane, self.seen, day))
        if day == 0:
            self._try_to_move_in(enrolled[1])
        with self.log.timed("enrolments", sum(len(keys) - 1 for _, keys in enrolled)):
            self.ledger.submit_all([self.seal(*each) for each in enrolled])

    def _clear(self, day: int) -> None:
        """Clear a day's books: the operator begins, and a stranger finishes what is left."""
        begins = [self.lane.begin(quarter) for quarter in self.lane.trading_quarters(day)]
        if day == 0:
            late = self.plan.cast.receivers[0]
            self._try_order("An order after the gate has closed", late, "market", GATE_CLOSED)
        with self.log.timed("auctions", len(begins)):
            self._clear_books(begins, Office.MARKET_OPERATOR, FILLS_A_CLEARING)
            self._fills[day] = self.seen.catch_up()
            left = [
                each for each in begins if book_at(self.seen.market, each) not in self.seen.ended
            ]
            self.log.resumed += len(left)
            self._clear_books(left, Office.STRANGER, 256)
        self._fills[day] += self.seen.catch_up()
        self.log.counts["trades"] = len(self.seen.fills)

    def _clear_books(self, begins: Sequence[int], office: Office, fills_max: int) -> None:
        """Let somebody clear books."""
        key = self.company.office(office)
        commands: list[Record] = [
            Clear(self.seen.market, product_at(self.seen.market, begin), fills_max)
            for begin in begins
        ]
        self.submit(commands, key)

    def _promise(self, day: int) -> None:
        """Let controllers say what there will be, and somebody forge it."""
        promises = list(self.lane.promises(self.devices, day))
        with self.log.timed("promises", sum(len(commands) for commands, _ in promises)):
            self.ledger.submit_all([self.seal(*promise) for promise in promises])
        if day == 0:
            command = promises[0][0][0]
            stranger = self.company.office(Office.STRANGER)
            label = "An availability that another key has signed"
            self._try(label, command, [stranger], "device", CONTROLLER_HAS_NOT_SIGNED)

    def _declare_outage(self) -> None:
        """Let the grid operator say that a donor's line is broken."""
        donor = self.plan.cast.donors[self.plan.cast.cut_off]
        quarters = self.lane.outage
        outage = DeclareOutage(
            device=self.devices[donor.name],
            sector=SECTOR,
            begin=self.lane.begin(quarters.start),
            end=self.lane.begin(quarters.stop),
            maintenance=False,
        )
        self.submit([outage], self.company.office(Office.GRID_OPERATOR))

    def _settle(self, day: int) -> None:
        """Publish a day's readings and settle its trades, but for those of a silent meter."""
        cast = self.plan.cast
        quarters = range(self.days[day].first, self.days[day].end)
        late = cast.receivers[cast.late]
        is_late = day == self.plan.late_day
        meters = [each for each in cast.meters if not (is_late and each == late.meter)]
        self._publish(meters, quarters)
        fills = self._fills[day]
        if day == 0:
            self._try_to_give_away(fills[len(fills) // 2])
        if is_late:
            owner = self.company.account(late.meter).public
            self._waiting = [each.fill for each in fills if self.seen.buyer(each) == owner]
        ready = [each.fill for each in fills if each.fill not in set(self._waiting)]
        self._settle_fills(ready)
        stranger = [self.company.office(Office.STRANGER)]
        if is_late:
            label = "A settlement before a late reading was waited for"
            self._try(label, Settle((self._waiting[0],)), stranger, "market", READING_MISSING)
        if day == 0:
            label = "A trade that is settled twice"
            self._try(label, Settle((ready[0],)), stranger, "market", SETTLED_ALREADY)

    def _share(self, day: int) -> None:
        """Have the shared roof's production of a day divided, as anybody may."""
        stranger = self.company.office(Office.STRANGER)
        commands = shares(self.lane, self.seen, day)
        with self.log.timed("shared roof", len(commands)):
            self.submit(commands, stranger, commands_max=SHARES_A_TRANSACTION)
        if day == 0:
            label = "A production that is shared twice"
            self._try(label, commands[0], [stranger], "sharing", SHARED_ALREADY)

    def _settle_without(self) -> None:
        """Settle what a silent meter has held up, as if it had measured nothing."""
        self._settle_fills(self._waiting)

    def _correct(self) -> None:
        """Publish the late readings, settle anew, and let the receiver pay what is due."""
        cast, day = self.plan.cast, self.days[self.plan.late_day]
        late = cast.receivers[cast.late]
        self._publish([late.meter], range(day.first, day.end))
        with self.log.timed("corrections", len(self._waiting)):
            self.submit(
                [Resettle(part) for part in _parts(self._waiting, FILLS_A_SETTLEMENT)],
                self.company.office(Office.STRANGER),
            )
        account = self.company.account(late.meter)
        found = self.ledger.ask(ShowParticipant(self.seen.market, account.public))
        if isinstance(found, ParticipantView) and found.due:
            self.log.late_due = found.due
            self.submit([Pay(self.seen.market, account.public, found.due)], account)

    def _close(self) -> None:
        """Close everybody's statement, and let the flats take back their deposits."""
        traded = tuple(sorted(self._traded()))
        self.submit([Close(self.seen.market, 0, traded)], self.company.office(Office.STRANGER))
        withdraw(self.ledger, self.company, self.seen)
        self.seen.catch_up()

    def _traded(self) -> set[PublicKey]:
        """Return who has bought or sold anything."""
        sides = [id for fill in self.seen.fills for id in (fill.buy, fill.sell) if id is not None]
        return {self.seen.orders[id].owner for id in sides}

    def _publish(self, meters: Sequence[int], quarters: range) -> None:
        """Publish readings and issue certificates."""
        commands = self.lane.readings(meters, quarters)
        with self.log.timed("readings and certificates", len(commands)):
            self.submit(commands, self.company.office(Office.ISSUING_BODY))

    def _settle_fills(self, fills: Sequence[RecordId]) -> None:
        """Settle trades, as anybody may."""
        with self.log.timed("settlements", len(fills)):
            self.submit(
                [Settle(part) for part in _parts(fills, FILLS_A_SETTLEMENT)],
                self.company.office(Office.STRANGER),
                commands_max=1,
            )

    def _try_order(self, label: str, member: Member, contract: str, code: int) -> None:
        """Try to place an order that must be refused."""
        quarter = self.lane.trading_quarters(0)[0]
        order = self.lane.order(self.seen.market, member, quarter, 1, None)
        keys = [self.company.account(member.meter), self.company.meter(member.meter, quarter)]
        self._try(label, order, keys, contract, code)

    def _try_to_give_away(self, fill: MarketFilled) -> None:
        """Try to give away a certificate of production that was sold."""
        if fill.sell is None:
            raise AssertionError("in this market each trade names both orders")
        order = self.seen.orders[fill.sell]
        cast = self.plan.cast.donors
        donor = next(
            each for each in cast if self.company.account(each.meter).public == order.owner
        )
        quarter = next(
            each
            for each in self.lane.trading_quarters(0)
            if book_at(self.seen.market, self.lane.begin(each)) == fill.book
        )
        key = self.company.meter(donor.meter, quarter)
        certificate = measurement_id(key.public, self.lane.begin(quarter))
        friend = self.company.office(Office.STRANGER).public
        command = Transfer(certificate, friend, None)
        label = "Sold production, given away before it is settled"
        self._try(label, command, [key], "certificate", LOCKED_FOR_ANOTHER)

    def _try_to_move_in(self, enrolment: tuple[list[Record], list[Key]]) -> None:
        """Try to put somebody else's meter in a flat's place, without the flat."""
        (command,), (_, *meters) = enrolment
        label = "A meter enrolled as a flat's by somebody else"
        stranger = self.company.office(Office.STRANGER)
        self._try(label, command, [stranger, *meters], "sharing", PARTY_HAS_NOT_SIGNED)

    def _try(
        self, label: str, command: Record, keys: Sequence[Key], contract: str, code: int
    ) -> None:
        """Try what must be refused, and remember how it went."""
        receipt = self.ledger.submit(self.seal([command], list(keys)))
        outcome = receipt.outcome
        is_right = (outcome.contract, outcome.code) == (contract, code)
        self.log.refusals.append((label, f"{outcome.contract} {outcome.code}", is_right))

    def submit(
        self, commands: Sequence[Record], key: Key, *, commands_max: int = COMMANDS_MAX
    ) -> None:
        """Send commands of one signer and insist on them."""
        parts = _parts(commands, commands_max)
        self.ledger.submit_all([self.seal(list(part), [key]) for part in parts])

    def seal(self, commands: list[Record], keys: list[Key]) -> bytes:
        """Sign a transaction that is valid now."""
        return self.company.seal(commands, keys, expiry=self.ledger.expiry())


def _parts(items: Sequence[Item], size_max: int) -> list[tuple[Item, ...]]:
    """Cut a sequence into parts."""
    return [tuple(items[n : n + size_max]) for n in range(0, len(items), size_max)]


def _bind(act: Callable[[int], None], day: int) -> Callable[[], None]:
    """Return what does something for a day."""
    return lambda: act(day)
