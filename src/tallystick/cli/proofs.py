"""`tally prove` and `tally verify`: a claim's proof, made from a ledger and checked without one."""

from pathlib import Path

import click

from tallystick.base.identifiers import format_ledger_id, parse_ledger_id, parse_record_id
from tallystick.base.notes import parse_verifier_key
from tallystick.base.plain import to_plain
from tallystick.client.proof_file import PROOF_BYTES_MAX
from tallystick.client.verify import verify_claim

from .output import show
from .places import existing, with_ledger


@click.command("prove")
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
    output.write_bytes(proof)
    show(
        {
            "file": str(output),
            "bytes": len(proof),
            "ledger": format_ledger_id(status.ledger),
            "checkpoint_key": status.checkpoint_key,
        },
        as_json=as_json,
    )


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--ledger", "ledger_text", required=True, help="The id of the ledger that you trust.")
@click.option(
    "--key", "keys", multiple=True, required=True, help="A checkpoint key that you trust."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def verify(file: Path, ledger_text: str, keys: tuple[str, ...], *, as_json: bool) -> None:
    """Check the proof in FILE, without a ledger and without a network."""
    with file.open("rb") as stream:
        proof = stream.read(PROOF_BYTES_MAX + 1)
    if len(proof) > PROOF_BYTES_MAX:
        raise ValueError(f"{file}: a proof has at most {PROOF_BYTES_MAX} bytes, this has more")
    ledger = parse_ledger_id(ledger_text)
    claim = verify_claim(proof, ledger, [parse_verifier_key(key) for key in keys])
    show({"verified": True, **to_plain(claim)}, as_json=as_json)
