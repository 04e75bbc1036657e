"""
Identifiers that cannot be confused with each other.

In memory each kind is a type of its own over `bytes`, so mypy refuses a transaction id where a
record id belongs, and its length travels with the type, so decoding a record refuses the wrong
length. As text each kind has its own prefix, and parsing refuses any other kind's by name.

Meters (GSRN) and areas (EIC) come from outside with check characters, which are verified.
"""

from typing import Annotated, Final, NewType

from msgspec import Meta, Struct

Hash = NewType("Hash", Annotated[bytes, Meta(min_length=32, max_length=32)])
RecordId = NewType("RecordId", Annotated[bytes, Meta(min_length=32, max_length=32)])
LedgerId = NewType("LedgerId", Annotated[bytes, Meta(min_length=32, max_length=32)])
TransactionId = NewType("TransactionId", Annotated[bytes, Meta(min_length=32, max_length=32)])
LockId = NewType("LockId", Annotated[bytes, Meta(min_length=32, max_length=32)])
PublicKey = NewType("PublicKey", Annotated[bytes, Meta(min_length=33, max_length=33)])
Signature = NewType("Signature", Annotated[bytes, Meta(min_length=64, max_length=64)])
Gsrn = NewType("Gsrn", Annotated[str, Meta(min_length=18, max_length=18)])
Eic = NewType("Eic", Annotated[str, Meta(min_length=16, max_length=16)])

HEX_DIGITS: Final = "0123456789abcdef"
DIGITS: Final = "0123456789"
EIC_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
EIC_ALPHABET: Final = DIGITS + EIC_LETTERS + "-"
FOUND_CHARACTERS_MAX: Final = 20
"""How much is shown of what is no identifier: enough to know it again."""
KEY_HEADS: Final = ("00", "02", "03")


class Form(Struct, frozen=True):
    """How one kind of identifier is written as text."""

    name: str
    """What people call it."""
    prefix: str
    """What its text begins with, with the underscore."""
    length_bytes: int
    """How many bytes it has; its text has twice as many hexadecimal digits. [bytes]"""


RECORD_ID: Final = Form("record id", "id_", 32)
LEDGER_ID: Final = Form("ledger id", "ledger_", 32)
TRANSACTION_ID: Final = Form("transaction id", "tx_", 32)
LOCK_ID: Final = Form("lock id", "lock_", 32)
PUBLIC_KEY: Final = Form("public key", "key_", 33)
FORMS: Final = (RECORD_ID, LEDGER_ID, TRANSACTION_ID, LOCK_ID, PUBLIC_KEY)


def format_record_id(record_id: RecordId) -> str:
    """Return `id_` and 64 hexadecimal digits."""
    return RECORD_ID.prefix + record_id.hex()


def format_ledger_id(ledger_id: LedgerId) -> str:
    """Return `ledger_` and 64 hexadecimal digits."""
    return LEDGER_ID.prefix + ledger_id.hex()


def format_transaction_id(transaction_id: TransactionId) -> str:
    """Return `tx_` and 64 hexadecimal digits."""
    return TRANSACTION_ID.prefix + transaction_id.hex()


def format_lock_id(lock_id: LockId) -> str:
    """Return `lock_` and 64 hexadecimal digits."""
    return LOCK_ID.prefix + lock_id.hex()


def format_public_key(public_key: PublicKey) -> str:
    """Return `key_` and 66 hexadecimal digits."""
    return PUBLIC_KEY.prefix + public_key.hex()


def parse_record_id(text: str) -> RecordId:
    """Return the record id that `text` spells, or raise ValueError saying what is wrong."""
    return RecordId(_parse(RECORD_ID, text))


def parse_ledger_id(text: str) -> LedgerId:
    """Return the ledger id that `text` spells, or raise ValueError saying what is wrong."""
    return LedgerId(_parse(LEDGER_ID, text))


def parse_transaction_id(text: str) -> TransactionId:
    """Return the transaction id that `text` spells, or raise ValueError saying what is wrong."""
    return TransactionId(_parse(TRANSACTION_ID, text))


def parse_lock_id(text: str) -> LockId:
    """Return the lock id that `text` spells, or raise ValueError saying what is wrong."""
    return LockId(_parse(LOCK_ID, text))


def parse_public_key(text: str) -> PublicKey:
    """
    Return the public key that `text` spells, or raise ValueError saying what is wrong.

    It has the form of a compressed key, or of a contract's vault, for which nobody signs; whether
    it is a point on the curve is for `signatures.is_public_key` to say.
    """
    key = _parse(PUBLIC_KEY, text)
    start = len(PUBLIC_KEY.prefix)
    head = text[start : start + 2]
    if head not in KEY_HEADS:
        at = f"characters {start + 1} and {start + 2}"
        raise ValueError(f"public key: {at} are {head!r}, expected '02', '03' or '00', a vault's")
    return PublicKey(key)


def parse_gsrn(text: str) -> Gsrn:
    """
    Return `text` as a meter's Global Service Relation Number: 18 digits, the last a check digit.

    Source: GS1 General Specifications, mod-10 check digit.
    """
    _check_length("GSRN", text, 18)
    _check_characters("GSRN", text, DIGITS, "a digit 0-9")
    expected = gsrn_check_digit(text[:17])
    if text[17] != expected:
        raise ValueError(f"GSRN: check digit (character 18) is {text[17]}, expected {expected}")
    return Gsrn(text)


def gsrn_check_digit(body: str) -> str:
    """
    Return the digit that completes the first seventeen.

    It makes the weighted sum a multiple of ten, with weights 3, 1, 3, … from the right.
    """
    total = sum(int(digit) * (1 if index % 2 else 3) for index, digit in enumerate(reversed(body)))
    return str(-total % 10)


def parse_eic(text: str) -> Eic:
    """
    Return `text` as an Energy Identification Code: office, type letter, twelve characters, check.

    A code whose check character comes out as the hyphen is never issued, hence refused.
    Source: ENTSO-E, Energy Identification Coding Scheme reference manual.
    """
    _check_length("EIC", text, 16)
    _check_characters("EIC", text, EIC_ALPHABET, "one of 0-9, A-Z and '-'")
    for index in (0, 1):
        if text[index] == "-":
            raise ValueError(f"EIC: character {index + 1} is '-', expected 0-9 or A-Z (the office)")
    if text[2] not in EIC_LETTERS:
        raise ValueError(f"EIC: character 3 is {text[2]!r}, expected a letter A-Z (the type)")
    expected = eic_check_character(text[:15])
    if expected == "-":
        raise ValueError("EIC: check character would be '-', so no such code is ever issued")
    if text[15] != expected:
        raise ValueError(
            f"EIC: check character (character 16) is {text[15]!r}, expected {expected!r}"
        )
    return Eic(text)


def eic_check_character(body: str) -> str:
    """Return the character that completes the first fifteen: weights 16 down to 2, modulo 37."""
    values = (EIC_ALPHABET.index(character) for character in body)
    total = sum((16 - index) * value for index, value in enumerate(values))
    return EIC_ALPHABET[36 - (total - 1) % 37]


def _parse(form: Form, text: str) -> bytes:
    """Return the bytes after the prefix, all checks made, shortest first."""
    if not text.startswith(form.prefix):
        raise ValueError(
            f"{form.name}: expected a text that begins with {form.prefix!r}, {_other(text)}"
        )
    _check_length(form.name, text, len(form.prefix) + 2 * form.length_bytes)
    _check_characters(form.name, text, HEX_DIGITS, "a digit 0-9 or a-f", start=len(form.prefix))
    return bytes.fromhex(text[len(form.prefix) :])


def _other(text: str) -> str:
    """Say what `text` begins with instead: another kind's prefix, by that kind's name."""
    for form in FORMS:
        if text.startswith(form.prefix):
            return f"found {form.prefix!r}, a {form.name}"
    return f"found {text[:FOUND_CHARACTERS_MAX]!r}"


def _check_length(name: str, text: str, length: int) -> None:
    """Refuse any other length before a character is looked at."""
    if len(text) != length:
        raise ValueError(f"{name}: expected {length} characters, found {len(text)}")


def _check_characters(
    name: str, text: str, alphabet: str, expected: str, *, start: int = 0
) -> None:
    """Refuse the first character from `start` on that is not in `alphabet`."""
    for index in range(start, len(text)):
        if text[index] not in alphabet:
            raise ValueError(
                f"{name}: character {index + 1} is {text[index]!r}, expected {expected}"
            )
