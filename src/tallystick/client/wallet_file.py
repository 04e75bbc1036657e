"""
A wallet's file: its seed and what it has to remember, sealed under a passphrase.

The form is described in docs/reference/wallet-file.md. The file is replaced as a whole, so after a
crash either the old one or the new one is there, and only its owner may read it.
"""

import os
import secrets
import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final

from msgspec import Meta

from tallystick.base.amounts import Seconds
from tallystick.base.derivation import HARDENED, RECEIVE
from tallystick.base.encoding import Malformed, Record, decode, encode
from tallystick.base.identifiers import LedgerId, format_ledger_id
from tallystick.base.intervals import HOUR_SECONDS, MINUTE_SECONDS
from tallystick.base.sealing import (
    NONCE_BYTES,
    SALT_BYTES,
    SEALED_BYTES_MAX,
    WORK_BITS,
    WORK_BITS_MAX,
    CannotUnseal,
    Sealed,
    seal,
    unseal,
)

PURPOSE: Final = b"tallystick wallet"
SEED_BYTES: Final = 32
METERS_MAX: Final = 16_384
FILE_BYTES_MAX: Final = SEALED_BYTES_MAX + 100
OWNER_ONLY: Final = 0o600


class WalletUnusable(ValueError):
    """A wallet's file can't be opened, made or replaced; the message says why and what to do."""


def of_another_ledger(own: LedgerId, asked: LedgerId) -> WalletUnusable:
    """Return what there is to say of a wallet that is used with a ledger that isn't its own."""
    return WalletUnusable(
        f"the wallet is for {format_ledger_id(own)}, not for {format_ledger_id(asked)}; "
        "make another wallet for it"
    )


class MeterPeriod(Record):
    """From when to when a meter has had measurements, so that they can be found again."""

    meter: Annotated[int, Meta(ge=0, le=RECEIVE - 1)]
    """The meter's number in this wallet."""

    begin: Seconds
    """First second of its first interval. [s since the epoch, UTC]"""

    end: Seconds
    """First second after its last interval. [s since the epoch, UTC]"""

    interval_seconds: Annotated[int, Meta(ge=MINUTE_SECONDS, le=HOUR_SECONDS)]
    """Length of each interval. [s]"""


class WalletContent(Record, tag="wallet/1"):
    """What a wallet keeps. All keys follow from the seed."""

    seed: Annotated[bytes, Meta(min_length=SEED_BYTES, max_length=SEED_BYTES)]
    """The one secret."""

    ledger: LedgerId | None
    """The ledger that its meters and receiving keys are for; nothing before it is known."""

    meters: Annotated[tuple[MeterPeriod, ...], Meta(max_length=METERS_MAX)]
    """One for each meter, by number."""

    receive_next: Annotated[int, Meta(ge=0, le=HARDENED - 1)]
    """Number of the first receiving key that was never given out."""

    def __repr__(self) -> str:
        """Keep the seed out of logs and traces."""
        return f"WalletContent(meters={len(self.meters)}, receive_next={self.receive_next}, …)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Keep the seed out of what is shown to people."""
        return [("meters", len(self.meters)), ("receive_next", self.receive_next)]


class WalletFile:
    """One file, and what opens it."""

    def __init__(self, path: Path, passphrase: str | bytes, *, work_bits: int = WORK_BITS) -> None:
        """
        Take a passphrase as a text, or random bytes that are as good as a key.

        A text is stretched no less than by default. What people type is composed one way (NFKC), so
        that two keyboards agree.
        """
        if not passphrase:
            raise WalletUnusable("passphrase: it is empty")
        if isinstance(passphrase, str):
            passphrase = unicodedata.normalize("NFKC", passphrase).encode()
            work_bits = max(work_bits, WORK_BITS)
        if not 1 <= work_bits <= WORK_BITS_MAX:
            raise WalletUnusable(f"work_bits: {work_bits} is not between 1 and {WORK_BITS_MAX}")
        self.path = path
        self._passphrase = passphrase
        self._work_bits = work_bits
        self._seen = b""

    def __repr__(self) -> str:
        return f"WalletFile({str(self.path)!r})"

    def create(self, content: WalletContent) -> None:
        """Write a new file; one that exists already is never touched."""
        sealed = self._seal(content)
        try:
            _write(self.path, sealed)
        except FileExistsError:
            raise WalletUnusable(
                f"{self.path}: it exists already; open it, or choose another name"
            ) from None
        self._seen = sha256(sealed).digest()

    def read(self) -> WalletContent:
        """Return what the file keeps, or raise `WalletUnusable`."""
        sealed = self._read_bytes()
        try:
            secret = unseal(sealed, self._passphrase, purpose=PURPOSE)
            content = decode(secret, WalletContent)
            self._work_bits = decode(sealed, Sealed, bytes_max=FILE_BYTES_MAX).work_bits
        except CannotUnseal as error:
            raise WalletUnusable(f"{self.path}: {error}") from None
        except Malformed as malformed:
            # What does not decode may hold the seed, so only the field is named.
            raise WalletUnusable(f"{self.path}: not a wallet of this release") from malformed
        self._seen = sha256(sealed).digest()
        return content

    def replace(self, content: WalletContent) -> None:
        """Put new content in place of the old, unless another program has done so meanwhile."""
        if sha256(self._read_bytes()).digest() != self._seen:
            raise WalletUnusable(
                f"{self.path}: another program has changed it; open the wallet again"
            )
        sealed = self._seal(content)
        fresh = self.path.with_name(f".{self.path.name}.{secrets.token_hex(8)}")
        try:
            _write(fresh, sealed)
            fresh.replace(self.path)
        finally:
            fresh.unlink(missing_ok=True)
        _sync_folder(self.path.parent)
        self._seen = sha256(sealed).digest()

    def _seal(self, content: WalletContent) -> bytes:
        """Return the bytes of the file, under a fresh salt and nonce."""
        return seal(
            encode(content),
            self._passphrase,
            purpose=PURPOSE,
            randomness=secrets.token_bytes(SALT_BYTES + NONCE_BYTES),
            work_bits=self._work_bits,
        )

    def _read_bytes(self) -> bytes:
        """Return the file as it is, within bounds."""
        try:
            with self.path.open("rb") as file:
                return file.read(FILE_BYTES_MAX + 1)
        except FileNotFoundError:
            raise WalletUnusable(f"{self.path}: there is no such wallet") from None


def _write(path: Path, data: bytes) -> None:
    """Write a new file that only its owner may read, durably."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(path, flags, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a changed name durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
