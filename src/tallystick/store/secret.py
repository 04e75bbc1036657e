"""
Secrets in files: encrypted under a passphrase, or under a machine secret where nobody gave one.

The machine secret is drawn once and kept in the user's own configuration folder, so that a ledger's
folder, copied or backed up, gives no key away. It is random, so stretching it would gain nothing.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final
from unicodedata import normalize

from tallystick.base.sealing import (
    NONCE_BYTES,
    SALT_BYTES,
    WORK_BITS,
    CannotUnseal,
    seal,
    unseal,
)
from tallystick.core.errors import Damaged

MACHINE_SECRET_BYTES: Final = 32
MACHINE_WORK_BITS: Final = 1
SECRET_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700


class Passphrase:
    """What opens the secrets of one user, and how much stretching it needs."""

    def __init__(self, text: str | None, *, home: Path) -> None:
        """Take a passphrase, or the machine secret in a configuration folder, made if need be."""
        # However a keyboard composes an accent, the passphrase is the same.
        self.value = normalize("NFKC", text).encode() if text else _machine_secret(home)
        self.work_bits = WORK_BITS if text else MACHINE_WORK_BITS
        self.source = "the passphrase given" if text else f"the machine secret in {home}"

    def __repr__(self) -> str:
        return "Passphrase(…)"


def write_secret(path: Path, secret: bytes, passphrase: Passphrase, *, purpose: bytes) -> None:
    """Seal a secret into a new file that only its owner may read."""
    randomness = secrets.token_bytes(SALT_BYTES + NONCE_BYTES)
    sealed = seal(
        secret,
        passphrase.value,
        purpose=purpose,
        randomness=randomness,
        work_bits=passphrase.work_bits,
    )
    _write_private(path, sealed)


def read_secret(path: Path, passphrase: Passphrase, *, purpose: bytes) -> bytes:
    """Return the secret of a file; raises `CannotUnseal` if the passphrase is not its own."""
    try:
        return unseal(path.read_bytes(), passphrase.value, purpose=purpose)
    except CannotUnseal as error:
        raise CannotUnseal(f"{path}: {error}") from error


def _machine_secret(home: Path) -> bytes:
    """Return this user's secret on this machine, drawn at first use."""
    path = home / "machine-secret"
    home.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if not path.exists():
        # Two processes may come here at once: the first link wins, and both read what it made.
        fresh = home / f"machine-secret.{secrets.token_hex(8)}"
        _write_private(fresh, secrets.token_bytes(MACHINE_SECRET_BYTES))
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    secret = path.read_bytes()
    if len(secret) != MACHINE_SECRET_BYTES:
        raise Damaged(
            f"{path}: expected {MACHINE_SECRET_BYTES} bytes, found {len(secret)}: put the file back"
        )
    return secret


def _write_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, SECRET_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
