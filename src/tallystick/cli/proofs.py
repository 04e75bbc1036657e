"""`tally prove` and `tally verify`: a claim's proof, made from a ledger and checked without one."""

from pathlib import Path

import click

from tallystick.base.identifiers import format_ledger_id, parse_ledger_id, parse_record_id
from tallystick.base.notes import VerifierKey, parse_verifier_key
from tallystick.base.plain import to_plain
from tallystick.client.proof_file import PROOF_BYTES_MAX
from tallystick.client.verify import ProofInvalid, verify_claim

from .errors import CheckFailed
from .evidence import check_evidence
from .output import show
from .places import existing, with_ledger
from .records import write_new
from .strict import Strict

OBJECT = b"{"
"""How the proof of a claim begins; evidence is MessagePack."""
PLUSES_MIN = 2


@click.command("prove", cls=Strict)
@click.argument("certificate")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="Where to write the proof file.",
)
@with_ledger
def prove(certificate: str, output: Path, ledger: Path, *, as_json: bool) -> None:
    """Write the proof of the claim of CERTIFICATE to a file."""
    id = parse_record_id(certificate)
    with existing(ledger) as opened:
        proof = opened.prove(id)
        status = opened.status()
    write_new(output, proof)
    show(
        {
            "file": str(output),
            "bytes": len(proof),
            "ledger": format_ledger_id(status.ledger),
            "checkpoint_key": status.checkpoint_key,
        },
        as_json=as_json,
    )


@click.command("verify", cls=Strict)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--ledger", "ledger_text", required=True, help="The id of the ledger that you trust.")
@click.option(
    "--key", "keys", multiple=True, required=True, help="A checkpoint key that you trust."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def verify(file: Path, ledger_text: str, keys: tuple[str, ...], *, as_json: bool) -> None:
    """
    Check the proof in FILE, without a ledger and without a network.

    FILE is the proof of a claim, as `tally prove` writes it, or a node's evidence of any records
    and transactions, as the demo `allowances` writes it.
    """
    with file.open("rb") as stream:
        proof = stream.read(PROOF_BYTES_MAX + 1)
    if len(proof) > PROOF_BYTES_MAX:
        raise ValueError(f"{file}: a proof has at most {PROOF_BYTES_MAX} bytes, this has more")
    ledger = parse_ledger_id(ledger_text)
    trusted = [_verifier_key(key) for key in keys]
    try:
        if proof[:1] == OBJECT:
            found = to_plain(verify_claim(proof, ledger, trusted))
        else:
            found = check_evidence(proof, ledger, trusted)
    except ProofInvalid as invalid:
        raise CheckFailed(f"not verified: {invalid}") from invalid
    show({"verified": True, **found}, as_json=as_json)


def _verifier_key(text: str) -> VerifierKey:
    """Read a checkpoint key, and say what one is like."""
    try:
        return parse_verifier_key(text)
    except ValueError as error:
        if text.count("+") < PLUSES_MIN:
            raise ValueError(
                f"--key: expected NAME+HASH+KEY, as `tally status` shows it, found {text[:80]!r}"
            ) from error
        raise ValueError(f"--key: {error}") from error
