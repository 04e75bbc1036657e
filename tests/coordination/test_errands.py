"""Steps become signed transactions with proofs, and answers become reasons."""

from pathlib import Path

from tallystick.contracts.exchange.commands import Abort, Commit, Finish, Prepare
from tallystick.contracts.exchange.model import Outcome
from tallystick.coordination.entries import ChangeBegun, Intent
from tallystick.coordination.errands import Attempt, carry_out, errands_for
from tallystick.coordination.joint_change import (
    Decide,
    FinishParts,
    PrepareParts,
    Step,
    Wait,
    plan,
)
from tallystick.coordination.signing import Secrets
from tallystick.core.check import parse
from tests.coordination.world import ANNA, BERT, MINUTE, World, secrets_of, world

SIGNER = Secrets(secrets_of(ANNA))


def attempt_at(place: World, amount: int = 10) -> Attempt:
    """Return an attempt at a change of a part on each ledger, decided on the first."""
    parts = [place.part(n, ANNA, BERT, amount) for n in (0, 1)]
    change = plan(parts, deciding=place.list[0].id, deadline=place.clock() + MINUTE)
    intent = Intent(bytes(16), change.parts, change.deciding, MINUTE, 2)
    return Attempt.of(ChangeBegun(intent, 1, change), SIGNER, last=None)


def commands(place: World, attempt: Attempt, step: Step) -> list[list[str]]:
    """Carry out a step and return the tags of the commands that it took."""
    errands = errands_for(place.ledgers, SIGNER, [(attempt, step)])
    kinds = (Abort, Commit, Finish, Prepare)
    tags = {str(kind.__struct_config__.tag).encode(): kind.__name__ for kind in kinds}
    found = [
        [next(tags[tag] for tag in tags if tag in item[:24]) for item in parse(each.raw).commands]
        for each in errands
    ]
    carry_out(place.ledgers, errands)
    return found


def test_a_change_takes_four_rounds(tmp_path: Path) -> None:
    """The deciding ledger's own part is finished together with its decision."""
    with world(tmp_path) as place:
        attempt, (one, other) = attempt_at(place), place.list
        rounds: list[Step] = [
            PrepareParts(one.id, (0,)),
            PrepareParts(other.id, (1,)),
            Decide(Outcome.COMMITTED),
            FinishParts((1,)),
        ]
        found = [commands(place, attempt, step) for step in rounds]
        assert [[["Prepare"]], [["Prepare"]], [["Commit", "Finish"]], [["Finish"]]] == found
        assert [] == commands(place, attempt, Wait(0))
        assert 0 == place.locked()


def test_who_is_first_is_told_to_who_is_second(tmp_path: Path) -> None:
    """The second is refused with the first's id and deadline, and may try again."""
    with world(tmp_path) as place:
        first, second = attempt_at(place, 0), attempt_at(place, 0)
        step = PrepareParts(place.list[0].id, (0,))
        commands(place, first, step)
        commands(place, second, step)
        assert second.refusal is not None
        assert (first.id, first.change.deadline) == (second.refusal.held_by, second.refusal.until)
        assert second.may_be_tried_again
        assert [["Abort"]] == commands(place, second, Decide(Outcome.ABORTED))
        # Doing again what was done says nothing against it.
        commands(place, first, step)
        assert first.refusal is None


def test_what_can_never_work_is_not_tried_again(tmp_path: Path) -> None:
    """There is not enough, and waiting makes no more of it."""
    with world(tmp_path) as place:
        attempt = attempt_at(place, 10**6)
        commands(place, attempt, PrepareParts(place.list[0].id, (0,)))
        assert attempt.refusal is not None
        assert None is attempt.refusal.held_by
        assert not attempt.may_be_tried_again


def test_a_decision_that_is_refused_with_its_part_is_tried_alone(tmp_path: Path) -> None:
    """A part that can't be finished must not keep the decision from being recorded."""
    with world(tmp_path) as place:
        attempt = attempt_at(place)
        commit = Decide(Outcome.COMMITTED)
        assert [["Commit", "Finish"]] == commands(place, attempt, commit)
        assert attempt.apart
        assert [["Commit"]] == commands(place, attempt, commit)
