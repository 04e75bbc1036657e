"""
Check: what can be said of a transaction without knowing the state.

It needs the ledger's id and nothing else, so it may run in any process, as often as one likes.
"""

from itertools import pairwise
from typing import Any, NamedTuple

from tallystick.base import encoding, merkle, signatures
from tallystick.base.encoding import Decoder, Record, encode
from tallystick.base.identifiers import Hash, LedgerId, PublicKey, TransactionId

from . import errors
from .contract import Rulebook
from .transaction import (
    COMMAND_BYTES_MAX,
    TRANSACTION_BYTES_MAX,
    Header,
    Transaction,
    log_entry,
    transaction_id,
)

_decoder: Decoder[Transaction] = Decoder(Transaction)


class Verified(NamedTuple):
    """What checking the bytes of a transaction yields, small enough to cross a process boundary."""

    id: TransactionId
    leaf_hash: Hash


class Checked(NamedTuple):
    """A transaction that only the state can still refuse."""

    raw: bytes
    id: TransactionId
    leaf_hash: Hash
    signers: tuple[PublicKey, ...]
    nonce: bytes
    expiry: int
    commands: tuple[Record, ...]


def check(raw: bytes, ledger: LedgerId, rulebook: Rulebook) -> Checked:
    """Return a transaction's meaning, or raise `Refused` saying what is wrong with it."""
    return understand(raw, verify(raw, ledger), rulebook)


def verify(raw: bytes, ledger: LedgerId) -> Verified:
    """Check form, bounds, ledger, commands root and every signature."""
    transaction = parse(raw)
    header = transaction.header
    if header.ledger != ledger:
        raise errors.WrongLedger(
            f"header.ledger: signed for ledger {header.ledger.hex()}, this is {ledger.hex()}"
        )
    _check_signers(header, len(transaction.signatures))
    _check_commands(transaction)
    header_bytes = encode(header)
    id = transaction_id(header_bytes)
    for signer, proof in zip(header.signers, transaction.signatures, strict=True):
        if not signatures.verify(signer, id, proof):
            raise errors.BadSignature(
                f"signatures: the one of signer {signer.hex()} does not verify"
            )
    return Verified(id, _leaf_hash(header_bytes, transaction))


def identify(raw: bytes) -> Verified:
    """Return id and leaf hash without checking signatures, for bytes that were checked before."""
    transaction = parse(raw)
    header_bytes = encode(transaction.header)
    return Verified(transaction_id(header_bytes), _leaf_hash(header_bytes, transaction))


def understand(raw: bytes, verified: Verified, rulebook: Rulebook) -> Checked:
    """Decode the commands of a verified transaction under the rules in force."""
    transaction = _decoder.decode_trusted(raw)
    header = transaction.header
    return Checked(
        raw,
        verified.id,
        verified.leaf_hash,
        header.signers,
        header.nonce,
        header.expiry,
        tuple([_command(item, rulebook) for item in transaction.commands]),
    )


def parse(raw: bytes) -> Transaction:
    """Decode bounded, canonical bytes."""
    if len(raw) > TRANSACTION_BYTES_MAX:
        raise errors.TooLarge(
            f"transaction: {len(raw)} bytes, at most {TRANSACTION_BYTES_MAX} are taken"
        )
    try:
        return _decoder.decode(raw)
    except encoding.Malformed as malformed:
        raise errors.Malformed(f"transaction: {malformed}") from malformed


def _leaf_hash(header_bytes: bytes, transaction: Transaction) -> Hash:
    """Return the hash under which the log and the block keep a transaction."""
    return Hash(merkle.leaf_hash(log_entry(header_bytes, transaction.signatures)))


def _check_signers(header: Header, count: int) -> None:
    """Refuse keys that are not strictly ascending, or a number of signatures other than theirs."""
    signers = header.signers
    for before, after in pairwise(signers):
        if before >= after:
            raise errors.SignersNotSorted(
                f"header.signers: {after.hex()} does not come after {before.hex()}"
            )
    if len(signers) != count:
        raise errors.SignatureCountDiffers(
            f"signatures: {count} given for {len(signers)} signers, there must be one for each"
        )


def _check_commands(transaction: Transaction) -> None:
    """Refuse oversized commands and commands other than those that were signed."""
    for ordinal, item in enumerate(transaction.commands):
        if len(item) > COMMAND_BYTES_MAX:
            raise errors.TooLarge(
                f"commands[{ordinal}]: {len(item)} bytes, at most {COMMAND_BYTES_MAX} are taken"
            )
    if merkle.root(transaction.commands) != transaction.header.commands_root:
        raise errors.CommandsDiffer("header.commands_root: it is not the root of these commands")


def _command(item: bytes, rulebook: Rulebook) -> Any:
    """Decode one command under the rules in force."""
    try:
        command = rulebook.command_decoder.decode(item)
    except encoding.Malformed as malformed:
        raise errors.UnknownCommand(f"command: {malformed}") from malformed
    rulebook.rule_for(command)
    return command
