"""Keys derive as BIP32 publishes it, in public as in secret, and invalid ones are refused."""

import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tallystick.base import derivation
from tallystick.base.base58 import decode_base58check, encode_base58check
from tallystick.base.derivation import (
    DEPTH_MAX,
    HARDENED,
    PURPOSE,
    RECEIVE,
    ExtendedPrivateKey,
    ExtendedPublicKey,
    InvalidExtendedKey,
    InvalidPath,
    KeyedHash,
    NoSuchChild,
    child_private_keys,
    child_public_keys,
    derive_path,
    derive_private,
    derive_public,
    format_path,
    format_private,
    format_public,
    ledger_index,
    master_from_seed,
    meter_path,
    parse_path,
    parse_private,
    parse_public,
    public_of,
    receive_path,
)
from tallystick.base.identifiers import LedgerId, PublicKey
from tallystick.base.intervals import minute_index
from tallystick.base.signatures import ORDER, public_key, sign, verify

FOLDER = Path(__file__).parents[1] / "vectors"
VECTORS = json.loads((FOLDER / "bip32.json").read_text())
OURS = json.loads((FOLDER / "derivation.json").read_text())
CHAINS = [
    (f"vector {vector['vector']}: {chain['path']}", vector["seed"], chain)
    for vector in VECTORS["valid"]
    for chain in vector["chains"]
]

MASTER = master_from_seed(bytes(range(32)))
LEDGER = LedgerId(bytes(range(200, 232)))
INDICES = st.integers(0, HARDENED - 1)
SEEDS = st.binary(min_size=16, max_size=64)


@pytest.mark.parametrize(
    ("seed", "chain"), [row[1:] for row in CHAINS], ids=[row[0] for row in CHAINS]
)
def test_published_chains(seed: str, chain: dict[str, str]) -> None:
    """Seed and path lead to the published extended keys, which read back as they were."""
    key = derive_path(master_from_seed(bytes.fromhex(seed)), parse_path(chain["path"]))
    assert chain["path"] == format_path(parse_path(chain["path"]))
    assert chain["xprv"] == format_private(key)
    assert chain["xpub"] == format_public(public_of(key))
    assert key == parse_private(chain["xprv"])
    assert public_of(key) == parse_public(chain["xpub"])


@pytest.mark.parametrize(
    ("seed", "chain"), [row[1:] for row in CHAINS], ids=[row[0] for row in CHAINS]
)
def test_published_chains_in_public(seed: str, chain: dict[str, str]) -> None:
    """A last step that isn't hardened leads to the same key without the secret."""
    *path, last = parse_path(chain["path"]) or (HARDENED,)
    parent = public_of(derive_path(master_from_seed(bytes.fromhex(seed)), path))
    if last < HARDENED:
        assert chain["xpub"] == format_public(derive_public(parent, last))
    else:
        with pytest.raises(InvalidPath, match=f"^index: {last} is not between 0 and"):
            derive_public(parent, last)


@pytest.mark.parametrize("case", VECTORS["invalid"], ids=lambda case: case["why"])
def test_published_invalid_keys(case: dict[str, str]) -> None:
    """None of the invalid extended keys is read as either kind."""
    with pytest.raises(InvalidExtendedKey):
        parse_private(case["text"])
    with pytest.raises(InvalidExtendedKey):
        parse_public(case["text"])


@pytest.mark.parametrize("case", OURS["paths"], ids=lambda case: case["about"])
def test_our_paths(case: dict[str, Any]) -> None:
    """Seed, ledger and number lead to the keys of the vector, by every way there is."""
    ledger = LedgerId(bytes.fromhex(case["ledger_id"]))
    meter = case["meter"]
    path = receive_path(ledger) if meter is None else meter_path(ledger, meter)
    parent = derive_path(master_from_seed(bytes.fromhex(case["seed"])), path)
    assert case["path"] == format_path((*path, case["number"]))
    assert case["xpub"] == format_public(public_of(parent))
    assert [case["public_key"]] == [
        key.hex() for key in child_public_keys(public_of(parent), [case["number"]])
    ]
    assert [case["secret"]] == [key.hex() for key in child_private_keys(parent, [case["number"]])]


@given(SEEDS, st.lists(INDICES, max_size=3), st.lists(INDICES, max_size=4))
def test_secret_and_public_derivation_agree(
    seed: bytes, path: list[int], indices: list[int]
) -> None:
    """Children have the same keys one by one or together, with or without the secret."""
    parent = derive_path(master_from_seed(seed), path)
    public = public_of(parent)
    for index in indices:
        assert public_of(derive_private(parent, index)) == derive_public(public, index)
    keys = [derive_public(public, index).key for index in indices]
    secrets = [derive_private(parent, index).secret for index in indices]
    assert keys == child_public_keys(public, indices)
    assert secrets == child_private_keys(parent, indices)
    assert keys == [public_key(secret) for secret in secrets]


@given(SEEDS, INDICES)
def test_a_child_secret_signs_for_its_public_key(seed: bytes, index: int) -> None:
    """What a wallet signs verifies under the key that the issuer derived."""
    parent = master_from_seed(seed)
    (secret,) = child_private_keys(parent, [index])
    (key,) = child_public_keys(public_of(parent), [index])
    assert verify(key, bytes(32), sign(secret, bytes(32)))


@given(SEEDS, INDICES)
def test_extended_keys_read_back(seed: bytes, index: int) -> None:
    """Text and key are the same thing."""
    key = derive_private(master_from_seed(seed), index + HARDENED)
    assert key == parse_private(format_private(key))
    assert public_of(key) == parse_public(format_public(public_of(key)))


@given(st.text(max_size=120))
def test_arbitrary_text_is_no_extended_key(text: str) -> None:
    """Whatever the text, one kind of error."""
    for parse in (parse_private, parse_public):
        with pytest.raises(InvalidExtendedKey, match=r"^extended (private|public) key: "):
            parse(text)


@given(st.binary(min_size=74, max_size=74), st.sampled_from(["0488ade4", "0488b21e"]))
def test_arbitrary_keys_are_read_back_or_refused(body: bytes, version: str) -> None:
    """Right version and checksum around any bytes: a key that is written the same, or an error."""
    text = encode_base58check(bytes.fromhex(version) + body)
    for rewrite in (rewrite_private, rewrite_public):
        try:
            again = rewrite(text)
        except InvalidExtendedKey:
            continue
        assert text == again


def rewrite_private(text: str) -> str:
    """Read an extended private key and write it again."""
    return format_private(parse_private(text))


def rewrite_public(text: str) -> str:
    """Read an extended public key and write it again."""
    return format_public(parse_public(text))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: b"\4\x88\xb2\x1e" + data[4:], "version is 0488b21e, expected 0488ade4"),
        (lambda data: data[:45] + b"\1" + data[46:], "key begins with 1, expected 0"),
        (lambda data: data[:46] + bytes(32), "key is not between 1 and the order - 1"),
        (lambda data: data[:46] + ORDER.to_bytes(32, "big"), "key is not between 1 and"),
        (lambda data: data[:5] + b"abcd" + data[9:], "a master key has no parent, found 61626364"),
        (lambda data: data[:9] + b"\0\0\0\7" + data[13:], "a master key has index 0, found 7"),
    ],
)
def test_an_invalid_extended_key_is_refused_by_its_part(change: Any, message: str) -> None:
    """The error names the part and never shows the secret."""
    data = decode_base58check(format_private(MASTER), characters=111, length_bytes=78)
    with pytest.raises(InvalidExtendedKey, match=f"^extended private key: {message}") as caught:
        parse_private(encode_base58check(change(data)))
    assert MASTER.secret.hex() not in str(caught.value)


@pytest.mark.parametrize("length", [0, 15, 65, 1000])
def test_seeds_of_other_lengths_are_refused(length: int) -> None:
    """A seed has 16 to 64 bytes."""
    with pytest.raises(InvalidExtendedKey, match=f"^seed: expected 16 to 64 bytes, found {length}"):
        master_from_seed(bytes(length))


PATHS = [
    ("m", ()),
    ("m/0", (0,)),
    ("m/0'", (HARDENED,)),
    ("m/44'/1'/0'/5", (44 + HARDENED, 1 + HARDENED, HARDENED, 5)),
    ("m/2147483647'/2147483647", (2 * HARDENED - 1, HARDENED - 1)),
    ("m" + "/0" * DEPTH_MAX, (0,) * DEPTH_MAX),
]


@pytest.mark.parametrize(("text", "path"), PATHS, ids=[text[:30] for text, _ in PATHS])
def test_paths_are_read(text: str, path: tuple[int, ...]) -> None:
    """A path is m and its levels, a ' marking those that are hardened."""
    assert path == parse_path(text)
    assert text == format_path(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "path: begins with '', expected 'm'"),
        ("M/0", "path: begins with 'M', expected 'm'"),
        ("0/1", "path: begins with '0', expected 'm'"),
        (" m/0", "path: begins with ' m', expected 'm'"),
        ("m/", "path: level 1 is '', expected a number"),
        ("m//1", "path: level 1 is '', expected a number"),
        ("m/0/'", 'path: level 2 is "\'", expected a number'),
        ("m/0''", "path: level 1 is \"0''\", expected a number"),
        ("m/0h", "path: level 1 is '0h', expected a number"),
        ("m/-1", "path: level 1 is '-1', expected a number"),
        ("m/1_0", "path: level 1 is '1_0', expected a number"),
        ("m/ 1", "path: level 1 is ' 1', expected a number"),
        ("m/\u0661", "path: level 1 is '\u0661', expected a number"),
        ("m/\u00b2", "path: level 1 is '\u00b2', expected a number"),
        ("m/0/01", "path: level 2 is '01', expected 0 to 2147483647"),
        ("m/2147483648", "path: level 1 is '2147483648', expected 0 to 2147483647"),
        ("m/99999999999", "path: level 1 is '99999999999', expected a number"),
        ("m" + "/0" * (DEPTH_MAX + 1), "path: 256 levels, at most 255 allowed"),
        ("m/" + "0" * 10**6, "path: 1000002 characters, at most 3061 allowed"),
    ],
    ids=lambda text: text[:20],
)
def test_other_paths_are_refused_where_they_are_wrong(text: str, message: str) -> None:
    """The error names the level."""
    with pytest.raises(InvalidPath, match=r"^") as caught:
        parse_path(text)
    assert str(caught.value).startswith(message)


@given(st.lists(st.integers(0, 2 * HARDENED - 1), max_size=8).map(tuple))
def test_paths_read_back(path: tuple[int, ...]) -> None:
    """Parsing what was formatted gives the same path."""
    assert path == parse_path(format_path(path))


@given(st.text(max_size=20) | st.text("m/'0123456789", max_size=20).map("m/".__add__))
def test_arbitrary_paths_are_read_back_or_refused(text: str) -> None:
    """Whatever the text, a path that is written the same, or an error."""
    try:
        again = format_path(parse_path(text))
    except InvalidPath:
        return
    assert text == again


@pytest.mark.parametrize("index", [-1, HARDENED, 2 * HARDENED])
def test_children_out_of_range_are_refused(index: int) -> None:
    """Public derivation and batches take no hardened index, nothing takes one beyond 32 bits."""
    public = public_of(MASTER)
    message = f"^index: {index} is not between 0 and"
    with pytest.raises(InvalidPath, match=message):
        derive_public(public, index)
    with pytest.raises(InvalidPath, match=message):
        child_public_keys(public, [0, index])
    with pytest.raises(InvalidPath, match=message):
        child_private_keys(MASTER, [0, index])
    if index != HARDENED:
        with pytest.raises(InvalidPath, match=message):
            derive_private(MASTER, index)


def test_the_last_level_has_no_children() -> None:
    """A depth is one byte."""
    last = ExtendedPrivateKey(DEPTH_MAX, b"abcd", 0, bytes(32), MASTER.secret)
    for derive in (derive_private, lambda key, index: derive_public(public_of(key), index)):
        with pytest.raises(InvalidPath, match=r"^depth: 255 is the last level"):
            derive(last, 0)


def test_an_index_without_a_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the hash is out of range or cancels the secret, every way refuses the index by number."""
    cancelling = (ORDER - int.from_bytes(MASTER.secret, "big")).to_bytes(32, "big")
    for left in (bytes(32), ORDER.to_bytes(32, "big"), b"\xff" * 32, cancelling):
        monkeypatch.setattr(KeyedHash, "digest", lambda _, __, left=left: left + bytes(32))
        for attempt in (
            lambda: derive_private(MASTER, 7),
            lambda: derive_public(public_of(MASTER), 7),
            lambda: child_private_keys(MASTER, [7]),
            lambda: child_public_keys(public_of(MASTER), [7]),
        ):
            with pytest.raises(NoSuchChild, match=r"^index 7 has no key") as caught:
                attempt()
            assert caught.value.index == 7


def test_a_seed_without_a_master_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the hash is zero or not below the order there is no master key."""
    for left in (bytes(32), ORDER.to_bytes(32, "big")):
        monkeypatch.setattr(KeyedHash, "digest", lambda _, __, left=left: left + bytes(32))
        with pytest.raises(InvalidExtendedKey, match=r"^seed: gives no master key"):
            master_from_seed(bytes(16))


@given(st.binary(max_size=128), st.binary(max_size=300))
def test_the_keyed_hash_is_hmac(key: bytes, message: bytes) -> None:
    """Ours gives what the standard library gives."""
    assert hmac.digest(key, message, "sha512") == KeyedHash(key).digest(message)


def test_paths_of_meters_and_of_receiving_never_meet() -> None:
    """Receiving stands where no meter can, and all three levels are hardened."""
    first, last = meter_path(LEDGER, 0), meter_path(LEDGER, RECEIVE - 1)
    assert (PURPOSE + HARDENED, ledger_index(LEDGER) + HARDENED, HARDENED) == first
    assert last[:2] == receive_path(LEDGER)[:2] == first[:2]
    assert last[2] + 1 == receive_path(LEDGER)[2] == 2 * HARDENED - 1
    for meter in (-1, RECEIVE):
        with pytest.raises(
            InvalidPath, match=f"^meter: {meter} is not between 0 and {RECEIVE - 1}"
        ):
            meter_path(LEDGER, meter)


@pytest.mark.parametrize(
    ("ledger_id", "expected"),
    [
        (bytes(32), 0),
        (b"\xff" * 32, HARDENED - 1),
        (b"\x80" + bytes(31), 2**30),
        (b"\0\0\0\1" + b"\xff" * 28, 0),
        (b"\0\0\0\2" + b"\xff" * 28, 1),
    ],
)
def test_the_ledger_index_is_the_first_31_bits(ledger_id: bytes, expected: int) -> None:
    """The rest of the id doesn't matter."""
    assert expected == ledger_index(LedgerId(ledger_id))


def test_one_child_secret_gives_away_the_parent() -> None:
    """The trap that BIP32 warns of is real: it's why child secrets are never exported."""
    parent = derive_path(MASTER, meter_path(LEDGER, 3))
    public = public_of(parent)
    (secret,) = child_private_keys(parent, [9])
    digest = KeyedHash(public.chain_code).digest(public.key + (9).to_bytes(4, "big"))
    found = (int.from_bytes(secret, "big") - int.from_bytes(digest[:32], "big")) % ORDER
    assert parent.secret == found.to_bytes(32, "big")


def test_minutes_are_indices_after_2038() -> None:
    """The last interval that can be named has a key; in seconds that ended in 2038."""
    begin = 2**31 * 60 - 60
    assert child_public_keys(public_of(MASTER), [minute_index(begin)])


def test_secrets_are_not_shown() -> None:
    """Neither a trace nor a table shows the secret or the chain code."""
    shown = repr(MASTER) + str(MASTER.__rich_repr__())
    assert MASTER.secret.hex() not in shown
    assert repr(MASTER.secret) not in shown
    assert repr(MASTER.chain_code) not in shown
    assert repr(MASTER) == "ExtendedPrivateKey(depth=0, index=0, …)"


@given(st.binary(min_size=33, max_size=33))
def test_public_derivation_from_no_point_is_refused(data: bytes) -> None:
    """An extended public key that was made up is refused when it is used."""
    assume(data[0] not in (2, 3))
    made_up = ExtendedPublicKey(0, bytes(4), 0, bytes(32), PublicKey(data))
    with pytest.raises(ValueError, match="no compressed curve point"):
        derive_public(made_up, 0)


def test_the_purpose_spells_our_name() -> None:
    """It is a number below the hardened ones."""
    assert b"TALL" == PURPOSE.to_bytes(4, "big")
    assert PURPOSE < HARDENED == derivation.HARDENED
