"""Random histories: what many people might do with allowances, rightly and wrongly."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.allowance.commands import (
    Allocate,
    CarryOver,
    ClosePeriod,
    PayPenalty,
    Reclaim,
    Report,
    SetBaseline,
    Surrender,
    Transfer,
    WithdrawUnit,
)
from tallystick.contracts.allowance.model import Holding, LockedBlocks, Terms, locked_id
from tallystick.contracts.measurement.commands import Correct
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id
from tallystick.core.invariant import Leaf
from tallystick.testing.factories import BEGIN, ISSUING_BODY, PUBLISHER, publish
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.allowance import locker
from tests.contracts.allowance.cases import (
    BUYER,
    DIRECTOR,
    GENERATOR,
    HOUR,
    KG,
    LOCK,
    METER,
    MWH,
    NORTH,
    OPERATOR,
    OTHER_GENERATOR,
    OTHER_METER,
    OTHER_PLANT,
    PAYER,
    PLANT,
    TRADER,
    VAULT,
    admitted,
    allocate,
    market,
    place,
    unit_of,
)
from tests.contracts.allowance.locker import Free, Hand, Keep

Kept = TypeVar("Kept", Holding, LockedBlocks)

_NO_LOCK: dict[type[Record], tuple[Any, ...]] = {Holding: (), LockedBlocks: ("none", LOCK, 0)}

OWNERS = (PLANT, OTHER_PLANT, TRADER, BUYER)
METERS = (METER, OTHER_METER)
GENERATORS = (GENERATOR, OTHER_GENERATOR)
STEPS_MAX = 40

Step = tuple[str, int, int, int]
"""What is tried, and three numbers that say with what."""

ACTIONS = (
    "allocate",
    "baseline",
    "transfer",
    "transfer",
    "emit",
    "emit",
    "produce",
    "correct",
    "surrender",
    "close",
    "close",
    "carry",
    "carry lock",
    "lock",
    "release",
    "move",
    "clear",
    "reclaim",
    "pay",
    "withdraw",
    "wait",
    "wait",
    "seal",
)

steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS), st.integers(0, 11), st.integers(0, 11), st.integers(0, 120)
    ),
    max_size=STEPS_MAX,
)


class History:
    """A market with two units in which things happen by chance."""

    def __init__(self, given: Terms) -> None:
        self.trial, self.programme, unit = market(given)
        other = admitted(
            self.trial,
            self.programme,
            OTHER_PLANT,
            emission=OTHER_METER,
            production=OTHER_GENERATOR,
        )
        allocate(self.trial, other, expected_mwh=50)
        self.units = (unit, other)

    def play(self, history: Sequence[Step]) -> Iterator[Step]:
        """Try one step after the other, yielding each; the trial checks the laws."""
        for step in history:
            action, first, second, number = step
            if action == "wait":
                self.trial.move_to(self.trial.time + number * HOUR * 50)
            elif action == "seal":
                self.trial.close_block()
            else:
                commands = self._commands(action, first, second, number)
                self.trial.execute(commands, signers=_signers())
            yield step

    def _commands(self, action: str, first: int, second: int, number: int) -> list[Record]:
        """Return the commands that a step means."""
        if action in {"emit", "produce", "correct"}:
            return self._measured(action, first, second, number)
        if action in {"lock", "release", "move", "clear", "reclaim", "carry lock"}:
            return [self._locking(action, first, second, number)]
        unit, period = self.units[first % 2], second % 3
        holding = self._any(Holding, first)
        next_period = unit_of(self.trial, unit).next_period
        commands: dict[str, Record] = {
            "allocate": Allocate(unit, period),
            "baseline": SetBaseline(unit, period, 2_000, number, ""),
            "transfer": Transfer(
                programme=self.programme,
                zone=NORTH,
                period=holding.period,
                source=holding.owner,
                target=key(OWNERS[second % 4]),
                amount=number,
            ),
            "surrender": Surrender(unit, min(next_period, 2), number),
            "close": ClosePeriod(unit, min(next_period, 2)),
            "carry": CarryOver(self._place(holding)),
            "pay": PayPenalty(unit, key(PAYER)),
            "withdraw": WithdrawUnit(unit) if number < 12 else Allocate(unit, period),
        }
        return [commands[action]]

    def _any(self, kind: type[Kept], n: int) -> Kept:
        """Return the n-th holding or lock that there is, or a holding of nothing."""
        found = [
            each for leaf in leaves(self.trial).values() if isinstance(each := leaf.get(kind), kind)
        ]
        absent = kind(self.programme, NORTH, 0, key(TRADER), 0, (), *_NO_LOCK[kind])
        return found[n % len(found)] if found else absent

    def _place(self, kept: Holding | LockedBlocks) -> RecordId:
        """Return the id of the account that something is kept for."""
        return place(self.programme, kept.owner, period=kept.period)

    def _measured(self, action: str, first: int, second: int, number: int) -> list[Record]:
        """Return the publication or correction of a measurement, with its report."""
        kind = Kind.PRODUCTION if action == "produce" else Kind.EMISSION
        meter = (GENERATORS if action == "produce" else METERS)[first % 2]
        amount = number * (MWH if action == "produce" else KG) // 2
        hours = (self.trial.time // 1000 - BEGIN) // HOUR
        begin = BEGIN + (second * hours // 12) * HOUR
        id = measurement_id(key(meter), begin)
        command: Record = publish(meter, begin=begin, kind=kind, amount=amount)
        if action == "correct":
            command = Correct(id, amount, Quality.MEASURED)
        return [command, Report(self.units[first % 2], (id,))]

    def _locking(self, action: str, first: int, second: int, number: int) -> Record:
        """Return what a contract does, or what is done to what it has locked."""
        target: PublicKey = VAULT if second > 8 else key(OWNERS[second % 4])
        holding, lock = self._any(Holding, first), self._any(LockedBlocks, first)
        of_vault = place(self.programme, VAULT, period=number % 2)
        until = self.trial.time + number * HOUR * 100 if number % 2 else 0
        at = self._place(lock)
        commands: dict[str, Record] = {
            "lock": Keep(self._place(holding), LOCK, until, number),
            "release": Free(at, LOCK, number // 4),
            "move": Hand(at, LOCK, number // 8, target),
            "clear": Hand(of_vault, LOCK, number // 16, target),
            "reclaim": Reclaim(at, locker.NAME, LOCK),
            "carry lock": CarryOver(locked_id(holding=at, holder=locker.NAME, lock_id=LOCK)),
        }
        return commands[action]


def leaves(trial: Trial) -> dict[RecordId, Leaf]:
    """Return everything that stands on the ledger, by id."""
    everything: dict[RecordId, Leaf] = {
        id: trial.state.decode(data) for id, data in trial.state.store.items()
    }
    everything |= {change.id: change.after for change in trial.candidate.overlay.changes()}
    return dict(sorted(everything.items()))


def _signers() -> list[int]:
    """Everybody signs everything, so that what is refused is refused for better reasons."""
    return [*OWNERS, DIRECTOR, OPERATOR, PUBLISHER, ISSUING_BODY, PAYER]
