"""Base58Check reads back what it writes and notices what was changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.base58 import ALPHABET, decode_base58check, encode_base58check

BYTES = bytes([4]) + bytes(range(77))
TEXT = encode_base58check(BYTES)

# Version and body chosen so that the text always has 111 characters, as extended keys do.
PAYLOADS = st.binary(min_size=74, max_size=74).map(lambda body: bytes.fromhex("0488ade4") + body)


@given(PAYLOADS)
def test_text_reads_back(payload: bytes) -> None:
    """Decoding what was encoded gives the same bytes."""
    text = encode_base58check(payload)
    assert payload == decode_base58check(text, characters=111, length_bytes=78)


@given(PAYLOADS, st.integers(0, 110), st.sampled_from(ALPHABET))
def test_one_character_changed_is_noticed(payload: bytes, index: int, character: str) -> None:
    """The checksum refuses every other character at every place."""
    text = encode_base58check(payload)
    changed = text[:index] + character + text[index + 1 :]
    if changed != text:
        with pytest.raises(ValueError, match=r"^checksum is"):
            decode_base58check(changed, characters=111, length_bytes=78)


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        # A Bitcoin address and its all-zero sibling: leading zeros are written as 1.
        ("00010966776006953d5567439e5e39f86a0d273bee", "16UwLL9Risc3QfPqBUvKofHmBQ7wMtjvM"),
        ("000000000000000000000000000000000000000000", "1111111111111111111114oLvT2"),
    ],
)
def test_known_texts(payload: str, text: str) -> None:
    """Texts are those that other implementations write."""
    assert text == encode_base58check(bytes.fromhex(payload))
    data = decode_base58check(text, characters=len(text), length_bytes=21)
    assert payload == data.hex()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"expected {len(TEXT)} characters, found 0"),
        (TEXT + "1", f"expected {len(TEXT)} characters, found {len(TEXT) + 1}"),
        ("0" + TEXT[1:], "character 1 is '0', which Base58 does not have"),
        (TEXT[:9] + "I" + TEXT[10:], "character 10 is 'I', which Base58 does not have"),
        (TEXT[:-1] + "l", f"character {len(TEXT)} is 'l', which Base58 does not have"),
        (TEXT[:5] + "\u0661" + TEXT[6:], "character 6 is '\u0661', which Base58 does not have"),
        (TEXT[:5] + " " + TEXT[6:], "character 6 is ' ', which Base58 does not have"),
        ("1" * len(TEXT), "checksum is 00000000, expected "),
    ],
)
def test_other_texts_are_refused_where_they_are_wrong(text: str, message: str) -> None:
    """The error names the length, the character or the checksum."""
    with pytest.raises(ValueError, match=rf"^{message}"):
        decode_base58check(text, characters=len(TEXT), length_bytes=78)


def test_a_number_too_large_for_its_bytes_is_refused() -> None:
    """Ten characters can stand for more than the five bytes that were asked for."""
    with pytest.raises(ValueError, match=r"^stands for more than 5 bytes"):
        decode_base58check("z" * 10, characters=10, length_bytes=1)
