"""A ledger as a whole: made, described, audited, carried elsewhere."""

from pathlib import Path

from tallystick import compose
from tests.cli.shell import Shell


def test_init_and_status_agree(shell: Shell) -> None:
    """What init printed is what status shows; making it again is refused."""
    status = shell.on_ledger("status").json
    assert (status["name"], status["height"]) == ("trial", 0)
    assert status["checkpoint"].startswith(status["ledger"])
    said = shell.tally("init", str(shell.ledger))
    assert (said.code, "already" in said.err) == (3, True)


def test_status_for_people_ends_with_the_checkpoint(shell: Shell) -> None:
    """The note stands as it is, so that it can be copied."""
    said = shell.tally("status", "--ledger", str(shell.ledger))
    assert said.code == 0
    assert "\n— trial " in said.out


def test_audit_passes_and_fails(shell: Shell) -> None:
    """A ledger passes; with a flipped byte in its journal it is damaged and says where."""
    assert shell.on_ledger("audit").json["passed"] is True
    journal = next((shell.ledger / "journal").glob("*.blocks"))
    data = bytearray(journal.read_bytes())
    data[-1] ^= 1
    journal.write_bytes(data)
    said = shell.refused("audit")
    assert (said.code, "block 0" in said.err, "offset" in said.err) == (4, True, True)


def test_snapshot_and_restore(shell: Shell, tmp_path: Path) -> None:
    """A snapshot is written, held against its root, and becomes a ledger elsewhere."""
    root = shell.on_ledger("snapshot", "write", str(tmp_path / "snapshot")).json["state_root"]
    id = shell.on_ledger("status").json["ledger"]
    trust = ["--id", id, "--state-root", root, "--json"]
    assert shell.tally("snapshot", "verify", str(tmp_path / "snapshot"), *trust).json["verified"]
    copy = str(tmp_path / "copy")
    said = shell.tally("snapshot", "restore", str(tmp_path / "snapshot"), copy, *trust)
    assert said.json == {"folder": copy, "restored": True}
    assert shell.tally("status", "--ledger", copy, "--json").json["state_root"] == root


def test_a_snapshot_is_not_trusted_blindly(shell: Shell, tmp_path: Path) -> None:
    """Under another root it is refused; a root that is none is a usage error."""
    shell.on_ledger("snapshot", "write", str(tmp_path / "snapshot"))
    id = shell.on_ledger("status").json["ledger"]
    for root, code in (("00" * 32, 4), ("xyz", 2), ("00", 2)):
        said = shell.tally(
            "snapshot", "verify", str(tmp_path / "snapshot"), "--id", id, "--state-root", root
        )
        assert (root, said.code) == (root, code)


def test_a_ledger_in_use_is_said(shell: Shell) -> None:
    """While it is open elsewhere, the command line says by whom."""
    with compose.open_ledger(shell.ledger):
        said = shell.refused("status")
    assert (said.code, "open in process" in said.err) == (3, True)
