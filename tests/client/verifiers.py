"""Both verifiers behind one question, so that every forgery is held against both."""

from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature

from tallystick.base.identifiers import LedgerId, format_ledger_id
from tallystick.base.notes import VerifierKey, format_verifier_key
from tallystick.client import verify_proof
from tallystick.client.verify import ProofInvalid, verify_claim

REFUSALS = (InvalidSignature, ValueError, TypeError, LookupError, RecursionError)
"""What the stand-alone script turns into its exit code 1."""

VALID = ""


def verdicts(file: bytes, ledger: LedgerId, keys: Sequence[VerifierKey]) -> tuple[str, bool]:
    """Return the step at which ours refuses a file, if it does, and whether theirs accepts it."""
    try:
        verify_claim(file, ledger, keys)
        step = VALID
    except ProofInvalid as invalid:
        step = invalid.step
    try:
        given = [verify_proof.parse_key(format_verifier_key(key)) for key in keys]
        verify_proof.verify(file, format_ledger_id(ledger), given)
    except REFUSALS:
        return step, False
    return step, True
