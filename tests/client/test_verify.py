"""A claim is believed only for what was trusted beforehand, by us and by the stand-alone script."""

import base64
import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base import notes, signatures
from tallystick.base.checkpoints import Checkpoint, sign_checkpoint
from tallystick.base.encoding import encode
from tallystick.base.identifiers import (
    LedgerId,
    RecordId,
    format_ledger_id,
)
from tallystick.base.notes import Signer
from tallystick.client import proof_file
from tallystick.client.proving import gather_claim
from tallystick.client.verify import verify_claim
from tallystick.contracts.certificate.commands import Claim, Correct, Unclaim, Withdraw
from tallystick.contracts.measurement.model import Kind, Quality
from tallystick.testing.keys import key
from tests.client.forging import (
    CONSUMPTION,
    PRODUCTION,
)
from tests.client.verifiers import VALID, verdicts
from tests.client.village import (
    BEGIN,
    CONSUMER,
    ISSUER,
    LOG_NAME,
    LOG_SECRET,
    NEIGHBOUR,
    PRODUCER,
    PUBLISHER,
    STRANGER,
    Village,
)

REFUSED = False
ACCEPTED = True
OTHER = RecordId(b"\x99" * 32)
ORDER = signatures.ORDER


@cache
def true_claim() -> tuple[Village, bytes]:
    """Return a village with a claim and the proof of it."""
    village = Village()
    certificate, _ = village.claimed()
    return village, village.ledger.prove(certificate)


def judge(file: bytes) -> tuple[str, bool]:
    """Return both verdicts on a file that claims to be of the village."""
    village, _ = true_claim()
    return verdicts(file, village.id, village.keys)


def test_a_true_claim_says_who_what_when_and_how_much() -> None:
    """The summary has every fact that a person would ask for."""
    village, file = true_claim()
    claim = verify_claim(file, village.id, village.keys)
    block = village.node.blocks[-1]
    assert (600, "T010000", "F01040100") == (claim.amount_wh, claim.technology, claim.fuel)
    assert (village.id, 15) == (claim.ledger, claim.checkpoint_size)
    assert (7, block.header.time, block.header.time) == (
        claim.height,
        claim.claimed_at,
        claim.checkpoint_time,
    )
    assert (key(CONSUMER), key(CONSUMER)) == (claim.certificate_owner, claim.consumption_owner)
    assert (BEGIN, BEGIN + 900, "village", 1_000) == (
        claim.production_begin,
        claim.production_end,
        claim.production_sector,
        claim.produced_wh,
    )
    assert (BEGIN, BEGIN + 900, "village", 900, 600) == (
        claim.consumption_begin,
        claim.consumption_end,
        claim.consumption_sector,
        claim.consumed_wh,
        claim.settled_wh,
    )
    assert (3, PRODUCTION, CONSUMPTION) == (claim.hands, claim.production, claim.consumption)
    assert (VALID, ACCEPTED) == judge(file)


def test_verifying_needs_neither_a_store_nor_a_runtime() -> None:
    """What verifies a claim can be installed where no ledger could run."""
    import subprocess  # noqa: PLC0415 - a process of its own shows what was imported.

    code = (
        "import sys; import tallystick.client.verify; "
        "print([m for m in sys.modules if m.startswith(('tallystick.runtime', 'tallystick.store',"
        " 'tallystick.index', 'tallystick.compose', 'lmdb', 'sqlalchemy'))])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]\n" == said.stdout


# What a stranger can do to a file without the checkpoint's key.


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to everything inside a parsed file."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, name))


def mutations(value: Any) -> Iterator[Any]:
    """Yield what else could stand in a place."""
    if isinstance(value, str):
        try:
            data = base64.b64decode(value, validate=True)
        except ValueError:
            data = b""
        flipped = [data[:n] + bytes([data[n] ^ 1]) + data[n + 1 :] for n in range(len(data))]
        others = [*flipped, data[:-1], data + b"\0", data[1:], data[32:], data + bytes(32), b""]
        yield from (base64.b64encode(other).decode() for other in others)
        yield from (value + "A", value[:-1], value + "=", f" {value}", "", None, 0, [], {})
    elif isinstance(value, int):
        yield from (value + 1, value - 1, -1, value + 0.0, str(value), None, True, 2**64, -(2**70))
    elif isinstance(value, list):
        yield from (value[1:], value[:-1], [*value, *value[-1:]], value[::-1], [], None, {})
    else:
        yield from ([], None, "", {**value, "more": 1}, dict(reversed(value.items())))
        for name in value:
            yield {each: inner for each, inner in value.items() if each != name}


def mutated(file: bytes) -> Iterator[tuple[tuple[Any, ...], bytes]]:
    """Yield every mutation of every place of a file, in the right form."""
    parsed = json.loads(file)
    for path in places(parsed):
        holder = parsed
        for name in path[:-1]:
            holder = holder[name]
        kept = holder[path[-1]]
        for other in mutations(kept):
            holder[path[-1]] = other
            yield path, to_form(parsed)
        holder[path[-1]] = kept


def to_form(parsed: Any) -> bytes:
    """Return a file in the one form."""
    return json.dumps(parsed, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def test_every_mutation_of_every_field_is_refused() -> None:
    """No byte of a file can be other than it is; each has one meaning."""
    _, file = true_claim()
    believed = [
        path
        for path, forged in mutated(file)
        if forged != file and (VALID in judge(forged)[:1] or judge(forged)[1])
    ]
    assert [] == believed


def changed(change: Callable[[Any], None]) -> bytes:
    """Return the true proof with a change to what it says, in the right form."""
    parsed = json.loads(true_claim()[1])
    change(parsed)
    return to_form(parsed)


def base64_of(data: bytes) -> str:
    """Return bytes as they stand in a file."""
    return base64.b64encode(data).decode()


def signatures_of(parsed: Any) -> bytes:
    """Return the signatures of a parsed file."""
    return base64.b64decode(parsed["transaction"]["signatures"])


def with_signatures(change: Callable[[bytes], bytes]) -> bytes:
    """Return the true proof with other signatures."""

    def put(parsed: Any) -> None:
        parsed["transaction"]["signatures"] = base64_of(change(signatures_of(parsed)))

    return changed(put)


def high_s(proofs: bytes) -> bytes:
    """Return signatures of which the first has its other, high s."""
    s = int.from_bytes(proofs[32:64], "big")
    return proofs[:32] + (ORDER - s).to_bytes(32, "big") + proofs[64:]


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("swapped", lambda two: two[64:] + two[:64]),
        ("stripped", lambda two: two[:64]),
        ("none", lambda _: b""),
        ("added", lambda two: two + two[:64]),
        ("doubled", lambda two: two[:64] * 2),
        ("high s", high_s),
        ("zeros", lambda two: bytes(len(two))),
    ],
)
def test_signatures_cannot_be_swapped_stripped_or_added(
    what: str, change: Callable[[bytes], bytes]
) -> None:
    """Exactly the signatures that were made stand below a transaction."""
    assert ("transaction", REFUSED) == judge(with_signatures(change)), what


def checkpoint_of(village: Village, signer: Signer, *, origin: str | None = None) -> bytes:
    """Return a checkpoint over a village's log, as it is, by somebody."""
    log = village.node.state.log
    name = origin or format_ledger_id(village.id)
    return sign_checkpoint(Checkpoint(name, log.size, log.root()), signer)


def with_checkpoint(note: bytes) -> bytes:
    """Return the true proof under another checkpoint."""
    return changed(lambda parsed: parsed.update(checkpoint=base64_of(note)))


def test_a_checkpoint_by_an_attacker_is_refused() -> None:
    """A key in the file is never trusted, whatever name it goes by."""
    village, _ = true_claim()
    for signer in (Signer("attacker", bytes(32)), Signer(LOG_NAME, bytes(32))):
        assert ("checkpoint", REFUSED) == judge(with_checkpoint(checkpoint_of(village, signer)))


def test_a_checkpoint_of_another_ledger_is_refused() -> None:
    """One key may sign for several ledgers, so the origin counts."""
    village, file = true_claim()
    signer = Signer(LOG_NAME, LOG_SECRET)
    other = format_ledger_id(LedgerId(b"\x01" * 32))
    assert ("checkpoint", REFUSED) == judge(
        with_checkpoint(checkpoint_of(village, signer, origin=other))
    )
    assert ("checkpoint", REFUSED) == verdicts(file, LedgerId(b"\x01" * 32), village.keys)


def test_nobody_is_trusted_unless_given() -> None:
    """Without keys, or with keys of others, nothing is believed."""
    village, file = true_claim()
    stranger = notes.verifier_key(Signer(LOG_NAME, b"\x05" * 32))
    witness = replace(village.keys[0], type=notes.TYPE_COSIGNATURE)
    assert ("checkpoint", REFUSED) == verdicts(file, village.id, [])
    assert ("checkpoint", REFUSED) == verdicts(file, village.id, [stranger])
    with pytest.raises(ValueError, match="checkpoint"):
        verify_claim(file, village.id, [witness])
    assert (VALID, ACCEPTED) == verdicts(file, village.id, [stranger, *village.keys])


def test_signatures_of_others_below_a_checkpoint_are_passed_over() -> None:
    """Witnesses may sign without asking; a wrong signature by a known key refuses the note."""
    village, _ = true_claim()
    note = checkpoint_of(village, Signer(LOG_NAME, LOG_SECRET))
    stranger = checkpoint_of(village, Signer("witness", bytes(32))).split(b"\n\n")[1]
    assert (VALID, ACCEPTED) == judge(with_checkpoint(note + stranger))
    line = note.split(b"\n\n")[1].decode()
    data = bytearray(base64.b64decode(line.split(" ")[2]))
    data[40] ^= 1
    wrong = f"— {LOG_NAME} {base64_of(bytes(data))}\n".encode()
    assert ("checkpoint", REFUSED) == judge(with_checkpoint(note + wrong))


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("no newline at the end", lambda note: note[:-1]),
        ("no empty line", lambda note: note.replace(b"\n\n", b"\n")),
        ("no signature", lambda note: note.split(b"\n\n")[0] + b"\n\n"),
        ("a carriage return", lambda note: note.replace(b"\n", b"\r\n")),
        ("a hyphen for the dash", lambda note: note.replace("—".encode(), b"-")),
        ("not UTF-8", lambda note: b"\xff" + note),
        ("a leading zero", lambda note: note.replace(b"\n15\n", b"\n015\n")),
        ("another size", lambda note: note.replace(b"\n15\n", b"\n16\n")),
        ("too many lines", lambda note: note + note.split(b"\n\n")[1] * 100),
        ("empty", lambda _: b""),
    ],
)
def test_a_damaged_checkpoint_is_refused(what: str, change: Callable[[bytes], bytes]) -> None:
    """A note is exactly what was signed, in its one form."""
    village, _ = true_claim()
    note = checkpoint_of(village, Signer(LOG_NAME, LOG_SECRET))
    assert ("checkpoint", REFUSED) == judge(with_checkpoint(change(note))), what


def test_parts_of_two_proofs_do_not_fit_together() -> None:
    """Whatever is taken from the proof of another claim of the same ledger shows."""
    village = Village()
    first, _ = village.claimed()
    used = village.publish(PUBLISHER, Kind.CONSUMPTION, 500)
    other = village.issue(NEIGHBOUR, 300)
    village.must(Claim(other, used, None), NEIGHBOUR, PUBLISHER)
    one, two = (json.loads(village.ledger.prove(each)) for each in (first, other))
    assert (VALID, ACCEPTED) == verdicts(to_form(one), village.id, village.keys)
    assert (VALID, ACCEPTED) == verdicts(to_form(two), village.id, village.keys)
    same = {name for name in one if one[name] == two[name]}
    assert {"format", "checkpoint", "state"} == same
    for name in one.keys() - same:
        spliced = {**one, name: two[name]}
        step, accepted = verdicts(to_form(spliced), village.id, village.keys)
        assert (True, REFUSED) == (bool(step), accepted), name


def test_the_same_claim_on_another_ledger_is_another() -> None:
    """A proof of one ledger says nothing of another, though one key signs for both."""
    village, file = true_claim()
    other = Village(salt=b"\x01" * 32)
    certificate, _ = other.claimed()
    theirs = other.ledger.prove(certificate)
    assert (VALID, ACCEPTED) == verdicts(theirs, other.id, other.keys)
    assert ("checkpoint", REFUSED) == verdicts(theirs, village.id, village.keys)
    mixed = json.loads(theirs) | {"checkpoint": json.loads(file)["checkpoint"]}
    assert REFUSED == judge(to_form(mixed))[1]


# What the ledger itself says about a claim later on.


def stale(village: Village, before: bytes) -> bytes:
    """Return an old proof with everything moved to the newest checkpoint but the state."""
    log, parts = village.node.state.log, proof_file.parse_claim_file(before)
    fresh = village.node.prove((), ())

    def moved(part: Any) -> Any:
        return replace(part, path=b"".join(log.inclusion_proof(part.entry)))

    return proof_file.format_claim_file(
        replace(
            parts,
            checkpoint=fresh.state.checkpoint,
            state=moved(parts.state),
            transaction=moved(parts.transaction),
            block=moved(parts.block),
        )
    )


def test_an_old_state_is_not_passed_off_as_the_newest() -> None:
    """The state's block is the last entry under the checkpoint, or the proof is none."""
    village = Village()
    certificate, _ = village.claimed()
    before = village.ledger.prove(certificate)
    village.must(Withdraw(certificate, "counted twice"), ISSUER)
    assert (VALID, ACCEPTED) == verdicts(before, village.id, village.keys)
    assert ("state", REFUSED) == verdicts(stale(village, before), village.id, village.keys)


def after(change: Callable[[Village, RecordId, RecordId], None]) -> tuple[str, bool]:
    """Return the verdicts on an honest proof of a claim to which something happened since."""
    village = Village()
    certificate, consumption = village.claimed()
    before = gather_claim(village.node, certificate)
    change(village, certificate, consumption)
    ids, id = [], certificate
    for part in before.certificates:
        ids.append(id)
        state = village.node.state
        id = next(r.origin for r in state.load(id).values() if hasattr(r, "origin"))
        del part
    place = (village.node.state.height - 1, 0)
    evidence = village.node.prove((*ids, consumption), (place,))
    *leaves, used = [
        proof_file.LeafPart(
            leaf.records or b"",
            tuple(depth for depth, _ in leaf.proof.siblings),
            b"".join(hash for _, hash in leaf.proof.siblings),
        )
        for leaf in evidence.state.leaves
    ]
    parts = proof_file.parse_claim_file(stale(village, proof_file.format_claim_file(before)))
    header = evidence.state.header
    forged = replace(
        parts,
        state=proof_file.BlockPart(
            encode(header), evidence.state.index, b"".join(evidence.state.inclusion)
        ),
        certificates=tuple(
            replace(part, leaf=leaf) for part, leaf in zip(parts.certificates, leaves, strict=True)
        ),
        consumption=used,
    )
    return verdicts(proof_file.format_claim_file(forged), village.id, village.keys)


def nothing(village: Village, _certificate: RecordId, _consumption: RecordId) -> None:
    """Let something unrelated happen."""
    village.publish(PUBLISHER, Kind.PRODUCTION, 1)


def withdraw(village: Village, certificate: RecordId, _consumption: RecordId) -> None:
    """Let the issuing body take the certificate back."""
    village.must(Withdraw(certificate, "counted twice"), ISSUER)


def unclaim(village: Village, certificate: RecordId, consumption: RecordId) -> None:
    """Let the certificate be withdrawn, and its part be taken out."""
    village.must(Withdraw(certificate, "counted twice"), ISSUER)
    village.must(Unclaim(consumption, certificate), CONSUMER)


def break_claim(village: Village, _certificate: RecordId, consumption: RecordId) -> None:
    """Let less have been consumed than was claimed."""
    village.must(Correct(consumption, 100, Quality.MEASURED, ()), ISSUER)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (nothing, (VALID, ACCEPTED)),
        (withdraw, ("certificate", REFUSED)),
        (unclaim, ("certificate", REFUSED)),
        (break_claim, ("certificate", REFUSED)),
    ],
)
def test_a_claim_that_no_longer_stands_is_refused(
    change: Callable[[Village, RecordId, RecordId], None], expected: tuple[str, bool]
) -> None:
    """An honest proof of the newest state shows what became of a claim."""
    assert expected == after(change)


def test_a_rejected_claim_proves_nothing() -> None:
    """A receipt that says no, with the very claim that was accepted later, is refused."""
    village = Village()
    consumption = village.publish(CONSUMER, Kind.CONSUMPTION, 900)
    certificate = village.transfer(village.issue(amount=600), PRODUCER, CONSUMER)
    claim = Claim(certificate, consumption, None)
    receipt = village.put(claim, STRANGER)
    assert not receipt.accepted
    village.must(claim, CONSUMER)
    good = gather_claim(village.node, certificate)
    evidence = village.node.prove((), ((receipt.height, receipt.index),)).transactions[0]
    rejected = replace(
        good,
        receipt=proof_file.ReceiptPart(
            encode(evidence.outcome), 0, b"".join(evidence.receipt_inclusion)
        ),
        block=proof_file.BlockPart(
            encode(evidence.header), evidence.block_entry, b"".join(evidence.block_inclusion)
        ),
    )
    file = proof_file.format_claim_file(rejected)
    assert ("receipt", REFUSED) == verdicts(file, village.id, village.keys)


# Files that are not in the one form.


def deep(depth: int) -> bytes:
    """Return a file that nests."""
    return b'{"format":' + b"[" * depth + b"]" * depth + b"}\n"


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("empty", lambda _: b""),
        ("truncated", lambda file: file[: len(file) // 2]),
        ("without its newline", lambda file: file[:-1]),
        ("with two newlines", lambda file: file + b"\n"),
        ("with a blank", lambda file: file.replace(b":", b": ", 1)),
        ("indented", lambda file: json.dumps(json.loads(file), indent=1).encode() + b"\n"),
        ("with a byte order mark", lambda file: b"\xef\xbb\xbf" + file),
        ("in UTF-16", lambda file: file.decode().encode("utf-16")),
        ("not UTF-8", lambda file: file.replace(b"{", b"{\xff", 1)),
        ("huge", lambda file: file + b" " * proof_file.PROOF_BYTES_MAX),
        ("a huge number", lambda file: file.replace(b'"entry":', b'"entry":' + b"9" * 9_000, 1)),
        ("NaN", lambda file: file.replace(b'"ordinal":0', b'"ordinal":NaN', 1)),
        ("infinity", lambda file: file.replace(b'"ordinal":0', b'"ordinal":Infinity', 1)),
        ("a float", lambda file: file.replace(b'"ordinal":0', b'"ordinal":0.0', 1)),
        ("an exponent", lambda file: file.replace(b'"ordinal":0', b'"ordinal":0e0', 1)),
        ("minus zero", lambda file: file.replace(b'"ordinal":0', b'"ordinal":-0', 1)),
        ("a key twice", lambda file: file.replace(b'{"format"', b'{"format":"x","format"', 1)),
        (
            "a key twice, the same",
            lambda file: file[:-2] + b',"consumption":' + leaf(file) + b"}\n",
        ),
        ("an escaped key", lambda file: file.replace(b'"format"', b'"form\\u0061t"', 1)),
        ("an escaped solidus", lambda file: file.replace(b"/1", b"\\/1", 1)),
        ("a lone surrogate", lambda file: file.replace(b"tallystick-", b"\\ud800", 1)),
        ("deep", lambda _: deep(10)),
        ("very deep", lambda _: deep(100_000)),
        (
            "deep in a field",
            lambda file: file.replace(b'"depths":[', b'"depths":[' + b"[" * 99_999),
        ),
        ("a list", lambda file: b"[" + file[:-1] + b"]\n"),
        ("null", lambda _: b"null\n"),
        ("another version", lambda file: file.replace(b"proof/1", b"proof/2", 1)),
    ],
)
def test_a_file_in_any_other_form_is_refused(what: str, change: Callable[[bytes], bytes]) -> None:
    """There is one form for each proof, and reading it never fails in another way."""
    assert ("file", REFUSED) == judge(change(true_claim()[1])), what


def leaf(file: bytes) -> bytes:
    """Return the consumption's part of a file as it stands there."""
    return to_form(json.loads(file)["consumption"])[:-1]


def test_too_many_certificates_are_refused() -> None:
    """The chain has a bound, so that a file can't make anybody work for long."""
    many = changed(lambda parsed: parsed.update(certificates=parsed["certificates"] * 400))
    assert ("file", REFUSED) == judge(many)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_random_damage_is_refused_by_both(data: st.DataObject) -> None:
    """Bytes changed, dropped or added anywhere never crash and are never believed."""
    _, file = true_claim()
    at = data.draw(st.integers(0, len(file) - 1))
    length = data.draw(st.integers(0, 3))
    piece = data.draw(st.binary(max_size=3))
    forged = file[:at] + piece + file[at + length :]
    step, accepted = judge(forged)
    assert (forged == file, forged == file) == (step == VALID, accepted)
