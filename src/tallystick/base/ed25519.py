"""
Sign and verify with Ed25519 so strictly that two libraries never disagree.

RFC 8032 leaves room: libraries differ in whether they take points written in a second way that is
not canonical, and points of small order, for which one signature fits many messages. Both are
refused here, in public keys and in signatures, before the library sees them, and so is a scalar
that was not reduced. What remains is checked by the equation without cofactor, as OpenSSL,
libsodium and Go do it.

Secrets are the 32-byte seeds of RFC 8032. Checkpoints are signed with this; transactions are not.
"""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

SECRET_LENGTH: Final = 32
"""Length of a secret. [bytes]"""

PUBLIC_KEY_LENGTH: Final = 32
"""Length of a public key. [bytes]"""

SIGNATURE_LENGTH: Final = 64
"""Length of a signature: the point R, then the scalar S. [bytes]"""

FIELD_PRIME: Final = 2**255 - 19
"""The field over which the curve's points are written."""

GROUP_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point. A reduced scalar is below it."""

_ORDER_EIGHT_Y: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826

SMALL_ORDER_Y: Final = frozenset(
    {0, 1, FIELD_PRIME - 1, _ORDER_EIGHT_Y, FIELD_PRIME - _ORDER_EIGHT_Y}
)
"""The y of the eight points whose order divides the cofactor; two that differ in x share one."""


def public_key(secret: bytes) -> bytes:
    """Return the public key of a secret, or raise ValueError if that has a wrong length."""
    return _private_key(secret).public_key().public_bytes_raw()


def sign(secret: bytes, message: bytes) -> bytes:
    """Return the one signature that this secret makes for a message."""
    return _private_key(secret).sign(message)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a signature is valid under the strict reading above; never raise."""
    if not (is_public_key(public) and _is_bytes(message) and _is_signature(signature)):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def is_public_key(value: object) -> bool:
    """Say whether a value is bytes in the form of a point that we accept as a public key."""
    return isinstance(value, bytes) and len(value) == PUBLIC_KEY_LENGTH and _is_strict_point(value)


def _is_signature(value: object) -> bool:
    """Say whether a value is bytes in the form of an acceptable point and a reduced scalar."""
    if not isinstance(value, bytes) or len(value) != SIGNATURE_LENGTH:
        return False
    point, scalar = value[:PUBLIC_KEY_LENGTH], value[PUBLIC_KEY_LENGTH:]
    return _is_strict_point(point) and int.from_bytes(scalar, "little") < GROUP_ORDER


def _is_strict_point(encoded: bytes) -> bool:
    """
    Say whether a point is written canonically and not of small order.

    The top bit is the sign of x. Where x is 0 and the sign could be written in two ways, the point
    is of small order.
    """
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    return y < FIELD_PRIME and y not in SMALL_ORDER_Y


def _private_key(secret: bytes) -> Ed25519PrivateKey:
    """Return the library's form of a secret."""
    if len(secret) != SECRET_LENGTH:
        raise ValueError(f"an Ed25519 secret has {SECRET_LENGTH} bytes, not {len(secret)}")
    return Ed25519PrivateKey.from_private_bytes(secret)


def _is_bytes(value: object) -> bool:
    """Say whether a value is bytes, whatever its annotation promised."""
    return isinstance(value, bytes)
