"""
Base58, which has no 0, O, I or l; and Base58Check, the text form of extended keys.

The latter adds four bytes of checksum. Only texts of one given length are read, so work is bounded
and every value has one text.
"""

from hashlib import sha256
from typing import Final

ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
CHECKSUM_BYTES: Final = 4


def encode_base58check(payload: bytes) -> str:
    """Return `payload` and its checksum in Base58. A leading zero byte is written as 1."""
    return encode_base58(payload + _checksum(payload))


def encode_base58(data: bytes) -> str:
    """Return `data` in Base58, without a checksum. A leading zero byte is written as 1."""
    number = int.from_bytes(data, "big")
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(digits))


def decode_base58check(text: str, *, characters: int, length_bytes: int) -> bytes:
    """
    Return the payload of `length_bytes` that `text` spells in so many characters.

    A wrong length, a foreign character or a wrong checksum raises ValueError.
    """
    if len(text) != characters:
        raise ValueError(f"expected {characters} characters, found {len(text)}")
    number = 0
    for index, character in enumerate(text):
        digit = ALPHABET.find(character)
        if digit < 0:
            raise ValueError(f"character {index + 1} is {character!r}, which Base58 does not have")
        number = number * 58 + digit
    if number.bit_length() > 8 * (length_bytes + CHECKSUM_BYTES):
        raise ValueError(f"stands for more than {length_bytes + CHECKSUM_BYTES} bytes")
    data = number.to_bytes(length_bytes + CHECKSUM_BYTES, "big")
    payload, found = data[:length_bytes], data[length_bytes:]
    expected = _checksum(payload)
    if found != expected:
        raise ValueError(f"checksum is {found.hex()}, expected {expected.hex()}")
    return payload


def _checksum(payload: bytes) -> bytes:
    """Return the first bytes of SHA-256 twice."""
    return sha256(sha256(payload).digest()).digest()[:CHECKSUM_BYTES]
