"""
Proof files of things that never happened, by somebody who holds the checkpoint key.

A stranger can't get past the hashes, so what comes after them is only reached by a dishonest
ledger. A `Story` is a small one: it begins true, a test changes what it wants, and `tell` makes
everything else fit: state tree, headers, receipts, signatures, log and checkpoint.
"""

from dataclasses import dataclass, field

from tallystick.base import merkle, notes
from tallystick.base.checkpoints import Checkpoint, sign_checkpoint
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import (
    Hash,
    LedgerId,
    RecordId,
    TransactionId,
    format_ledger_id,
)
from tallystick.base.notes import Signer, VerifierKey
from tallystick.client.claim_facts import ISSUE, Step
from tallystick.client.proof_file import (
    BlockPart,
    CertificatePart,
    ClaimFile,
    CommandPart,
    LeafPart,
    ReceiptPart,
    TransactionPart,
    format_claim_file,
)
from tallystick.contracts.certificate.commands import Claim
from tallystick.contracts.certificate.model import (
    SPLIT,
    TRANSFER,
    Action,
    Certificate,
    Next,
    Part,
    Settlement,
    child_id,
)
from tallystick.contracts.measurement.model import (
    Kind,
    Measurement,
    Quality,
    measurement_id,
)
from tallystick.core.block import BlockHeader, Outcome
from tallystick.core.block import log_entry as block_entry
from tallystick.core.check import parse
from tallystick.core.overlay import leaf_bytes
from tallystick.core.transaction import build_transaction, log_entry, transaction_id
from tallystick.core.tree import StateTree
from tallystick.testing.keys import key, secret
from tests.client.village import (
    BEGIN,
    CONSUMER,
    LOG_NAME,
    LOG_SECRET,
    NEIGHBOUR,
    NOON,
    PRODUCER,
    QUARTER,
    SECTOR,
    SOLAR,
)

LEDGER = LedgerId(b"\x07" * 32)
PRODUCTION = measurement_id(key(PRODUCER), BEGIN)
CONSUMPTION = measurement_id(key(CONSUMER), BEGIN)
PART = child_id(PRODUCTION, SPLIT, 1)
CLAIMED = child_id(PART, TRANSFER, 0)
SIGNER = Signer(LOG_NAME, LOG_SECRET)
KEYS: list[VerifierKey] = [notes.verifier_key(SIGNER)]


def measured(owner: int, kind: Kind, amount: int) -> Measurement:
    """Return a measurement of the standard quarter hour."""
    return Measurement(
        owner=key(owner),
        begin=BEGIN,
        end=BEGIN + QUARTER,
        sector=SECTOR,
        kind=kind,
        amount=amount,
        quality=Quality.MEASURED,
        revision=0,
        relier="certificate",
        published_at=NOON,
    )


def certified(origin: RecordId, owner: int, amount_wh: int, next: Next | None) -> Certificate:
    """Return a certificate of the standard production."""
    return Certificate(
        origin,
        PRODUCTION,
        BEGIN,
        BEGIN + QUARTER,
        amount_wh,
        SECTOR,
        *SOLAR,
        key(owner),
        NOON,
        next=next,
    )


def true_steps() -> list[Step]:
    """Return the claimed certificate and where it came from: a split, then a transfer."""
    other = child_id(PRODUCTION, SPLIT, 0)
    split = Next(Action.SPLIT, (other, PART), NOON + 1)
    transfer = Next(Action.TRANSFER, (CLAIMED,), NOON + 2)
    retirement = Next(Action.RETIRE, (CONSUMPTION,), NOON + 3)
    return [
        Step(CLAIMED, certified(PART, CONSUMER, 600, retirement), TRANSFER, 0),
        Step(PART, certified(PRODUCTION, NEIGHBOUR, 600, transfer), SPLIT, 1),
        Step(PRODUCTION, certified(PRODUCTION, PRODUCER, 1_000, split), ISSUE, 0),
    ]


@dataclass
class Story:
    """A claim with all that bears it out; true as it is made."""

    ledger: LedgerId = LEDGER
    time: int = NOON + 3
    expiry: int = NOON + 60_000
    claim: Claim = field(default_factory=lambda: Claim(CLAIMED, CONSUMPTION, None))
    command: bytes | None = None
    signers: tuple[int, ...] = (CONSUMER,)
    outcome: Outcome | None = None
    steps: list[Step] = field(default_factory=true_steps)
    production: Measurement | None = field(
        default_factory=lambda: measured(PRODUCER, Kind.PRODUCTION, 1_000)
    )
    consumption: Measurement = field(
        default_factory=lambda: measured(CONSUMER, Kind.CONSUMPTION, 900)
    )
    settlement: Settlement | None = field(
        default_factory=lambda: Settlement(
            CONSUMPTION,
            (Part(RecordId(bytes(32)), 200, withdrawn=False), Part(CLAIMED, 600, withdrawn=False)),
            800,
        )
    )
    raw_leaves: dict[RecordId, bytes] = field(default_factory=dict)
    is_latest: bool = True
    log_size_off: int = 0

    def tell(self) -> bytes:
        """Return the proof file of this story."""
        leaves = self._leaves()
        tree = StateTree()
        tree.apply(leaves)
        transaction = parse(self._signed())
        header = encode(transaction.header)
        id = transaction_id(header)
        before = Outcome(transaction=TransactionId(bytes(32)), contract="", code=0, command=0)
        after = self.outcome or Outcome(transaction=id, contract="", code=0, command=0)
        receipts = [encode(before), encode(after)]
        block = BlockHeader(
            height=1,
            time=self.time,
            parent=Hash(bytes(32)),
            transactions_root=Hash(bytes(32)),
            state_root=Hash(tree.root),
            receipts_root=Hash(merkle.root(receipts)),
            log_size=4 + self.log_size_off,
        )
        log = [b"genesis", b"before", log_entry(header, transaction.signatures), block_entry(block)]
        log += [] if self.is_latest else [b"\x02" + bytes(32)]
        place = BlockPart(encode(block), 3, b"".join(merkle.inclusion_proof(log, 3)))
        commands = transaction.commands
        file = ClaimFile(
            checkpoint=sign_checkpoint(
                Checkpoint(format_ledger_id(LEDGER), len(log), merkle.root(log)), SIGNER
            ),
            state=place,
            claim=CommandPart(commands[1], 1, 2, b"".join(merkle.inclusion_proof(commands, 1))),
            transaction=TransactionPart(
                header,
                b"".join(transaction.signatures),
                2,
                b"".join(merkle.inclusion_proof(log, 2)),
            ),
            receipt=ReceiptPart(receipts[1], 1, b"".join(merkle.inclusion_proof(receipts, 1))),
            block=place,
            certificates=tuple(
                CertificatePart(step.born, step.ordinal, leaf_part(tree, leaves, step.id))
                for step in self.steps
            ),
            consumption=leaf_part(tree, leaves, self.claim.consumption),
        )
        return format_claim_file(file)

    def _signed(self) -> bytes:
        """Return the transaction with the claim, which stands behind another command."""
        return build_transaction(
            ledger=self.ledger,
            expiry=self.expiry,
            nonce=bytes(16),
            commands=[b"another", self.command or encode(self.claim)],
            secrets=[secret(number) for number in self.signers],
        )

    def _leaves(self) -> dict[RecordId, bytes | None]:
        """Return what the state of this story holds."""
        records: dict[RecordId, list[Record]] = {}
        for step in self.steps:
            records.setdefault(step.id, []).append(step.certificate)
        if self.production is not None:
            records[self.steps[-1].id].append(self.production)
        stands = records.setdefault(self.claim.consumption, [])
        stands += [each for each in (self.consumption, self.settlement) if each is not None]
        leaves: dict[RecordId, bytes | None] = {
            RecordId(bytes([n]) * 32): b"\x90" for n in range(1, 40)
        }
        leaves |= {id: leaf_bytes({type(r): r for r in each}) for id, each in records.items()}
        return leaves | self.raw_leaves


def leaf_part(tree: StateTree, leaves: dict[RecordId, bytes | None], id: RecordId) -> LeafPart:
    """Return the records of an id with their path."""
    records = leaves[id]
    assert records is not None
    siblings = tree.prove(id, leaves.get).siblings
    return LeafPart(
        records, tuple(depth for depth, _ in siblings), b"".join(hash for _, hash in siblings)
    )
