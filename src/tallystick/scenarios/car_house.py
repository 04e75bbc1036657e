"""
A ledger's own process: it keeps the ledger, witnesses the other one, and answers whoever calls.

It knows nobody. What callers sign is on the ledger or is not; what they held in memory when they
were killed is lost, and the house doesn't even notice. Its relay talks to the other house's and
carries what they left behind.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

from tallystick.base.identifiers import LedgerId
from tallystick.base.notes import TYPE_COSIGNATURE, Signer
from tallystick.client.ledger import Ledger
from tallystick.coordination.relay import Relay
from tallystick.coordination.transport import InProcess
from tallystick.coordination.witness import Witness
from tallystick.core.genesis import Genesis
from tallystick.core.receipt import Receipt

from .car_wire import RemoteWitness, Wire, packed
from .scenario import OpenLedger

PAUSE_SECONDS = 0.05
AGAIN_SECONDS = 0.5
END_SECONDS_MAX = 10.0


@dataclass(frozen=True, slots=True)
class House:
    """What a ledger's process is told."""

    folder: Path
    """Where its ledger and its witness's memory are; its name is the ledger's."""
    genesis: Genesis
    """What its ledger is."""
    open_ledger: OpenLedger
    """What opens ledgers."""
    witness_secret: bytes = field(repr=False)
    """With what it cosigns for the other ledger."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The other ledger's process."""

    address: str
    """Where it answers."""
    ledger: LedgerId
    """What it keeps."""
    key: str
    """By which key its log is signed, as C2SP notes write it."""


def keep(director: Connection, house: House) -> None:
    """Open the ledger, tell the director where, and answer callers until told to stop."""
    ledger = house.open_ledger(house.folder / "ledger", genesis=house.genesis)
    signer = Signer(f"witness-at-{house.folder.name}", house.witness_secret, TYPE_COSIGNATURE)
    witness = Witness(house.folder / "witness", signer)
    box, stopped = InProcess(), threading.Event()
    try:
        with Listener() as listener:
            desk = Desk(ledger, witness, box)
            threading.Thread(target=desk.serve, args=(listener,), daemon=True).start()
            director.send((listener.address, ledger.status().checkpoint_key, ledger.id))
            neighbour: Neighbour = director.recv()
            witness.watch(neighbour.ledger, neighbour.key)
            director.send(None)
            director.recv()  # Both houses are ready to witness.
            relay = threading.Thread(
                target=carry, args=(ledger, neighbour, box, stopped), daemon=True
            )
            relay.start()
            _wait_for_the_end(director)
            stopped.set()
            relay.join(END_SECONDS_MAX)
    finally:
        ledger.close()
        witness.close()


def carry(ledger: Ledger, neighbour: Neighbour, box: InProcess, stopped: threading.Event) -> None:
    """Let a relay carry for a ledger until told to stop, or until the other house is gone."""
    wire = Wire(neighbour.address)
    ledger.witnesses = (RemoteWitness(wire),)
    relay = Relay(ledger, Post(box, wire), again_seconds=AGAIN_SECONDS)
    while not stopped.wait(PAUSE_SECONDS):
        try:
            while relay.step():
                continue
        except (EOFError, ConnectionError):
            return


class Post:
    """Messages between two relays: out over the wire, in from a box; a `Transport`."""

    def __init__(self, box: InProcess, wire: Wire) -> None:
        self._box = box
        self._wire = wire

    def send(self, target: LedgerId, message: bytes) -> None:
        """Put a message into the other house's box."""
        self._wire.ask("post", target, message)

    def receive(self, target: LedgerId) -> list[bytes]:
        """Empty the own box."""
        return self._box.receive(target)


def _wait_for_the_end(director: Connection) -> None:
    """Return when the director says so, or is gone."""
    try:
        director.recv()
    except (EOFError, ConnectionError):
        return


class Desk:
    """Where callers ask."""

    def __init__(self, ledger: Ledger, witness: Witness, box: InProcess) -> None:
        node = ledger.node
        self._answers: dict[str, Callable[..., Any]] = {
            "genesis": lambda: node.genesis,
            "submit_all": lambda batch: [
                each if isinstance(each, Receipt) else packed(each)
                for each in node.submit_all(batch).result()
            ],
            "read": node.read,
            "prove": node.prove,
            "checkpoint": node.checkpoint,
            "block": node.block,
            "block_at": node.block_at,
            "status": node.status,
            "witness_key": lambda: witness.verifier_key,
            "witnessed": witness.size,
            "cosign": lambda note, since, path: witness.cosign(note, since=since, consistency=path),
            "post": box.send,
        }

    def serve(self, listener: Listener) -> None:
        """Answer each caller in a thread of its own."""
        while True:
            try:
                caller = listener.accept()
            except ConnectionError:  # A caller died while it introduced itself.
                continue
            except OSError:  # The listener was closed.
                return
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: Connection) -> None:
        """Answer a caller until it hangs up or dies."""
        with caller:
            try:
                while True:
                    what, arguments = caller.recv()
                    caller.send(self._answer(what, arguments))
            except (EOFError, ConnectionError):
                return

    def _answer(self, what: str, arguments: tuple[Any, ...]) -> Any:
        """Return an answer, or what went wrong: the caller is told, and others are served."""
        try:
            return self._answers[what](*arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller raises it.
            return packed(error)
