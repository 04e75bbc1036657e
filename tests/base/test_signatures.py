"""Signatures are deterministic, low in s, and refused if anything about them differs."""

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.signatures import (
    ORDER,
    S_MAX,
    InvalidPublicKey,
    InvalidSecret,
    add_to_public_key,
    is_public_key,
    public_key,
    sign,
    verify,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/signatures.json").read_text())

SECRETS = st.integers(1, ORDER - 1).map(lambda number: number.to_bytes(32, "big"))
DIGESTS = st.binary(min_size=32, max_size=32)

SECRET = sha256(b"secret").digest()
DIGEST = sha256(b"digest").digest()
KEY = public_key(SECRET)
SIGNATURE = sign(SECRET, DIGEST)


def scalar(number: int) -> bytes:
    """Return a number as it stands in keys and signatures."""
    return number.to_bytes(32, "big")


def twin(signature: bytes) -> bytes:
    """Return the other signature that plain ECDSA accepts."""
    return signature[:32] + scalar(ORDER - int.from_bytes(signature[32:], "big"))


def plain_ecdsa_accepts(key: bytes, digest: bytes, signature: bytes) -> bool:
    """Ask another library, which knows nothing of low s."""
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256K1(), key)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        point.verify(utils.encode_dss_signature(r, s), digest, ec.ECDSA(utils.Prehashed(SHA256())))
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: vector["about"])
def test_valid_vectors(vector: dict[str, str]) -> None:
    """Keys and signatures are those of the vectors, RFC 6979 included."""
    secret, digest = bytes.fromhex(vector["secret"]), bytes.fromhex(vector["digest"])
    assert vector["public_key"] == public_key(secret).hex()
    assert vector["signature"] == sign(secret, digest).hex()
    assert verify(public_key(secret), digest, sign(secret, digest))


@pytest.mark.parametrize("vector", VECTORS["invalid"], ids=lambda vector: vector["about"])
def test_invalid_vectors(vector: dict[str, str]) -> None:
    """None of these verifies, and none raises."""
    names = ("public_key", "digest", "signature")
    assert not verify(*(bytes.fromhex(vector[name]) for name in names))


@given(SECRETS, DIGESTS)
def test_what_was_signed_verifies_here_and_elsewhere(secret: bytes, digest: bytes) -> None:
    """Two independent libraries agree on every signature of ours."""
    signature = sign(secret, digest)
    assert (64, True) == (len(signature), signature[32:] <= S_MAX)
    assert signature == sign(secret, digest)
    assert verify(public_key(secret), digest, signature)
    assert plain_ecdsa_accepts(public_key(secret), digest, signature)


@given(SECRETS, DIGESTS)
def test_the_twin_is_refused(secret: bytes, digest: bytes) -> None:
    """Plain ECDSA accepts (r, n - s) too; we don't."""
    other = twin(sign(secret, digest))
    assert plain_ecdsa_accepts(public_key(secret), digest, other)
    assert not verify(public_key(secret), digest, other)


def test_every_flipped_bit_is_noticed() -> None:
    """No bit of key, digest or signature can change."""
    whole = KEY + DIGEST + SIGNATURE
    for bit in range(8 * len(whole)):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << (bit % 8)
        assert not verify(bytes(changed[:33]), bytes(changed[33:65]), bytes(changed[65:]))


@given(st.binary(max_size=70), st.binary(max_size=40), st.binary(max_size=70))
def test_arbitrary_bytes_are_answered(key: bytes, digest: bytes, signature: bytes) -> None:
    """Whatever the bytes and their lengths, the answer is no."""
    assert not verify(key, digest, signature)
    assert not verify(KEY, DIGEST, signature)
    assert not verify(KEY, digest, SIGNATURE)
    assert not verify(key, DIGEST, SIGNATURE)


@given(st.binary(min_size=33, max_size=33), st.binary(min_size=64, max_size=64))
def test_arbitrary_bytes_of_the_right_length_are_answered(key: bytes, signature: bytes) -> None:
    """The right lengths make no difference."""
    assert not verify(key, DIGEST, SIGNATURE)
    assert not verify(b"\2" + key[1:], DIGEST, signature)
    assert not verify(KEY, DIGEST, signature)


@pytest.mark.parametrize(
    "secret",
    [b"", scalar(0), scalar(ORDER), b"\xff" * 32, SECRET[:-1], SECRET + b"\0"],
    ids=["empty", "zero", "order", "highest", "short", "long"],
)
def test_no_secret_no_key_no_signature(secret: bytes) -> None:
    """A secret out of range is refused, and the error doesn't show it."""
    with pytest.raises(InvalidSecret) as caught:
        public_key(secret)
    assert secret.hex() == "" or secret.hex() not in str(caught.value)
    with pytest.raises(InvalidSecret):
        sign(secret, DIGEST)


def test_the_ends_of_the_range_are_secrets() -> None:
    """One and n - 1 have keys: the same point, mirrored."""
    first, last = public_key(scalar(1)), public_key(scalar(ORDER - 1))
    assert first[1:] == last[1:]
    assert {2, 3} == {first[0], last[0]}


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_signing_another_length_is_our_mistake(length: int) -> None:
    """Only digests are signed; anything else is an assertion, not a refusal."""
    with pytest.raises(AssertionError):
        sign(SECRET, bytes(length))


@given(SECRETS, st.lists(SECRETS, max_size=3))
def test_adding_to_a_key_is_adding_to_its_secret(secret: bytes, tweaks: list[bytes]) -> None:
    """The key of a sum is found without the secret."""
    number = int.from_bytes(secret, "big")
    sums = [(number + int.from_bytes(tweak, "big")) % ORDER for tweak in tweaks]
    expected = [public_key(scalar(total)) if total else None for total in sums]
    assert expected == add_to_public_key(public_key(secret), tweaks)


def test_sums_that_are_no_key() -> None:
    """Zero, the order and above, and what cancels the key give nothing; the next one is found."""
    cancelling = scalar(ORDER - int.from_bytes(SECRET, "big"))
    tweaks = [scalar(0), scalar(ORDER), b"\xff" * 32, cancelling, SECRET]
    *nothing, double = add_to_public_key(KEY, tweaks)
    assert [None] * 4 == nothing
    assert public_key(scalar(2 * int.from_bytes(SECRET, "big") % ORDER)) == double


@pytest.mark.parametrize(
    "data",
    [b"", KEY[:-1], KEY + b"\0", b"\4" + KEY[1:], b"\0" * 33, b"\2" + bytes(31) + b"\7",
     b"\2" + b"\xff" * 32],
    ids=["empty", "short", "long", "uncompressed", "infinity", "off the curve", "beyond the field"],
)  # fmt: skip
def test_what_is_no_point_is_no_key(data: bytes) -> None:
    """Lengths, first byte, the field and the curve are checked, and the error shows the bytes."""
    assert not is_public_key(data)
    with pytest.raises(InvalidPublicKey, match=rf"^public key: {data[:33].hex()} \({len(data)} by"):
        add_to_public_key(data, [SECRET])


@given(SECRETS)
def test_keys_are_keys(secret: bytes) -> None:
    """Every secret's key is a point in compressed form."""
    assert is_public_key(public_key(secret))


@settings(max_examples=3)
@given(st.lists(SECRETS, min_size=200, max_size=200))
def test_threads_do_not_disturb_each_other(secrets: list[bytes]) -> None:
    """No buffer is shared, so many threads sign and verify as one does."""

    def work(secret: bytes) -> tuple[bytes, bytes, bool]:
        digest = sha256(secret).digest()
        key, signature = public_key(secret), sign(secret, digest)
        return key, signature, verify(key, digest, signature)

    alone = [work(secret) for secret in secrets]
    with ThreadPoolExecutor(8) as pool:
        assert alone == list(pool.map(work, secrets))
    assert all(ok for _, _, ok in alone)
