"""
No command crashes a rule, whatever its values, whoever signs, and whatever happened before.

Values are drawn within what a type allows, from what stands on the ledger and from bounds. A rule
may only accept or reject: `Trial.execute` raises whatever else a rule raises, and what breaks an
invariant.
"""

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.encoding import Record
from tallystick.client.genesis import genesis_of
from tallystick.contracts import CONTRACTS
from tallystick.contracts.identity.model import Role
from tallystick.core.holding import SHARED_COMMANDS, holding_id
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted

TIME = 1_700_000_000_000
STEPS = 400
PEOPLE = 6
SECTORS = ("village", "valley")
WORDS = (*SECTORS, "asset", "title", "benefit", "allowance", "certificate", "market", "a", "*")
KINDS = [
    (contract, kind)
    for contract in CONTRACTS
    for kind in contract.commands
    if kind not in SHARED_COMMANDS
]


class Stranger:
    """Somebody who knows everything that is public, and tries anything."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.trial = Trial(CONTRACTS, self._genesis())
        self.keys = [key(n) for n in range(1, PEOPLE + 1)]
        self.ids: list[bytes] = [bytes(32)]
        self.verdicts: Counter[bool] = Counter()
        self._learn(self.trial.founding.events)

    def step(self) -> None:
        """Try one command."""
        dice = self.dice
        _, kind = dice.choice(KINDS)
        command = self.value(inspect.type_info(kind))
        signers = dice.sample(self.keys, dice.choice((1, PEOPLE // 2, PEOPLE, PEOPLE, PEOPLE)))
        seen = len(self.trial.events)
        verdict = self.trial.execute(command, signers=signers)
        self.verdicts[verdict == accepted] += 1
        self._learn((0, each) for each in self.trial.events[seen:])
        if dice.random() < 0.05:
            self.trial.close_block()
        if dice.random() < 0.1:
            self.trial.move_to(self.trial.time + dice.choice((1, 1_000, 3_600_000, 10**8)))

    def value(self, shape: inspect.Type) -> Any:  # noqa: PLR0911 - one per type.
        """Return a value of a type."""
        dice = self.dice
        match shape:
            case inspect.Metadata(type=inner):
                return self.value(inner)
            case inspect.StructType(cls=cls, fields=fields):
                return cls(**{each.name: self.value(each.type) for each in fields})
            case inspect.UnionType(types=kinds):
                return self.value(dice.choice(kinds))
            case inspect.TupleType(item_types=items):
                return tuple(self.value(each) for each in items)
            case inspect.VarTupleType(item_type=item, min_length=least, max_length=most):
                count = dice.randint(least or 0, min(most or 4, max(least or 0, 3)))
                return tuple(self.value(item) for _ in range(count))
            case inspect.EnumType(cls=cls):
                return dice.choice(list(cls))
            case inspect.BoolType():
                return dice.random() < 0.5
            case inspect.IntType():
                return self._integer(shape)
            case inspect.BytesType():
                return self._bytes(shape)
            case inspect.StrType():
                return self._text(shape)
        return None

    def _integer(self, shape: inspect.IntType) -> int:
        """Return a number within bounds: mostly small, or a time, or at a bound."""
        least = 0 if shape.ge is None else shape.ge
        most = AMOUNT_MAX if shape.le is None else shape.le
        if shape.gt is not None:
            least = max(least, shape.gt + 1)
        if shape.lt is not None:
            most = min(most, shape.lt - 1)
        now = self.trial.time
        later = now + self.dice.choice((1, 1_000, 60_000, 3_600_000, 10**9))
        wanted = self.dice.choice(
            (
                0,
                1,
                2,
                3,
                10,
                100,
                1_000,
                least,
                most,
                now,
                later,
                now // 1_000,
                later // 900_000 * 900,
            )
        )
        return max(least, min(most, wanted))

    def _bytes(self, shape: inspect.BytesType) -> bytes:
        """Return a key, an id, or something short."""
        length = shape.min_length or 0
        if length == len(self.keys[0]):
            return self.dice.choice(self.keys)
        if length == len(self.ids[0]):
            if self.dice.random() < 0.3:
                return holding_id(self.dice.choice(self.ids), self.dice.choice(self.keys))
            recent = self.ids[-20:] if self.dice.random() < 0.5 else self.ids
            return self.dice.choice(recent)
        return self.dice.randbytes(max(length, min(shape.max_length or 8, 8)))

    def _text(self, shape: inspect.StrType) -> str:
        """Return a word that fits."""
        words = [
            each
            for each in WORDS
            if (shape.min_length or 0) <= len(each) <= (shape.max_length or len(each))
        ]
        return self.dice.choice(words) if words else "x" * (shape.min_length or 0)

    def _learn(self, events: Any) -> None:
        """Take up every id and key that an event names."""
        for _, event in events:
            for found in _bytes_within(event):
                if len(found) == len(self.ids[0]):
                    self.ids.append(found)

    def _genesis(self) -> Any:
        """Return a genesis in which everybody has some of the roles."""
        numbers = {role: n % PEOPLE + 1 for n, role in enumerate(Role)}
        return genesis_of(
            lambda role: key(numbers[role]),
            name="trial",
            time=TIME,
            salt=bytes(32),
            sectors=SECTORS,
            interval_seconds=(900, 3_600),
            contracts=CONTRACTS,
        )


def _bytes_within(value: Any) -> Iterator[bytes]:
    """Yield all bytes within a value."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, Record):
        yield from _bytes_within(msgspec.structs.astuple(value))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _bytes_within(each)


@pytest.mark.parametrize("seed", range(8))
def test_no_command_crashes(seed: int) -> None:
    """Every command is accepted or rejected, and the invariants hold after each."""
    stranger = Stranger(seed)
    for _ in range(STEPS):
        stranger.step()
    assert stranger.verdicts[True] > 0
    assert stranger.verdicts[False] > 0
