"""Keys from numbers: the same in every run, and so of no worth outside of tests."""

from functools import cache

from tallystick.base import signatures
from tallystick.base.identifiers import PublicKey

SECRET_BYTES = 32


def secret(number: int) -> bytes:
    """Return the number itself as a secret; it is between 1 and the order of the curve."""
    return number.to_bytes(SECRET_BYTES, "big")


@cache
def key(number: int) -> PublicKey:
    """Return the public key of `secret(number)`."""
    return signatures.public_key(secret(number))
