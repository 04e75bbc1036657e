"""One zone's ledger and everybody at it: who asks, who decides, who signs."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.client.ledger import Ledger, TransactionRejected
from tallystick.contracts.allowance.errors import HoldingNotFound
from tallystick.contracts.allowance.model import vintage_id
from tallystick.contracts.allowance.views import (
    Forecast,
    ForecastView,
    HoldingView,
    ObligationView,
    ShowHolding,
    ShowObligation,
    ShowVintage,
    VintageView,
)
from tallystick.core.receipt import Receipt

from .allowances_cast import Cast, Key, Office
from .allowances_model import second_of
from .allowances_seen import Seen
from .allowances_terms import ALLOWANCE_GRAMS
from .village_weeks import DayClock

MILLISECONDS_AN_HOUR = 3_600_000
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is played."""

    days_apart: int = 1
    """Units run on each so many-th day only, up to 30; a test need not see them all."""

    @property
    def unit_grams(self) -> int:
        """What one allowance allows: less where units run less, so that the story is the same."""
        return ALLOWANCE_GRAMS // self.days_apart


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was tried and must not work."""

    what: str
    """What."""
    wanted: int
    """The code of the rejection that is due."""
    code: int
    """The code that came; 0 if it was accepted."""


@dataclass
class Desk:
    """A zone: its ledger, its people, and the ids of what they made."""

    cast: Cast
    """Everybody."""
    ledger: Ledger
    """The zone's own ledger."""
    clock: DayClock
    """The time of all zones."""
    plan: Plan
    """How much is played."""
    seen: Seen
    """What the ledger has told."""
    ids: dict[str, RecordId] = field(default_factory=dict)
    """The money, the programme, and both markets."""
    holders: dict[str, RecordId] = field(default_factory=dict)
    """Companies' entries in the public list."""
    units: dict[str, RecordId] = field(default_factory=dict)
    """Units by their names."""
    left: set[str] = field(default_factory=set)
    """Units that have left."""
    refusals: list[Refusal] = field(default_factory=list)
    """What was tried and must not work."""

    @property
    def zone(self) -> str:
        """Return the zone's name."""
        return self.cast.zone

    @property
    def programme(self) -> RecordId:
        """Return the programme."""
        return self.ids["programme"]

    def office(self, office: Office) -> Key:
        """Return the key of an office."""
        return self.cast.office(office)

    def account(self, name: str) -> Key:
        """Return the account of a unit, or of the trader."""
        return self.cast.member(name).account

    def vintage(self, period: int) -> RecordId:
        """Return the id of a vintage."""
        return vintage_id(programme=self.programme, zone=self.zone, period=period)

    def set_day(self, day: date, *, hour: int) -> None:
        """Let it be an hour of a day, UTC."""
        self.clock.milliseconds = 1_000 * second_of(day) + hour * MILLISECONDS_AN_HOUR

    def send(self, commands: Record | list[Record], *keys: Key) -> Receipt:
        """Send commands as one transaction that must be accepted."""
        return self.ledger.send(commands, [key.secret for key in keys])

    def refuse(self, what: str, code: int, command: Record, *keys: Key) -> None:
        """Try what must not work, and note the answer."""
        try:
            self.send(command, *keys)
        except TransactionRejected as rejected:
            self.refusals.append(Refusal(what, code, rejected.code))
        else:
            self.refusals.append(Refusal(what, code, 0))

    def forecast(self, name: str, period: int) -> ForecastView:
        """Return whether a unit will fall short."""
        return self._ask(Forecast(self.units[name], period), ForecastView)

    def obligation(self, name: str, period: int) -> ObligationView:
        """Return what a unit owes."""
        return self._ask(ShowObligation(self.units[name], period), ObligationView)

    def held(self, name: str, period: int) -> int:
        """Return how much of a vintage an account may dispose of."""
        key = self.account(name).public
        try:
            question = ShowHolding(self.programme, self.zone, period, key)
            return self._ask(question, HoldingView).amount
        except HoldingNotFound:
            return 0

    def totals(self, period: int) -> VintageView:
        """Return what was issued of a vintage, and what came of it."""
        return self._ask(ShowVintage(self.programme, self.zone, period), VintageView)

    def _ask(self, question: Record, kind: type[Answer]) -> Answer:
        """Return the answer to a question."""
        answer = self.ledger.ask(question)
        if not isinstance(answer, kind):
            raise AssertionError(f"{type(answer).__name__} was answered")
        return answer
