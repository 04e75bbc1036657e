"""Keys and records have names that other systems understand."""

from tallystick.base.base58 import ALPHABET, encode_base58
from tallystick.base.dids import did_of_key, did_of_record
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.testing.keys import key

VECTOR = PublicKey(
    bytes.fromhex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
)


def test_a_key_is_a_did_key() -> None:
    """All secp256k1 keys of the method begin alike, and from each the key is had again."""
    did = did_of_key(VECTOR)
    assert did.startswith("did:key:zQ3s")
    number = 0
    for letter in did.removeprefix("did:key:z"):
        number = number * 58 + ALPHABET.index(letter)
    assert b"\xe7\x01" + VECTOR == number.to_bytes(35, "big")
    assert did_of_key(key(1)) != did_of_key(key(2))


def test_a_record_is_named_with_its_ledger() -> None:
    """Both ids are hexadecimal, the ledger's first."""
    did = did_of_record(LedgerId(b"\x01" * 32), RecordId(b"\x02" * 32))
    assert f"did:tally:{'01' * 32}:{'02' * 32}" == did


def test_base58_keeps_leading_zeros() -> None:
    """A leading zero byte is a 1; the empty string is empty."""
    assert "" == encode_base58(b"")
    assert "11" == encode_base58(b"\0\0")
    assert "12" == encode_base58(b"\0\x01")
    assert "5Q" == encode_base58(b"\xff")
