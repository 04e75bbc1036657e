"""A change is over when its decision and all its parts are proven, and not before."""

from pathlib import Path

from tallystick.client.foreign import foreign_proof, trust_of
from tallystick.contracts.asset.commands import Transfer
from tallystick.contracts.exchange.commands import Abort, Finish, Prepare
from tallystick.contracts.exchange.model import Outcome, decision_id
from tallystick.coordination.belief import Belief
from tallystick.coordination.ends import proven_decisions, proven_ends
from tallystick.coordination.entries import ChangeBegun, Intent
from tallystick.coordination.errands import Attempt
from tallystick.coordination.joint_change import plan
from tallystick.coordination.signing import Secrets
from tallystick.testing.keys import key, secret
from tests.coordination.world import ANNA, BERT, MINUTE, World, secrets_of, world


def attempt_of(place: World) -> Attempt:
    """Return an attempt at a change of which nothing stands on a ledger."""
    home = place.list[0]
    parts = [place.part(n, ANNA, BERT) for n in (0, 1)]
    change = plan(parts, deciding=home.id, deadline=home.now() + MINUTE)
    intent = Intent(change.salt, change.parts, home.id, MINUTE, 1)
    return Attempt.of(ChangeBegun(intent, 1, change), Secrets(secrets_of(ANNA)), last=None)


def outcomes(place: World, attempt: Attempt) -> tuple[list[Outcome], list[Outcome]]:
    """Return which outcomes are proven to be decided, and which to have come about everywhere."""
    belief = Belief({ledger.id: trust_of(ledger) for ledger in place.list})
    said = [(attempt, outcome) for outcome in Outcome]
    decided = [outcome for _, outcome in proven_decisions(place.ledgers, belief, said)]
    return decided, [outcome for _, outcome in proven_ends(place.ledgers, belief, said)]


def test_an_abort_is_proven_by_its_record_and_over_once_no_part_is_held(tmp_path: Path) -> None:
    """Step by step: nothing, held, decided, given back."""
    with world(tmp_path) as place:
        home, away = place.list
        attempt = attempt_of(place)
        assert ([], []) == outcomes(place, attempt)
        assert attempt.last is not None
        assert "NotProven" in attempt.last.message
        home.send(Prepare(attempt.change, 0), [secret(ANNA)])
        away.send(Prepare(attempt.change, 1), [secret(ANNA)])
        assert ([], []) == outcomes(place, attempt)
        home.send([Abort(attempt.change), Finish(attempt.id, 0, None)], [secret(ANNA)])
        assert ([Outcome.ABORTED], []) == outcomes(place, attempt)
        proof = foreign_proof(home, decision_id(attempt.id))
        away.send(Finish(attempt.id, 1, proof), [secret(ANNA)])
        assert ([Outcome.ABORTED], [Outcome.ABORTED]) == outcomes(place, attempt)


def test_after_the_deadline_nothing_decided_is_an_abort(tmp_path: Path) -> None:
    """It takes a block from then on; the time by other clocks proves nothing."""
    with world(tmp_path) as place:
        home = place.list[0]
        attempt = attempt_of(place)
        place.clock.move(2 * MINUTE)
        assert ([], []) == outcomes(place, attempt)
        home.send(Transfer(place.units[home.id], key(ANNA), key(BERT), 1), [secret(ANNA)])
        assert ([Outcome.ABORTED], [Outcome.ABORTED]) == outcomes(place, attempt)
