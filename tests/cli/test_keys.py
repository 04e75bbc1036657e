"""Keys by name; secrets never."""

from pathlib import Path

import pytest

from tallystick import compose
from tallystick.base.identifiers import format_public_key
from tallystick.cli.keys import named_key
from tallystick.contracts.identity.model import Role
from tests.cli.shell import Shell


def test_keys_are_listed_and_made(shell: Shell) -> None:
    """Roles are there from the start, receiving keys as they are given out."""
    first = shell.on_ledger("keys", "new").json
    names = [each["name"] for each in shell.on_ledger("keys", "list").json["keys"]]
    assert names == [*(role.value for role in Role), "receive/0"]
    assert first == {"name": "receive/0", "key": shell.key("receive/0")}


def test_a_meter_gets_an_extended_public_key(shell: Shell) -> None:
    """Its period is recorded, and what is shown derives public keys only."""
    said = shell.on_ledger(
        "keys", "meter", "3", "--begin", "2026-01-01T00:00:00Z", "--end", "2026-01-02T00:00:00Z"
    ).json
    assert said["name"] == "meter/3"
    assert said["extended_public_key"].startswith("xpub")


def test_names_stand_for_keys(shell: Shell) -> None:
    """Every form that --sign understands leads to a key of the wallet."""
    with compose.open_ledger(shell.ledger) as ledger:
        wallet = compose.open_wallet(shell.ledger, ledger.id)
        text = format_public_key(wallet.receive_key(0))
        assert named_key(wallet, "receive/0") == named_key(wallet, text)
        begin = "2026-01-01T00:00:00Z"
        assert named_key(wallet, f"meter/3/{begin}") != named_key(wallet, f"meter/4/{begin}")
        for name in ("", "nobody", "receive/x", "receive/-1", "meter/3", "meter/3/today", "key_00"):
            with pytest.raises(ValueError, match=r"."):
                named_key(wallet, name)


def test_a_wrong_passphrase_is_said(
    tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a passphrase of one's own nobody else opens the ledger's secrets."""
    place = str(tmp_path / "mine")
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "horse")
    assert shell.tally("init", place).code == 0
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "cow")
    said = shell.tally("keys", "list", "--ledger", place)
    assert (said.code, said.out, "passphrase" in said.err) == (2, "", True)
