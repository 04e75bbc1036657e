"""Sign with wallets, one for each ledger: owners have other keys on each, which nobody can link."""

from collections.abc import Mapping, Sequence
from typing import Final

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, PublicKey
from tallystick.client.ledger import Ledger
from tallystick.client.wallet import Wallet
from tallystick.contracts.identity.model import Role

CARRIER: Final = 1_000_000
"""Number of the key that signs what anybody may do; nobody is appointed under it."""


class Wallets:
    """Signs with the keys of wallets; it sees no secret."""

    def __init__(self, wallets: Mapping[LedgerId, Wallet]) -> None:
        """Take the wallet of each ledger on which something is to be signed."""
        self._wallets = dict(wallets)

    def holds(self, key: PublicKey) -> bool:
        """Tell whether a wallet can sign with a key."""
        return any(wallet.knows(key) for wallet in self._wallets.values())

    def sign(
        self,
        ledger: Ledger,
        commands: Sequence[Record],
        keys: Sequence[PublicKey],
        *,
        nonce: bytes = b"",
    ) -> bytes:
        """
        Return a transaction that these keys sign.

        What anybody may do is signed by a key that owns nothing.
        Raises KeyError for a ledger without a wallet.
        """
        wallet = self._wallets[ledger.id]
        signing = list(keys) or [wallet.role_key(Role.EMPLOYEE, CARRIER)]
        return wallet.sign(commands, signing, expiry=ledger.expiry(), nonce=nonce)
