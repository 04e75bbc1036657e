"""
What becomes of tokens: one is handed on, one is burned, one waits for its claimer.

Each step is tried by somebody who may not, too: a burned reading is minted again, and a thief shows
the proof of a token that waits for somebody else.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.base.signatures import public_key
from tallystick.client.ledger import Ledger, TransactionRejected
from tallystick.contracts.asset.commands import Burn, Claim, Mint, Transfer
from tallystick.contracts.asset.errors import EvidenceUsed, ProofIsWrong
from tallystick.contracts.asset.model import claim_of, series_id
from tallystick.core.errors import Rejected

from .tokens_parties import PROJECT, Parties
from .tokens_readings import Reading

WAITING_READING = "late-meter/0"
WAITING_WH = 1_500
NONCE = 2**40


@dataclass(frozen=True, slots=True)
class Life:
    """What was done with single tokens, and what was refused."""

    moved: Reading
    """Handed to a buyer."""
    burned: Reading
    """Burned by the issuer."""
    waiting: Reading
    """Minted for a claimer, who came."""
    burned_is_refused: bool
    """Whether a burned reading could not be minted again."""
    thief_is_refused: bool
    """Whether nobody else could claim what waited."""


def live(ledger: Ledger, parties: Parties, asset: RecordId, readings: Sequence[Reading]) -> Life:
    """Play the lives of three tokens."""
    moved, burned = readings[0], readings[1]
    waiting = Reading(WAITING_READING, WAITING_WH)
    owner, buyer = public_key(parties.owner), public_key(parties.buyer)
    token = series_id(asset, moved.reading_id)
    ledger.send(Transfer(token, owner, buyer, moved.amount_wh), [parties.owner])
    gone = series_id(asset, burned.reading_id)
    ledger.send(Burn(gone, owner, burned.amount_wh, "meter was faulty"), [parties.issuer])
    again = Mint(asset, owner, burned.amount_wh, burned.reading_id, PROJECT, NONCE, None)
    is_refused = _is_refused(ledger, again, parties.issuer, EvidenceUsed)
    return Life(moved, burned, waiting, is_refused, _claim(ledger, parties, asset, waiting))


def _claim(ledger: Ledger, parties: Parties, asset: RecordId, reading: Reading) -> bool:
    """Mint for a claimer, let a thief try, let the claimer take it; tell if the thief failed."""
    proof, claimer, thief = os.urandom(32), public_key(parties.claimer), public_key(parties.buyer)
    commitment = claim_of(claimer, proof)
    ledger.send(
        Mint(asset, None, reading.amount_wh, reading.reading_id, PROJECT, NONCE + 1, commitment),
        [parties.issuer],
    )
    token = series_id(asset, reading.reading_id)
    is_refused = _is_refused(ledger, Claim(token, thief, proof), parties.buyer, ProofIsWrong)
    ledger.send(Claim(token, claimer, proof), [parties.claimer])
    return is_refused


def _is_refused(ledger: Ledger, command: Record, secret: bytes, reason: type[Rejected]) -> bool:
    """Tell whether a command is rejected for exactly this reason."""
    try:
        ledger.send(command, [secret])
    except TransactionRejected as rejected:
        return (rejected.contract, rejected.code) == ("asset", reason.code)
    return False
