"""Attacks on whoever carries: by lying nodes, by strangers on a transport, by what is proposed."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import encode
from tallystick.base.identifiers import LedgerId
from tallystick.client.foreign import anchors_of, foreign_proof, trust_of
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.commands import Redeem
from tallystick.contracts.exchange.model import (
    Change,
    Decision,
    Outcome,
    change_id,
    decision_id,
    prepared_id,
)
from tallystick.coordination.coordinator import Coordinator, LedgerNotAtHand, SaltUsedBefore
from tallystick.coordination.diary import Diary
from tallystick.coordination.entries import ChangeBegun, Entry, Intent, SwapBegun, Terms
from tallystick.coordination.joint_change import UnsoundParts, plan
from tallystick.coordination.relay import HORIZON, AskDecision, Relay, ShowDecision, ShowParts
from tallystick.coordination.signing import Secrets
from tallystick.coordination.swap import Side, SwapOutcome, lock_id
from tallystick.coordination.swap_work import SwapEnd
from tallystick.coordination.swapper import DigestUsedBefore, OwnerIsAnother, Swapper
from tallystick.coordination.transport import InProcess
from tallystick.coordination.watching import Watch
from tallystick.coordination.watchtower import Watchtower
from tallystick.core.block import Block
from tallystick.core.errors import Later
from tallystick.core.node import Answer
from tallystick.testing.keys import key, secret
from tallystick.testing.tables import Trial
from tests.contracts.benefit.cases import AMOS, A, buying, created, do, marketplace
from tests.coordination.test_relay import prepared, relays
from tests.coordination.test_swapper import ASSUMED, swapper, terms_of
from tests.coordination.world import ANNA, BERT, MINUTE, PLENTY, World, secrets_of, world

NOWHERE = LedgerId(b"\xee" * 32)


class Liar:
    """A ledger as its node shows it: its time is what helps the other party, or slow to come."""

    def __init__(
        self, ledger: Ledger, *, says: int, on_proof: Callable[[], None] = lambda: None
    ) -> None:
        self._ledger = ledger
        self._says = says
        self._on_proof = on_proof
        self.cosigned = b"", b""
        self.node = SimpleNamespace(submit_all=ledger.node.submit_all, prove=self._prove)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def now(self) -> int:
        """Return what it says."""
        return self._says

    def _prove(self, *arguments: Any) -> Any:
        """Prove, after whatever time."""
        self._on_proof()
        return self._ledger.node.prove(*arguments)


def deceived(place: World, who: int, n: int, liar: Liar, clock: Callable[[], int]) -> Swapper:
    """Return the swapper of a party to whom the n-th ledger's node lies."""
    ledgers: dict[LedgerId, Any] = {**place.ledgers, place.list[n].id: liar}
    trusts = {ledger.id: trust_of(ledger) for ledger in place.list}
    signer = Secrets(secrets_of(who))
    return Swapper(ledgers, trusts, signer, assumptions=ASSUMED, clock=clock)


def shown(ledger: Ledger, preimage: bytes) -> bool:
    """Tell whether a preimage stands in any transaction, even a rejected one."""
    return any(preimage in raw for block in ledger.follow(1) for raw in block.transactions)


def test_a_leader_keeps_the_secret_from_a_node_that_says_it_is_early(tmp_path: Path) -> None:
    """At the end of the follower's lock it would be refused, and public."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        liar = Liar(place.list[1], says=place.clock())
        anna = deceived(place, ANNA, 1, liar, place.clock)
        bert = swapper(place, BERT)
        swap = anna.lead(terms, preimage)
        bert.follow(terms)
        anna.step()
        bert.step()
        assert 10 == place.balance(1, BERT)[1]
        place.clock.move(terms.follow.until - ASSUMED.reveal - place.clock() + 1)
        for _ in range(3):
            anna.step()
        assert not shown(place.list[1], preimage)
        place.clock.move(2 * MINUTE)
        assert SwapOutcome.REFUNDED is anna.run()[swap].outcome
        assert PLENTY == place.balance(0, ANNA)[0]


def test_a_leader_keeps_the_secret_from_a_node_that_takes_its_time(tmp_path: Path) -> None:
    """There was enough of it when the leader looked, and none when the proof had come."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        liar = Liar(place.list[1], says=place.clock(), on_proof=lambda: place.clock.move(MINUTE))
        anna = deceived(place, ANNA, 1, liar, place.clock)
        bert = swapper(place, BERT)
        anna.lead(terms, preimage)
        bert.follow(terms)
        anna.step()
        bert.step()
        anna.step()
        assert place.clock() >= terms.follow.until
        assert not shown(place.list[1], preimage)


def test_a_follower_does_not_lock_where_a_proven_time_runs_ahead(tmp_path: Path) -> None:
    """The leader's node hides that its ledger's clock would refund the leader too early."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        now = place.clock()
        anna = swapper(place, ANNA)
        bert = deceived(place, BERT, 0, Liar(place.list[0], says=now), lambda: now)
        anna.lead(terms, preimage)
        bert.follow(terms)
        place.clock.move(ASSUMED.clock_skew + 1)
        anna.step()
        place.clock.move(-ASSUMED.clock_skew - 1)
        for _ in range(3):
            bert.step()
        assert (PLENTY, 0) == place.balance(1, BERT)


class OneLedger:
    """A trial as a ledger: what carriers see of one marketplace."""

    def __init__(self, trial: Trial, blocks: Sequence[Block], time: int) -> None:
        self.id = trial.state.ledger
        self.node = self
        self.ask = trial.ask
        self.handed_in = 0
        self._blocks, self._time = blocks, time

    def follow(self, height: int) -> Iterator[Block]:
        """Yield the blocks."""
        return iter([each for each in self._blocks if each.header.height >= height])

    def now(self) -> int:
        """Return the time."""
        return self._time

    def expiry(self) -> int:
        """Return when what is signed now expires."""
        return self._time + MINUTE

    def submit_all(self, raws: Sequence[bytes]) -> Future[list[Answer]]:
        """Count what is handed in, and be too busy for it."""
        self.handed_in += len(raws)
        raise Later("busy", retry_after_milliseconds=1)


def bought() -> tuple[Trial, Change, OneLedger]:
    """Return a marketplace on which `benefit.buy` has prepared a part, after its deadline."""
    trial = marketplace()
    command = buying(trial, created(trial, A), AMOS)
    do(trial, command, AMOS)
    return trial, command.change, OneLedger(trial, [trial.close_block()], command.change.deadline)


def test_what_a_contract_prepares_is_aborted_after_its_deadline() -> None:
    """No `exchange.prepare` says the change: the command that reserved the benefit does."""
    _, change, ledger = bought()
    watch = Watch(ledger)  # type: ignore[arg-type]
    watch.catch_up()
    assert {change_id(change): change} == dict(watch.changes)
    tower = Watchtower({ledger.id: ledger})  # type: ignore[dict-item]
    assert 0 == tower.step()
    assert 1 == ledger.handed_in


def test_what_a_contract_prepares_is_finished_by_a_relay() -> None:
    """All that takes is the part itself, which says who decides."""
    trial, change, ledger = bought()
    id = change_id(change)
    decided = Decision(id, Outcome.COMMITTED, change.deadline, change.deadline - 1)
    trial.plant(decision_id(id), decided)
    relay = Relay(ledger, InProcess())  # type: ignore[arg-type]
    relay._watch.catch_up()
    relay._watch.changes.clear()
    assert relay.step()
    assert 1 == ledger.handed_in


def test_a_decision_on_another_change_starves_no_relay(tmp_path: Path) -> None:
    """However often a stranger shows it: it is no answer, and ends up on no ledger."""
    with world(tmp_path) as place:
        place.anchor()
        (old,) = prepared(place, 1)
        transport = InProcess()
        carriers = relays(place, transport)
        while place.locked():
            for relay in carriers:
                relay.step()
        (change,) = prepared(place, 1)
        home, away = place.list
        carriers, before = relays(place, InProcess()), away.status().height
        transport = carriers[0]._transport  # type: ignore[assignment]
        for _ in range(4):
            carriers[0].step()
            anchors = anchors_of(away, home.id)
            bogus = foreign_proof(home, decision_id(change_id(old)), anchors=anchors)
            transport.send(away.id, encode(ShowDecision(change_id(change), bogus)))
            carriers[1].step()
        assert 0 == place.locked()
        assert before + 1 == away.status().height  # The one `finish` that ends its part.


def invented(place: World, n: int, deadline: int) -> Change:
    """Return a change that somebody dreamt up."""
    parts = [place.part(each, ANNA, BERT, 1) for each in (0, 1)]
    salt = n.to_bytes(16, "big")
    return plan(parts, deciding=place.list[0].id, deadline=deadline, salt=salt)


def test_invented_changes_fill_no_relay(tmp_path: Path) -> None:
    """Whoever asks for a decision is asked to prove a part, and nothing is kept until then."""
    with world(tmp_path, count=3) as place:
        place.anchor()
        home, away, third = place.list
        transport = InProcess()
        carriers = relays(place, transport)
        for n in range(20):
            soon = invented(place, n, place.clock() + MINUTE)
            late = invented(place, 100 + n, place.clock() + HORIZON + MINUTE)
            for change, sender in (
                (soon, away.id),
                (soon, third.id),
                (soon, NOWHERE),
                (late, away.id),
            ):
                transport.send(home.id, encode(AskDecision(sender, change, ())))
            absent = foreign_proof(
                away, prepared_id(change_id(soon), 1), anchors=anchors_of(home, away.id)
            )
            transport.send(home.id, encode(ShowParts(soon, (absent,))))
        carriers[0].step()
        assert {} == carriers[0]._to_decide
        # One question for each of which a part could be there.
        assert (20, 0) == tuple(len(transport.receive(each.id)) for each in (away, third))


def test_what_is_held_here_is_carried_however_much_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bounds are for what others show; one ledger's share is bounded, too."""
    monkeypatch.setattr("tallystick.coordination.relay.CHANGES_MAX", 0)
    with world(tmp_path) as place:
        place.anchor()
        prepared(place, 2)
        carriers = relays(place, InProcess())
        for _ in range(4):
            for relay in carriers:
                relay.step()
        assert 0 == place.locked()


def test_one_ledger_cannot_take_all_the_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what only it shows, so much is carried at a time; the rest comes later."""
    monkeypatch.setattr("tallystick.coordination.relay.CHANGES_OF_SENDER_MAX", 1)
    with world(tmp_path, count=3) as place:
        place.anchor()
        wanted = [
            plan(
                [place.part(n, ANNA, BERT, 1) for n in (1, 2)],
                deciding=place.list[0].id,
                deadline=place.clock() + MINUTE,
            )
            for _ in range(3)
        ]
        coordinator = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)))
        for change in wanted:
            coordinator.join(change)
        coordinator.step()
        coordinator.step()
        carriers = relays(place, InProcess())
        most = 0
        for _ in range(20):
            for relay in carriers:
                relay.step()
            most = max(most, len(carriers[0]._to_decide))
        assert 0 < most <= 2
        assert 0 == place.locked()


def test_a_change_that_no_ledger_takes_is_not_joined(tmp_path: Path) -> None:
    """A typed error, nothing in the diary, and no word about it after a restart."""
    with world(tmp_path, witnesses=0) as place:
        change = invented(place, 1, place.clock() + MINUTE)
        stranger = replace(change.parts[1], ledger=NOWHERE)
        path = place.folder / "diary"
        with Diary.open(path, b"k" * 32, work_bits=1) as book:
            coordinator = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)), book)
            for unsound, reason in (
                (replace(change, parts=(change.parts[0], stranger)), LedgerNotAtHand),
                (replace(change, parts=change.parts[::-1]), UnsoundParts),
                (replace(change, parts=change.parts[:1] * 2), UnsoundParts),
                (replace(change, parts=()), UnsoundParts),
                (replace(change, salt=b"short"), UnsoundParts),
                (replace(change, deadline=-1), UnsoundParts),
                (
                    replace(change, parts=(replace(change.parts[0], target=b"\x05" * 33),)),
                    UnsoundParts,
                ),
            ):
                with pytest.raises(reason):
                    coordinator.join(unsound)
            size = path.stat().st_size
            assert size < 300
            coordinator.join(change)
            with pytest.raises(SaltUsedBefore):
                coordinator.join(replace(change, deadline=change.deadline + 1))
            assert change.salt == coordinator.join(change)
        with Diary.open(path, b"k" * 32, work_bits=1) as book:
            assert 1 == Coordinator(place.ledgers, Secrets(secrets_of(ANNA)), book).open


def poisoned(place: World, *entries: Entry) -> Diary:
    """Return a diary with entries that this release would not write."""
    path = place.folder / "poisoned"
    with Diary.open(path, b"k" * 32, work_bits=1) as book, book.exclusive():
        book.add(entries)
    return Diary.open(path, b"k" * 32, work_bits=1)


def test_a_change_that_fails_leaves_the_others_alone(tmp_path: Path) -> None:
    """An older release may have written it: it is set back, the rest is carried out."""
    with world(tmp_path) as place:
        bad = invented(place, 1, place.clock() + MINUTE)
        bad = replace(bad, parts=(bad.parts[0], replace(bad.parts[1], ledger=NOWHERE)))
        intent = Intent(bad.salt, bad.parts, bad.deciding, MINUTE, 1)
        with poisoned(place, ChangeBegun(intent, 1, bad)) as book:
            coordinator = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)), book)
            good = invented(place, 2, place.clock() + MINUTE)
            coordinator.join(good)
            for _ in range(8):
                coordinator.step()
            assert Outcome.COMMITTED is coordinator.ended[good.salt].outcome
            assert 1 == coordinator.open


class Stubborn(Secrets):
    """Says that it holds every key, and then can't sign."""

    def holds(self, key: bytes) -> bool:
        """Say yes."""
        return bool(key)


def test_a_signature_that_fails_leaves_the_others_alone(tmp_path: Path) -> None:
    """One owner's wallet is not there; the change of another is carried out."""
    with world(tmp_path) as place:
        coordinator = Coordinator(place.ledgers, Stubborn(secrets_of(ANNA)))
        bad = plan(
            [place.part(n, BERT, ANNA, 1) for n in (0, 1)],
            deciding=place.list[0].id,
            deadline=place.clock() + MINUTE,
        )
        good = invented(place, 2, place.clock() + MINUTE)
        coordinator.join(bad)
        coordinator.join(good)
        for _ in range(8):
            coordinator.step()
        assert Outcome.COMMITTED is coordinator.ended[good.salt].outcome
        assert 1 == coordinator.open


def foreign_terms(place: World) -> Terms:
    """Return terms by which Bert would give what is Anna's."""
    terms, _ = terms_of(place)
    return replace(terms, follow=replace(terms.follow, owner=key(ANNA)))


def test_a_swap_of_what_is_anothers_is_refused(tmp_path: Path) -> None:
    """Before anything is written, as are terms with values out of bounds."""
    with world(tmp_path, witnesses=0) as place:
        bert = swapper(place, BERT, "diary")
        size = (place.folder / "diary").stat().st_size
        with pytest.raises(OwnerIsAnother):
            bert.follow(foreign_terms(place))
        terms, _ = terms_of(place)
        with pytest.raises(ValueError, match="amount"):
            bert.follow(replace(terms, lead=replace(terms.lead, amount=-1)))
        assert (0, size) == (bert.open, (place.folder / "diary").stat().st_size)


def test_a_swap_that_fails_leaves_the_others_alone(tmp_path: Path) -> None:
    """Two that an older release wrote down, and one that is carried out."""
    with world(tmp_path) as place:
        foreign = foreign_terms(place)
        away, _ = terms_of(place)
        away = replace(away, lead=replace(away.lead, ledger=NOWHERE))
        terms, preimage = terms_of(place)
        with poisoned(place, SwapBegun(foreign, b""), SwapBegun(away, b"")) as book:
            anna = swapper(place, ANNA)
            trusts = {ledger.id: trust_of(ledger) for ledger in place.list}
            signer = Secrets(secrets_of(BERT))
            bert = Swapper(place.ledgers, trusts, signer, book, assumptions=ASSUMED)
            swap = anna.lead(terms, preimage)
            bert.follow(terms)
            for _ in range(4):
                anna.step()
                bert.step()
            assert SwapOutcome.SWAPPED is bert.ended[swap].outcome
            assert 2 == bert.open


def half_swapped(place: World) -> tuple[Terms, bytes]:
    """Let a swap come so far that only the follower is still to be paid; return what it is of."""
    terms, preimage = terms_of(place)
    anna, bert = swapper(place, ANNA), swapper(place, BERT)
    anna.lead(terms, preimage)
    bert.follow(terms)
    anna.step()
    bert.step()
    place.list[1].send(Redeem(lock_id(terms, Side.FOLLOW), preimage), [secret(ANNA)])
    return terms, preimage


def test_a_busy_ledger_makes_no_watchtower_miss_its_claim(tmp_path: Path) -> None:
    """Who is too busy has refused nothing, and is asked again at the next step."""
    with world(tmp_path) as place:
        half_swapped(place)
        node, tower = place.list[0].node, Watchtower(place.ledgers)

        def busy(_: Sequence[bytes]) -> Future[list[Answer]]:
            """Say so."""
            raise Later("busy", retry_after_milliseconds=10)

        class Busy:
            """A node without room."""

            submit_all = staticmethod(busy)

            def __getattr__(self, name: str) -> Any:
                return getattr(node, name)

        place.list[0].node = Busy()
        assert [0] * 9 == [tower.step() for _ in range(9)]
        place.list[0].node = node
        assert 1 == tower.step()
        assert [PLENTY + 10, PLENTY - 10] == place.spendable(BERT)


def test_what_is_refused_is_tried_again_before_its_deadline(tmp_path: Path) -> None:
    """A pause, however long it has grown, is over by half of the time that is left."""
    with world(tmp_path) as place:
        terms, preimage = half_swapped(place)
        wrong = Redeem(lock_id(terms, Side.LEAD), b"p" * 32)
        tower, height = Watchtower(place.ledgers), place.list[0].status().height
        watch = tower._watches[place.list[1].id]
        for _ in range(300):
            watch.catch_up()
            watch.preimages[terms.digest] = wrong.preimage
            assert 0 == tower.step()
        tried = place.list[0].status().height - height
        assert 8 == tried
        watch.preimages[terms.digest] = preimage
        place.clock.move((terms.lead.until - place.clock()) // 2 + 100)
        assert 1 == tower.step()
        assert [PLENTY + 10, PLENTY - 10] == place.spendable(BERT)


def test_a_digest_is_good_for_one_swap(tmp_path: Path) -> None:
    """Its preimage is public: other terms under it are refused, open, ended or after a restart."""
    with world(tmp_path) as place:
        anna, bert = swapper(place, ANNA), swapper(place, BERT, "diary")
        terms, preimage = terms_of(place)
        other = replace(terms, follow=replace(terms.follow, amount=500))
        anna.lead(terms, preimage)
        swap = bert.follow(terms)
        with pytest.raises(DigestUsedBefore):
            bert.follow(other)
        with pytest.raises(DigestUsedBefore):
            anna.begin_all([(other, preimage)])
        while anna.open or bert.open:
            anna.step()
            bert.step()
        with pytest.raises(DigestUsedBefore):
            bert.follow(other)
        assert swap == bert.follow(terms)
        again = swapper(place, BERT, "diary")
        with pytest.raises(DigestUsedBefore):
            again.follow(other)
        assert {swap: SwapEnd(SwapOutcome.SWAPPED, None)} == again.ended
