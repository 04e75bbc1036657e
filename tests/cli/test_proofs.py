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


def test_what_is_no_checkpoint_key_is_said(shell: Shell, tmp_path: Path) -> None:
    """A name alone is none; and one with a slip says where."""
    file = tmp_path / "file"
    file.write_text("{}")
    trust = ["verify", str(file), "--ledger", "ledger_" + "00" * 32, "--key"]
    said = shell.tally(*trust, "village")
    assert (2, "") == (said.code, said.out)
    expected = "expected NAME+HASH+KEY, as `tally status` shows it, found 'village'"
    assert f"tally: --key: {expected}\n" == said.err
    key = shell.on_ledger("status").json["checkpoint_key"]
    said = shell.tally(*trust, key[:-1])
    assert said.err.startswith("tally: --key: verifier key trial: ")


def test_what_is_not_verified_begins_with_that(shell: Shell, tmp_path: Path) -> None:
    """Whatever was changed, and also what was never a proof."""
    file = tmp_path / "claim.json"
    made = shell.on_ledger("prove", claimed(shell), "-o", str(file)).json
    proof = file.read_bytes()
    trust = ["--ledger", made["ledger"], "--key", made["checkpoint_key"]]
    for content in (proof.replace(b"claim", b"clain", 1), proof[:-9], b"{}", b"", b"\x92\x01"):
        file.write_bytes(content)
        said = shell.tally("verify", str(file), *trust)
        assert (1, "", 1) == (said.code, said.out, said.err.count("\n"))
        assert said.err.startswith("tally: not verified: ")


def test_an_unclaimed_certificate_has_no_proof(shell: Shell, tmp_path: Path) -> None:
    """Nothing is written, and the reason is given."""
    said = shell.refused("prove", "id_" + "00" * 32, "-o", str(tmp_path / "none"))
    assert (said.code, (tmp_path / "none").exists()) == (1, False)


def test_only_a_key_that_is_trusted_counts(shell: Shell, tmp_path: Path) -> None:
    """Another ledger's key verifies nothing; among several, one that signed is enough."""
    file = tmp_path / "claim.json"
    made = shell.on_ledger("prove", claimed(shell), "-o", str(file)).json
    place = str(tmp_path / "other")
    stranger = shell.tally("init", place, "--name", "trial", "--json").json["checkpoint_key"]
    trust = ["verify", str(file), "--ledger", made["ledger"], "--key", stranger]
    refused = shell.tally(*trust)
    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert "checkpoint" in refused.err
    assert shell.tally(*trust, "--key", made["checkpoint_key"]).code == 0


def test_a_proof_that_cannot_be_written_is_said(shell: Shell, tmp_path: Path) -> None:
    """A folder that is not there is the world's affair; the claim can be proved again."""
    certificate = claimed(shell)
    said = shell.refused("prove", certificate, "-o", str(tmp_path / "nowhere" / "claim.json"))
    assert (said.code, str(tmp_path / "nowhere") in said.err) == (3, True)
    shell.on_ledger("prove", certificate, "-o", str(tmp_path / "claim.json"))
