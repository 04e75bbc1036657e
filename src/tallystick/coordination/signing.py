"""Who signs: with secrets at hand, or with a wallet that shows none."""

import secrets as randomness
from collections.abc import Iterable, Sequence
from typing import Protocol

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import PublicKey
from tallystick.base.signatures import public_key
from tallystick.client.ledger import Ledger
from tallystick.core.transaction import NONCE_BYTES, seal_transaction

SECRET_BYTES = 32


class Signer(Protocol):
    """Signs for some owners, and carries for everybody."""

    def holds(self, key: PublicKey) -> bool:
        """Tell whether it can sign with a key."""

    def sign(
        self,
        ledger: Ledger,
        commands: Sequence[Record],
        keys: Sequence[PublicKey],
        *,
        nonce: bytes = b"",
    ) -> bytes:
        """
        Return a transaction that these keys sign, or if none is named, any key.

        What anybody may do needs a signature all the same. The nonce is random unless given.
        """


class Secrets:
    """Signs with secrets; the representation leaves them out."""

    def __init__(self, secrets: Iterable[bytes] = ()) -> None:
        """Take the secrets of owners; what anybody may do is signed by a key made for it."""
        self._secrets = {public_key(secret): secret for secret in secrets}
        carrier = randomness.token_bytes(SECRET_BYTES)
        self._carrier = {public_key(carrier): carrier}

    def __repr__(self) -> str:
        return f"Secrets({len(self._secrets)} keys)"

    def holds(self, key: PublicKey) -> bool:
        """Tell whether a key's secret is here."""
        return key in self._secrets

    def sign(
        self,
        ledger: Ledger,
        commands: Sequence[Record],
        keys: Sequence[PublicKey],
        *,
        nonce: bytes = b"",
    ) -> bytes:
        """Return a transaction that these keys sign, or if none is named, the carrier's."""
        return seal_transaction(
            ledger=ledger.id,
            expiry=ledger.expiry(),
            nonce=nonce or randomness.token_bytes(NONCE_BYTES),
            commands=[encode(each) for each in commands],
            secret_by_key={key: self._secrets[key] for key in keys} or self._carrier,
        )
