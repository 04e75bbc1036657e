"""What is open on a ledger is read from its blocks, from the first or from where one stopped."""

from hashlib import sha256
from pathlib import Path

from tallystick.base.identifiers import Hash
from tallystick.contracts.exchange.commands import Abort, Finish, LockHash, Prepare, Redeem, Refund
from tallystick.contracts.exchange.model import change_id
from tallystick.coordination.joint_change import plan
from tallystick.coordination.watching import Watch
from tallystick.testing.keys import key, secret
from tests.coordination.world import ANNA, BERT, MINUTE, World, world


def seen(place: World, watch: Watch) -> tuple[int, int, int, int]:
    """Return how many parts, changes, locks and preimages a watch, and a new one, have seen."""
    fresh = Watch(place.list[0])
    for each in (watch, fresh):
        each.catch_up()
    counts = [
        (len(w.parts), len(w.changes), len(w.locks), len(w.preimages)) for w in (watch, fresh)
    ]
    assert counts[0] == counts[1]
    return counts[0]


def test_it_follows_what_begins_and_ends(tmp_path: Path) -> None:
    """Parts until they are finished, locks until they are paid or given back."""
    with world(tmp_path, witnesses=0) as place:
        ledger, watch = place.list[0], Watch(place.list[0])
        assert (0, 0, 0, 0) == seen(place, watch)
        assert not watch.catch_up()

        part = place.part(0, ANNA, BERT)
        change = plan([part], deciding=ledger.id, deadline=place.clock() + MINUTE)
        ledger.send(Prepare(change, 0), [secret(ANNA)])
        assert (1, 1, 0, 0) == seen(place, watch)
        assert change == watch.changes[change_id(change)]
        assert part == watch.parts[change_id(change), 0].prepared.part
        ledger.send([Abort(change), Finish(change_id(change), 0, None)], [secret(ANNA)])
        assert (0, 1, 0, 0) == seen(place, watch)

        preimage = b"p" * 32
        digest = Hash(sha256(preimage).digest())
        until = place.clock() + MINUTE
        lock = LockHash("asset", part.holding, 5, digest, key(BERT), until)
        ledger.send([lock, lock], [secret(ANNA)])
        assert (0, 1, 2, 0) == seen(place, watch)
        first, second = watch.locks
        ledger.send(Redeem(first, preimage), [secret(BERT)])
        assert (0, 1, 1, 1) == seen(place, watch)
        assert preimage == watch.preimages[digest]
        place.clock.move(MINUTE)
        ledger.send(Refund(second), [secret(BERT)])
        assert (0, 1, 0, 1) == seen(place, watch)


def test_what_was_rejected_is_not_seen(tmp_path: Path) -> None:
    """A block keeps rejected transactions too, and they change nothing."""
    with world(tmp_path, witnesses=0) as place:
        ledger, watch = place.list[0], Watch(place.list[0])
        part = place.part(0, ANNA, BERT)
        change = plan([part], deciding=ledger.id, deadline=place.clock() + MINUTE)
        raw = ledger.transaction(Prepare(change, 0), [secret(BERT)])
        assert not ledger.submit(raw).accepted
        assert (0, 0, 0, 0) == seen(place, watch)
