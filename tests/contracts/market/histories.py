"""
Random histories of everything at once: measurements, certificates, money, devices and markets.

A history is a seed. Whoever plays it does, step by step, what many people might do, rightly and
wrongly: most steps are commands that could be accepted, some are signed by the wrong key, come too
late, or name what is not theirs. What is refused is refused by a rejection; anything else that is
raised is a bug. `Play.problems` says what does not add up, from records alone.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts.asset.commands import Burn, Transfer
from tallystick.contracts.asset.model import Balance, LockedAmount
from tallystick.contracts.certificate import commands as certificates
from tallystick.contracts.certificate.model import Certificate, is_leaf
from tallystick.contracts.device.commands import Declare, DeclareOutage, Report
from tallystick.contracts.device.model import DeviceKind
from tallystick.contracts.market import commands
from tallystick.contracts.market.book import Book
from tallystick.contracts.market.events_settlement import LineKind, MarketEntry, MarketSettled
from tallystick.contracts.market.funding import lock_id_of
from tallystick.contracts.market.model import (
    Basis,
    Charge,
    Counterparty,
    Fill,
    Mandate,
    Market,
    MarketRules,
    Order,
    Participant,
    Position,
    Product,
    Side,
    Statement,
    Status,
    Subject,
    Tie,
    Trading,
    balancing_vault,
    book_id,
    clearing_vault,
    participant_id,
    position_id,
    price_of,
)
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Measurement, Quality, measurement_id
from tallystick.core.holding import vault
from tallystick.core.invariant import Change, Changes, Leaf
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market import house as houses
from tests.contracts.market.house import (
    BEGIN,
    CONTROLLER_NUMBERS,
    DAY,
    HOUR,
    ISSUING_BODY,
    MIDNIGHT,
    MONTH_END,
    OPERATOR,
    PUBLISHER,
    QUARTER,
    SECTOR,
    meter_of,
    signers_of,
)
from tests.contracts.market.settling import goods_account

AnyRecord = TypeVar("AnyRecord", bound=Record)

PEOPLE = (101, 102, 103, 104)
AGENT, STRANGER, PAYEE, OTHER_PAYEE = 91, 92, 93, 94
BALANCE = 5_000_000
"""What the operator puts into the balancing account of a market. [minor units of money]"""

PERIODS = (*range(MIDNIGHT, MIDNIGHT + 10 * DAY, 2 * DAY), MONTH_END)
"""Where billing periods begin, so short that a history sees several. [s since the epoch, UTC]"""

CHARGES = (
    Charge(name="platform", basis=Basis.VALUE, rate=15_000, payee=key(PAYEE)),
    Charge(name="dso", basis=Basis.ENERGY, rate=70_001, payee=key(OTHER_PAYEE)),
)

SUMS = {
    LineKind.PURCHASE: "paid",
    LineKind.SALE: "received",
    LineKind.SHORTFALL: "imbalance",
    LineKind.RESERVE: "reserved",
    LineKind.COMPENSATION: "compensation",
    LineKind.RETURNED: "returned",
    LineKind.OWED: "owed",
}
"""The sum of a statement to which the lines of a kind add up."""


class Play:
    """A ledger on which a history is played, and what is needed to go on with it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.house = houses.open_house(people=PEOPLE)
        self.trial = self.house.trial
        self.verdicts: Counter[tuple[str, str]] = Counter()
        self.lines: Counter[tuple[RecordId, str]] = Counter()
        self._folded = len(self.trial.events)
        self._records: dict[RecordId, Leaf] = {}
        self.markets = [self._open(n, changes) for n, changes in enumerate(self._kinds())]
        self.money = self.total(self.house.money)
        self.goods = self.total(self.house.goods)
        self.own = Counter({key(person): houses.MONEY for person in PEOPLE})
        """What everybody has, without what the markets have brought or cost."""

    def step(self) -> str:
        """Do one thing; return what."""
        chance = self.chance
        acts: list[tuple[int, Callable[[], None]]] = [
            (24, self.place),
            (5, self.take),
            (4, self.cancel),
            (3, self.produce),
            (2, self.mandate),
            (1, self.end_mandate),
            (6, self.clear),
            (8, self.publish),
            (4, self.issue),
            (4, self.correct),
            (10, self.settle),
            (4, self.resettle),
            (2, self.close),
            (4, self.pay),
            (2, self.declare),
            (2, self.declare_outage),
            (3, self.report),
            (2, self.move_certificate),
            (1, self.suspend),
            (3, self.transfer),
            (1, self.burn),
            (8, self.wait),
            (4, self.seal),
        ]
        act = chance.choices([act for _, act in acts], [weight for weight, _ in acts])[0]
        act()
        return act.__name__

    def attempt(self, command: Record, *signers: int) -> Verdict:
        """Try a command; once in a while somebody else signs instead."""
        if self.chance.random() < 0.04:
            signers = (STRANGER,)
        verdict = self.trial.execute(command, signers=signers)
        name = verdict if isinstance(verdict, str) else verdict.__name__
        self.verdicts[str(type(command).__struct_config__.tag), name] += 1
        self.follow()
        return verdict

    # What people do.

    def place(self) -> None:
        """Offer to buy or sell."""
        chance, market = self.chance, self.chance.choice(self.markets)
        owner = chance.choice(PEOPLE)
        command = self._draft(market, owner, chance.choice(tuple(Side)), self._product(market))
        if chance.random() < 0.1:
            command = replace(command, least=chance.randint(1, command.lots + 1))
        if chance.random() < 0.1:
            command = replace(command, partner=key(chance.choice(PEOPLE)))
        if chance.random() < 0.1:
            command = replace(
                command, valid_until=self.trial.time + chance.randint(0, 10 * 3_600_000)
            )
        if chance.random() < 0.05:
            command = replace(command, owner=key(chance.choice(PEOPLE)))
        self.attempt(command, *signers_of(owner))

    def take(self) -> None:
        """Trade with an order that is there."""
        found = self._any(Order, lambda order: order.status is Status.OPEN)
        if found is None:
            return
        id, order = found
        owner = self.chance.choice(PEOPLE)
        product = self.the(Book, order.book).product
        side = Side.SELL if order.side is Side.BUY else Side.BUY
        draft = self._draft(order.market, owner, side, product)
        lots = self.chance.randint(1, order.lots - order.filled + 1)
        command = commands.Take(id, key(owner), lots, draft.device, draft.meters)
        self.attempt(command, *signers_of(owner))

    def cancel(self) -> None:
        """Take back an order, perhaps somebody else's."""
        found = self._any(Order, lambda _: True)
        if found is not None:
            self.attempt(commands.Cancel(found[0]), self._number(found[1].owner))

    def mandate(self) -> None:
        """Give an agent a standing order."""
        chance, market = self.chance, self.chance.choice(self.markets)
        owner, side = chance.choice(PEOPLE), chance.choice(tuple(Side))
        buys = side is Side.BUY
        device = None if buys else houses.device_of(self.house, owner)
        command = commands.Mandate(
            market=market,
            owner=key(owner),
            agent=key(AGENT),
            side=side,
            level=chance.randint(0, 99),
            keep_wh=0 if buys else chance.randint(0, 300),
            lots_max=chance.randint(1, 30),
            budget=chance.randint(1, 3_000) if buys else 0,
            funds=chance.randint(0, 4_000),
            device=device,
            begin=MIDNIGHT,
            end=MONTH_END,
        )
        self.attempt(command, owner)

    def produce(self) -> None:
        """Let the agent produce an order."""
        found = self._any(Mandate, lambda _: True)
        if found is None:
            return
        id, given = found
        owner, product = self._number(given.owner), self._product(given.market)
        meters = houses.meters_of(self.house, given.market, owner, given.side, product)
        command = commands.Produce(id, product, self.chance.randint(0, 3_000), meters)
        if meters:
            self.attempt(command, AGENT, meter_of(owner, given.side))

    def end_mandate(self) -> None:
        """End a standing order."""
        found = self._any(Mandate, lambda _: True)
        if found is not None:
            self.attempt(commands.EndMandate(found[0]), self._number(found[1].owner))

    def clear(self) -> None:
        """Clear an auction, or go on with it, in small steps."""
        found = self._any(Book, lambda _: True)
        if found is not None:
            book = found[1]
            size = self.chance.choice((1, 2, 256))
            self.attempt(commands.Clear(book.market, book.product, size), STRANGER)

    def publish(self) -> None:
        """Publish what a meter measured."""
        chance = self.chance
        owner, side = chance.choice(PEOPLE), chance.choice(tuple(Side))
        begin = chance.choice(_begins(self.trial.time // 1000))
        awaited = self._any(Position, lambda each: each.open_fills > 0)
        if awaited is not None and chance.random() < 0.8:
            position, product = awaited[1], self.the(Book, awaited[1].book).product
            owner, side = self._number(position.owner), position.side
            begin = chance.choice(range(product.begin, product.end, QUARTER))
        kind = Kind.PRODUCTION if side is Side.SELL else Kind.CONSUMPTION
        quality = chance.choice((*(Quality.MEASURED,) * 4, Quality.ESTIMATED, Quality.MISSING))
        command = Publish(
            owner=key(meter_of(owner, side)),
            begin=begin,
            end=begin + QUARTER,
            sector=SECTOR,
            kind=kind,
            amount=chance.choice((0, chance.randint(0, 2_000), chance.randint(0, 2_000))),
            quality=quality,
        )
        self.attempt(command, PUBLISHER)

    def issue(self) -> None:
        """Issue a certificate for production."""
        found = self._any(Measurement, lambda each: each.kind is Kind.PRODUCTION)
        if found is not None:
            self.attempt(certificates.Issue(found[0], "T010000", "F01040100"), ISSUING_BODY)

    def correct(self) -> None:
        """Correct a reading, with everything that hangs on it."""
        traded = {meter for _, position in self.all(Position) for meter in position.meters}
        found = self._any(
            Measurement, lambda each: measurement_id(each.owner, each.begin) in traded
        )
        found = found or self._any(Measurement, lambda _: True)
        if found is None:
            return
        id, measurement = found
        tree = [
            each for each, leaf in self.all(Certificate) if leaf.measurement == id and is_leaf(leaf)
        ]
        amount_wh = self.chance.choice((0, self.chance.randint(0, 2_000), measurement.amount + 1))
        self.attempt(
            certificates.Correct(id, amount_wh, Quality.MEASURED, tuple(tree)), ISSUING_BODY
        )

    def settle(self) -> None:
        """Settle fills, sometimes several, sometimes some that were settled."""
        self._fills(commands.Settle, lambda fill: fill.settled is None)

    def resettle(self) -> None:
        """Settle fills anew whose readings have changed, and others."""
        self._fills(commands.Resettle, self._is_stale)

    def close(self) -> None:
        """Close statements of a period."""
        found = self._any(Statement, lambda each: not each.closed_at)
        if found is not None:
            statement = found[1]
            command = commands.Close(statement.market, statement.period, (statement.owner,))
            self.attempt(command, STRANGER)

    def pay(self) -> None:
        """Pay what is due."""
        chance, debtors = self.chance, [*self._debtors()]
        market, owner = chance.choice(debtors or [(self.markets[0], chance.choice(PEOPLE))])
        self.attempt(commands.Pay(market, key(owner), chance.randint(0, 50)), owner)

    def declare(self) -> None:
        """Declare what a device will have available."""
        owner, product = self.chance.choice(PEOPLE), self._product(self.markets[0])
        device = houses.device_of(self.house, owner)
        available_wh = self.chance.randint(0, 2_000)
        command = Declare(device, product.begin, product.end, available_wh)
        self.attempt(command, CONTROLLER_NUMBERS + owner)

    def declare_outage(self) -> None:
        """Declare an outage of a device, or maintenance of one's own."""
        owner, by_owner = self.chance.choice(PEOPLE), self.chance.random() < 0.5
        device = houses.device_of(self.house, owner)
        begin = self.chance.choice(_begins(self.trial.time // 1000 + 2 * DAY))
        command = DeclareOutage(device, SECTOR, begin, begin + QUARTER, maintenance=by_owner)
        self.attempt(command, owner if by_owner else houses.GRID_OPERATOR)

    def report(self) -> None:
        """Let a battery say how it is."""
        owner = self.chance.choice(PEOPLE)
        device = houses.device_of(self.house, owner, DeviceKind.BATTERY)
        on, stored_wh = self.chance.random() < 0.8, self.chance.randint(0, 5_000)
        self.attempt(
            Report(device, on=on, connected=True, stored_wh=stored_wh), CONTROLLER_NUMBERS + owner
        )

    def move_certificate(self) -> None:
        """Transfer or withdraw a certificate, which a market may have locked."""
        found = self._any(Certificate, lambda each: each.next is None)
        if found is None:
            return
        if self.chance.random() < 0.3:
            self.attempt(certificates.Withdraw(found[0], "by chance"), ISSUING_BODY)
        else:
            owner = self._number(found[1].owner)
            self.attempt(certificates.Transfer(found[0], key(STRANGER), None), owner)

    def transfer(self) -> None:
        """Give somebody money or goods."""
        source, target = self.chance.choice(PEOPLE), self.chance.choice(PEOPLE)
        unit = self.chance.choice((self.house.money, self.house.goods))
        amount = self.chance.randint(0, 10_000)
        verdict = self.attempt(Transfer(unit, key(source), key(target), amount), source)
        if verdict == accepted and unit == self.house.money:
            self.own[key(source)] -= amount
            self.own[key(target)] += amount

    def burn(self) -> None:
        """Take money out of the world."""
        owner, amount = self.chance.choice(PEOPLE), self.chance.randint(0, 100)
        command = Burn(self.house.money, key(owner), amount, "by chance")
        if self.attempt(command, houses.MINT) == accepted:
            self.own[key(owner)] -= amount
            self.money -= amount

    def suspend(self) -> None:
        """Suspend somebody, or end a suspension."""
        kind = self.chance.choice((commands.Suspend, commands.Admit, commands.Admit))
        market, owner = self.chance.choice(self.markets), self.chance.choice(PEOPLE)
        self.attempt(kind(market, key(owner)), OPERATOR)

    def wait(self) -> None:
        """Let it be later: a moment, hours, or a day."""
        self.move(self.chance.choice((60, HOUR, HOUR, 3 * HOUR, 6 * HOUR, DAY)))

    def seal(self) -> None:
        """Close the block."""
        self.trial.close_block()
        self._records = {}
        self._folded = 0

    def move(self, seconds: int) -> None:
        """Let it be so much later."""
        self.trial.move_to(self.trial.time + seconds * 1_000)

    # How a history ends.

    def finish(self) -> None:
        """Let everything come to its end: nothing open, nothing unsettled, every bill closed."""
        self.trial.move_to((MONTH_END + 40 * DAY) * 1000)
        for market in self.markets:
            self._fund(market)
            self.money += BALANCE
        for _, book in list(self.all(Book)):
            self._must_clear(book)
        for id, order in list(self.all(Order)):
            if order.status is Status.OPEN:
                self.must(commands.Cancel(id), self._number(order.owner))
        for id, given in list(self.all(Mandate)):
            if not given.ended:
                self.must(commands.EndMandate(id), self._number(given.owner))
        self._must_settle()
        for _, statement in list(self.all(Statement)):
            if not statement.closed_at:
                owners = (statement.owner,)
                self.must(commands.Close(statement.market, statement.period, owners), STRANGER)
        self.seal()

    def must(self, command: Record, *signers: int) -> None:
        """Execute what nothing can speak against."""
        verdict = self.trial.execute(command, signers=signers)
        assert verdict == accepted, f"{command}: {verdict}: {self.trial.message}"
        self.follow()

    def _must_clear(self, book: Book) -> None:
        """Clear an auction to its end."""
        rules = self.the(Market, book.market).rules
        if rules.trading is Trading.CALL:
            id = book_id(book.market, book.product)
            while self.the(Book, id).phase.value != "cleared":
                self.must(commands.Clear(book.market, book.product, 256), STRANGER)

    def _must_settle(self) -> None:
        """Settle what is left, sellers first where the clearing account is in between."""
        for sold in (True, False):
            for id, fill in list(self.all(Fill)):
                if fill.settled is None and (fill.sell is not None) == sold:
                    self.must(commands.Settle((id,)), STRANGER)

    # What adds up.

    def problems(self) -> Iterator[str]:
        """Yield what does not add up, over all that stands on the ledger."""
        if self.total(self.house.money) != self.money:
            yield f"there are {self.total(self.house.money)} of money, not {self.money}"
        if self.total(self.house.goods) != self.goods:
            yield f"there are {self.total(self.house.goods)} of goods, not {self.goods}"
        yield from self._energy()
        yield from self._locks()
        yield from self._statements()
        yield from self._vaults()
        yield from self._goods()
        yield from self._bills()

    def _energy(self) -> Iterator[str]:
        """Yield measurements whose certificates do not add up to them."""
        held: Counter[RecordId] = Counter()
        for _, certificate in self.all(Certificate):
            if is_leaf(certificate):
                held[certificate.measurement] += certificate.amount_wh
        for id, amount_wh in held.items():
            if amount_wh != self.the(Measurement, id).amount:
                yield f"certificates of {id.hex()} stand for {amount_wh} Wh"

    def _locks(self) -> Iterator[str]:
        """Yield locks that hold more or less money than their orders and mandates say."""
        funded: Counter[LockId] = Counter()
        for _, order in self.all(Order):
            funded[lock_id_of(order)] += order.funded
        for id, given in self.all(Mandate):
            funded[LockId(id)] += given.funded
        for _, lock in self.all(LockedAmount):
            if self.the(Balance, lock.holding).unit == self.house.money:
                funded[lock.lock_id] -= lock.amount
        for lock_id, amount in funded.items():
            if amount:
                yield f"{amount} of money are funded and not locked under {lock_id.hex()}"

    def _statements(self) -> Iterator[str]:
        """Yield statements that are not the sums of their lines."""
        for id, statement in self.all(Statement):
            for name in set(SUMS.values()):
                expected = self.lines[id, name]
                if getattr(statement, name) != expected:
                    yield f"{name} of {id.hex()} is {getattr(statement, name)}, not {expected}"
            if statement.entries != self.lines[id, "entries"]:
                yield f"{id.hex()} has {statement.entries} lines, not {self.lines[id, 'entries']}"

    def _bills(self) -> Iterator[str]:
        """Yield people who have more or less money than their bills say, to the last minor unit."""
        expected = Counter(self.own)
        for _, bill in self.all(Statement):
            expected[bill.owner] += bill.received - bill.paid - bill.imbalance + bill.compensation
            expected[bill.owner] -= sum(bill.charges) if bill.closed_at else bill.reserved
        for market, owner in self._debtors():
            expected[key(owner)] += self.the(Participant, participant_id(market, key(owner))).due
        for fill, _, price in self._central():
            if fill.settled is None and fill.buy is not None:
                expected[self.the(Order, fill.buy).owner] -= fill.lots * price + fill.reserved
        for person in PEOPLE:
            held = sum(houses.account(self.house, self.house.money, person))
            if held != expected[key(person)]:
                yield f"{person} has {held}, by the bills {expected[key(person)]}"

    def _central(self) -> Iterator[tuple[Fill, MarketRules, int]]:
        """Yield fills with the clearing account, the rules of their market, and their price."""
        for _, fill in self.all(Fill):
            rules = self.the(Market, self.the(Book, fill.book).market).rules
            if rules.counterparty is Counterparty.CENTRAL:
                yield fill, rules, price_of(rules, fill.level)

    def _vaults(self) -> Iterator[str]:
        """
        Yield clearing accounts that hold something else than reserves and what is on its way.

        What a lapsed auction gave no seller, nobody has defaulted on: it brings its buyer nothing.
        """
        expected: Counter[RecordId] = Counter()
        for _, statement in self.all(Statement):
            if not statement.closed_at:
                expected[statement.market] += statement.reserved
        for fill, rules, price in self._central():
            market, settled = self.the(Book, fill.book).market, fill.settled
            if settled is None:
                expected[market] += 0 if fill.buy is None else fill.lots * price + fill.reserved
                continue
            expected[market] += settled.buyer_pays + settled.seller_pays - settled.seller_gets
            if fill.buy is not None:
                volume = self.the(Book, fill.book).volume
                unsold = fill.lots - min(max(volume - fill.buy_offset, 0), fill.lots)
                difference = min(rules.collateral, max(0, rules.shortfall_price - price))
                expected[market] -= (settled.cut_lots - unsold) * difference
        for market in self.markets:
            owner = vault("market", clearing_vault(market))
            held = sum(houses.account(self.house, self.house.money, owner))
            if held != expected[market]:
                yield f"a clearing account holds {held}, not {expected[market]}"

    def _goods(self) -> Iterator[str]:
        """Yield books in whose vault lies something else than was sold and not served there yet."""
        expected: Counter[RecordId] = Counter()
        for fill, rules, _ in self._central():
            done = fill.settled
            amount = (fill.lots - (0 if done is None else done.cut_lots)) * rules.quantum
            if fill.buy is not None:
                expected[fill.book] -= 0 if done is None else amount
            elif done is not None or not rules.collateral:
                expected[fill.book] += amount
        for book, _ in self.all(Book):
            held = sum(houses.account(self.house, self.house.goods, goods_account(book)))
            if held != expected[book]:
                yield f"the vault of book {book.hex()} holds {held}, not {expected[book]}"

    def left_over(self) -> list[str]:
        """Return what is still locked, funded or in a market's vault, once all has ended."""
        found = [f"order {id.hex()}" for id, order in self.all(Order) if order.funded]
        found += [f"account of {each.owner.hex()}" for _, each in self.all(Balance) if each.locked]
        for market in self.markets:
            owner = vault("market", clearing_vault(market))
            if houses.account(self.house, self.house.money, owner) != (0, 0):
                found.append(f"clearing account of {market.hex()}")
        for book, _ in self.all(Book):
            if houses.account(self.house, self.house.goods, goods_account(book)) != (0, 0):
                found.append(f"vault of book {book.hex()}")
        return found

    def audit(self) -> list[str]:
        """Return what any contract's invariants find wrong with the whole ledger."""
        changes = Changes(
            [Change(id, {}, leaf) for id, leaf in self.leaves()], time=self.trial.time
        )
        return [
            violation
            for contract in self.trial.state.contracts
            for law in contract.invariants
            for violation in law.violations(changes)
        ]

    # What stands on the ledger.

    def leaves(self) -> Iterable[tuple[RecordId, Leaf]]:
        """Return everything, by id in ascending order."""
        if not self._records:
            state = self.trial.state
            self._records = {id: state.decode(data) for id, data in state.store.items()}
        everything = dict(self._records)
        everything |= {each.id: each.after for each in self.trial.candidate.overlay.changes()}
        return sorted(everything.items())

    def all(self, kind: type[AnyRecord]) -> Iterator[tuple[RecordId, AnyRecord]]:
        """Yield all records of a kind."""
        for id, leaf in self.leaves():
            found = leaf.get(kind)
            if isinstance(found, kind):
                yield id, found

    def the(self, kind: type[AnyRecord], id: RecordId) -> AnyRecord:
        """Return a record that is there."""
        found = self.trial.read(kind, id)
        assert found is not None
        return found

    def total(self, unit: RecordId) -> int:
        """Return how much of a unit is in all accounts."""
        return sum(
            account.spendable + account.locked
            for _, account in self.all(Balance)
            if account.unit == unit
        )

    def follow(self) -> None:
        """Add up the lines that were posted since."""
        events = self.trial.events
        for event in events[self._folded :]:
            if isinstance(event, MarketEntry):
                self.lines[event.statement, "entries"] += 1
                name = SUMS.get(event.kind)
                if name is not None:
                    self.lines[event.statement, name] += event.amount
            elif isinstance(event, MarketSettled):
                settled = event.settled
                assert settled.claimed_wh <= min(settled.delivered_wh, settled.consumed_wh)
        self._folded = len(events)

    # How it begins.

    def _kinds(self) -> list[dict[str, Any]]:
        """Return how the markets of a history differ: some are always there, some are drawn."""
        chance = self.chance
        energy = {
            "charges": CHARGES,
            "excess_price": chance.choice((0, 2)),
            "price_min": chance.choice((2, 3)),
            "shortfall_price": 80,
            "levels": 100,
            "settlement_delay": chance.choice((0, 6 * HOUR)),
            "periods": PERIODS,
        }
        auction = {"trading": Trading.CALL, "tie": chance.choice(tuple(Tie))}
        spot = {"holding": True, "levels": 100}
        future = {**spot, "collateral": chance.choice((7, 40)), "shortfall_price": 60}
        central = {**auction, "counterparty": Counterparty.CENTRAL}
        return [
            energy,
            {**energy, **auction, "quantum": chance.choice((1, 7, 100))},
            {**spot, "charges": CHARGES[:1]},
            chance.choice((future, {**future, **auction})),
            {**spot, **central, "charges": CHARGES[:1]},
            {**future, **central},
        ]

    def _open(self, n: int, changes: dict[str, Any]) -> RecordId:
        """Open a market and fund its balancing account."""
        changes = dict(changes)
        rules_of = houses.holding_rules if changes.pop("holding", False) else houses.energy_rules
        market = houses.open_market(self.house, rules_of(self.house, **changes), name=f"m{n}")
        if self.chance.random() < 0.8:
            self._fund(market)
        return market

    def _fund(self, market: RecordId) -> None:
        """Put money into the balancing account of a market, as its operator would."""
        houses.mint(self.house, self.house.money, vault("market", balancing_vault(market)), BALANCE)

    def _draft(self, market: RecordId, owner: int, side: Side, product: Product) -> commands.Place:
        """Return an order with a price and lots by chance."""
        chance = self.chance
        draft = houses.buy if side is Side.BUY else houses.sell
        more: dict[str, Any] = {}
        if side is Side.SELL and chance.random() < 0.2:
            more["kind"] = DeviceKind.BATTERY
        lots, level = chance.randint(1, 20), chance.randint(0, 99)
        return draft(self.house, market, owner, lots=lots, level=level, product=product, **more)

    def _product(self, market: RecordId) -> Product:
        """Return a product of a market whose gate is still open, or has closed lately."""
        chance, today = self.chance, (self.trial.time // 1000 - MIDNIGHT) // DAY
        if self.the(Market, market).rules.subject is Subject.HOLDING:
            begin = MIDNIGHT + (today + chance.choice((1, 1, 2))) * DAY
            return houses.product_of(self.house, market, begin=begin)
        begin = BEGIN + (today + chance.choice((0, 0, 1))) * DAY
        begin += chance.choice((0, 0, QUARTER))
        length = HOUR if chance.random() < 0.2 else QUARTER
        return houses.product_of(self.house, market, begin=begin, length=length)

    def _fills(self, kind: Any, wanted: Callable[[Fill], bool]) -> None:
        """Name one fill or several to a command."""
        found = [id for id, fill in self.all(Fill) if wanted(fill) or self.chance.random() < 0.05]
        if found:
            count = self.chance.choice((1, 1, 1, 2, 5))
            ids = tuple(self.chance.sample(found, min(count, len(found))))
            self.attempt(kind(ids), *self.chance.choice(((STRANGER,), PEOPLE)))

    def _debtors(self) -> Iterator[tuple[RecordId, int]]:
        """Yield who owes something to which market."""
        for market in self.markets:
            for owner in PEOPLE:
                found = self.trial.read(Participant, participant_id(market, key(owner)))
                if found is not None and found.due:
                    yield market, owner

    def _is_stale(self, fill: Fill) -> bool:
        """Tell whether a fill was settled on readings that have changed, or have come, since."""
        if fill.settled is None or fill.buy is None or fill.sell is None:
            return False
        known = 0
        for id in (fill.buy, fill.sell):
            order = self.the(Order, id)
            place = position_id(order.book, order.side, order.owner)
            position = self.trial.read(Position, place)
            for meter in () if position is None else position.meters:
                reading = self.trial.read(Measurement, meter)
                known += 0 if reading is None else reading.revision + 1
        return known != fill.settled.known

    def _any(
        self, kind: type[AnyRecord], wanted: Callable[[AnyRecord], bool]
    ) -> tuple[RecordId, AnyRecord] | None:
        """Return a record of a kind by chance, or nothing."""
        found = [(id, each) for id, each in self.all(kind) if wanted(each)]
        return self.chance.choice(found) if found else None

    def _number(self, owner: bytes) -> int:
        """Return the number of a key."""
        meters = [meter_of(person, side) for person in PEOPLE for side in Side]
        return next((n for n in (*PEOPLE, *meters, STRANGER) if key(n) == owner), STRANGER)


def _begins(now: int) -> list[int]:
    """Return when the intervals begin in which something was, or will be, delivered. [s]"""
    days = range((now - MIDNIGHT) // DAY + 1)
    return [BEGIN + day * DAY + n * QUARTER for day in days[-4:] for n in range(4)]
