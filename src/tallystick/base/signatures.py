"""
secp256k1 ECDSA over a 32-byte digest, with 64-byte compact low-S signatures.

libsecp256k1 does the arithmetic. `coincurve`'s public classes keep DER signatures and compute a
public key whenever they meet a secret, which a signer doesn't need; so we call the library's C
functions through the binding that those classes stand on. Every call has buffers of its own,
hence all functions here may run on any number of threads.

For each signature (r, s) the twin (r, n - s) verifies as well in plain ECDSA. Only the one with the
low s is valid here, so nobody can change a signature without its secret.
"""

from collections.abc import Iterable
from typing import Any, Final

from coincurve._libsecp256k1 import ffi, lib  # type: ignore[import-not-found]
from coincurve.context import GLOBAL_CONTEXT

from tallystick.base.identifiers import PublicKey, Signature

SECRET_BYTES: Final = 32
DIGEST_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
PUBLIC_KEY_BYTES: Final = 33
ORDER: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""The number n of points in the group: secrets are between 1 and n - 1."""
S_MAX: Final = (ORDER // 2).to_bytes(32, "big")
"""The highest s that counts as low, as it stands in a signature."""

_KEY: Final = ffi.typeof("secp256k1_pubkey *")
_SIGNATURE: Final = ffi.typeof("secp256k1_ecdsa_signature *")
_BYTES: Final = ffi.typeof("unsigned char[]")
_KEY_PAIR: Final = ffi.typeof("secp256k1_pubkey *[2]")
_SIZE: Final = ffi.typeof("size_t *")


class InvalidSecret(ValueError):
    """A secret key must be 32 bytes that stand for a number between 1 and n - 1."""

    def __init__(self) -> None:
        # The value is a secret, so the message doesn't show it.
        super().__init__("secret key: expected 32 bytes, between 1 and the order of secp256k1 - 1")


class InvalidPublicKey(ValueError):
    """A public key must be a point of secp256k1 in compressed form."""

    def __init__(self, data: bytes) -> None:
        shown = data[:PUBLIC_KEY_BYTES].hex()
        super().__init__(f"public key: {shown} ({len(data)} bytes) is no compressed curve point")


def verify(public_key: bytes, digest: bytes, signature: bytes) -> bool:
    """
    Return whether `signature` is the holder of `public_key`'s word on `digest`.

    Whatever the bytes, it answers and never raises. The library refuses r and s outside 1 … n - 1
    and keys that are no point in compressed form (first byte 2 or 3); lengths and low s are ours.
    Source: SEC 1, version 2.0, section 4.1.4.
    """
    if (
        len(public_key) != PUBLIC_KEY_BYTES
        or len(digest) != DIGEST_BYTES
        or len(signature) != SIGNATURE_BYTES
        or signature[32:] > S_MAX
    ):
        return False
    context = lib.secp256k1_context_static
    key = ffi.new(_KEY)
    parsed = ffi.new(_SIGNATURE)
    return bool(
        lib.secp256k1_ec_pubkey_parse(context, key, public_key, PUBLIC_KEY_BYTES)
        and lib.secp256k1_ecdsa_signature_parse_compact(context, parsed, signature)
        and lib.secp256k1_ecdsa_verify(context, parsed, digest, key)
    )


def sign(secret: bytes, digest: bytes) -> Signature:
    """
    Return the signature of `digest` under `secret`: always the same one, as RFC 6979 has it.

    A secret that is none raises InvalidSecret. A digest of another length is our mistake.
    """
    assert len(digest) == DIGEST_BYTES, "a digest has 32 bytes"
    signature = ffi.new(_SIGNATURE)
    if len(secret) != SECRET_BYTES or not lib.secp256k1_ecdsa_sign(
        GLOBAL_CONTEXT.ctx, signature, digest, secret, ffi.NULL, ffi.NULL
    ):
        raise InvalidSecret
    compact = ffi.new(_BYTES, SIGNATURE_BYTES)
    lib.secp256k1_ecdsa_signature_serialize_compact(GLOBAL_CONTEXT.ctx, compact, signature)
    return Signature(ffi.buffer(compact)[:])


def public_key(secret: bytes) -> PublicKey:
    """Return the compressed public key of `secret`, or raise InvalidSecret."""
    key = ffi.new(_KEY)
    if len(secret) != SECRET_BYTES or not lib.secp256k1_ec_pubkey_create(
        GLOBAL_CONTEXT.ctx, key, secret
    ):
        raise InvalidSecret
    return _compressed(key)


def add_to_public_key(public_key: bytes, tweaks: Iterable[bytes]) -> list[PublicKey | None]:
    """
    Return the public key of (secret + tweak) for each tweak of 32 bytes, without the secret.

    There is none if the tweak is zero or not below the order, or the sum is the point at infinity.
    A `public_key` that is no point raises InvalidPublicKey. Multiplying the generator by the tweak
    and adding the point once takes four fifths of the library's own tweak_add.
    """
    context = GLOBAL_CONTEXT.ctx
    key = _parsed(public_key)
    product = ffi.new(_KEY)
    total = ffi.new(_KEY)
    summands = ffi.new(_KEY_PAIR, [key, product])
    results: list[PublicKey | None] = []
    for tweak in tweaks:
        assert len(tweak) == SECRET_BYTES, "a tweak has 32 bytes"
        found = lib.secp256k1_ec_pubkey_create(
            context, product, tweak
        ) and lib.secp256k1_ec_pubkey_combine(context, total, summands, 2)
        results.append(_compressed(total) if found else None)
    return results


def is_public_key(data: bytes) -> bool:
    """Return whether `data` is a point on the curve in its 33-byte compressed form."""
    return len(data) == PUBLIC_KEY_BYTES and bool(
        lib.secp256k1_ec_pubkey_parse(
            lib.secp256k1_context_static, ffi.new(_KEY), data, PUBLIC_KEY_BYTES
        )
    )


def _parsed(public_key: bytes) -> Any:
    """Return a key as the library holds it, or raise InvalidPublicKey."""
    key = ffi.new(_KEY)
    if len(public_key) != PUBLIC_KEY_BYTES or not lib.secp256k1_ec_pubkey_parse(
        lib.secp256k1_context_static, key, public_key, PUBLIC_KEY_BYTES
    ):
        raise InvalidPublicKey(public_key)
    return key


def _compressed(key: object) -> PublicKey:
    """Return the 33 bytes of a key that the library holds."""
    data = ffi.new(_BYTES, PUBLIC_KEY_BYTES)
    size = ffi.new(_SIZE, PUBLIC_KEY_BYTES)
    lib.secp256k1_ec_pubkey_serialize(
        lib.secp256k1_context_static, data, size, key, lib.SECP256K1_EC_COMPRESSED
    )
    return PublicKey(ffi.buffer(data)[:])
