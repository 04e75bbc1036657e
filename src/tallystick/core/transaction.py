"""
A transaction: commands that take effect together, signed by everybody whose right they use.

What is signed is the header alone. It binds the commands by a Merkle root, so that a proof can show
one command without its neighbours, and its hash is the transaction's id, so that no signature can
be changed, dropped or added without becoming a different log entry under the same id.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from tallystick.base import hashing, merkle, signatures
from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import (
    Hash,
    LedgerId,
    PublicKey,
    Signature,
    TransactionId,
)

TRANSACTION_BYTES_MAX = 1_048_576
COMMAND_BYTES_MAX = 524_288
COMMANDS_MAX = 1_024
SIGNERS_MAX = 256
NONCE_BYTES = 16


class Header(Record, tag="transaction/1"):
    """What the signers sign."""

    ledger: LedgerId
    """The ledger it is meant for, so that it is worth nothing on another."""

    expiry: Milliseconds
    """It may stand only in a block whose time is below this. [ms since the epoch, UTC]"""

    nonce: Annotated[bytes, msgspec.Meta(min_length=NONCE_BYTES, max_length=NONCE_BYTES)]
    """Sixteen random bytes: two equal intentions are two transactions. They carry no order."""

    signers: Annotated[tuple[PublicKey, ...], msgspec.Meta(min_length=1, max_length=SIGNERS_MAX)]
    """Everybody who signs, strictly ascending."""

    commands_root: Hash
    """RFC 6962 root over the encoded commands."""


class Transaction(Record, tag="signed/1"):
    """A header with the commands it binds and the signatures under it."""

    header: Header
    """What was signed."""

    commands: Annotated[tuple[bytes, ...], msgspec.Meta(min_length=1, max_length=COMMANDS_MAX)]
    """Canonical bytes of each command, in the order in which they take effect."""

    signatures: Annotated[tuple[Signature, ...], msgspec.Meta(max_length=SIGNERS_MAX)]
    """One for each signer, in the signers' order."""


def transaction_id(header: bytes) -> TransactionId:
    """Return the id of a transaction, which is also the digest that its signers sign."""
    return TransactionId(hashing.tagged_hash(hashing.TAG_TRANSACTION_ID, header))


def log_entry(header: bytes, proofs: Sequence[bytes]) -> bytes:
    """
    Return the log's entry for a transaction: type 1 and a hash over header and signatures.

    The commands are bound through the header, so a proof that discloses one command can still show
    this entry.
    """
    return b"\x01" + hashing.tagged_hash(hashing.TAG_TRANSACTION_ENTRY, header, b"".join(proofs))


def build_transaction(
    *,
    ledger: LedgerId,
    expiry: int,
    nonce: bytes,
    commands: Sequence[bytes],
    secrets: Sequence[bytes],
) -> bytes:
    """
    Sign encoded commands and return the bytes to submit.

    The nonce is the caller's to draw at random: this module is pure. Equal secrets count once.
    """
    keys = {signatures.public_key(secret): secret for secret in secrets}
    return seal_transaction(
        ledger=ledger, expiry=expiry, nonce=nonce, commands=commands, secret_by_key=keys
    )


def seal_transaction(
    *,
    ledger: LedgerId,
    expiry: int,
    nonce: bytes,
    commands: Sequence[bytes],
    secret_by_key: dict[PublicKey, bytes],
) -> bytes:
    """
    Sign with keys whose public halves are known already.

    Deriving a public key costs as much as a signature, and a wallet usually has it at hand.
    """
    signers = tuple(sorted(secret_by_key))
    root = Hash(merkle.root(commands))
    header = Header(ledger=ledger, expiry=expiry, nonce=nonce, signers=signers, commands_root=root)
    digest = transaction_id(encode(header))
    proofs = tuple(signatures.sign(secret_by_key[key], digest) for key in signers)
    return encode(Transaction(header=header, commands=tuple(commands), signatures=proofs))
