"""Ed25519 as RFC 8032 has it, and nothing that two libraries could see differently."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base import ed25519

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493

# Secret, public key, message and signature of RFC 8032 §7.1: tests 1, 2, 3 and SHA(abc).
PUBLISHED = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
            "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
]

# All encodings of the eight points of small order, the six that are not canonical last.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]

SECRET = bytes(range(32))
PUBLIC = ed25519.public_key(SECRET)
SIGNATURE = ed25519.sign(SECRET, b"message")


@pytest.mark.parametrize(("secret", "public", "message", "signature"), PUBLISHED)
def test_published_vectors(secret: str, public: str, message: str, signature: str) -> None:
    """Keys and signatures are those of RFC 8032, and verify."""
    seed, text = bytes.fromhex(secret), bytes.fromhex(message)
    assert public == ed25519.public_key(seed).hex()
    assert signature == ed25519.sign(seed, text).hex()
    assert ed25519.verify(bytes.fromhex(public), text, bytes.fromhex(signature))
    assert not ed25519.verify(bytes.fromhex(public), text + b"!", bytes.fromhex(signature))


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_small_order_points(point: str) -> None:
    """No point of small order is accepted as a key or in a signature, however it is written."""
    encoded = bytes.fromhex(point)
    assert not ed25519.is_public_key(encoded)
    for message in (b"", b"message", b"other"):
        assert not ed25519.verify(encoded, message, encoded + bytes(32))
        assert not ed25519.verify(encoded, message, SIGNATURE)
        assert not ed25519.verify(PUBLIC, message, encoded + SIGNATURE[32:])


def test_what_the_library_lets_through() -> None:
    """Left to itself, the library takes one signature under a small-order key for any message."""
    identity = bytes.fromhex(SMALL_ORDER[0])
    forged = identity + bytes(32)
    library_key = Ed25519PublicKey.from_public_bytes(identity)
    for message in (b"pay me", b"pay me twice"):
        library_key.verify(forged, message)
        assert not ed25519.verify(identity, message, forged)


@pytest.mark.parametrize("y", range(P, 2**255))
@pytest.mark.parametrize("sign", [0, 1])
def test_points_that_are_not_canonical(y: int, sign: int) -> None:
    """A point whose y was not reduced is refused in key and signature."""
    encoded = (y + (sign << 255)).to_bytes(32, "little")
    assert not ed25519.is_public_key(encoded)
    assert not ed25519.verify(encoded, b"message", SIGNATURE)
    assert not ed25519.verify(PUBLIC, b"message", encoded + SIGNATURE[32:])


@pytest.mark.parametrize("multiple", [1, 2, 7, 14])
def test_scalars_that_are_not_reduced(multiple: int) -> None:
    """Adding the group's order to S, which leaves the equation true, is refused."""
    scalar = int.from_bytes(SIGNATURE[32:], "little") + multiple * L
    assert not ed25519.verify(PUBLIC, b"message", SIGNATURE[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize(
    ("scalar", "expected"), [(0, True), (L - 1, True), (L, False), (L + 1, False), (2**255, False)]
)
def test_the_bound_of_scalars_is_ours(scalar: int, *, expected: bool) -> None:
    """S is held below the order by us, whether or not the library does so too."""
    signature = SIGNATURE[:32] + scalar.to_bytes(32, "little")
    assert ed25519._is_signature(signature) is expected


@given(bit=st.integers(0, 64 * 8 - 1))
def test_any_flipped_bit_refuses(bit: int) -> None:
    """A signature with one bit changed is none."""
    flipped = (int.from_bytes(SIGNATURE, "big") ^ (1 << bit)).to_bytes(64, "big")
    assert not ed25519.verify(PUBLIC, b"message", flipped)


@given(public=st.binary(min_size=32, max_size=32), signature=st.binary(min_size=64, max_size=64))
def test_arbitrary_bytes(public: bytes, signature: bytes) -> None:
    """Arbitrary keys and signatures are refused without an exception."""
    assert not ed25519.verify(public, b"message", signature)
    assert not ed25519.verify(PUBLIC, b"message", signature)
    assert not ed25519.verify(public, b"message", SIGNATURE)


@pytest.mark.parametrize("name", ["public", "message", "signature"])
@pytest.mark.parametrize("value", [None, 7, "text", bytes(31), bytes(63), bytearray(32), [], b"m"])
def test_one_wrong_argument(name: str, value: Any) -> None:
    """One argument of a wrong type or length makes a good signature False."""
    good: dict[str, Any] = {"public": PUBLIC, "message": b"message", "signature": SIGNATURE}
    assert ed25519.verify(**good) is True
    assert ed25519.verify(**good | {name: value}) is False


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_secrets_of_wrong_length(length: int) -> None:
    """A secret of a wrong length is refused with both lengths, and never shown."""
    message = f"an Ed25519 secret has 32 bytes, not {length}"
    with pytest.raises(ValueError, match=message):
        ed25519.public_key(bytes(length))
    with pytest.raises(ValueError, match=message):
        ed25519.sign(bytes(length), b"message")
