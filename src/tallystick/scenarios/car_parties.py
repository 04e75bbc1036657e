"""Who plays in the story of cars and insurances, and what they sign."""

import os
import time
from collections.abc import Callable, Sequence

from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.base.signatures import public_key
from tallystick.client.foreign import proofs_for
from tallystick.client.genesis import usual_genesis
from tallystick.client.ledger import Ledger
from tallystick.contracts.asset.model import AssetParameters
from tallystick.contracts.exchange.commands import Commit, Finish, Prepare
from tallystick.contracts.exchange.model import (
    PARTS_MAX,
    ExchangeParameters,
    Part,
    change_id,
    prepared_id,
)
from tallystick.contracts.identity.model import Founder, Role
from tallystick.contracts.title.commands import Confirm, Named, Rebind, Register
from tallystick.contracts.title.model import Attribute, TitleParameters, title_id
from tallystick.coordination.joint_change import plan
from tallystick.core.genesis import Genesis
from tallystick.core.holding import WHOLE

CAR, INSURANCE = "car", "insurance"
SECTOR = "nowhere"
SECRET_BYTES = 32
BATCH_MAX = 25
LASTING_MILLISECONDS = 30_000
CLOCK_SKEW_MILLISECONDS = 250
"""How far the two ledgers' clocks may differ, which are this machine's."""


class Parties:
    """Everybody's secrets, drawn afresh."""

    def __init__(self) -> None:
        self.registrar, self.clerk, self.insurer = (os.urandom(SECRET_BYTES) for _ in range(3))
        self.alice, self.bob, self.dealer = (os.urandom(SECRET_BYTES) for _ in range(3))
        self.buyers = (os.urandom(SECRET_BYTES), os.urandom(SECRET_BYTES))
        """Two who want the same cars."""

    def genesis(self, name: str) -> Genesis:
        """Return how one of the two ledgers begins."""
        registrar = public_key(self.registrar)
        return usual_genesis(
            name,
            time=time.time_ns() // 1_000_000,
            salt=os.urandom(SECRET_BYTES),
            registrar=registrar,
            issuing_body=registrar,
            publisher=registrar,
            sectors=(SECTOR,),
            founders=(
                Founder(public_key(self.clerk), Role.TITLE_REGISTRAR, CAR),
                Founder(public_key(self.insurer), Role.TITLE_REGISTRAR, INSURANCE),
            ),
            more={
                "asset": AssetParameters(),
                "exchange": ExchangeParameters(),
                "title": TitleParameters(clock_skew_max=CLOCK_SKEW_MILLISECONDS),
            },
        )


def register_cars(cars: Ledger, parties: Parties, owner: bytes, names: Sequence[str]) -> None:
    """Register cars, as the clerk with their owner."""
    attributes = (Attribute("colour", "blue"), Attribute("seats", "5"))
    commands = [Register(CAR, name, public_key(owner), attributes, None) for name in names]
    for start in range(0, len(commands), BATCH_MAX):
        cars.send(commands[start : start + BATCH_MAX], [parties.clerk, owner])


def insure(
    cars: Ledger, policies: Ledger, parties: Parties, owner: bytes, names: Sequence[str]
) -> None:
    """Insure cars, each by a policy of its own name, some at a time."""
    for start in range(0, len(names), PARTS_MAX // 2):
        some = names[start : start + PARTS_MAX // 2]
        bind(
            (cars, policies),
            [(title_id(INSURANCE, name), title_id(CAR, name)) for name in some],
            lambda named: [  # It is called before the loop goes on.
                Register(
                    INSURANCE,
                    name,
                    public_key(owner),
                    (),
                    named[title_id(CAR, name)],
                )
                for name in some  # noqa: B023
            ],
            secrets=[parties.insurer, owner],
        )


def rebind(
    cars: Ledger, policies: Ledger, parties: Parties, owner: bytes, *, policy: str, car: str
) -> None:
    """Let a policy insure another car of the same owner."""
    there, here = title_id(CAR, car), title_id(INSURANCE, policy)
    bind(
        (cars, policies),
        [(here, there)],
        lambda named: [Rebind(here, named[there])],
        secrets=[parties.insurer, owner],
    )


def bind(
    ledgers: tuple[Ledger, Ledger],
    pairs: Sequence[tuple[RecordId, RecordId]],
    write: Callable[[dict[RecordId, Named]], list[Register] | list[Rebind]],
    *,
    secrets: Sequence[bytes],
) -> None:
    """
    Write policies about cars that are held meanwhile; the last secret is their owner's.

    Cars and policies are parts of one change, and each stays its owner's. Only once a policy is
    written can it be prepared, so nobody can decide the change before; then a relay frees the cars.
    """
    cars, policies = ledgers
    owner = secrets[-1]
    mine = public_key(owner)
    parts = [part_of(cars.id, car, source=mine, target=mine) for _, car in pairs]
    parts += [part_of(policies.id, policy, source=mine, target=mine) for policy, _ in pairs]
    deadline = policies.now() + LASTING_MILLISECONDS
    change = plan(parts, deciding=policies.id, deadline=deadline)
    id = change_id(change)
    away = [n for n, part in enumerate(change.parts) if part.ledger == cars.id]
    home = [n for n, part in enumerate(change.parts) if part.ledger == policies.id]
    cars.send([Prepare(change, n) for n in away], [owner])
    ids = [change.parts[n].holding for n in away]
    proofs = proofs_for(policies, cars, [*(prepared_id(id, n) for n in away), *ids])
    named = {
        car: Named(cars.id, car, change, proof)
        for car, proof in zip(ids, proofs[len(ids) :], strict=True)
    }
    policies.send(
        [
            *write(named),
            *(Prepare(change, n) for n in home),
            Commit(change, tuple(proofs[: len(ids)])),
            *(Finish(id, n, None) for n in home),
        ],
        secrets,
    )


def confirm(
    cars: Ledger, policies: Ledger, carrier: bytes, pairs: Sequence[tuple[str, str]]
) -> None:
    """Bring the insurers' ledger the news of cars, by policy and car; anybody may."""
    for start in range(0, len(pairs), BATCH_MAX):
        some = pairs[start : start + BATCH_MAX]
        proofs = proofs_for(policies, cars, [title_id(CAR, car) for _, car in some])
        policies.send(
            [
                Confirm(title_id(INSURANCE, policy), proof)
                for (policy, _), proof in zip(some, proofs, strict=True)
            ],
            [carrier],
        )


def part_of(ledger: LedgerId, title: RecordId, *, source: PublicKey, target: PublicKey) -> Part:
    """Return the part of a joint change by which a title goes from one to another."""
    return Part(ledger, "title", title, source, WHOLE, target)


def both(
    cars: Ledger, policies: Ledger, name: str, *, source: PublicKey, target: PublicKey
) -> list[Part]:
    """Return the parts by which a car and its policy of the same name change owner together."""
    return [
        part_of(cars.id, title_id(CAR, name), source=source, target=target),
        part_of(policies.id, title_id(INSURANCE, name), source=source, target=target),
    ]
