"""
Joint changes in all their courses: what anybody may do to two or three ledgers, and what must hold.

`Stage` founds the ledgers and says which changes are wanted. `Stage.moves` yields every deed that a
world of ledgers allows: the clocks go on, each by itself; strangers, who sign nothing, send any
command with any proof that ever was genuine; parties sign whatever the rules ask of them, in any
order. The laws are about the ledgers alone, so they hold whoever acts.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import product
from typing import Any, Final, NamedTuple, TypeVar

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId
from tallystick.contracts.asset.commands import Reclaim
from tallystick.contracts.asset.commands import Transfer as TransferAsset
from tallystick.contracts.asset.model import AssetClass, Balance
from tallystick.contracts.exchange.commands import Abort, Commit, Finish, Prepare
from tallystick.contracts.exchange.model import (
    Change,
    Decision,
    Outcome,
    PartState,
    Prepared,
    Reservation,
    change_id,
    decision_id,
    prepared_id,
    reservation_id,
)
from tallystick.contracts.identity.commands import Recognise
from tallystick.contracts.title.commands import Retire
from tallystick.contracts.title.commands import Transfer as TransferTitle
from tallystick.contracts.title.model import Title
from tallystick.core.holding import WHOLE, Lock, Move, Release, holding_id
from tallystick.testing.explore import Law, Step
from tallystick.testing.keys import key
from tests.coordination.model_founding import (
    BUYER,
    CAR,
    DEADLINE,
    FUNDS,
    REGISTRAR,
    RIVAL,
    SELLER,
    STRANGER,
    Rules,
    Wish,
    found,
    fund,
    must,
    place_of,
    wanted,
)
from tests.coordination.model_laws import (
    LAWS,
    Seen,
    states_of,
    waits,
    wrong_accounts,
    wrong_title,
)
from tests.coordination.model_ledger import Answer, Letter, TinyLedger

INSTANTS: Final = ("before the deadline", "at the deadline", "after the deadline")
LATEST: Final = len(INSTANTS) - 1

CLOCK, RELAY, PARTY = "clock", "relay", "party"
NOBODY: Final = frozenset({CLOCK, RELAY})
"""The actors who need no signature: time, and strangers who carry proofs."""

World = tuple[tuple[int, ...], tuple[int, ...], tuple[Any, ...]]
"""For each ledger its snapshot, for each its clock, and whoever else has a memory."""

Item = TypeVar("Item")


class Deed(NamedTuple):
    """A command that somebody may send to a ledger."""

    actor: str
    """Who sends it: a stranger signs nothing, for parties all sign."""

    verb: str
    """What it does."""

    what: tuple[int, ...] = ()
    """The change, if it is about one, and the part."""

    proofs: tuple[tuple[int, int], ...] = ()
    """What it proves: facts by ledger and number."""


class Stage:
    """Ledgers that recognise each other, what the seller has on each, and the changes wanted."""

    def __init__(
        self,
        things: Sequence[str],
        wishes: Sequence[Wish],
        *,
        rules: Rules | None = None,
    ) -> None:
        """
        Found the ledgers.

        For each ledger `things` says what the seller gives there: a `title`, some of an `asset`,
        or nothing. With other `rules` contracts' own invariants are not
        insisted on, so that what is wrong must show in the laws.
        """
        sides = [found(name, rules or {}) for name in ("one", "two", "three")[: len(things)]]
        sides.sort(key=lambda side: side.state.ledger)
        units = [
            CAR if thing == "title" else fund(side)
            for side, thing in zip(sides, things, strict=True)
        ]
        for here, there in product(sides, sides):
            if here is not there:
                must(here, Recognise(there.trust(threshold=2)), REGISTRAR)
        self.things = tuple(things)
        self.units = tuple(units)
        self.changes = tuple(
            wanted([side.state.ledger for side in sides], things, units, wish, salt)
            for salt, wish in enumerate(wishes)
        )
        self.ids = tuple(map(change_id, self.changes))
        self.watched = {
            id: what
            for n, (lock_id, change) in enumerate(zip(self.ids, self.changes, strict=True))
            for id, what in (
                (decision_id(lock_id), f"decision on change {n}"),
                *(
                    (prepared_id(lock_id, part), f"part {part} of change {n}")
                    for part in range(len(change.parts))
                ),
            )
        }
        self.ledgers = tuple(
            TinyLedger(side, watched=tuple(self.watched), is_strict=rules is None) for side in sides
        )
        self.numbers = {side.state.ledger: n for n, side in enumerate(sides)}
        self.effects = cache(self._effects)
        self.happenings = cache(self._happenings)
        self.seen = cache(self._seen)
        self._breach = cache(self._breach_of)

    @property
    def start(self) -> World:
        """Return the world before anything happened."""
        return tuple(each.start for each in self.ledgers), (0,) * len(self.ledgers), ()

    @property
    def laws(self) -> list[Law[World]]:
        """Return what must hold in every state."""
        return [Law(sentence, partial(self._breach_in, n)) for n, (sentence, _) in enumerate(LAWS)]

    def moves(
        self, world: World, actors: tuple[str, ...] = (RELAY, PARTY)
    ) -> Iterator[tuple[Step, World]]:
        """Yield whatever time and these actors can do; it leaves everybody's memory alone."""
        snapshots, clocks, memory = world
        for step, after, now in self.happenings(snapshots, clocks, actors):
            yield step, (after, now, memory)

    def deciding(self, change: int) -> int:
        """Return which ledger decides on a change."""
        return self.numbers[self.changes[change].deciding]

    def is_free(self, world: World) -> bool:
        """Tell whether nothing is held anywhere."""
        return not any(self.seen(n, snapshot).held for n, snapshot in enumerate(world[0]))

    def is_late(self, world: World) -> bool:
        """Tell whether the deadline has come on every ledger that decides."""
        return all(world[1][self.deciding(n)] > 0 for n in range(len(self.changes)))

    def outcomes(self, world: World) -> tuple[Outcome | None, ...]:
        """Return what was decided about each change."""
        decisions = [
            self.seen(ledger, world[0][ledger]).decisions[n]
            for n in range(len(self.changes))
            for ledger in [self.deciding(n)]
        ]
        return tuple(each.outcome if each else None for each in decisions)

    def is_done(self, world: World, change: int) -> bool:
        """Tell whether every part of a change has moved."""
        seen = [self.seen(n, snapshot) for n, snapshot in enumerate(world[0])]
        return states_of(seen, change) == [PartState.CHANGED] * len(self.changes[change].parts)

    def send(self, snapshot: int, clock: int, ledger: int, deed: Deed) -> tuple[int, Answer]:
        """Send a command to a ledger, and return the snapshot that follows and the answer."""
        write = partial(self._write, ledger, deed)
        return self.ledgers[ledger].run(snapshot, deed, time=DEADLINE - 1 + clock, write=write)

    def say(self, deed: Deed) -> str:
        """Return a command in words, with what its proofs show."""
        change = f" change {deed.what[0]}" if deed.what else ""
        part = f" part {deed.what[1]} of" if len(deed.what) > 1 else ""
        proofs = " and ".join(self._say_fact(*fact) for fact in deed.proofs)
        return f"{deed.verb}{part}{change}" + (f" on a proof that {proofs}" if proofs else "")

    def _say_fact(self, ledger: int, number: int) -> str:
        """Return in words what a ledger showed."""
        id, records = self.ledgers[ledger].fact(number)
        what = self.watched[id]
        if records is None:
            return f"there is no {what}"
        for record in self.ledgers[ledger].state.decode(records).values():
            if isinstance(record, Prepared):
                return f"{what} is {record.state.value}"
            if isinstance(record, Decision):
                return f"the {what} is: {record.outcome.value}"
        raise AssertionError("the fact is about something else")

    def _write(self, ledger: int, deed: Deed) -> Letter:
        """
        Write out a command; for parties all sign, because more signatures allow more.

        Only what takes something from the seller is signed by him alone: whoever bought may sell
        again, and then things are elsewhere for a good reason.
        """
        who = (SELLER,) if deed.verb in {"prepare", "sell", "retire"} else (SELLER, BUYER, RIVAL)
        signers = () if deed.actor == RELAY else tuple(map(key, who))
        return Letter(self._command(ledger, deed), signers)

    def _command(self, ledger: int, deed: Deed) -> Record:
        """Return the command of a deed."""
        proofs = tuple(self.ledgers[place].proof(fact) for place, fact in deed.proofs)
        if not deed.what or deed.verb in {"reclaim", "lock", "release", "move"}:
            return self._trick(ledger, deed)
        n, part = deed.what[0], deed.what[-1]
        match deed.verb:
            case "prepare":
                return Prepare(self.changes[n], part)
            case "commit":
                return Commit(self.changes[n], proofs)
            case "abort":
                return Abort(self.changes[n])
        return Finish(self.ids[n], part, next(iter(proofs), None))

    def _trick(self, ledger: int, deed: Deed) -> Record:
        """Return what may be tried behind the contract's back."""
        unit, thing = self.units[ledger], self.things[ledger]
        owner, buyer = key(SELLER), key(STRANGER)
        contract, holding, _ = place_of(thing, unit)
        id = self.ids[deed.what[0]] if deed.what else LockId(unit)
        match deed.verb:
            case "sell" if thing == "title":
                return TransferTitle(unit, buyer)
            case "sell":
                return TransferAsset(unit, owner, buyer, FUNDS)
            case "retire":
                return Retire(unit)
            case "reclaim":
                return Reclaim(unit, owner, "exchange", id)
            case "lock":
                return Lock(contract, holding, id, 0)
            case "release":
                return Release(contract, holding, id)
        return Move(contract, holding, id, WHOLE, buyer)

    def _happenings(
        self, snapshots: tuple[int, ...], clocks: tuple[int, ...], actors: tuple[str, ...]
    ) -> list[tuple[Step, tuple[int, ...], tuple[int, ...]]]:
        """Return what can happen, each with the ledgers and their clocks after it."""
        found = []
        shown = tuple(map(TinyLedger.shown, self.ledgers, snapshots))
        for n, clock in enumerate(clocks):
            if clock < LATEST:
                step = Step(CLOCK, f"ledger {n} is {INSTANTS[clock + 1]}")
                found.append((step, snapshots, put(clocks, n, clock + 1)))
            for step, after in self.effects(n, snapshots[n], clock, shown, actors):
                found.append((step, put(snapshots, n, after), clocks))
        return found

    def _effects(
        self,
        ledger: int,
        snapshot: int,
        clock: int,
        shown: tuple[frozenset[int], ...],
        actors: tuple[str, ...],
    ) -> list[tuple[Step, int]]:
        """Return what can be brought about on a ledger, given what all of them ever showed."""
        found: dict[int, Step] = {}
        for deed in self._deeds(ledger, shown, actors):
            after, _ = self.send(snapshot, clock, ledger, deed)
            if after != snapshot and after not in found:
                found[after] = Step(deed.actor, f"{self.say(deed)}, on ledger {ledger}")
        return [(step, after) for after, step in found.items()]

    def _deeds(
        self, ledger: int, shown: tuple[frozenset[int], ...], actors: tuple[str, ...]
    ) -> Iterator[Deed]:
        """
        Yield every command worth sending to a ledger.

        Whoever brings a proof needs no signature, so that is left to strangers.
        """
        facts = [(place, fact) for place, each in enumerate(shown) for fact in sorted(each)]
        for actor in actors:
            for n, change in enumerate(self.changes):
                for part in range(len(change.parts)):
                    yield Deed(actor, "prepare", (n, part))
                    yield Deed(actor, "finish", (n, part))
                yield Deed(actor, "commit", (n,))
                yield Deed(actor, "abort", (n,))
            yield from self._tricks(actor, ledger)
        for n, change in enumerate(self.changes):
            for part, each in enumerate(change.parts):
                if self.numbers[each.ledger] == ledger:
                    for fact in facts:
                        yield Deed(RELAY, "finish", (n, part), (fact,))
            if self.numbers[change.deciding] == ledger:
                for proofs in self._choices(n, change, facts):
                    yield Deed(RELAY, "commit", (n,), proofs)

    def _choices(
        self, n: int, change: Change, facts: Sequence[tuple[int, int]]
    ) -> Iterable[tuple[tuple[int, int], ...]]:
        """
        Return every choice of proofs about a change's parts, and all with one that is out of place.

        Two that are out of place are refused for the first of them.
        """
        lists = []
        for part, each in enumerate(change.parts):
            place, id = self.numbers[each.ledger], prepared_id(self.ids[n], part)
            if each.ledger != change.deciding:
                tiny = self.ledgers[place]
                lists.append([(at, f) for at, f in facts if at == place and tiny.fact(f).id == id])
        choices = dict.fromkeys(product(*lists))
        latest = tuple(options[-1] for options in lists)
        for slot in range(len(lists)):
            for fact in facts:
                choices[*latest[:slot], fact, *latest[slot + 1 :]] = None
        return choices

    def _tricks(self, actor: str, ledger: int) -> Iterator[Deed]:
        """Yield what may be tried behind the contract's back."""
        thing = self.things[ledger]
        if not thing:
            return
        yield Deed(actor, "sell")
        if thing == "title":
            yield Deed(actor, "retire")
        for n in range(len(self.changes)):
            if thing != "title":
                yield Deed(actor, "reclaim", (n,))
            for verb in ("lock", "release", "move"):
                yield Deed(actor, verb, (n,))

    def _seen(self, ledger: int, snapshot: int) -> Seen:
        """Read what the laws ask of a ledger."""
        tiny = self.ledgers[ledger]
        read = partial(tiny.read, snapshot)
        parts = tuple(
            tuple(read(Prepared, prepared_id(id, n)) for n in range(len(change.parts)))
            for id, change in zip(self.ids, self.changes, strict=True)
        )
        decisions = tuple(read(Decision, decision_id(id)) for id in self.ids)
        facts = [tiny.fact(fact) for fact in tiny.shown(snapshot)]
        decided = tuple(
            sum(fact.id == decision_id(id) and fact.records is not None for fact in facts)
            for id in self.ids
        )
        mine = [part for each in parts for part in each if part is not None]
        wrong, held = self._things(ledger, snapshot, mine)
        return Seen(parts, decisions, decided, wrong, held or any(map(waits, mine)))

    def _things(self, ledger: int, snapshot: int, parts: Sequence[Prepared]) -> tuple[str, bool]:
        """Say what is wrong with what the seller had, given the parts; and whether it is held."""
        thing, unit = self.things[ledger], self.units[ledger]
        read = partial(self.ledgers[ledger].read, snapshot)
        if thing == "title":
            car = read(Title, unit)
            reserved = read(Reservation, reservation_id("title", unit))
            if car is None:
                return "the car is gone", False
            held = car.lock is not None or reserved is not None
            return wrong_title(car, reserved, parts), held
        if not thing:
            return "", False
        accounts = [holding_id(unit, key(who)) for who in (SELLER, STRANGER, BUYER, RIVAL)]
        balances = [
            read(Balance, account) or Balance(unit, key(who), 0, 0)
            for account, who in zip(accounts, (SELLER, STRANGER, BUYER, RIVAL), strict=True)
        ]
        known = read(AssetClass, unit)
        supply = 0 if known is None else known.minted - known.burned
        return wrong_accounts(balances, supply, parts), any(each.locked for each in balances)

    def _breach_in(self, law: int, world: World) -> str:
        """Say how a world breaks a law."""
        return self._breach(world[0])[law]

    def _breach_of(self, snapshots: tuple[int, ...]) -> tuple[str, ...]:
        """Say how ledgers, whatever their clocks, break each law."""
        seen = [self.seen(n, snapshot) for n, snapshot in enumerate(snapshots)]
        return tuple(
            next(
                filter(None, (law(seen, n, self.deciding(n)) for n in range(len(self.changes)))), ""
            )
            for _, law in LAWS
        )


def put(items: tuple[Item, ...], n: int, item: Item) -> tuple[Item, ...]:
    """Return a tuple with one item replaced."""
    return (*items[:n], item, *items[n + 1 :])
