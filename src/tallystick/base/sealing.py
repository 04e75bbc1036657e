"""
Encrypting small secrets at rest.

AES-256-GCM under a key that comes either from a passphrase, stretched by scrypt, or from a random
key file that needs no stretching. The sealed form names its parameters, so they can be raised later
without locking anybody out. Randomness is the caller's to draw: this module is pure.
"""

from hashlib import scrypt
from typing import Annotated, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Meta

from tallystick.base.encoding import Malformed, Record, decode, encode

SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
SEALED_BYTES_MAX: Final = 1_048_576
WORK_BITS: Final = 15
"""2 to this is scrypt's cost for a passphrase: about a tenth of a second and 32 MiB."""
WORK_BITS_MAX: Final = 20
BLOCK_SIZE: Final = 8


class CannotUnseal(ValueError):
    """The passphrase is wrong, or the sealed bytes were changed; the two cannot be told apart."""


class Sealed(Record, tag="sealed/1"):
    """A secret that only its passphrase opens."""

    work_bits: Annotated[int, Meta(ge=1, le=WORK_BITS_MAX)]
    """Cost of scrypt as a power of two; 1 for keys that are random already."""

    salt: Annotated[bytes, Meta(min_length=SALT_BYTES, max_length=SALT_BYTES)]
    """Random, so that equal passphrases give different keys."""

    nonce: Annotated[bytes, Meta(min_length=NONCE_BYTES, max_length=NONCE_BYTES)]
    """Random, never used again under the same key."""

    box: Annotated[bytes, Meta(max_length=SEALED_BYTES_MAX)]
    """Ciphertext and tag."""


def seal(
    secret: bytes,
    passphrase: bytes,
    *,
    purpose: bytes,
    randomness: bytes,
    work_bits: int = WORK_BITS,
) -> bytes:
    """
    Encrypt a secret; `purpose` must be given again to open it.

    `randomness` is SALT_BYTES + NONCE_BYTES fresh random bytes.
    """
    if len(randomness) != SALT_BYTES + NONCE_BYTES:
        raise ValueError(
            f"randomness: {SALT_BYTES + NONCE_BYTES} bytes are needed, {len(randomness)} given"
        )
    salt, nonce = randomness[:SALT_BYTES], randomness[SALT_BYTES:]
    key = _stretch(passphrase, salt, work_bits)
    return encode(Sealed(work_bits, salt, nonce, AESGCM(key).encrypt(nonce, secret, purpose)))


def unseal(sealed: bytes, passphrase: bytes, *, purpose: bytes) -> bytes:
    """Return the secret, or raise `CannotUnseal`."""
    try:
        parts = decode(sealed, Sealed, bytes_max=SEALED_BYTES_MAX + 100)
        key = _stretch(passphrase, parts.salt, parts.work_bits)
        return AESGCM(key).decrypt(parts.nonce, parts.box, purpose)
    except (InvalidTag, Malformed) as error:
        raise CannotUnseal("the passphrase is wrong or the file was changed") from error


def _stretch(passphrase: bytes, salt: bytes, work_bits: int) -> bytes:
    """Return the key that a passphrase stands for."""
    work = 1 << work_bits
    memory_max = 256 * BLOCK_SIZE * work + (1 << 20)
    return scrypt(
        passphrase, salt=salt, n=work, r=BLOCK_SIZE, p=1, maxmem=memory_max, dklen=KEY_BYTES
    )
