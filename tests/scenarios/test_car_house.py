"""A house's relay talks to the other house's through a post that is two boxes and a wire."""

import threading
from multiprocessing.connection import Client, Listener
from pathlib import Path

from tallystick.base.identifiers import LedgerId
from tallystick.base.notes import TYPE_COSIGNATURE, Signer
from tallystick.coordination.transport import InProcess
from tallystick.coordination.witness import Witness
from tallystick.scenarios.car_house import Desk, Neighbour, Post, carry
from tallystick.scenarios.car_wire import Failure, Wire
from tests.client.village import Village

HERE, THERE = LedgerId(b"\x01" * 32), LedgerId(b"\x02" * 32)
WITNESS = Signer("witness", bytes(31) + b"\x05", TYPE_COSIGNATURE)


def test_messages_go_into_the_other_house_s_box(tmp_path: Path) -> None:
    """And nothing that a caller asks or does stops the house from answering the next."""
    village, box = Village(), InProcess()
    witness = Witness(tmp_path, WITNESS)
    with Listener() as listener:
        address = str(listener.address)
        desk = Desk(village.ledger, witness, box)
        threading.Thread(target=desk.serve, args=(listener,), daemon=True).start()
        wire, own = Wire(address), InProcess()
        post = Post(own, wire)
        post.send(THERE, b"hello")
        own.send(HERE, b"hi")
        assert ([b"hello"], [b"hi"]) == (box.receive(THERE), post.receive(HERE))
        assert [] == post.receive(HERE)
        with Client(address) as rude:
            rude.send(("nonsense", ()))
            answer = rude.recv()
            assert Failure("failed", "KeyError: 'nonsense'") == answer
        assert village.node.status() == wire.ask("status")
        wire.close()
    witness.close()


def test_a_relay_stops_when_it_is_told_to(tmp_path: Path) -> None:
    """It has looked at its ledger until then, and named its witness."""
    village, box = Village(), InProcess()
    witness = Witness(tmp_path, WITNESS)
    with Listener() as listener:
        desk = Desk(village.ledger, witness, box)
        threading.Thread(target=desk.serve, args=(listener,), daemon=True).start()
        neighbour = Neighbour(str(listener.address), THERE, village.node.status().checkpoint_key)
        stopped = threading.Event()
        arguments = (village.ledger, neighbour, box, stopped)
        relay = threading.Thread(target=carry, args=arguments)
        relay.start()
        stopped.set()
        relay.join(10)
        assert not relay.is_alive()
        assert [witness.verifier_key] == [each.verifier_key for each in village.ledger.witnesses]
    witness.close()
