"""Commands and views of contracts: a reading becomes a claim on the command line."""

import shutil
from pathlib import Path

from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import format_record_id, parse_public_key, parse_record_id
from tallystick.base.intervals import parse_time
from tallystick.contracts.certificate.model import SPLIT, child_id
from tallystick.contracts.measurement.model import measurement_id
from tests.cli.shell import Shell

BEGIN, END = "2026-01-05T12:00:00Z", "2026-01-05T12:15:00Z"


def publish(shell: Shell, kind: str, amount: int) -> tuple[str, str]:
    """Publish a reading under a fresh key; return the key's name and the measurement's id."""
    made = shell.on_ledger("keys", "new").json
    shell.on_ledger(
        "measurement", "publish", "--owner", made["key"], "--begin", BEGIN, "--end", END,
        "--sector", "village", "--kind", kind, "--amount", str(amount), "--quality", "measured",
        "--sign", "publisher",
    )  # fmt: skip
    id = measurement_id(parse_public_key(made["key"]), parse_time(BEGIN))
    return made["name"], format_record_id(id)


def claimed(shell: Shell) -> str:
    """Publish, issue, split and claim; return the id of the claimed certificate."""
    plant, production = publish(shell, "production", 1_000)
    home, consumption = publish(shell, "consumption", 600)
    shell.on_ledger(
        "certificate", "issue", "--measurement", production, "--technology", "T010000",
        "--fuel", "F01040100", "--sign", "issuing-body",
    )  # fmt: skip
    shell.on_ledger(
        "certificate", "split", "--certificate", production, "--part", f"600:{shell.key(home)}",
        "--part", f"400:{shell.key(plant)}", "--sign", plant,
    )  # fmt: skip
    part = format_record_id(child_id(parse_record_id(production), SPLIT, 0))
    shell.on_ledger(
        "certificate", "claim", "--certificate", part, "--consumption", consumption, "--sign", home
    )
    return part


def test_from_reading_to_claim(shell: Shell) -> None:
    """Each step is a subcommand, and the views show where things stand."""
    part = claimed(shell)
    shown = shell.on_ledger("certificate", "show", "--certificate", part).json
    assert (shown["status"], shown["amount_wh"], shown["begin"]) == ("claimed", 600, BEGIN)


def test_a_receipt_says_where_it_stands(shell: Shell) -> None:
    """The receipt is shown with height and time."""
    key = shell.on_ledger("keys", "new").json["key"]
    said = shell.on_ledger(
        "identity", "enrol", "--key", key, "--scope", "*", "--sign", "registrar"
    ).json
    assert (said["height"], said["outcome"]["code"]) == (1, 0)
    assert said["time"].endswith("Z")


def test_a_rejection_is_one_line_and_exit_1(shell: Shell) -> None:
    """What a rule refuses names contract, code and reason; nothing is changed."""
    key = shell.on_ledger("keys", "new").json["key"]
    said = shell.refused("identity", "enrol", "--key", key, "--scope", "*", "--sign", "receive/0")
    assert said.code == 1
    assert "identity" in said.err


def test_another_ledgers_wallet_is_no_fault_of_an_option(shell: Shell, tmp_path: Path) -> None:
    """Both ledgers are named as they are shown everywhere else."""
    other = tmp_path / "other"
    assert 0 == shell.tally("init", str(other)).code
    ids = [
        str(shell.tally("status", "--ledger", str(each), "--json").json["ledger"])
        for each in (other, shell.ledger)
    ]
    assert 0 == shell.tally("keys", "list", "--ledger", str(other)).code  # It binds the wallet.
    shutil.copy(other / "wallet", shell.ledger / "wallet")
    said = [shell.refused("keys", "list")]
    words = ["identity", "enrol", "--key", "registrar", "--scope", "*", "--sign", "registrar"]
    said.append(shell.refused(*words))
    line = f"tally: the wallet is for {ids[0]}, not for {ids[1]}; make another wallet for it\n"
    assert [(2, line), (2, line)] == [(each.code, each.err) for each in said]


def test_nobody_signed_is_a_usage_error(shell: Shell) -> None:
    """A command without a signer says how to name one."""
    key = shell.key("registrar")
    said = shell.refused("identity", "enrol", "--key", key, "--scope", "*")
    assert (said.code, "--sign" in said.err) == (2, True)


def test_bad_values_name_their_field(shell: Shell) -> None:
    """A wrong id, a wrong length and an impossible number are refused before anything is opened."""
    wrong = "id_" + tagged_hash(b"x").hex()[:-1]
    said = shell.refused("certificate", "show", "--certificate", wrong)
    assert (said.code, "--certificate: record id" in said.err) == (2, True)


def test_what_is_absent_is_said(shell: Shell) -> None:
    """A view of something that is not there gives the contract's own answer."""
    absent = format_record_id(parse_record_id("id_" + "00" * 32))
    said = shell.refused("certificate", "show", "--certificate", absent)
    assert (said.code, "certificate" in said.err) == (1, True)


def test_what_happened_is_shown_with_the_receipt(shell: Shell) -> None:
    """The events follow the receipt: that is where people learn the id of what they made."""
    _, production = publish(shell, "production", 1_000)
    said = shell.on_ledger(
        "certificate", "issue", "--measurement", production, "--technology", "T010000",
        "--fuel", "F01040100", "--sign", "issuing-body",
    ).json  # fmt: skip
    happened = [(event["event"], event["measurement"]) for event in said["events"]]
    assert [("measurement-relied-on", production), ("certificate-issued", production)] == happened


def test_a_key_is_named_wherever_one_is_wanted(shell: Shell) -> None:
    """Names of the wallet's keys do in options and in their parts, and for the signer."""
    owner = f"meter/3/{BEGIN}"
    shell.on_ledger(
        "keys", "meter", "3", "--begin", BEGIN, "--end", END, "--interval-seconds", "900"
    )
    said = shell.on_ledger(
        "measurement", "publish", "--owner", owner, "--begin", BEGIN, "--end", END,
        "--sector", "village", "--kind", "production", "--amount", "10",
        "--quality", "measured", "--sign", "publisher",
    ).json  # fmt: skip
    (event,) = said["events"]
    key = shell.on_ledger("keys", "show", owner).json["key"]
    assert key == event["owner"]
    id = event["measurement"]
    shell.on_ledger(
        "certificate", "issue", "--measurement", id, "--technology", "T010000",
        "--fuel", "F01040100", "--sign", "issuing-body",
    )  # fmt: skip
    split = shell.on_ledger(
        "certificate", "split", "--certificate", id, "--part", f"4:{owner}",
        "--part", f"6:{key}", "--sign", owner,
    ).json  # fmt: skip
    parts = split["events"][0]["parts"]
    assert [(4, key), (6, key)] == [(part["amount_wh"], part["owner"]) for part in parts]
