"""Attacks on the bytes of a transaction: nothing but what was signed, once, on this ledger."""

import random
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tallystick.base import merkle
from tallystick.base.identifiers import LedgerId, LockId
from tallystick.base.signatures import ORDER
from tallystick.contracts.certificate.commands import Claim, Issue, Pledge, Transfer
from tallystick.contracts.certificate.model import TRANSFER, child_id
from tallystick.contracts.identity.commands import Appoint, Dismiss, RotateKey
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import FindIdentity, IdentityView
from tallystick.contracts.measurement.commands import Rely
from tallystick.contracts.measurement.model import Kind
from tallystick.core import errors
from tallystick.core.check import verify
from tallystick.core.errors import Refused
from tallystick.core.holding import Lock, Release
from tallystick.testing.keys import key
from tests.client.village import (
    CONSUMER,
    ISSUER,
    NEIGHBOUR,
    PRODUCER,
    REGISTRAR,
    SECTOR,
    SOLAR,
    Village,
)

FRESH = 77
LOCK = LockId(bytes(32))
SECONDS_MAX = 2.0


def high_s(proof: bytes) -> bytes:
    """Return the twin of a signature, which plain ECDSA takes as well."""
    return proof[:32] + (ORDER - int.from_bytes(proof[32:], "big")).to_bytes(32, "big")


def as_pair(commands: list[bytes]) -> list[bytes]:
    """Return the preimage of the first two commands' common node in their place."""
    left, right = map(merkle.leaf_hash, commands[:2])
    return [b"\x01" + left + right, *commands[2:]]


def put(place: tuple[int, ...], change: Callable[[Any], Any]) -> Callable[[list[Any]], None]:
    """Return what changes one part of a transaction."""

    def apply(transaction: list[Any]) -> None:
        holder = transaction
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = change(holder[place[-1]])

    return apply


FORGERIES: dict[str, tuple[type[Refused], Callable[[list[Any]], None]]] = {
    "high s": (errors.BadSignature, put((3, 0), high_s)),
    "zeros for a signature": (errors.BadSignature, put((3, 0), lambda _: bytes(64))),
    "swapped signatures": (errors.BadSignature, put((3,), lambda proofs: proofs[::-1])),
    "a stripped signature": (errors.SignatureCountDiffers, put((3,), lambda proofs: proofs[:1])),
    "an added signature": (errors.SignatureCountDiffers, put((3,), lambda each: [*each, each[0]])),
    "a signer twice": (errors.SignersNotSorted, put((1, 4), lambda keys: [keys[0], *keys])),
    "another expiry": (errors.BadSignature, put((1, 2), lambda expiry: expiry + 1)),
    "another nonce": (errors.BadSignature, put((1, 3), lambda _: b"\xff" * 16)),
    "a command more": (errors.CommandsDiffer, put((2,), lambda each: [*each, each[-1]])),
    "a command less": (errors.CommandsDiffer, put((2,), lambda each: each[:-1])),
    "other order": (errors.CommandsDiffer, put((2,), lambda each: each[::-1])),
    "a node for a leaf": (errors.CommandsDiffer, put((2,), as_pair)),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_transaction_is_refused(name: str) -> None:
    """Whatever is changed is noticed, by the same check for everybody."""
    refusal, forge = FORGERIES[name]
    village = Village()
    commands = [Transfer(child_id(bytes(32), TRANSFER, n), key(n), None) for n in (1, 2, 3)]  # type: ignore[arg-type]  # Any id will do.
    transaction = msgspec.msgpack.decode(village.signed(commands, PRODUCER, NEIGHBOUR))
    forge(transaction)
    with pytest.raises(refusal):
        village.node.submit(msgspec.msgpack.encode(transaction)).result()


def test_a_transaction_is_worth_nothing_on_another_ledger_nor_twice() -> None:
    """The ledger's id is signed, and an id is accepted once."""
    one, other = Village(), Village(salt=b"\x01" * 32)
    raw = one.signed(Rely(child_id(bytes(32), TRANSFER, 0)), PRODUCER)  # type: ignore[arg-type]  # Any id will do.
    one.ledger.submit(raw)
    with pytest.raises(errors.AlreadyIncluded):
        one.ledger.submit(raw)
    with pytest.raises(errors.WrongLedger):
        other.ledger.submit(raw)


def test_random_junk_is_refused_and_nothing_else_is_raised() -> None:
    """Every shape of MessagePack, cut, swollen and mistyped: `Refused`, and quickly."""
    chance, ledger = random.Random(5), LedgerId(bytes(32))
    good = Village().signed(Rely(child_id(bytes(32), TRANSFER, 0)), PRODUCER)  # type: ignore[arg-type]  # Any id will do.
    junk = [
        b"",
        b"\x81\x80\x01",
        b"\x91" * 100_000,
        b"\xdd\xff\xff\xff\xff",
        b"\xd6\xff" + bytes(4),
    ]
    for _ in range(5_000):
        data = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(chance.choice((30, len(data))))] = chance.randrange(256)
        junk.append(bytes(data[: chance.choice((len(data), chance.randrange(len(data))))]))
    began = time.monotonic()
    for raw in junk:
        with pytest.raises(Refused):
            verify(raw, ledger)
    assert True is (time.monotonic() - began < SECONDS_MAX)


def test_authority_ends_within_the_transaction_that_ends_it() -> None:
    """What comes after a dismissal or a rotation is judged after it."""
    village = Village()
    production = village.publish(PRODUCER, Kind.PRODUCTION, 100)
    issuer = identity_of(village, ISSUER)
    dismissed = village.put(
        [Dismiss(issuer, Role.ISSUING_BODY, SECTOR), Issue(production, *SOLAR)], REGISTRAR, ISSUER
    )
    village.must(RotateKey(issuer, key(FRESH)), ISSUER, FRESH)
    old_key = village.put(Issue(production, *SOLAR), ISSUER)
    assert (False, False) == (dismissed.accepted, old_key.accepted)
    village.must(Issue(production, *SOLAR), FRESH)


def test_the_last_registrar_stays_whatever_is_tried() -> None:
    """Neither dismissal nor an end nor a later begin takes the last one away."""
    village = Village()
    registrar = identity_of(village, REGISTRAR)
    later = village.node.now + 60_000
    tried = (
        Dismiss(registrar, Role.REGISTRAR, "*"),
        Appoint(registrar, Role.REGISTRAR, "*", 0, later),
        Appoint(registrar, Role.REGISTRAR, "*", later, 0),
    )
    assert [False] * 3 == [village.put(command, REGISTRAR).accepted for command in tried]


def test_a_user_can_not_do_what_only_a_contract_may() -> None:
    """Locking, releasing and relying need a calling contract; a pledge needs its owner."""
    village = Village()
    issued = village.issue()
    until = village.node.now + 60_000
    tried = (
        Lock("certificate", issued, LOCK, 0),
        Release("certificate", issued, LOCK),
        Rely(issued),
        Pledge(key(PRODUCER), 0, "market", LOCK, until),
    )
    assert [False] * 4 == [village.put(command, NEIGHBOUR).accepted for command in tried]


def test_a_certificate_is_not_claimed_twice_in_one_transaction() -> None:
    """All of it is undone, the first claim too."""
    village = Village()
    issued = village.issue(amount=100)
    consumption = village.publish(CONSUMER, Kind.CONSUMPTION, 900)
    claim = Claim(issued, consumption, None)
    assert False is village.put([claim, claim], PRODUCER, CONSUMER).accepted
    village.must(claim, PRODUCER, CONSUMER)


def identity_of(village: Village, number: int) -> Any:
    """Return the id of the identity that a numbered key acts for."""
    found = village.node.read(FindIdentity(key=key(number)))
    assert isinstance(found, IdentityView)
    return found.identity
