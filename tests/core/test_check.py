"""What is refused before the state is asked."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base import merkle
from tallystick.base.encoding import encode
from tallystick.base.identifiers import Hash, LedgerId, LockId, RecordId
from tallystick.base.signatures import sign
from tallystick.core import check, errors
from tallystick.core.holding import Lock
from tallystick.core.transaction import (
    COMMAND_BYTES_MAX,
    Header,
    Transaction,
    transaction_id,
)
from tests.core.toy import Make, Move, key, secret, signed, toy_state

STATE = toy_state()
RULES = STATE.rulebook(1)
GOOD = signed(STATE.ledger, Make(amount=1), by=(1, 2))
PARSED = check.parse(GOOD)


def resigned(**changes: object) -> bytes:
    """Return the good transaction with header fields changed and signed again."""
    header = msgspec.structs.replace(PARSED.header, **changes)
    digest = transaction_id(encode(header))
    by_key = {key(n): secret(n) for n in (1, 2)}
    proofs = tuple(sign(by_key[each], digest) for each in header.signers if each in by_key)
    return encode(msgspec.structs.replace(PARSED, header=header, signatures=proofs))


def changed(**changes: object) -> bytes:
    """Return the good transaction with parts changed and nothing signed again."""
    return encode(msgspec.structs.replace(PARSED, **changes))


def huge() -> bytes:
    """Return a transaction with one command that is too long."""
    commands = (bytes(COMMAND_BYTES_MAX + 1),)
    header = msgspec.structs.replace(PARSED.header, commands_root=Hash(merkle.root(commands)))
    return encode(Transaction(header=header, commands=commands, signatures=PARSED.signatures))


CASES: list[tuple[str, Callable[[], bytes], type[errors.Refused], str]] = [
    ("nothing", lambda: b"", errors.Malformed, "transaction"),
    ("noise", lambda: b"\xff" * 40, errors.Malformed, "transaction"),
    ("a byte too many", lambda: GOOD + b"\x00", errors.Malformed, "transaction"),
    ("a byte too few", lambda: GOOD[:-1], errors.Malformed, "transaction"),
    ("too long", lambda: bytes(1_048_577), errors.TooLarge, "1048577 bytes"),
    ("a command too long", huge, errors.TooLarge, "commands[0]"),
    (
        "another ledger",
        lambda: resigned(ledger=LedgerId(bytes(32))),
        errors.WrongLedger,
        "header.ledger",
    ),
    (
        "a signer twice",
        lambda: resigned(signers=(key(1), key(1))),
        errors.SignersNotSorted,
        "header.signers",
    ),
    (
        "signers out of order",
        lambda: resigned(signers=tuple(reversed(PARSED.header.signers))),
        errors.SignersNotSorted,
        "header.signers",
    ),
    ("no signer", lambda: resigned(signers=()), errors.Malformed, "signers"),
    (
        "a signature stripped",
        lambda: changed(signatures=PARSED.signatures[:1]),
        errors.SignatureCountDiffers,
        "signatures: 1 given for 2",
    ),
    (
        "a signature added",
        lambda: changed(signatures=PARSED.signatures * 2),
        errors.SignatureCountDiffers,
        "signatures: 4 given",
    ),
    (
        "signatures swapped",
        lambda: changed(signatures=PARSED.signatures[::-1]),
        errors.BadSignature,
        "does not verify",
    ),
    (
        "a foreign command",
        lambda: changed(commands=(encode(Make(amount=2)),)),
        errors.CommandsDiffer,
        "header.commands_root",
    ),
    (
        "a later expiry",
        lambda: changed(header=msgspec.structs.replace(PARSED.header, expiry=1)),
        errors.BadSignature,
        "does not verify",
    ),
    ("a nonce too short", lambda: resigned(nonce=b"1"), errors.Malformed, "nonce"),
    ("a negative expiry", lambda: resigned(expiry=-1), errors.Malformed, "expiry"),
    (
        "an unknown command",
        lambda: signed(STATE.ledger, Header(*msgspec.structs.astuple(PARSED.header))),
        errors.UnknownCommand,
        "command",
    ),
    (
        "a negative amount",
        lambda: signed(STATE.ledger, Make(amount=-1)),
        errors.UnknownCommand,
        "amount",
    ),
    (
        "a huge amount",
        lambda: signed(STATE.ledger, Make(amount=2**53)),
        errors.UnknownCommand,
        "amount",
    ),
    (
        "a short id",
        lambda: signed(STATE.ledger, Move(token=RecordId(b"1"), owner=key(1))),
        errors.UnknownCommand,
        "token",
    ),
    (
        "a lock nobody keeps",
        lambda: signed(STATE.ledger, Lock("toy", RecordId(bytes(32)), LockId(bytes(32)), 0)),
        errors.UnknownCommand,
        "toy",
    ),
]


@pytest.mark.parametrize(
    ("what", "make", "refusal", "names"), CASES, ids=[case[0] for case in CASES]
)
def test_refusals(
    what: str, make: Callable[[], bytes], refusal: type[errors.Refused], names: str
) -> None:
    """Each kind of bad bytes gets its own error, which names the field or the value."""
    with pytest.raises(errors.Refused) as caught:
        check.check(make(), STATE.ledger, RULES)
    assert (what, type(caught.value)) == (what, refusal)
    assert names in str(caught.value)
    assert "\n" not in str(caught.value)


def test_good_bytes_pass() -> None:
    """A well-formed transaction is understood, and identifying it gives the same id."""
    found = check.check(GOOD, STATE.ledger, RULES)
    assert found.commands == (Make(amount=1),)
    assert found.signers == tuple(sorted([key(1), key(2)]))
    assert check.identify(GOOD) == check.verify(GOOD, STATE.ledger)


@given(st.binary(max_size=600))
def test_noise_is_refused(noise: bytes) -> None:
    """Arbitrary bytes are refused and never crash."""
    with pytest.raises(errors.Refused):
        check.check(noise, STATE.ledger, RULES)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_mutations_are_refused(place: int, flip: int) -> None:
    """No byte of a signed transaction can be changed."""
    mutated = bytearray(GOOD)
    mutated[place] ^= flip
    with pytest.raises(errors.Refused):
        check.check(bytes(mutated), STATE.ledger, RULES)
