"""The two ledgers' processes: open them, let them meet, and close them again."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from tallystick.base.identifiers import LedgerId
from tallystick.client.foreign import trust_of
from tallystick.client.ledger import Ledger
from tallystick.contracts.identity.commands import Recognise

from .car_house import House, Neighbour, keep
from .car_parties import Parties
from .car_wire import dial
from .scenario import OpenLedger

NAMES = ("cars", "insurances")
START_SECONDS_MAX = 60.0
END_SECONDS_MAX = 30.0
PRELOADED = ("__main__", "tallystick.scenarios.car_office", "tallystick.scenarios.car_house")
"""What every process of the story needs; it is loaded once."""


@dataclass(frozen=True, slots=True)
class Street:
    """Two ledgers in two processes."""

    context: ForkServerContext
    """What starts further processes."""
    addresses: tuple[str, ...]
    """Where the ledgers answer: cars, then insurances."""
    ledgers: tuple[Ledger, Ledger]
    """The same, for this process."""
    processes: tuple[int, ...]
    """The ids of their processes."""

    def dialled(self) -> list[Ledger]:
        """Return the ledgers once more, for another thread."""
        return dial(self.addresses)


@contextmanager
def opened(folder: Path, parties: Parties, open_ledger: OpenLedger) -> Iterator[Street]:
    """
    Open both ledgers, each in a process of its own, and let them recognise each other.

    Each is believed by two keys: its own, and that of the witness in the other's process.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload([*PRELOADED, getattr(open_ledger, "__module__", "")])
    pipes, processes = [], []
    for name in NAMES:
        house = House(folder / name, parties.genesis(name), open_ledger, os.urandom(32))
        ours, theirs = context.Pipe()
        process = context.Process(target=keep, args=(theirs, house), daemon=True)
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    addresses = _meet(pipes)
    cars, policies = dial(addresses)
    try:
        for here, there in ((cars, policies), (policies, cars)):
            here.send(Recognise(trust_of(there)), [parties.registrar])
        ids = tuple(process.pid or 0 for process in processes)
        yield Street(context, addresses, (cars, policies), ids)
    finally:
        for pipe in pipes:
            with suppress(ConnectionError):  # It ended already; whoever waited for it has said so.
                pipe.send(None)
        for process in processes:
            process.join(END_SECONDS_MAX)
        cars.close()
        policies.close()


def _meet(pipes: Sequence[Connection]) -> tuple[str, ...]:
    """Tell each house about the other, and return where they answer."""
    told = [_next(pipe) for pipe in pipes]
    for pipe, (address, key, ledger) in zip(pipes, reversed(told), strict=True):
        pipe.send(Neighbour(address, ledger, key))
    for pipe in pipes:
        _next(pipe)
    for pipe in pipes:
        pipe.send(None)
    return tuple(address for address, _, _ in told)


def _next(pipe: Connection) -> tuple[str, str, LedgerId]:
    """Return what a house says next; RuntimeError if it says nothing."""
    if not pipe.poll(START_SECONDS_MAX):
        raise RuntimeError("a ledger's process does not start")
    said: tuple[str, str, LedgerId] = pipe.recv()
    return said
