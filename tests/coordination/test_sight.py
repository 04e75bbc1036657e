"""What stands on the ledgers is what is seen."""

from pathlib import Path

from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts.exchange.commands import Abort, Finish, Prepare
from tallystick.contracts.exchange.model import Outcome, PartState, change_id
from tallystick.coordination.joint_change import Refusal, Seen, plan
from tallystick.coordination.sight import (
    decision,
    hash_lock,
    holder_of,
    is_free,
    part_state,
    see,
)
from tallystick.testing.keys import secret
from tests.coordination.world import ANNA, BERT, MINUTE, world


def test_a_change_is_seen_as_it_comes_and_goes(tmp_path: Path) -> None:
    """Each step changes what is seen, and only that."""
    with world(tmp_path, witnesses=0) as place:
        home = place.list[0]
        parts = [place.part(n, ANNA, BERT, 0) for n in (0, 1)]
        change = plan(parts, deciding=home.id, deadline=place.clock() + MINUTE)
        id, ours = change_id(change), parts[0]
        refusal = Refusal(home.id, "exchange", 825, "", id, change.deadline)
        assert Seen((None, None), None, home.now()) == see(place.ledgers, change)
        assert None is holder_of(home, ours).lock_id
        assert is_free(place.ledgers, change, refusal)

        home.send(Prepare(change, 0), [secret(ANNA)])
        assert Seen((PartState.PREPARED, None), None, home.now()) == see(place.ledgers, change)
        assert (id, change.deadline) == (holder_of(home, ours).lock_id, holder_of(home, ours).until)
        assert not is_free(place.ledgers, change, refusal)
        assert is_free(place.ledgers, change, None)
        assert is_free(place.ledgers, change, Refusal(home.id, "", 0, ""))

        home.send([Abort(change), Finish(id, 0, None)], [secret(ANNA)])
        seen = see(place.ledgers, change)
        assert ((PartState.UNCHANGED, None), Outcome.ABORTED) == (seen.parts, seen.outcome)
        assert is_free(place.ledgers, change, refusal)


def test_nothing_is_seen_where_nothing_is(tmp_path: Path) -> None:
    """No change, no lock, no decision."""
    with world(tmp_path, witnesses=0) as place:
        ledger, nothing = place.list[0], bytes(32)
        assert None is part_state(ledger, LockId(nothing), 0)
        assert None is decision(ledger, LockId(nothing))
        assert None is hash_lock(ledger, RecordId(nothing))
