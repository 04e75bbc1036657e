"""An account is named by what it is of and whose it is."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from tallystick.base.encoding import Malformed
from tallystick.base.identifiers import RecordId, format_public_key, format_record_id
from tallystick.cli.accounts import account_metavar, account_text, is_account
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tests.cli.shell import Shell

UNIT = RecordId(bytes(31) + b"\x07")
UNIT_TEXT, KEY = format_record_id(UNIT), format_public_key(key(1))
ACCOUNT = format_record_id(holding_id(UNIT, key(1)))


def test_unit_and_owner_make_the_id() -> None:
    """The owner by a key or by a name, which may have colons itself."""
    names = {KEY: KEY, "anna": KEY, "meter/0/2026-01-01T00:00:00Z": KEY}
    for name in names:
        assert ACCOUNT == account_text(f"{UNIT_TEXT}:{name}", "--holding", names.__getitem__)


@pytest.mark.parametrize("text", ["id_07:anna", f"{UNIT_TEXT}:key_07", f"{UNIT_TEXT}:"])
def test_what_names_no_account_says_where(text: str) -> None:
    """Whichever of the two is wrong."""
    with pytest.raises(Malformed) as caught:
        account_text(text, "LockHash.holding", str)
    assert str(caught.value).startswith("LockHash.holding: as UNIT:OWNER, ")


def test_only_holdings_are_given_so() -> None:
    """Another id with a colon is a mistake, and an id is an id."""
    assert is_account("a:b", RecordId, "LockHash.holding")
    assert not is_account(UNIT_TEXT, RecordId, "LockHash.holding")
    assert not is_account("a:b", RecordId, "ShowLock.unit")
    assert not is_account("a:b", bytes, "X.holding")
    assert ["ID|UNIT:OWNER", ""] == [account_metavar("holding"), account_metavar("unit")]


def test_tokens_are_locked_under_a_hash(shell: Shell, tmp_path: Path) -> None:
    """From the balance that shows the account to the beneficiary who shows the preimage."""
    shell.on_ledger("keys", "new")
    defining = ("asset", "define", "--name", "cent", "--unit", "EUR", "--scale", "2")
    more = ("--kind", "fungible", "--issuer", "asset-issuer", "--supply-cap", "0")
    terms = ("--last-mint-at", "0", "--transferable", "true", "--burners", "issuer")
    made = shell.on_ledger(*defining, *more, *terms, "--sign", "asset-issuer").json
    unit = made["events"][0]["asset"]
    minting = ("asset", "mint", "--asset", unit, "--owner", "employee", "--amount", "50")
    rest = ("--evidence", "", "--project", "", "--nonce", "0", "--sign", "asset-issuer")
    shell.on_ledger(*minting, *rest)
    shown = shell.on_ledger("asset", "show-balance", "--unit", unit, "--owner", "employee").json
    until = tomorrow(made["time"])
    locking = ("exchange", "lock", "--contract", "asset", "--holding", f"{unit}:employee")
    secret = "07" * 32
    digest = sha256(bytes.fromhex(secret)).hexdigest()
    paid = ("--digest", digest, "--beneficiary", "receive/0", "--until", until)
    locked = shell.on_ledger(*locking, "--amount", "20", *paid, "--sign", "employee").json
    (event,) = (each for each in locked["events"] if each["event"] == "exchange-hash-locked")
    assert shown["holding"] == event["holding"]
    redeeming = ("exchange", "redeem", "--lock", event["lock"], "--preimage", secret)
    shell.on_ledger(*redeeming, "--sign", "employee")
    balance = ("asset", "show-balance", "--unit", unit, "--owner", "receive/0")
    assert 20 == shell.on_ledger(*balance).json["spendable"]
    ledger = shell.on_ledger("status").json["ledger"]
    owner, file = shell.key("employee"), str(tmp_path / "change")
    part = {"contract": "asset", "owner": "employee", "amount": 5, "target": "receive/0"}
    quote = {"price": 0, "parts": [{"ledger": ledger, "holding": f"{unit}:{owner}", **part}]}
    planned = shell.on_ledger("plan-change", "--quote", json.dumps(quote), "-o", file).json
    assert shown["holding"] == planned["parts"][0]["holding"]


def tomorrow(time: str) -> str:
    """Return the same time a day later."""
    later = datetime.fromisoformat(time) + timedelta(days=1)
    return later.strftime("%Y-%m-%dT%H:%M:%SZ")
