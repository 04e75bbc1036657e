"""Wallets sign for their owners, each on its own ledger, and never show a secret."""

from pathlib import Path

import pytest

from tallystick.base.encoding import decode
from tallystick.compose import create_ledger, open_wallet
from tallystick.contracts.exchange.commands import Refund
from tallystick.coordination.wallets import Wallets
from tallystick.core.transaction import NONCE_BYTES, Transaction
from tallystick.testing.keys import key


def test_wallets_sign_with_their_own_keys(tmp_path: Path) -> None:
    """With the owner's if it is named, else with one that owns nothing; under any nonce."""
    command = Refund(bytes(32))  # type: ignore[arg-type]
    with create_ledger(tmp_path, name="one", sectors=["a"], interval_seconds=[900]) as ledger:
        wallet = open_wallet(tmp_path, ledger.id)
        signer = Wallets({ledger.id: wallet})
        owner = wallet.next_receive_key()
        assert (True, False) == (signer.holds(owner), signer.holds(key(1)))
        nonce = b"n" * NONCE_BYTES
        header = decode(signer.sign(ledger, [command], [owner], nonce=nonce), Transaction).header
        assert ((owner,), nonce) == (header.signers, header.nonce)
        carried = decode(signer.sign(ledger, [command], []), Transaction).header
        assert owner not in carried.signers
        assert "Wallets" in repr(signer)
        with pytest.raises(KeyError):
            Wallets({}).sign(ledger, [command], [owner])
