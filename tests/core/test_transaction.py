"""What is signed, what is hashed, and how a transaction is put together."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base import merkle
from tallystick.base.encoding import Malformed, decode, encode
from tallystick.base.identifiers import Hash, LedgerId, PublicKey, Signature
from tallystick.base.signatures import verify
from tallystick.core.check import identify
from tallystick.core.transaction import (
    COMMANDS_MAX,
    SIGNERS_MAX,
    Header,
    Transaction,
    build_transaction,
    log_entry,
    seal_transaction,
    transaction_id,
)
from tests.core.toy import TIME, key, secret

LEDGER = LedgerId(bytes(32))
NONCE = bytes(range(16))
HEADER = Header(
    ledger=LEDGER, expiry=TIME, nonce=NONCE, signers=(key(1),), commands_root=Hash(bytes(32))
)


@settings(max_examples=25, deadline=None)
@given(
    st.binary(min_size=16, max_size=16),
    st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5),
    st.lists(st.integers(0, 3), min_size=1, max_size=4),
)
def test_building_and_sealing_agree(nonce: bytes, commands: list[bytes], who: list[int]) -> None:
    """With the same secrets, deriving the public keys or knowing them makes the same bytes."""
    built = build_transaction(
        ledger=LEDGER,
        expiry=TIME,
        nonce=nonce,
        commands=commands,
        secrets=[secret(n) for n in who],
    )
    sealed = seal_transaction(
        ledger=LEDGER,
        expiry=TIME,
        nonce=nonce,
        commands=commands,
        secret_by_key={key(n): secret(n) for n in who},
    )
    assert sealed == built


def test_everybody_signs_the_id_in_order() -> None:
    """Signers are sorted and unique, and each signature verifies for its signer over the id."""
    secrets = [secret(n) for n in (3, 1, 2, 1)]
    raw = build_transaction(
        ledger=LEDGER, expiry=TIME, nonce=NONCE, commands=[b"a"], secrets=secrets
    )
    transaction = decode(raw, Transaction)
    digest = transaction_id(encode(transaction.header))
    assert tuple(sorted(key(n) for n in (1, 2, 3))) == transaction.header.signers
    pairs = zip(transaction.header.signers, transaction.signatures, strict=True)
    assert [True] * 3 == [verify(signer, digest, proof) for signer, proof in pairs]


def test_a_command_can_be_shown_without_its_neighbours() -> None:
    """The signed root is the RFC 6962 root, so one command has a path to what was signed."""
    commands = [b"first", b"second", b"third"]
    raw = build_transaction(
        ledger=LEDGER, expiry=TIME, nonce=NONCE, commands=commands, secrets=[secret(1)]
    )
    root = decode(raw, Transaction).header.commands_root
    path = merkle.inclusion_proof(commands, 1)
    assert merkle.verify_inclusion(b"second", 1, 3, path, root)
    assert not merkle.verify_inclusion(b"first", 1, 3, path, root)


def test_the_id_does_not_depend_on_the_signatures_but_the_log_entry_does() -> None:
    """A signature that is changed, dropped or added gives another entry under the same id."""
    raw = build_transaction(
        ledger=LEDGER, expiry=TIME, nonce=NONCE, commands=[b"a"], secrets=[secret(1), secret(2)]
    )
    transaction = decode(raw, Transaction)
    one, two = transaction.signatures
    variants = [
        transaction.signatures,
        (two, one),
        (one,),
        (one, two, two),
        (one, Signature(bytes(64))),
        (),
    ]
    found = [
        identify(encode(msgspec.structs.replace(transaction, signatures=each))) for each in variants
    ]
    assert {transaction_id(encode(transaction.header))} == {each.id for each in found}
    assert len(variants) == len({each.leaf_hash for each in found})


@pytest.mark.parametrize(
    "change",
    [
        {"ledger": bytes([1]) * 32},
        {"expiry": TIME + 1},
        {"nonce": bytes(16)},
        {"signers": (key(2),)},
        {"signers": (key(1), key(2))},
        {"commands_root": bytes([1]) * 32},
    ],
    ids=str,
)
def test_the_id_depends_on_everything_that_is_signed(change: dict[str, object]) -> None:
    """Another header is another transaction."""
    other = msgspec.structs.replace(HEADER, **change)
    assert transaction_id(encode(HEADER)) != transaction_id(encode(other))


GOLDEN_ID = "7088e0c41b7a4a1c94ba126eb919aabb312ca96a1c358922bbd8d6e31ceb6ded"
GOLDEN_ENTRY = "013d9f82f770571d211b5e3cf24d67c0267a01722ca7f97000dd56f95d448ddc3f"


def test_the_id_and_the_entry_are_what_other_implementations_compute() -> None:
    """The encoding of a header, its id and its log entry never change."""
    header = encode(HEADER)
    assert 146 == len(header)
    assert GOLDEN_ID == transaction_id(header).hex()
    assert GOLDEN_ENTRY == log_entry(header, [bytes(64)]).hex()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"signers": tuple(PublicKey(bytes([n]) * 33) for n in range(SIGNERS_MAX - 1))}, ""),
        ({"signers": (key(1),) * SIGNERS_MAX}, ""),
        ({"signers": (key(1),) * (SIGNERS_MAX + 1)}, "Header.signers"),
        ({"signers": ()}, "Header.signers"),
        ({"signers": (PublicKey(bytes(32)),)}, "Header.signers[0]"),
        ({"nonce": bytes(15)}, "Header.nonce"),
        ({"nonce": bytes(17)}, "Header.nonce"),
        ({"expiry": -1}, "Header.expiry"),
        ({"ledger": bytes(31)}, "Header.ledger"),
        ({"commands_root": bytes(33)}, "Header.commands_root"),
    ],
)
def test_bounds_of_a_header(change: dict[str, object], problem: str) -> None:
    """Decoding holds a header to its bounds and names the field."""
    data = encode(msgspec.structs.replace(HEADER, **change))
    assert problem == problem_of(data, Header)


@pytest.mark.parametrize(
    ("count", "problem"),
    [(0, "Transaction.commands"), (COMMANDS_MAX, ""), (COMMANDS_MAX + 1, "Transaction.commands")],
)
def test_bounds_of_a_transaction(count: int, problem: str) -> None:
    """A transaction has at least one command and a bounded number of them."""
    data = encode(Transaction(header=HEADER, commands=(b"",) * count, signatures=()))
    assert problem == problem_of(data, Transaction)


def problem_of(data: bytes, kind: type[object]) -> str:
    """Return the field that decoding complains about, or nothing."""
    try:
        decode(data, kind)
    except Malformed as malformed:
        return malformed.field
    return ""
