"""Adapters that see only their own ledger end what others left, over any transport."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import encode
from tallystick.client.foreign import foreign_proof
from tallystick.contracts.exchange.model import Change, Outcome, change_id, prepared_id
from tallystick.coordination.coordinator import Coordinator
from tallystick.coordination.joint_change import plan
from tallystick.coordination.relay import Relay, ShowParts
from tallystick.coordination.sight import decision
from tallystick.coordination.signing import Secrets
from tallystick.coordination.transport import InProcess, Transport
from tallystick.core.foreign import ForeignProof
from tests.coordination.faulty import Faulty
from tests.coordination.world import (
    ANNA,
    BERT,
    MINUTE,
    PLENTY,
    World,
    secrets_of,
    world,
)


def prepared(place: World, count: int, *, deciding: int = 0) -> list[Change]:
    """Let a coordinator prepare changes whole and vanish; return them."""
    changes = []
    for _ in range(count):
        parts = [place.part(n, ANNA, BERT, 1) for n in range(len(place.list))]
        deadline = place.clock() + MINUTE
        changes.append(plan(parts, deciding=place.list[deciding].id, deadline=deadline))
    coordinator = Coordinator(place.ledgers, Secrets(secrets_of(ANNA)))
    for change in changes:
        coordinator.join(change)
    for _ in place.list:
        coordinator.step()
    assert count * len(place.list) == place.locked()
    return changes


def relays(place: World, transport: Transport) -> list[Relay]:
    """Return an adapter for each ledger, which is never too polite to ask again."""
    return [Relay(ledger, transport, again_seconds=0) for ledger in place.list]


@pytest.mark.parametrize("deciding", [0, 1, 2])
def test_what_was_prepared_is_committed_and_finished(tmp_path: Path, deciding: int) -> None:
    """Three ledgers, of which any decides; a handful of steps is enough."""
    with world(tmp_path, count=3) as place:
        place.anchor()
        prepared(place, 5, deciding=deciding)
        carriers = relays(place, InProcess())
        for _ in range(4):
            for relay in carriers:
                relay.step()
        assert 0 == place.locked()
        assert [PLENTY + 5] * 3 == place.spendable(BERT)


@pytest.mark.parametrize("seed", range(8))
def test_loss_doubles_and_disorder_only_delay_it(tmp_path: Path, seed: int) -> None:
    """Whoever waits asks again, and nothing happens twice."""
    with world(tmp_path, witnesses=0) as place:
        prepared(place, 3, deciding=seed % 2)
        transport = Faulty(InProcess(), seed=seed, lost=0.3, doubled=0.3, held_back=0.3)
        carriers = relays(place, transport)
        for _ in range(60):
            for relay in carriers:
                relay.step()
            if not place.locked():
                break
        assert transport.faults > 0
        assert 0 == place.locked()
        assert [PLENTY + 3] * 2 == place.spendable(BERT)


def test_asking_again_waits_a_while(tmp_path: Path) -> None:
    """A message that went astray is sent again when the time has come, not before."""
    with world(tmp_path, witnesses=0) as place:
        prepared(place, 1)
        transport, time = InProcess(), [0.0]
        one, other = (
            Relay(ledger, transport, again_seconds=10, clock=lambda: time[0])
            for ledger in place.list
        )
        one.step()
        assert 1 == len(transport.receive(place.list[1].id))  # It is lost.
        for _ in range(3):
            one.step()
            assert [] == transport.receive(place.list[1].id)
        time[0] = 10.0
        for _ in range(3):
            one.step()
            other.step()
        assert Outcome.COMMITTED is decision(place.list[0], change_id(_only(one)))


def _only(relay: Relay) -> Change:
    """Return the one change that a relay has seen."""
    (change,) = relay._watch.changes.values()
    return change


def test_it_is_idle_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    """A relay on a quiet ledger sends and submits nothing."""
    with world(tmp_path, witnesses=0) as place:
        transport = InProcess()
        for relay in relays(place, transport):
            assert not relay.step()
        heights = [ledger.status().height for ledger in place.list]
        for relay in relays(place, transport):
            relay.step()
        assert heights == [ledger.status().height for ledger in place.list]
        assert [[], []] == [transport.receive(ledger.id) for ledger in place.list]


def test_what_a_stranger_writes_is_passed_over(tmp_path: Path) -> None:
    """Noise, other ledgers' messages and forged proofs change nothing, and end up on no ledger."""
    with world(tmp_path, witnesses=0) as place:
        (change,) = prepared(place, 1)
        home, away = place.list
        transport = InProcess()
        relay = Relay(home, transport, again_seconds=0)
        relay.step()
        transport.receive(away.id)
        id = change_id(change)
        good = foreign_proof(away, prepared_id(id, 1))
        wrong = foreign_proof(away, prepared_id(id, 0))
        torn = _torn(good)
        height = home.status().height
        messages = [
            b"",
            b"\xc1" * 50,
            encode(ShowParts(change, ())),
            encode(ShowParts(change, (wrong,))),
            encode(ShowParts(change, (torn,))),
        ]
        for message in messages:
            transport.send(home.id, message)
            relay.step()
        assert height == home.status().height
        transport.send(home.id, encode(ShowParts(change, (good,))))
        relay.step()
        assert Outcome.COMMITTED is decision(home, id)


def _torn(proof: ForeignProof) -> ForeignProof:
    """Return a proof whose records were changed on the way."""
    return replace(proof, records=(proof.records or b"")[:-1] + b"\x00")
