"""
BIP32: a tree of keys that grows from one seed, public keys even without it.

Our paths, every level named by an index below 2**31, hardened where marked with ':

    m / PURPOSE' / ledger' / meter'   / minute    the key of one interval, by its begin (UTC)
    m / PURPOSE' / ledger' / RECEIVE' / n         the n-th key of everything received

Meters are numbered from 0 up to RECEIVE - 1, so the two never meet. Whoever is given the extended
public key of one meter derives the owner key of each of its intervals. The same key together with
one child's *secret* gives away the meter's secret, and with that all its children: so child secrets
stay in the wallet, and no extended key above the meter leaves it.

Source: BIP32, with the invalid keys of its test vector 5 refused.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct

from tallystick.base.base58 import decode_base58check, encode_base58check
from tallystick.base.identifiers import LedgerId, PublicKey
from tallystick.base.ripemd160 import ripemd160
from tallystick.base.signatures import (
    ORDER,
    add_to_public_key,
    is_public_key,
    public_key,
)

HARDENED: Final = 2**31
"""Added to an index whose children only the secret can derive."""
PURPOSE: Final = 0x54414C4C
"""First level of our paths: the letters TALL, far from the numbers that Bitcoin's proposals use."""
RECEIVE: Final = HARDENED - 1
"""Where a meter's number would stand, for what is received."""
GAP_MAX: Final = 100
"""How many receiving keys in a row may be unused before recovery stops looking."""
DEPTH_MAX: Final = 255
SEED_BYTES_MIN: Final = 16
SEED_BYTES_MAX: Final = 64

PRIVATE_VERSION: Final = bytes.fromhex("0488ade4")
PUBLIC_VERSION: Final = bytes.fromhex("0488b21e")
EXTENDED_KEY_BYTES: Final = 78
EXTENDED_KEY_CHARACTERS: Final = 111
PATH_CHARACTERS_MAX: Final = 12 * DEPTH_MAX + 1

HMAC_BLOCK_BYTES: Final = 128
INNER_PAD: Final = bytes(byte ^ 0x36 for byte in range(256))
OUTER_PAD: Final = bytes(byte ^ 0x5C for byte in range(256))


class InvalidExtendedKey(ValueError):
    """A text or its parts are no extended key. The message never shows a secret."""


class InvalidPath(ValueError):
    """A path or an index in it can't be followed."""


class NoSuchChild(ValueError):
    """The hash gives no key at this index: happens to nobody, and BIP32 says to take the next."""

    def __init__(self, index: int) -> None:
        super().__init__(f"index {index} has no key under this parent, take the next one")
        self.index = index


class ExtendedPublicKey(Struct, frozen=True):
    """A public key that can have children."""

    depth: int
    """How many levels it is below the master key."""
    parent_fingerprint: bytes
    """First four bytes of its parent's key hash, zeros for the master key."""
    index: int
    """Its number under its parent."""
    chain_code: bytes
    """Thirty-two bytes that its children are derived with: who has them can link the children."""
    key: PublicKey
    """The key itself."""


class ExtendedPrivateKey(Struct, frozen=True):
    """A secret that can have children."""

    depth: int
    """How many levels it is below the master key."""
    parent_fingerprint: bytes
    """First four bytes of its parent's key hash, zeros for the master key."""
    index: int
    """Its number under its parent."""
    chain_code: bytes
    """Thirty-two bytes that its children are derived with."""
    secret: bytes
    """The secret key itself, 32 bytes."""

    def __repr__(self) -> str:
        """Keep the secret out of logs and traces."""
        return f"ExtendedPrivateKey(depth={self.depth}, index={self.index}, …)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Keep the secret out of what is shown to people."""
        return [("depth", self.depth), ("index", self.index)]


def master_from_seed(seed: bytes) -> ExtendedPrivateKey:
    """Return the key that all others of a wallet grow from."""
    if not SEED_BYTES_MIN <= len(seed) <= SEED_BYTES_MAX:
        raise InvalidExtendedKey(
            f"seed: expected {SEED_BYTES_MIN} to {SEED_BYTES_MAX} bytes, found {len(seed)}"
        )
    digest = KeyedHash(b"Bitcoin seed").digest(seed)
    if not 0 < int.from_bytes(digest[:32], "big") < ORDER:
        raise InvalidExtendedKey("seed: gives no master key, take another")
    return ExtendedPrivateKey(0, bytes(4), 0, digest[32:], digest[:32])


def public_of(parent: ExtendedPrivateKey) -> ExtendedPublicKey:
    """Return the extended public key of an extended private key (BIP32 calls it neutering)."""
    return ExtendedPublicKey(
        parent.depth,
        parent.parent_fingerprint,
        parent.index,
        parent.chain_code,
        public_key(parent.secret),
    )


def derive_private(parent: ExtendedPrivateKey, index: int) -> ExtendedPrivateKey:
    """Return the child secret at `index`, hardened from 2**31 on (CKDpriv)."""
    _check_child(parent.depth, index, end=2 * HARDENED)
    parent_key = public_key(parent.secret)
    head = b"\0" + parent.secret if index >= HARDENED else parent_key
    digest = KeyedHash(parent.chain_code).digest(head + index.to_bytes(4, "big"))
    secret = _add(int.from_bytes(parent.secret, "big"), digest, index)
    return ExtendedPrivateKey(parent.depth + 1, fingerprint(parent_key), index, digest[32:], secret)


def derive_public(parent: ExtendedPublicKey, index: int) -> ExtendedPublicKey:
    """Return the child key at `index`, which can't be hardened (CKDpub)."""
    _check_child(parent.depth, index, end=HARDENED)
    digest = KeyedHash(parent.chain_code).digest(parent.key + index.to_bytes(4, "big"))
    (key,) = add_to_public_key(parent.key, [digest[:32]])
    if key is None:
        raise NoSuchChild(index)
    return ExtendedPublicKey(parent.depth + 1, fingerprint(parent.key), index, digest[32:], key)


def child_public_keys(parent: ExtendedPublicKey, indices: Sequence[int]) -> list[PublicKey]:
    """Return the keys of many children: what `derive_public` gives, without the extended parts."""
    keys = add_to_public_key(
        parent.key, (digest[:32] for digest in _digests(parent, parent.key, indices))
    )
    children = []
    for index, key in zip(indices, keys, strict=True):
        if key is None:
            raise NoSuchChild(index)
        children.append(key)
    return children


def child_private_keys(parent: ExtendedPrivateKey, indices: Sequence[int]) -> list[bytes]:
    """
    Return the secrets of many children that aren't hardened, without the extended parts.

    Their public keys are not computed: a secret takes a tenth of the time of a key.
    """
    number = int.from_bytes(parent.secret, "big")
    digests = _digests(parent, public_key(parent.secret), indices)
    return [_add(number, digest, index) for index, digest in zip(indices, digests, strict=True)]


def derive_path(parent: ExtendedPrivateKey, path: Iterable[int]) -> ExtendedPrivateKey:
    """Return the descendant that a sequence of indices leads to."""
    for index in path:
        parent = derive_private(parent, index)
    return parent


def ledger_index(ledger_id: LedgerId) -> int:
    """
    Return a ledger's number in our paths: the first 31 bits of its id.

    Two ledgers that share it share a wallet's keys, never a signature: what is signed names the
    whole id.
    """
    return int.from_bytes(ledger_id[:4], "big") >> 1


def meter_path(ledger_id: LedgerId, meter: int) -> tuple[int, int, int]:
    """Return the hardened path of one meter; its children are its intervals, by minute."""
    if not 0 <= meter < RECEIVE:
        raise InvalidPath(f"meter: {meter} is not between 0 and {RECEIVE - 1}")
    return _hardened(PURPOSE, ledger_index(ledger_id), meter)


def receive_path(ledger_id: LedgerId) -> tuple[int, int, int]:
    """Return the hardened path of everything received; its children are numbered from 0."""
    return _hardened(PURPOSE, ledger_index(ledger_id), RECEIVE)


def parse_path(text: str) -> tuple[int, ...]:
    """Return the indices of a path such as m/44'/1'/0'/5, or raise InvalidPath saying where."""
    if len(text) > PATH_CHARACTERS_MAX:
        raise InvalidPath(f"path: {len(text)} characters, at most {PATH_CHARACTERS_MAX} allowed")
    root, *levels = text.split("/")
    if root != "m":
        raise InvalidPath(f"path: begins with {root[:12]!r}, expected 'm'")
    if len(levels) > DEPTH_MAX:
        raise InvalidPath(f"path: {len(levels)} levels, at most {DEPTH_MAX} allowed")
    return tuple(_parse_level(number, level) for number, level in enumerate(levels, start=1))


def format_path(path: Iterable[int]) -> str:
    """Return the text of a path."""
    levels = (f"{n - HARDENED}'" if n >= HARDENED else str(n) for n in path)
    return "/".join(("m", *levels))


def format_private(key: ExtendedPrivateKey) -> str:
    """Return the text that begins with xprv. It is a secret."""
    return _format(PRIVATE_VERSION, key, b"\0" + key.secret)


def format_public(key: ExtendedPublicKey) -> str:
    """Return the text that begins with xpub."""
    return _format(PUBLIC_VERSION, key, key.key)


def parse_private(text: str) -> ExtendedPrivateKey:
    """Return the extended private key of an xprv text, or raise InvalidExtendedKey."""
    depth, parent, index, chain_code, data = _parse("extended private key", PRIVATE_VERSION, text)
    if data[0] != 0:
        raise InvalidExtendedKey(f"extended private key: key begins with {data[0]}, expected 0")
    if not 0 < int.from_bytes(data, "big") < ORDER:
        raise InvalidExtendedKey("extended private key: key is not between 1 and the order - 1")
    return ExtendedPrivateKey(depth, parent, index, chain_code, data[1:])


def parse_public(text: str) -> ExtendedPublicKey:
    """Return the extended public key of an xpub text, or raise InvalidExtendedKey."""
    depth, parent, index, chain_code, data = _parse("extended public key", PUBLIC_VERSION, text)
    if not is_public_key(data):
        raise InvalidExtendedKey(f"extended public key: {data.hex()} is no compressed curve point")
    return ExtendedPublicKey(depth, parent, index, chain_code, PublicKey(data))


def fingerprint(key: PublicKey) -> bytes:
    """Return the four bytes by which children name their parent."""
    return ripemd160(hashlib.sha256(key).digest())[:4]


class KeyedHash:
    """
    HMAC-SHA512 under one key, for many messages.

    The key is hashed once and the state copied for each message, which takes a third of the time
    of `hmac.digest`. Source: RFC 2104.
    """

    def __init__(self, key: bytes) -> None:
        assert len(key) <= HMAC_BLOCK_BYTES, "longer keys would have to be hashed first"
        block = key.ljust(HMAC_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha512(block.translate(INNER_PAD))
        self._outer = hashlib.sha512(block.translate(OUTER_PAD))

    def digest(self, message: bytes) -> bytes:
        """Return the 64 bytes for one message."""
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()


def _digests(
    parent: ExtendedPrivateKey | ExtendedPublicKey, key: PublicKey, indices: Iterable[int]
) -> Iterable[bytes]:
    """Yield the hash of each child that isn't hardened."""
    digest = KeyedHash(parent.chain_code).digest
    for index in indices:
        _check_child(parent.depth, index, end=HARDENED)
        yield digest(key + index.to_bytes(4, "big"))


def _add(secret: int, digest: bytes, index: int) -> bytes:
    """Return the child's secret: the parent's plus the left half of the hash."""
    tweak = int.from_bytes(digest[:32], "big")
    total = (secret + tweak) % ORDER
    # A tweak of zero BIP32 lets pass; here both ways of derivation refuse it.
    if not (0 < tweak < ORDER and total):
        raise NoSuchChild(index)
    return total.to_bytes(32, "big")


def _check_child(depth: int, index: int, *, end: int) -> None:
    """Refuse an index that isn't below `end` and a level deeper than can be written."""
    if not 0 <= index < end:
        raise InvalidPath(f"index: {index} is not between 0 and {end - 1}")
    if depth >= DEPTH_MAX:
        raise InvalidPath(f"depth: {depth} is the last level, there are no children")


def _hardened(first: int, second: int, third: int) -> tuple[int, int, int]:
    """Return three levels, hardened."""
    return first + HARDENED, second + HARDENED, third + HARDENED


def _parse_level(number: int, text: str) -> int:
    """Return one index of a path."""
    digits = text.removesuffix("'")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(HARDENED)):
        raise InvalidPath(f"path: level {number} is {text[:12]!r}, expected a number and perhaps '")
    index = int(digits)
    if index >= HARDENED or digits != str(index):
        raise InvalidPath(f"path: level {number} is {text!r}, expected 0 to {HARDENED - 1}")
    return index + HARDENED if text != digits else index


def _format(version: bytes, key: ExtendedPrivateKey | ExtendedPublicKey, data: bytes) -> str:
    """Return version, depth, fingerprint, index, chain code and key as text."""
    return encode_base58check(
        version
        + key.depth.to_bytes(1, "big")
        + key.parent_fingerprint
        + key.index.to_bytes(4, "big")
        + key.chain_code
        + data
    )


def _parse(name: str, version: bytes, text: str) -> tuple[int, bytes, int, bytes, bytes]:
    """Return depth, fingerprint, index, chain code and key of an extended key's text."""
    try:
        data = decode_base58check(
            text, characters=EXTENDED_KEY_CHARACTERS, length_bytes=EXTENDED_KEY_BYTES
        )
    except ValueError as error:
        raise InvalidExtendedKey(f"{name}: {error}") from None
    if data[:4] != version:
        raise InvalidExtendedKey(f"{name}: version is {data[:4].hex()}, expected {version.hex()}")
    depth, parent, index = data[4], data[5:9], int.from_bytes(data[9:13], "big")
    if depth == 0 and parent != bytes(4):
        raise InvalidExtendedKey(f"{name}: a master key has no parent, found {parent.hex()}")
    if depth == 0 and index:
        raise InvalidExtendedKey(f"{name}: a master key has index 0, found {index}")
    return depth, parent, index, data[13:45], data[45:]
