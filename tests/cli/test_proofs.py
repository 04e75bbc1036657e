"""Proving with a ledger and verifying without one."""

from pathlib import Path

from tests.cli.shell import Shell
from tests.cli.test_sending import claimed


def test_prove_and_verify(shell: Shell, tmp_path: Path) -> None:
    """The file verifies under the ledger's id and key, and under no others."""
    certificate, file = claimed(shell), tmp_path / "claim.json"
    made = shell.on_ledger("prove", certificate, "-o", str(file)).json
    trust = ["--ledger", made["ledger"], "--key", made["checkpoint_key"]]
    said = shell.tally("verify", str(file), *trust, "--json")
    assert (said.code, said.json["verified"], said.json["amount_wh"]) == (0, True, 600)
    other = ["--ledger", "ledger_" + "00" * 32, "--key", made["checkpoint_key"]]
    refused = shell.tally("verify", str(file), *other)
    assert (refused.code, refused.out) == (1, "")
    file.write_bytes(file.read_bytes().replace(b"claim", b"clain", 1))
    assert shell.tally("verify", str(file), *trust).code == 1


def test_what_cannot_be_read_is_said(shell: Shell, tmp_path: Path) -> None:
    """A missing file, a key that is none and an id that is none are different mistakes."""
    trust = ["--ledger", "ledger_" + "00" * 32, "--key", "nonsense"]
    assert shell.tally("verify", str(tmp_path / "none"), *trust).code == 3
    (tmp_path / "file").write_text("{}")
    assert shell.tally("verify", str(tmp_path / "file"), *trust).code == 2
    assert shell.tally("verify", str(tmp_path / "file"), "--ledger", "x", "--key", "y").code == 2


def test_an_unclaimed_certificate_has_no_proof(shell: Shell, tmp_path: Path) -> None:
    """Nothing is written, and the reason is given."""
    said = shell.refused("prove", "id_" + "00" * 32, "-o", str(tmp_path / "none"))
    assert (said.code, (tmp_path / "none").exists()) == (1, False)
