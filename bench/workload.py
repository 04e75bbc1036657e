"""Signed work to measure with: a ledger in a temporary folder, and everybody's keys."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tallystick.base.encoding import Record, encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.base.signatures import public_key
from tallystick.client.genesis import usual_genesis
from tallystick.client.ledger import Ledger
from tallystick.compose import open_ledger
from tallystick.contracts.certificate.commands import Claim, Issue, Transfer
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id
from tallystick.core.genesis import Genesis, ledger_id
from tallystick.core.transaction import NONCE_BYTES, seal_transaction

BEGIN = 1_467_374_400
QUARTER = 900
TIME = 1_000 * (BEGIN + 86_400)
EXPIRY = TIME + 110_000
SECTOR = "bench"
COMMANDS_A_TRANSACTION = 1_000
ISSUER_SECRET = tagged_hash(b"bench", b"issuing body")


class Owner:
    """Somebody's key for one interval."""

    __slots__ = ("key", "measurement", "secret")

    def __init__(self, label: bytes, n: int) -> None:
        self.secret = tagged_hash(b"bench", label, n.to_bytes(8, "big"))
        self.key: PublicKey = public_key(self.secret)
        self.measurement: RecordId = measurement_id(self.key, BEGIN)


def bench_genesis() -> Genesis:
    """Return a genesis for measuring."""
    issuer = public_key(ISSUER_SECRET)
    return usual_genesis(
        "bench",
        time=1_000 * BEGIN,
        salt=os.urandom(32),
        registrar=issuer,
        issuing_body=issuer,
        publisher=issuer,
        sectors=(SECTOR,),
        interval_seconds=(QUARTER,),
    )


@contextmanager
def bench_folder() -> Iterator[Path]:
    """Make a folder on the disk for a ledger, and remove it in the end."""
    with tempfile.TemporaryDirectory(prefix="tallystick-bench-") as folder:
        yield Path(folder) / "ledger"


@contextmanager
def bench_ledger() -> Iterator[Ledger]:
    """Open a durable ledger whose clock stands still, and remove it in the end."""
    with bench_folder() as folder, open_bench_ledger(folder) as ledger:
        yield ledger


def open_bench_ledger(folder: Path) -> Ledger:
    """Open a durable ledger whose clock stands still."""
    return open_ledger(folder, genesis=bench_genesis(), clock=lambda: TIME)


def sign(ledger: Ledger, commands: Sequence[Record], secret: bytes, key: PublicKey) -> bytes:
    """Return one signed transaction."""
    return seal_transaction(
        ledger=ledger_id(ledger.node.genesis),
        expiry=EXPIRY,
        nonce=os.urandom(NONCE_BYTES),
        commands=[encode(command) for command in commands],
        secret_by_key={key: secret},
    )


def publications(ledger: Ledger, owners: Sequence[Owner], kind: Kind, amount: int) -> list[bytes]:
    """Return transactions of a thousand commands that publish for owners, and issue production."""
    commands: list[Record] = []
    for owner in owners:
        commands.append(
            Publish(owner.key, BEGIN, BEGIN + QUARTER, SECTOR, kind, amount, Quality.MEASURED)
        )
        if kind is Kind.PRODUCTION:
            commands.append(Issue(owner.measurement, "T010000", "F01040100"))
    key = public_key(ISSUER_SECRET)
    return [
        sign(ledger, commands[n : n + COMMANDS_A_TRANSACTION], ISSUER_SECRET, key)
        for n in range(0, len(commands), COMMANDS_A_TRANSACTION)
    ]


def transfers(ledger: Ledger, owners: Sequence[Owner], receivers: Sequence[Owner]) -> list[bytes]:
    """Return one individually signed transfer for each owner's certificate."""
    return [
        sign(ledger, [Transfer(owner.measurement, receiver.key, None)], owner.secret, owner.key)
        for owner, receiver in zip(owners, receivers, strict=True)
    ]


def claims(ledger: Ledger, certificates: Sequence[RecordId], home: Owner) -> bytes:
    """Return one transaction with which a home claims certificates that it owns."""
    commands = [Claim(certificate, home.measurement, None) for certificate in certificates]
    return sign(ledger, commands, home.secret, home.key)


def put(ledger: Ledger, batch: Sequence[bytes]) -> None:
    """Submit everything, wait until it is durable, and insist that it was accepted."""
    ledger.submit_all(batch)
