"""
Oakfield's days: each reading becomes tokens, and tokens are traded for money in the day's market.

What nobody bought by the evening goes to the community's treasury.
"""

from dataclasses import dataclass

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.asset.commands import Transfer
from tallystick.contracts.market.commands import Close, Open, Place, Settle
from tallystick.contracts.market.events import (
    MarketFilled,
    MarketOpened,
    OrderPlaced,
    StatementClosed,
)
from tallystick.contracts.market.model import Charge, Product, Side, statement_id

from .communities_cast import ENERGY, HOMES, MARKET, ROOFS, SUN_HOURS, Key, home_wh, roof_wh
from .communities_desk import NOTHING, Desk, one
from .communities_terms import (
    ASK,
    BID,
    DAY_SECONDS,
    level_of,
    market_rules,
    price_of,
    second_of,
)
from .village_weeks import DayClock

FUNDS = 100_000_000


@dataclass
class Session:
    """A market of one day, and what came of it."""

    day: int
    """Which day, counted from 0."""
    opened_height: int
    """In which block it was opened."""
    market: RecordId
    """Its id."""
    charges: tuple[Charge, ...]
    """What it charges, as it was opened."""
    value: dict[PublicKey, int]
    """What each buyer paid for tokens. [millionths of a euro]"""
    traded_wh: int = 0
    """How much changed hands. [Wh]"""
    charged: dict[PublicKey, int] | None = None
    """What each buyer was charged; nothing until it is closed. [millionths of a euro]"""

    @property
    def rate_ppm(self) -> int:
        """Return what the community levies here."""
        return sum(each.rate for each in self.charges)


class Days:
    """Everything that happens in Oakfield's market."""

    def __init__(self, desk: Desk, clock: DayClock) -> None:
        self.desk, self.clock = desk, clock
        self.energy = NOTHING
        self.sessions: list[Session] = []
        self._readings = 0
        self._offered: dict[str, int] = dict.fromkeys(ROOFS, 0)

    def found(self) -> None:
        """Make money and the class of tokens, and give the homes something to pay with."""
        self.desk.define_money()
        self.energy = self.desk.define(ENERGY, "kWh", scale=3, mint=self.desk.office("mint"))
        for home in HOMES:
            self.desk.mint(self.desk.money, self.desk.cast.member(home), FUNDS)

    def play(self, day: int) -> None:
        """Turn a day's readings into tokens and trade them."""
        self.begin(day)
        session = self.open_market(day)
        self.trade(session, HOMES)
        self.give_surplus()

    def begin(self, day: int) -> None:
        """Let the sun shine on a day, and mint each reading of it."""
        for hour in SUN_HOURS:
            self.clock.milliseconds = second_of(day, hour + 1) * 1_000
            for roof in ROOFS:
                self._mint(roof, day, hour)

    def wait_for(self, height: int, day: int) -> None:
        """Let readings come in until a block is the latest."""
        while self.desk.height < height:
            hour = SUN_HOURS[self._readings % len(SUN_HOURS)]
            self._mint(ROOFS[self._readings % len(ROOFS)], day, hour)

    def open_market(self, day: int) -> Session:
        """Open a day's market, in a block of its own."""
        rules = market_rules(self.desk.money, day)
        events = self.desk.send(Open(MARKET, rules), self.desk.office("operator"))
        opened = one(events, MarketOpened)
        session = Session(day, self.desk.height, opened.market, opened.rules.charges, {})
        self.sessions.append(session)
        return session

    def trade(self, session: Session, homes: tuple[str, ...]) -> None:
        """Let every roof offer what it has, and homes buy what they want."""
        sellers: dict[RecordId, str] = {}
        for roof in ROOFS:
            lots = self.desk.spendable(self.energy, self.desk.cast.member(roof)) // 2
            if lots:
                sellers[self._place(session, roof, Side.SELL, lots, price=ASK)[0]] = roof
        for home in homes:
            _, fills = self._place(session, home, Side.BUY, home_wh(home, session.day), price=BID)
            self._settle(session, home, fills)

    def give_surplus(self) -> None:
        """Hand to the treasury what the roofs have left and offer no more."""
        treasury = self.desk.office("treasury")
        for roof in ROOFS:
            owner = self.desk.cast.member(roof)
            left = self.desk.spendable(self.energy, owner)
            if left:
                self.desk.send(Transfer(self.energy, owner.public, treasury.public, left), owner)

    def close(self) -> None:
        """Close everybody's bill in each market, once its period is over."""
        last = max(session.day for session in self.sessions)
        self.clock.milliseconds = second_of(last + 2) * 1_000
        for session in self.sessions:
            owners = tuple(sorted(session.value))
            events = self.desk.send(Close(session.market, 0, owners), self.desk.office("operator"))
            closed = {e.statement: sum(e.charges) for e in events if isinstance(e, StatementClosed)}
            session.charged = {
                owner: closed[statement_id(session.market, owner, 0)] for owner in owners
            }

    def _mint(self, roof: str, day: int, hour: int) -> None:
        """Turn a reading into tokens."""
        self._readings += 1
        amount = roof_wh(roof, day, hour)
        evidence = f"{roof}/{day}/{hour}/{self._readings}"
        self.desk.mint(self.energy, self.desk.cast.member(roof), amount, evidence=evidence)

    def _place(
        self, session: Session, name: str, side: Side, lots: int, *, price: int
    ) -> tuple[RecordId, list[MarketFilled]]:
        """Place an order, and return its id and what it was filled with at once."""
        owner: Key = self.desk.cast.member(name)
        begin = second_of(session.day + 1)
        order = Place(
            market=session.market,
            product=Product(self.energy, begin, begin + DAY_SECONDS),
            side=side,
            owner=owner.public,
            level=level_of(price),
            lots=lots,
            least=0,
            valid_until=0,
            device=None,
            meters=(),
            partner=None,
        )
        events = self.desk.send(order, owner)
        return one(events, OrderPlaced).order, [e for e in events if isinstance(e, MarketFilled)]

    def _settle(self, session: Session, home: str, fills: list[MarketFilled]) -> None:
        """Hand over tokens against money, and note what was paid."""
        if not fills:
            return
        self.desk.send(Settle(tuple(each.fill for each in fills)), self.desk.office("operator"))
        buyer = self.desk.cast.member(home).public
        value = sum(each.lots * price_of(each.level) for each in fills)
        session.value[buyer] = session.value.get(buyer, 0) + value
        session.traded_wh += sum(each.lots for each in fills)
