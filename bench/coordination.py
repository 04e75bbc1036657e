"""Rates of joint changes and swaps over two durable ledgers, and a rush on one thing."""

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.result import Result
from bench.workload import ISSUER_SECRET, bench_folder
from bench.yardstick import Yardstick
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.base.notes import TYPE_COSIGNATURE, Signer
from tallystick.base.signatures import public_key
from tallystick.client.foreign import anchor_command, trust_of
from tallystick.client.genesis import usual_genesis
from tallystick.client.ledger import Ledger
from tallystick.compose import open_ledger, wall_clock
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Burners, Kind
from tallystick.contracts.exchange.model import ExchangeParameters, Outcome, Part
from tallystick.contracts.identity.commands import Recognise
from tallystick.contracts.identity.model import EVERYWHERE, Founder, Role
from tallystick.contracts.title.commands import Register
from tallystick.contracts.title.model import TitleParameters, title_id
from tallystick.coordination.coordinator import Coordinator
from tallystick.coordination.diary import Diary
from tallystick.coordination.entries import Leg, Terms
from tallystick.coordination.signing import Secrets
from tallystick.coordination.swap import Assumptions, SwapOutcome, propose
from tallystick.coordination.swapper import Swapper
from tallystick.coordination.witness import Witness
from tallystick.core.holding import WHOLE, holding_id

IN_FLIGHT = 50
BATCHES = 10
ROUNDS = 3
RATE_MUST = 200.0
BUYERS = 1_000
RUSH_SECONDS_MUST = 1.0
PLENTY = 10**9
LASTING = 60_000
OPERATOR = public_key(ISSUER_SECRET)
PASSPHRASE = b"k" * 32
ASSUMED = Assumptions(finality_lead=500, finality_follow=500, clock_skew=500, claim=5_000)
NOTE = (
    "two durable ledgers with a witness each cosigning, diaries synced, 50 in flight, each "
    "complete: changes with 2 prepares, commit on proof, 2 finishes on proof; swaps with 2 locks, "
    "each used only on proof, and 2 payments"
)


class Person:
    """Somebody who has money on both ledgers."""

    def __init__(self, n: int) -> None:
        self.secret = tagged_hash(b"bench", b"trader", n.to_bytes(8, "big"))
        self.key: PublicKey = public_key(self.secret)


class Place(NamedTuple):
    """Two ledgers that recognise each other."""

    folder: Path
    ledgers: dict[LedgerId, Ledger]
    money: dict[LedgerId, RecordId]
    people: list[Person]


def joint_changes(_: Yardstick) -> Iterator[Result]:
    """Measure joint changes of two parts, whole, with a coordinator that keeps a diary."""
    with _place(IN_FLIGHT + 1) as place, _diary(place, "diary") as diary:
        coordinator = Coordinator(place.ledgers, _signer(place.people), diary)
        rates = [_change_rate(place, coordinator) for _ in range(ROUNDS)]
    yield _rate("joint changes, 50 in flight", statistics.median(rates))


def swaps(_: Yardstick) -> Iterator[Result]:
    """Measure swaps between two parties, each with a swapper and a diary of its own."""
    with (
        _place(2 * IN_FLIGHT) as place,
        _diary(place, "lead") as lead,
        _diary(place, "follow") as follow,
    ):
        trusts = {ledger.id: trust_of(ledger) for ledger in place.ledgers.values()}
        leaders, followers = place.people[:IN_FLIGHT], place.people[IN_FLIGHT:]
        parties = (
            Swapper(place.ledgers, trusts, _signer(leaders), lead, assumptions=ASSUMED),
            Swapper(place.ledgers, trusts, _signer(followers), follow, assumptions=ASSUMED),
        )
        rates = [_swap_rate(place, parties) for _ in range(ROUNDS)]
    yield _rate("swaps, 50 in flight", statistics.median(rates))


def rush(_: Yardstick) -> Iterator[Result]:
    """Measure how long it takes until all of many buyers know who got the one thing."""
    with _place(BUYERS) as place, _diary(place, "diary") as diary:
        seconds = [_rush_seconds(place, diary, f"thing-{n}") for n in range(ROUNDS)]
    value = statistics.median(seconds)
    yield Result(
        f"a rush of {BUYERS:,} buyers on one thing",
        value,
        "s",
        must=f"≤ {RUSH_SECONDS_MUST:.0f} s",
        met=value <= RUSH_SECONDS_MUST,
        note="one winner committed and finished on both ledgers, every loser told and aborted",
    )


def _change_rate(place: Place, coordinator: Coordinator) -> float:
    """Return how many changes ended in a second."""
    one, other = place.ledgers
    began = time.perf_counter()
    for _ in range(BATCHES):
        wanted = [
            [
                _part(place, one, source.key, target.key, 1),
                _part(place, other, target.key, source.key, 1),
            ]
            for source, target in zip(place.people, place.people[1:], strict=False)
        ]
        intents = coordinator.begin_all(wanted, deciding=one, lasting=LASTING)
        ended = coordinator.run()
        if any(ended.pop(each).outcome is not Outcome.COMMITTED for each in intents):
            raise AssertionError("a change was not committed")
    return BATCHES * IN_FLIGHT / (time.perf_counter() - began)


def _swap_rate(place: Place, parties: Sequence[Swapper]) -> float:
    """Return how many swaps ended in a second."""
    leader, follower = parties
    began = time.perf_counter()
    for _ in range(BATCHES):
        agreed = _agreed(place)
        leader.begin_all(agreed)
        follower.begin_all([(terms, b"") for terms, _ in agreed])
        while leader.open or follower.open:
            leader.step()
            follower.step()
        for terms, _ in agreed:
            ends = {party.ended.pop(terms.digest).outcome for party in parties}
            if ends != {SwapOutcome.SWAPPED}:
                raise AssertionError("a swap did not end as it should")
    return BATCHES * IN_FLIGHT / (time.perf_counter() - began)


def _agreed(place: Place) -> list[tuple[Terms, bytes]]:
    """Return the terms of swaps between pairs of people, and their preimages."""
    one, other = place.ledgers
    pairs = zip(place.people[:IN_FLIGHT], place.people[IN_FLIGHT:], strict=True)
    return [
        propose(
            _leg(place, one, leader.key, follower.key),
            _leg(place, other, follower.key, leader.key),
            now=wall_clock(),
            lasting=LASTING,
            assumptions=ASSUMED,
        )
        for leader, follower in pairs
    ]


def _rush_seconds(place: Place, diary: Diary, name: str) -> float:
    """Return how long it takes until everybody knows who got a thing. [s]"""
    one, other = place.ledgers
    thing = _thing(place.ledgers[one], name)
    signer = Secrets([ISSUER_SECRET, *(person.secret for person in place.people)])
    coordinator = Coordinator(place.ledgers, signer, diary)
    wanted = [
        [
            Part(one, "title", thing, OPERATOR, WHOLE, buyer.key),
            _part(place, other, buyer.key, OPERATOR, 5),
        ]
        for buyer in place.people
    ]
    began = time.perf_counter()
    intents = coordinator.begin_all(wanted, deciding=one, lasting=LASTING)
    ended = coordinator.run()
    seconds = time.perf_counter() - began
    won = [ended[each].outcome for each in intents].count(Outcome.COMMITTED)
    if won != 1:
        raise AssertionError(f"{won} buyers got the one thing")
    return seconds


def _part(
    place: Place, ledger: LedgerId, source: PublicKey, target: PublicKey, amount: int
) -> Part:
    """Return a part that pays money."""
    holding = holding_id(place.money[ledger], source)
    return Part(ledger, "asset", holding, source, amount, target)


def _leg(place: Place, ledger: LedgerId, owner: PublicKey, beneficiary: PublicKey) -> Leg:
    """Return a leg that pays money."""
    holding = holding_id(place.money[ledger], owner)
    return Leg(ledger, "asset", holding, 1, owner, beneficiary, until=0)


def _signer(people: Sequence[Person]) -> Secrets:
    """Return what signs for some people."""
    return Secrets(person.secret for person in people)


def _diary(place: Place, name: str) -> Diary:
    """Open a diary under random bytes."""
    return Diary.open(place.folder / name, PASSPHRASE, work_bits=1)


def _rate(name: str, rate: float) -> Result:
    """Return a rate with its must."""
    must = f"≥ {RATE_MUST:.0f}/s"
    return Result(name, rate, "1/s", must=must, met=rate >= RATE_MUST, note=NOTE)


@contextmanager
def _place(people: int) -> Iterator[Place]:
    """Open two durable ledgers that recognise each other by threshold, where people have money."""
    with bench_folder() as folder, _ledger(folder / "0") as one, _ledger(folder / "1") as other:
        witness = Witness(folder / "witness", Signer("witness", bytes(32), TYPE_COSIGNATURE))
        traders = [Person(n) for n in range(people)]
        money = {ledger.id: _money(ledger, witness, traders) for ledger in (one, other)}
        for target, source in ((one, other), (other, one)):
            target.send(Recognise(trust_of(source)), [ISSUER_SECRET])
            target.send(anchor_command(target, source), [ISSUER_SECRET])
        yield Place(folder, {one.id: one, other.id: other}, money, traders)
        witness.close()


def _ledger(folder: Path) -> Ledger:
    """Found a ledger."""
    folder.mkdir(parents=True)
    genesis = usual_genesis(
        "bench",
        time=wall_clock(),
        salt=os.urandom(32),
        registrar=OPERATOR,
        issuing_body=OPERATOR,
        publisher=OPERATOR,
        sectors=("bench",),
        founders=[
            Founder(OPERATOR, role, EVERYWHERE)
            for role in (Role.ASSET_ISSUER, Role.TITLE_REGISTRAR)
        ],
        more={
            "asset": AssetParameters(),
            "exchange": ExchangeParameters(),
            "title": TitleParameters(),
        },
    )
    return open_ledger(folder / "ledger", genesis=genesis)


def _money(ledger: Ledger, witness: Witness, people: Sequence[Person]) -> RecordId:
    """Define money, and give everybody plenty of it."""
    witness.watch(ledger.id, ledger.status().checkpoint_key)
    ledger.witnesses = (witness,)
    money = _define_money(ledger)
    for n in range(0, len(people), 500):
        mints = [Mint(money, each.key, PLENTY) for each in people[n : n + 500]]
        ledger.send(mints, [ISSUER_SECRET])
    return money


def _define_money(ledger: Ledger) -> RecordId:
    """Define the money of a ledger."""
    kind = Kind.FUNGIBLE
    command = Define("money", "unit", 0, kind, (OPERATOR,), 0, 0, True, Burners.ISSUER)  # noqa: FBT003 - as the record has it.
    events = ledger.events(ledger.send(command, [ISSUER_SECRET]))
    return next(each.asset for each in events if isinstance(each, AssetDefined))


def _thing(ledger: Ledger, name: str) -> RecordId:
    """Register one thing, of which there is no other."""
    ledger.send(Register("thing", name, OPERATOR, (), None), [ISSUER_SECRET])
    return title_id("thing", name)
