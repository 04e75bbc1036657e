"""Attacks by nodes that say what their ledgers do not prove, and by whoever keeps anchoring."""

from pathlib import Path
from typing import Any

import msgspec

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.client.foreign import anchor_command, anchors_of, proofs_for, trust_of
from tallystick.client.ledger import Ledger
from tallystick.contracts.asset.commands import Transfer
from tallystick.contracts.exchange.commands import Abort, Commit
from tallystick.contracts.exchange.model import (
    Decision,
    HashLockState,
    Outcome,
    PartState,
    change_id,
    decision_id,
    prepared_id,
)
from tallystick.contracts.exchange.views import (
    DecisionView,
    HashLockView,
    PartView,
    ShowDecision,
    ShowHashLock,
    ShowPart,
)
from tallystick.coordination.belief import Belief
from tallystick.coordination.coordinator import Coordinator
from tallystick.coordination.diary import Diary
from tallystick.coordination.entries import ChangeEnded
from tallystick.coordination.facts import Facts
from tallystick.coordination.signing import Secrets
from tallystick.coordination.swap import SwapOutcome
from tallystick.coordination.swapper import Swapper
from tallystick.testing.keys import key, secret
from tests.coordination.test_relay import prepared
from tests.coordination.test_swapper import ASSUMED, swapper, terms_of
from tests.coordination.world import ANNA, BERT, CLARA, MINUTE, PLENTY, World, secrets_of, world

STRANGER = 77


class Liar:
    """A ledger whose node answers as it likes; it can't sign what it should not."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.cosigned = b"", b""
        self.outcome: Outcome | None = None
        """What it says was decided, on everything."""
        self.state: PartState | None = None
        """What it says became of parts."""
        self.lock: HashLockState | None = None
        """What it says became of locks."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def ask(self, question: Record) -> object:
        """Answer, truly or not."""
        match question:
            case ShowDecision() if self.outcome is not None:
                empty = dict.fromkeys(DecisionView.__struct_fields__)
                return DecisionView(**(empty | {"outcome": self.outcome}))  # type: ignore[arg-type]
            case ShowPart() if self.state is not None:
                found = self._ledger.ask(question)
                assert isinstance(found, PartView)
                return msgspec.structs.replace(found, state=self.state)
            case ShowHashLock() if self.lock is not None:
                found = self._ledger.ask(question)
                assert isinstance(found, HashLockView)
                return msgspec.structs.replace(found, state=self.lock)
        return self._ledger.ask(question)

    def tell_the_truth(self) -> None:
        """Lie no more."""
        self.outcome = self.state = self.lock = None


def deceived(place: World, liar: Liar) -> dict[LedgerId, Any]:
    """Return the ledgers as somebody sees them of whom one lies."""
    return {**place.ledgers, liar.id: liar}


def anchor(place: World) -> None:
    """Let a stranger anchor the second ledger on the first, which makes a block on each."""
    home, away = place.list
    away.send(Transfer(place.units[away.id], key(CLARA), key(BERT), 1), [secret(CLARA)])
    place.clock.move(700)
    home.send(anchor_command(home, away), [secret(STRANGER)])


def test_a_change_is_not_done_twice_because_a_node_says_aborted(tmp_path: Path) -> None:
    """Anna would prepare again under a fresh salt, and Bert commit both."""
    with world(tmp_path) as place:
        place.anchor()
        home = place.list[0]
        liar = Liar(home)
        anna = Coordinator(deceived(place, liar), Secrets(secrets_of(ANNA)))
        bert = Coordinator(place.ledgers, Secrets(secrets_of(BERT)))
        intent = anna.begin(
            [place.part(0, ANNA, BERT), place.part(1, BERT, ANNA)],
            deciding=home.id,
            lasting=MINUTE,
            attempts_max=2,
        )
        first = anna._open[intent].change
        anna.step()
        liar.outcome, liar.state = Outcome.ABORTED, PartState.UNCHANGED
        for _ in range(30):
            anna.step()
        attempt = anna._open[intent]
        assert (first, False) == (attempt.change, attempt.resting)
        assert attempt.last is not None
        assert "the deciding ledger says aborted, and does not prove it" in attempt.last.message
        liar.tell_the_truth()
        bert.join(first)
        while bert.open or anna.open:
            bert.step()
            anna.step()
        assert (Outcome.COMMITTED, 1) == (anna.ended[intent].outcome, anna.ended[intent].attempts)
        assert [PLENTY - 10, PLENTY + 10] == place.spendable(ANNA)


def test_a_diary_that_says_aborted_is_no_proof_either(tmp_path: Path) -> None:
    """An older release believed the node: the attempt is taken up again, and not made twice."""
    with world(tmp_path) as place:
        wanted = [place.part(0, ANNA, BERT), place.part(1, BERT, ANNA)]
        for number, waiting in ((1, 0), (2, 2 * MINUTE)):
            with Diary.open(tmp_path / f"diary-{number}", b"k" * 32, work_bits=1) as book:
                anna = Coordinator(place.ledgers, Secrets(secrets_of(ANNA, BERT)), book)
                intent = anna.begin(
                    wanted, deciding=place.list[0].id, lasting=MINUTE, attempts_max=2
                )
                with book.exclusive():
                    book.add([ChangeEnded(intent, 1, Outcome.ABORTED, final=False)])
            place.clock.move(waiting)
            anchor(place)  # A block, by which the deadline has passed, or not.
            with Diary.open(tmp_path / f"diary-{number}", b"k" * 32, work_bits=1) as book:
                anna = Coordinator(place.ledgers, Secrets(secrets_of(ANNA, BERT)), book)
                ended = anna.run(seconds_max=20)[intent]
                assert (Outcome.COMMITTED, number) == (ended.outcome, ended.attempts)
        assert [PLENTY - 20, PLENTY + 20] == place.spendable(ANNA)


def test_no_end_is_reported_that_is_not_proven(tmp_path: Path) -> None:
    """Neither a decision that was not made, nor a part that still waits, whichever node lies."""
    with world(tmp_path) as place:
        for n, outcome, state in (
            (0, Outcome.COMMITTED, PartState.CHANGED),
            (1, None, PartState.CHANGED),
        ):
            liar = Liar(place.list[n])
            anna = Coordinator(deceived(place, liar), Secrets(secrets_of(ANNA, BERT)))
            intent = anna.begin(
                [place.part(0, ANNA, BERT), place.part(1, BERT, ANNA)],
                deciding=place.list[0].id,
                lasting=MINUTE,
            )
            anna.step()
            anna.step()  # Both are held now.
            if outcome is None:
                anna.step()  # Committed, and done where it was decided.
            liar.outcome, liar.state = outcome, state
            for _ in range(10):
                anna.step()
            assert 1 == anna.open
            assert place.locked()
            liar.tell_the_truth()
            assert Outcome.COMMITTED is anna.run()[intent].outcome
            assert 0 == place.locked()


def test_a_node_with_keys_of_its_own_proves_nothing(tmp_path: Path) -> None:
    """What other ledgers recognise counts, not what a node says of itself."""
    with world(tmp_path) as place:
        home, away = place.list
        liar = Liar(home)
        liar.status = lambda: msgspec.structs.replace(  # type: ignore[attr-defined]
            home.status(), checkpoint_key=away.status().checkpoint_key
        )
        anna = Coordinator(deceived(place, liar), Secrets(secrets_of(ANNA)))
        intent = anna.begin([place.part(0, ANNA, BERT)], deciding=home.id, lasting=MINUTE)
        assert trust_of(home) == anna._belief._trusts[home.id]
        assert Outcome.COMMITTED is anna.run()[intent].outcome


def test_a_follower_does_not_go_because_a_node_says_refunded(tmp_path: Path) -> None:
    """The leader would take the follower's lock, and the follower no longer look at the other."""
    with world(tmp_path) as place:
        terms, preimage = terms_of(place)
        liar = Liar(place.list[1])
        trusts = {ledger.id: trust_of(ledger) for ledger in place.list}
        signer = Secrets(secrets_of(BERT))
        anna = swapper(place, ANNA)
        bert = Swapper(deceived(place, liar), trusts, signer, assumptions=ASSUMED)
        anna.lead(terms, preimage)
        swap = bert.follow(terms)
        anna.step()
        bert.step()
        assert 10 == place.balance(1, BERT)[1]
        liar.lock = HashLockState.REFUNDED
        for _ in range(5):
            bert.step()
        assert 1 == bert.open
        anna.step()
        liar.tell_the_truth()
        assert SwapOutcome.SWAPPED is bert.run()[swap].outcome
        assert PLENTY + 10 == place.balance(0, BERT)[0]


def test_whoever_keeps_anchoring_stops_no_proof(tmp_path: Path) -> None:
    """The newest anchor can be replaced at any moment; proofs are linked to the one before it."""
    with world(tmp_path) as place:
        place.anchor()
        home, away = place.list
        anchor(place)
        for change in prepared(place, 3):
            id = change_id(change)
            index = next(n for n, part in enumerate(change.parts) if part.ledger == away.id)
            (proof,) = proofs_for(home, away, [prepared_id(id, index)])
            for _ in range(5):
                anchor(place)
            assert anchors_of(home, away.id)[-1].size > proof.anchor
            assert home.send(Commit(change, (proof,)), [secret(STRANGER)]).accepted


class Meddler:
    """A node that also shows what was asked of another ledger."""

    def __init__(self, ledger: Ledger, id: RecordId) -> None:
        self._node = ledger.node
        self._id = id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)

    def prove(self, ids: tuple[RecordId, ...], *more: Any) -> Any:
        """Prove more than was asked for."""
        return self._node.prove((*ids, self._id), *more)


def test_an_id_is_proven_only_by_the_ledger_that_was_asked(tmp_path: Path) -> None:
    """Another's proof that nothing stands there, where much time has passed, aborts nothing."""
    with world(tmp_path) as place:
        home, away = place.list
        (change,) = prepared(place, 1)
        home.send(Abort(change), [secret(ANNA)])
        liar = Liar(away)
        liar.node = Meddler(away, decision_id(change_id(change)))  # type: ignore[attr-defined]
        belief = Belief({ledger.id: trust_of(ledger) for ledger in place.list})
        asked = (home.id, decision_id(change_id(change)))
        facts = Facts(deceived(place, liar), belief, [asked, (away.id, RecordId(bytes(32)))])
        found, _ = facts.record(asked, Decision)
        assert found is not None
        assert Outcome.ABORTED is found.outcome
