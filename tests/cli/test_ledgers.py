"""A ledger as a whole: made, described, audited, carried elsewhere."""

import shutil
from base64 import b64decode
from pathlib import Path

import pytest

from tallystick import compose
from tallystick.base.identifiers import parse_record_id
from tallystick.contracts.identity.model import Role
from tests.cli.shell import Shell
from tests.cli.test_sending import claimed, publish
from tests.store.ledgers import tamper


def test_init_and_status_agree(shell: Shell) -> None:
    """What init printed is what status shows; making it again is refused."""
    status = shell.on_ledger("status").json
    assert (status["name"], status["height"]) == ("trial", 0)
    assert status["checkpoint"].startswith(status["ledger"])
    said = shell.tally("init", str(shell.ledger))
    assert (said.code, "already" in said.err) == (3, True)


@pytest.mark.parametrize(
    ("folder", "name"),
    [("valley", "valley"), ("My Valley (2)", "my-valley-2"), ("é", "ledger"), ("v" * 80, "v" * 64)],
)
def test_a_ledger_is_called_as_its_folder(
    shell: Shell, tmp_path: Path, folder: str, name: str
) -> None:
    """In the letters that a ledger's name may have, unless somebody gives it another."""
    said = shell.tally("init", str(tmp_path / folder), "--json")
    assert (0, name) == (said.code, said.json["name"])
    assert said.json["checkpoint_key"].startswith(f"{name}+")
    said = shell.tally("init", str(tmp_path / "other"), "--name", "mine", "--json")
    assert "mine" == said.json["name"]


def test_status_for_people_ends_with_the_checkpoint(shell: Shell) -> None:
    """The note stands as it is, so that it can be copied."""
    said = shell.tally("status", "--ledger", str(shell.ledger))
    assert said.code == 0
    assert "\n— trial " in said.out


def test_audit_passes_and_fails(shell: Shell) -> None:
    """A ledger passes; with a flipped byte in its journal it is damaged and says where."""
    passed = shell.on_ledger("audit").json
    assert (True, round(passed["seconds"], 1)) == (passed["passed"], passed["seconds"])
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
    """While it is open elsewhere, the command line says by whom, and what can be done."""
    with compose.open_ledger(shell.ledger):
        said = shell.refused("status")
    assert (said.code, "open in process" in said.err) == (3, True)
    assert said.err.endswith(": wait until it has ended, or stop it\n")


def test_an_audit_that_finds_something_is_exit_1(shell: Shell, tmp_path: Path) -> None:
    """A log that is not the one that was signed is a problem, for people and programs."""
    other = Shell(tmp_path / "other", shell.capture)
    assert other.tally("init", str(other.ledger)).code == 0
    for each in (other, shell):
        publish(each, "production", 1_000)
        each.on_ledger("status")
    shutil.copy(other.ledger / "checkpoint", shell.ledger / "checkpoint")
    for options in ([], ["--json"]):
        said = shell.tally("audit", *shell.place, *options)
        assert said.code == 1
        assert said.err.startswith("tally: the audit found problems (1): ")
        assert said.err.count("\n") == 1
    assert (said.json["passed"], len(said.json["problems"])) == (False, 1)


def test_a_record_that_was_changed_is_made_again(shell: Shell) -> None:
    """The state is a cache: the audit passes on what the journal says, and notes what was found."""
    _, id = publish(shell, "production", 1_000)
    tamper(shell.ledger, b"leaves", parse_record_id(id), None)
    report = shell.on_ledger("audit").json
    assert (report["passed"], len(report["notices"])) == (True, 1)
    assert "the stored records have the root" in report["notices"][0]
    assert shell.on_ledger("measurement", "show", "--measurement", id).json["amount"] == 1_000


def test_settings_that_cannot_be_make_no_ledger(shell: Shell, tmp_path: Path) -> None:
    """The field is named and nothing is written."""
    small = "small letters, digits, . -; no spaces; first a small letter or digit"
    sector = "letters, digits, . _ -; no spaces; first a letter or digit"
    for options, problem in (
        (["--name", "a b+c"], f"--name: {small}, found 'a b+c'"),
        (["--name", ""], "--name: at least 1 character, found ''"),
        (["--name", "x" * 65], "--name: at most 64 characters, found 'xxx"),
        (["--sector", "a b"], f"--sector: {sector}, found 'a b'"),
        (["--sector", "*"], f"--sector: {sector}, found '*'"),
        (["--sector", "x" * 33], "--sector: at most 32 characters, found 'xxx"),
        (["--sector", "a", "--sector", "a"], "--sector: one is given twice"),
        (["--interval-seconds", "7"], "Invalid value for '--interval-seconds'"),
        (["--interval-seconds", "70"], "--interval-seconds: 70 s does not divide an hour"),
    ):
        said = shell.tally("init", str(tmp_path / "new"), *options)
        assert (2, "", 1) == (said.code, said.out, said.err.count("\n"))
        assert said.err.startswith(f"tally: {problem}")
        assert not (tmp_path / "new").exists()


def test_a_folder_has_a_name(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty one is a variable that nobody set, and makes no ledger in the present folder."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for words in (["init", ""], ["snapshot", "write", ""], ["status", "--ledger", ""]):
        said = shell.tally(*words)
        assert (2, "") == (said.code, said.out)
        assert "it is empty: give a folder, such as . for this one" in said.err
    assert [] == list(Path().iterdir())
    assert 0 == shell.tally("init", ".").code


def test_a_folder_that_is_a_file_is_said(shell: Shell, tmp_path: Path) -> None:
    """The world is in the way, and the file stays."""
    (tmp_path / "file").write_text("mine")
    said = shell.tally("init", str(tmp_path / "file"))
    assert (3, "", 1) == (said.code, said.out, said.err.count("\n"))
    assert (tmp_path / "file").read_text() == "mine"


def test_several_sectors_and_lengths(shell: Shell, tmp_path: Path) -> None:
    """Each may be given several times, and the ledger takes readings of all of them."""
    place = str(tmp_path / "two")
    made = shell.tally(
        "init", place, "--sector", "DK1", "--sector", "DK2", "--interval-seconds", "300",
        "--interval-seconds", "3600", "--json",
    )  # fmt: skip
    assert made.json["signers"] == [role.value for role in Role]
    for sector, end, code in (
        ("DK1", "05:00", 0),
        ("DK2", "00:00", 0),
        ("DK3", "05:00", 1),
        ("DK1", "15:00", 1),
    ):
        owner = shell.tally("keys", "new", "--ledger", place, "--json").json["key"]
        said = shell.tally(
            "measurement", "publish", "--owner", owner,
            "--begin", "2026-01-05T12:00:00Z",
            "--end", f"2026-01-05T{13 if end == '00:00' else 12}:{end}Z",
            "--sector", sector, "--kind", "production", "--amount", "1", "--quality", "measured",
            "--sign", "publisher", "--ledger", place,
        )  # fmt: skip
        assert (sector, end, said.code) == (sector, end, code)


def test_a_passphrase_guards_a_ledger_from_beginning_to_end(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With it everything works as without; without it nothing opens and nothing changes."""
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "correct horse")
    own = Shell(tmp_path / "own", shell.capture)
    assert own.tally("init", str(own.ledger)).code == 0
    publish(own, "production", 5)
    assert own.on_ledger("audit").json["passed"] is True
    for wrong in ("battery staple", None):
        if wrong is None:
            monkeypatch.delenv("TALLYSTICK_PASSPHRASE")
        else:
            monkeypatch.setenv("TALLYSTICK_PASSPHRASE", wrong)
        said = own.refused("status")
        assert said.code == 2
        assert "checkpoint-key: the passphrase is wrong or the file was changed" in said.err
        assert "set TALLYSTICK_PASSPHRASE as it was when the ledger was made" in said.err
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "correct horse")
    assert own.on_ledger("status").json["height"] == 1


def test_the_log_of_a_snapshot_is_proven_by_its_root(shell: Shell, tmp_path: Path) -> None:
    """The checkpoint that status shows has the root; another root is refused, also when empty."""
    publish(shell, "production", 5)
    status = shell.on_ledger("status").json
    log_root = b64decode(status["checkpoint"].splitlines()[2]).hex()
    snapshot = str(tmp_path / "snapshot")
    shell.on_ledger("snapshot", "write", snapshot)
    trust = ["--id", status["ledger"], "--state-root", status["state_root"], "--log-root"]
    for root, code in ((log_root, 0), ("11" * 32, 4), ("", 2)):
        assert shell.tally("snapshot", "verify", snapshot, *trust, root).code == code
        copy = str(tmp_path / f"copy{code}")
        assert shell.tally("snapshot", "restore", snapshot, copy, *trust, root).code == code
        assert shell.tally("status", "--ledger", copy).code == (3 if code else 0)


def test_a_restored_ledger_cannot_show_what_lies_before(shell: Shell, tmp_path: Path) -> None:
    """A claim below the snapshot has its blocks elsewhere: one line says so."""
    certificate = claimed(shell)
    status = shell.on_ledger("status").json
    snapshot, copy = str(tmp_path / "snapshot"), tmp_path / "copy"
    shell.on_ledger("snapshot", "write", snapshot)
    trust = ["--id", status["ledger"], "--state-root", status["state_root"]]
    assert shell.tally("snapshot", "restore", snapshot, str(copy), *trust).code == 0
    said = Shell(copy, shell.capture).refused("prove", certificate, "-o", str(tmp_path / "none"))
    assert (said.code, (tmp_path / "none").exists()) == (3, False)
    again = shell.tally("snapshot", "restore", snapshot, str(copy), *trust)
    assert (again.code, "already" in again.err) == (3, True)
