"""
What a stranger can infer: from the public view, and from everything if the ledger leaks.

The stranger here is diligent: it joins whatever stands in one record, one event or one transaction,
and follows every identifier through the whole ledger. Only that a sale has two sides is taken as
what it is, and what belongs to nobody (the programme, its officials, a vault) joins nothing.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.allowance.commands import (
    Allocate,
    Decide,
    OpenAccount,
    SetBaseline,
    Transfer,
)
from tallystick.contracts.allowance.events import (
    AllowancesMoved,
    AllowancesTransferred,
    UnitApplied,
)
from tallystick.contracts.allowance.model import (
    Account,
    AccountKind,
    Baseline,
    Holder,
    Programme,
    Unit,
    Vintage,
    commitment,
    vintage_id,
)
from tallystick.contracts.allowance.projection import PUBLIC
from tallystick.contracts.allowance.views import (
    ShowBaseline,
    ShowProgramme,
    ShowUnit,
    ShowVintage,
)
from tallystick.testing.factories import STRANGER
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted
from tests.contracts.allowance import bank, locker
from tests.contracts.allowance.cases import (
    COLLECTOR,
    DIRECTOR,
    LOCK,
    NORTH,
    OPERATOR,
    TERMS,
    VAULT,
    applying,
    begin,
    close,
    latest,
    measured,
    opened,
    opening,
    place,
    register,
    transferring,
)
from tests.contracts.allowance.histories import leaves
from tests.contracts.allowance.test_projection import Model

HOLDERS = ("Acme Power", "Best Power")
PLANTS, TRADERS = (70, 71), (72, 73)
METERS, GENERATORS = (74, 75), (76, 77)
SALTS = {owner: owner.to_bytes(32, "big") for owner in (*PLANTS, *TRADERS)}
TRADES = (AllowancesMoved, AllowancesTransferred, Transfer, locker.Hand)

Seen = tuple[Sequence[Record], Sequence[int]]
"""The commands and the signers of a transaction."""


class Town:
    """Two holders, each with a plant and an account for trading, and all that was recorded."""

    def __init__(self, *, payer: int | None = None) -> None:
        self.transactions: list[Seen] = []
        self.trial, self.programme = opened()
        self.holders = [register(self.trial, self.programme, name) for name in HOLDERS]
        self.do(bank.Mint(key(COLLECTOR), 1), COLLECTOR)
        for owner in PLANTS:
            self.open(owner, AccountKind.COMPLIANCE, payer)
        for owner in TRADERS:
            self.open(owner, AccountKind.TRADING, payer)
        self.units = [self.admit(n) for n in range(2)]
        begin(self.trial, 0)
        self.trade()

    def do(self, command: Record, *signers: int) -> None:
        """Execute a transaction, in public."""
        assert accepted == self.trial.execute(command, signers=signers), self.trial.message
        self.transactions.append(((command,), signers))

    def open(self, owner: int, kind: AccountKind, payer: int | None) -> None:
        """Open an account for the holder that it belongs to."""
        holder = self.holders[owner % 2]
        sealed = commitment(holder=holder, key=key(owner), salt=SALTS[owner])
        plain = opening(self.programme, owner, kind, payer=payer)
        command = OpenAccount(self.programme, NORTH, key(owner), kind, sealed, plain.payer)
        self.do(command, OPERATOR, owner, *(() if payer is None else (payer,)))

    def admit(self, n: int) -> RecordId:
        """Let a plant apply, and allocate to it."""
        plant, meter, generator = PLANTS[n], METERS[n], GENERATORS[n]
        command = applying(self.programme, plant, emission=(meter,), production=(generator,))
        self.do(command, plant, meter, generator)
        unit = RecordId(latest(self.trial, UnitApplied).unit)
        self.do(Decide(unit, admitted=True, first_period=0, reason=""), DIRECTOR)
        self.do(SetBaseline(unit, 0, 2_000, 100, ""), DIRECTOR)
        self.do(Allocate(unit, 0), DIRECTOR)
        return unit

    def trade(self) -> None:
        """Sell from both plants through a clearing vault, to the other holder's trader."""
        for plant, buyer in zip(PLANTS, reversed(TRADERS), strict=True):
            at = place(self.programme, plant)
            self.do(locker.Keep(at, LOCK, 0, 50), plant)
            self.do(locker.Hand(at, LOCK, 50, VAULT), STRANGER)
            self.do(locker.Hand(place(self.programme, VAULT), LOCK, 50, key(buyer)), STRANGER)
        self.do(transferring(self.programme, TRADERS[0], TRADERS[1], 5), TRADERS[0])
        measured(self.trial, 7_000, meter=METERS[0])
        close(self.trial, self.units[0])

    def officials(self) -> set[bytes]:
        """Return what joins nothing, because it belongs to nobody or to the administration."""
        vintages = {
            vintage_id(programme=self.programme, zone=NORTH, period=period) for period in range(3)
        }
        people = {key(each) for each in (DIRECTOR, OPERATOR, COLLECTOR, STRANGER)}
        return {self.programme, VAULT, LOCK, bank.MONEY, *vintages, *people}

    def joined(self) -> list[set[bytes]]:
        """Return all that a stranger joins who sees everything that was ever recorded."""
        groups: list[set[bytes]] = []
        for id, leaf in leaves(self.trial).items():
            groups += [{id, *identifiers(record)} for record in leaf.values()]
        groups += [set(identifiers(each)) for each in self.trial.events if not_trade(each)]
        for commands, signers in self.transactions:
            group: set[bytes] = {key(each) for each in signers}
            for command in commands:
                if not_trade(command):
                    group |= set(identifiers(command))
            groups.append(group)
        return join(groups, self.officials())

    def holder_of(self, owner: int) -> bytes:
        """Return the holder behind a key, as the registry knows it."""
        return self.holders[owner % 2]


def not_trade(record: Record) -> bool:
    """Tell whether a record is about one side only."""
    return not isinstance(record, TRADES)


def identifiers(value: object) -> list[bytes]:
    """Return every key and id that stands anywhere in a value."""
    if isinstance(value, bytes):
        return [value]
    if isinstance(value, tuple):
        return [each for item in value for each in identifiers(item)]
    if isinstance(value, Struct):
        fields = (getattr(value, name) for name in value.__struct_fields__)
        return [each for field in fields for each in identifiers(field)]
    return []


def join(groups: Iterable[set[bytes]], hubs: set[bytes]) -> list[set[bytes]]:
    """Join groups that share anything but a hub, until none do."""
    joined: list[set[bytes]] = []
    for group in groups:
        fresh = group - hubs
        rest = []
        for other in joined:
            if other & fresh:
                fresh = fresh | other
            else:
                rest.append(other)
        joined = [*rest, fresh] if fresh else rest
    return joined


def together(joined: list[set[bytes]], *wanted: bytes) -> bool:
    """Tell whether a stranger knows that things belong together."""
    return any(group.issuperset(wanted) for group in joined)


def test_public_view_names_no_account() -> None:
    """Public tables and views hold units, baselines, names and totals, and no key at all."""
    town = Town()
    model = Model()
    model.follow(town.trial)
    keys = {key(each) for each in (*PLANTS, *TRADERS, *METERS, *GENERATORS)}
    shown = {
        value
        for table in PUBLIC
        for row in model.rows[table].values()
        for value in row.values()
        if isinstance(value, bytes)
    }
    for question in (
        ShowProgramme(town.programme),
        *(ShowUnit(unit) for unit in town.units),
        *(ShowBaseline(unit, 0) for unit in town.units),
        ShowVintage(town.programme, NORTH, 0),
    ):
        shown |= set(identifiers(town.trial.ask(question)))
    assert set(town.holders) <= shown
    assert set(town.units) <= shown
    assert keys & shown == set()
    joined = join([{value} for value in shown], set())
    assert not together(joined, town.units[0], town.holders[0])


def test_nobody_ties_an_account_to_a_holder() -> None:
    """Even who sees everything finds no holder behind a key, by ids, fields or signatures."""
    town = Town()
    joined = town.joined()
    for owner in (*PLANTS, *TRADERS, *METERS):
        for holder in town.holders:
            assert not together(joined, key(owner), holder)
    for holder in town.holders:
        (group,) = [each for each in joined if holder in each]
        assert {holder} == group


def test_nobody_ties_a_trading_account_to_a_unit() -> None:
    """A trading account stands alone: with no unit, no plant's account, no other of its holder."""
    town = Town()
    joined = town.joined()
    for trader in TRADERS:
        for other in (*PLANTS, *METERS, *(each for each in TRADERS if each != trader)):
            assert not together(joined, key(trader), key(other))
        for unit in town.units:
            assert not together(joined, key(trader), unit)


def test_compliance_accounts_are_tied_to_their_unit() -> None:
    """As documented: who sees everything knows a unit's account and meters, but no other's."""
    town = Town()
    joined = town.joined()
    for n, unit in enumerate(town.units):
        own = (key(PLANTS[n]), key(METERS[n]), key(GENERATORS[n]))
        assert together(joined, unit, *own)
        assert not together(joined, unit, town.units[1 - n])


def test_a_direct_sale_shows_both_sides() -> None:
    """As documented: without a clearing vault, who sees everything sees both sides of a sale."""
    town = Town()
    sides = [
        (each.source, each.target)
        for each in town.trial.events
        if isinstance(each, AllowancesTransferred)
    ]
    assert [(key(TRADERS[0]), key(TRADERS[1]))] == sides
    moved = [each for each in town.trial.events if isinstance(each, AllowancesMoved)]
    assert all(VAULT in (each.source, each.target) for each in moved)


def test_a_payer_ties_accounts_together() -> None:
    """As documented: who pays the fees of two accounts with one key ties them together."""
    careful, careless = Town(), Town(payer=COLLECTOR + 1)
    pair = key(PLANTS[0]), key(TRADERS[0])
    assert not together(careful.joined(), *pair)
    assert together(careless.joined(), *pair)


def test_commitments() -> None:
    """A commitment opens with its salt only, and no two are alike, whoever stands behind them."""
    town = Town()
    accounts = {
        leaf[Account].key: leaf[Account].commitment  # type: ignore[attr-defined]
        for leaf in leaves(town.trial).values()
        if Account in leaf
    }
    assert len(accounts) == len(set(accounts.values()))
    guesses = [bytes(32), town.programme, *town.holders, *accounts]
    for owner in (*PLANTS, *TRADERS):
        sealed = accounts[key(owner)]
        holder = RecordId(town.holder_of(owner))
        assert sealed == commitment(holder=holder, key=key(owner), salt=SALTS[owner])
        guessed = {
            commitment(holder=each, key=key(owner), salt=salt)
            for each in town.holders
            for salt in guesses
        }
        assert sealed not in guessed
    same_salt = {
        commitment(holder=town.holders[0], key=key(owner), salt=SALTS[PLANTS[0]])
        for owner in PLANTS
    }
    assert 2 == len(same_salt)


def test_public_records() -> None:
    """Of the records that the regulation makes public, none has a holder and a key in it."""
    town = Town()
    for leaf in leaves(town.trial).values():
        for kind in (Programme, Holder, Baseline, Vintage):
            record = leaf.get(kind)
            if record is not None and kind is not Programme:
                assert not [each for each in identifiers(record) if len(each) == 33]
        unit = leaf.get(Unit)
        if isinstance(unit, Unit):
            assert not set(identifiers(unit)) & set(town.holders)
    assert TERMS == town.trial.ask(ShowProgramme(town.programme)).terms  # type: ignore[attr-defined]


def test_sanity_of_the_stranger() -> None:
    """The stranger does join what is tied: a chain of groups that overlap is one."""
    chain = [{b"a", b"b"}, {b"c", b"d"}, {b"b", b"c"}, {b"x", b"hub"}, {b"hub", b"y"}]
    joined = join(chain, {b"hub"})
    assert together(joined, b"a", b"d")
    assert not together(joined, b"x", b"y")
    assert isinstance(Town().trial, Trial)
