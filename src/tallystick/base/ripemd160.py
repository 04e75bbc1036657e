"""
RIPEMD-160, which BIP32 needs for the fingerprint of a key and which some systems have dropped.

OpenSSL 3 counts it among the legacy algorithms, so whether `hashlib` has it depends on the machine.
Where it does we use that; else the lines below compute the same, a few hundred times slower.
Source: H. Dobbertin, A. Bosselaers, B. Preneel, "RIPEMD-160: a strengthened version of RIPEMD".
"""

import hashlib
import struct
from typing import Final

from msgspec import Struct


class Line(Struct, frozen=True):
    """One of the two lines of eighty steps that every block goes through."""

    words: tuple[int, ...]
    """Which word of the block each step adds."""
    shifts: tuple[int, ...]
    """By how many bits each step rotates. [bits]"""
    constants: tuple[int, ...]
    """What each round of sixteen steps adds."""
    functions: tuple[int, ...]
    """Which function each round mixes with."""


def _digits(*rows: str) -> tuple[int, ...]:
    """Read a table in which every entry is one hexadecimal digit."""
    return tuple(int(digit, 16) for row in rows for digit in row)


LEFT: Final = Line(
    words=_digits(
        "0123456789abcdef",
        "74d1a6f3c0952eb8",
        "3ae49f812706db5c",
        "19ba08c4d37fe562",
        "40597c2ae138b6fd",
    ),
    shifts=_digits(
        "befc5879bdef6798",
        "768db97f7cf9b7dc",
        "bd67e9dfe8d65c75",
        "bcefef989e56865c",
        "9f5b68dc5cdeb856",
    ),
    constants=(0, 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xA953FD4E),
    functions=(0, 1, 2, 3, 4),
)
RIGHT: Final = Line(
    words=_digits(
        "5e7092b4d6f81a3c",
        "6b370d5aef8c4912",
        "f5137e69b8c2a04d",
        "86413bf05c2d97ae",
        "cfa4158762de039b",
    ),
    shifts=_digits(
        "899bdff5778beec6",
        "9df7c89b77c76fdb",
        "97fb866ecd5edd75",
        "f58bee6e69c9c5f8",
        "85c9c5e68d65fdbb",
    ),
    constants=(0x50A28BE6, 0x5C4DD124, 0x6D703EF3, 0x7A6D76E9, 0),
    functions=(4, 3, 2, 1, 0),
)
START: Final = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)
MASK: Final = 0xFFFFFFFF
BLOCK_BYTES: Final = 64

State = tuple[int, int, int, int, int]


def ripemd160(data: bytes) -> bytes:
    """Return the 20-byte digest of `data`, by the system's library where that can."""
    try:
        return hashlib.new("ripemd160", data, usedforsecurity=False).digest()
    except ValueError:
        return ripemd160_in_python(data)


def ripemd160_in_python(data: bytes) -> bytes:
    """Return the 20-byte digest of `data`, whatever the system's library can."""
    padding = b"\x80" + bytes((BLOCK_BYTES - 9 - len(data)) % BLOCK_BYTES)
    message = data + padding + struct.pack("<Q", 8 * len(data))
    state: State = START
    for start in range(0, len(message), BLOCK_BYTES):
        words = struct.unpack_from("<16I", message, start)
        left = _run(LEFT, state, words)
        right = _run(RIGHT, state, words)
        sums = [(state[(n + 1) % 5] + left[(n + 2) % 5] + right[(n + 3) % 5]) for n in range(5)]
        a, b, c, d, e = (total & MASK for total in sums)
        state = (a, b, c, d, e)
    return struct.pack("<5I", *state)


def _run(line: Line, state: State, words: tuple[int, ...]) -> State:
    """Return what eighty steps make of a state."""
    a, b, c, d, e = state
    for step in range(80):
        turn = step // 16
        mixed = a + _mix(line.functions[turn], b, c, d)
        mixed = (mixed + words[line.words[step]] + line.constants[turn]) & MASK
        a, b, c, d, e = e, (_rotate(mixed, line.shifts[step]) + e) & MASK, b, _rotate(c, 10), d
    return a, b, c, d, e


def _mix(function: int, b: int, c: int, d: int) -> int:
    """Apply one of the five bitwise functions."""
    match function:
        case 0:
            return b ^ c ^ d
        case 1:
            return (b & c) | (~b & d)
        case 2:
            return (b | ~c) ^ d
        case 3:
            return (b & d) | (c & ~d)
        case _:
            return b ^ (c | ~d)


def _rotate(word: int, shift_bits: int) -> int:
    """Rotate a word of 32 bits to the left."""
    return ((word << shift_bits) | (word >> (32 - shift_bits))) & MASK
