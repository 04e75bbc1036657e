"""What is open on a ledger is read from its blocks, from the first or from where one stopped."""

from hashlib import sha256
from pathlib import Path

import pytest

from tallystick.base.encoding import encode
from tallystick.base.identifiers import Hash
from tallystick.client.foreign import foreign_proof
from tallystick.contracts.exchange.commands import Abort, Finish, LockHash, Prepare, Redeem, Refund
from tallystick.contracts.exchange.model import change_id
from tallystick.contracts.title.commands import Named, Register
from tallystick.coordination.joint_change import plan
from tallystick.coordination.watching import Watch, _changes_in
from tallystick.testing.keys import key, secret
from tests.coordination.world import ANNA, BERT, HEIRLOOM, MINUTE, World, world


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


def test_a_change_is_found_in_whatever_carries_it(tmp_path: Path) -> None:
    """Deep in a field of another contract's command, too; what only looks like one is none."""
    with world(tmp_path, witnesses=0) as place:
        ledger = place.list[0]
        part = place.part(0, ANNA, BERT)
        change = plan([part], deciding=ledger.id, deadline=place.clock() + MINUTE)
        named = Named(ledger.id, HEIRLOOM, change, foreign_proof(ledger, HEIRLOOM))
        register = Register("ring", "box", key(ANNA), (), named)
        for command in (Prepare(change, 0), Abort(change), register):
            assert [change] == list(_changes_in(encode(command)))
        torn = encode(["x", ["exchange-change", 1], "exchange-change"])
        for other in (encode(Refund(HEIRLOOM)), torn, b"\xc1exchange-change"):
            assert [] == list(_changes_in(other))


def test_what_is_open_is_not_forgotten_for_what_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many changes are named afterwards."""
    monkeypatch.setattr("tallystick.coordination.watching.REMEMBERED_MAX", 2)
    with world(tmp_path, witnesses=0) as place:
        ledger, watch = place.list[0], Watch(place.list[0])
        part = place.part(0, ANNA, BERT)
        until = place.clock() + MINUTE
        plans = [plan([part], deciding=ledger.id, deadline=until) for _ in range(6)]
        ledger.send(Prepare(plans[0], 0), [secret(ANNA)])
        for each in plans[1:]:
            ledger.send(Abort(each), [secret(ANNA)])
        watch.catch_up()
        assert {change_id(plans[0]), change_id(plans[-1])} == set(watch.changes)
