"""
What must be true of records for a claim to stand: the part of a proof that hashes cannot say.

By the time these functions are called, every record is known to be what the ledger holds under its
id. Here the records are held against each other: that the claim was made by those who had the right
to, that the certificate still counts, that it comes from the production that it says it comes from,
and that no more was certified or claimed than was measured.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeVar

import msgspec

from tallystick.base.encoding import Malformed, Record, decode, encode
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.certificate.commands import Claim
from tallystick.contracts.certificate.model import (
    BREAK,
    CORRECT,
    SPLIT,
    TRANSFER,
    Action,
    Certificate,
    Next,
    Settlement,
    child_id,
)
from tallystick.contracts.measurement.model import Kind, Measurement, measurement_id
from tallystick.core.proof import ProofInvalid

ISSUE: Final = "ISSUE"
ORDINAL_MAX: Final = 2**32 - 1

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Step(msgspec.Struct, frozen=True):
    """One certificate of the chain from the claimed one back to the issued one."""

    id: RecordId
    """Its id."""

    certificate: Certificate
    """Its record."""

    born: str
    """What made it: ISSUE, TRANSFER, SPLIT, CORRECT or BREAK."""

    ordinal: int
    """Which of the things that this made it is."""


LEVELS_MAX = 32
"""How deeply arrays may be nested in a leaf; both verifiers draw the line at the same place."""


class LeafReader:
    """The records of one leaf by their tags; those of contracts unknown here are passed over."""

    def __init__(self, data: bytes, *, step: str) -> None:
        self._step = step
        self._by_tag: dict[str, bytes] = {}
        latest = ""
        for item in self._items(data):
            tag = item[0] if isinstance(item, list) and item else None
            if not isinstance(tag, str) or tag <= latest:
                raise ProofInvalid(step, "its records are not in ascending order of their tags")
            self._by_tag[tag] = encode(item)
            latest = tag

    def read(self, kind: type[AnyRecord]) -> AnyRecord:
        """Return the record of a kind, which must be there."""
        tag = str(kind.__struct_config__.tag)
        data = self._by_tag.get(tag)
        if data is None:
            raise ProofInvalid(self._step, f"no {tag} stands under the id")
        try:
            return decode(data, kind)
        except Malformed as malformed:
            raise ProofInvalid(self._step, str(malformed)) from malformed

    def _items(self, data: bytes) -> list[object]:
        """Return the array that a leaf's bytes are the only encoding of."""
        try:
            items: object = msgspec.msgpack.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ProofInvalid(self._step, f"its records do not decode: {error}") from None
        if not isinstance(items, list) or not _is_plain(items) or encode(items) != data:
            raise ProofInvalid(self._step, "its records are not in canonical encoding")
        return items


def check_claim(
    claim: Claim,
    certificate: Certificate,
    consumption: Measurement,
    *,
    signers: Sequence[PublicKey],
    time: int,
) -> None:
    """
    Insist that the claim took effect at this block time, by both owners' will, and still does.

    A certificate's `next` is written once: if it names this consumption and this time, then it was
    this command that wrote it.
    """
    next = certificate.next
    if next is None or next.action is not Action.RETIRE:
        raise ProofInvalid("certificate", "it is not retired")
    if next.addresses != (claim.consumption,):
        raise ProofInvalid("certificate", "it is retired to another consumption")
    if next.time != time:
        raise ProofInvalid("certificate", f"it was retired at {next.time}, the block's is {time}")
    if certificate.withdrawn or certificate.unclaimed:
        raise ProofInvalid("certificate", "it was withdrawn after it had been claimed")
    if certificate.broken:
        raise ProofInvalid("certificate", "a correction has broken its claim")
    if certificate.amount_wh < 1:
        raise ProofInvalid("certificate", "nothing is left of it")
    if certificate.owner not in signers:
        raise ProofInvalid("certificate", "its owner did not sign the claim")
    if consumption.owner not in signers:
        raise ProofInvalid("consumption", "its owner did not sign the claim")


def check_settlement(
    claim: Claim, certificate: Certificate, consumption: Measurement, settlement: Settlement
) -> None:
    """Insist that the settlement counts the certificate, once and in full, within what was used."""
    _check_measurement(consumption, claim.consumption, Kind.CONSUMPTION, step="consumption")
    if settlement.measurement != claim.consumption:
        raise ProofInvalid("settlement", "it is the one of another measurement")
    parts = [part for part in settlement.parts if part.certificate == claim.certificate]
    if len(parts) != 1:
        raise ProofInvalid("settlement", f"it lists the certificate {len(parts)} times, not once")
    if parts[0].withdrawn:
        raise ProofInvalid("settlement", "the certificate's part is marked as withdrawn")
    if parts[0].amount_wh != certificate.amount_wh:
        raise ProofInvalid(
            "settlement",
            f"the part is {parts[0].amount_wh} Wh, the certificate {certificate.amount_wh} Wh",
        )
    total_wh = sum(part.amount_wh for part in settlement.parts)
    if total_wh != settlement.total_wh:
        raise ProofInvalid(
            "settlement", f"its parts sum to {total_wh} Wh, it says {settlement.total_wh} Wh"
        )
    if total_wh > consumption.amount:
        raise ProofInvalid(
            "settlement", f"{total_wh} Wh are settled, {consumption.amount} Wh were consumed"
        )


def check_chain(steps: Sequence[Step], production: Measurement) -> None:
    """Insist that each certificate came from the next, and the last from the production."""
    issued, claimed = steps[-1], steps[0]
    _check_measurement(production, issued.id, Kind.PRODUCTION, step="production")
    for step in steps:
        _check_kinship(step.certificate, issued.id, issued.certificate, production)
    for child, parent in pairwise(steps):
        _check_link(child, parent, is_root=parent is issued)
    if (issued.born, issued.ordinal) != (ISSUE, 0) or issued.certificate.origin != issued.id:
        raise ProofInvalid("chain", "its last certificate was not issued")
    if claimed.certificate.amount_wh > production.amount:
        raise ProofInvalid(
            "production",
            f"{claimed.certificate.amount_wh} Wh are claimed, {production.amount} Wh were produced",
        )


def _check_measurement(measurement: Measurement, id: RecordId, kind: Kind, *, step: str) -> None:
    """Insist that a measurement is of a kind, and is of the owner and begin that its id says."""
    if measurement.kind is not kind:
        raise ProofInvalid(step, f"it is a measurement of {measurement.kind.value}")
    if measurement_id(measurement.owner, measurement.begin) != id:
        raise ProofInvalid(step, "its id is not the one of its owner and begin")


def _check_kinship(
    certificate: Certificate, root: RecordId, issued: Certificate, production: Measurement
) -> None:
    """Insist that a certificate tells of the same electricity as the production it comes from."""
    if certificate.measurement != root:
        raise ProofInvalid("chain", "a certificate is of another measurement")
    told = (certificate.begin, certificate.end, certificate.sector)
    if told != (production.begin, production.end, production.sector):
        raise ProofInvalid("chain", "a certificate's interval or sector is not the production's")
    codes = (certificate.technology, certificate.fuel)
    if codes != (issued.technology, issued.fuel):
        raise ProofInvalid("chain", "technology or fuel changes on the way")


def _check_link(child: Step, parent: Step, *, is_root: bool) -> None:
    """
    Insist that a certificate came from another in the way that is said.

    What a correction makes, its parent's `next` does not name: it is reborn from a broken claim, or
    added to the issued certificate when more was produced. Its id names the parent nonetheless.
    """
    if child.certificate.origin != parent.id:
        raise ProofInvalid("chain", "a certificate does not come from the one after it")
    if child.born not in {TRANSFER, SPLIT, CORRECT, BREAK} or child.ordinal > ORDINAL_MAX:
        raise ProofInvalid("chain", f"no certificate is made by {child.born!r}")
    if child_id(parent.id, child.born, child.ordinal) != child.id:
        raise ProofInvalid("chain", "a certificate's id does not follow from its origin")
    next = parent.certificate.next
    if child.born in {TRANSFER, SPLIT}:
        named = next is not None and next.action.value == child.born and _names(next, child)
    elif child.born == CORRECT:
        named = parent.certificate.broken or is_root
    else:
        named = parent.certificate.broken
    if not named:
        raise ProofInvalid("chain", "a certificate's origin does not say that it was followed so")
    _check_amounts(child, parent)


def _names(next: Next, child: Step) -> bool:
    """Tell whether a certificate's end names another at its ordinal."""
    return child.ordinal < len(next.addresses) and next.addresses[child.ordinal] == child.id


def _check_amounts(child: Step, parent: Step) -> None:
    """
    Insist that nothing grows on its way from hand to hand.

    A correction changes amounts where they stand: what it touched says so and may hold more than it
    came from, when more was produced than had been thought.
    """
    amount_wh, whole_wh = child.certificate.amount_wh, parent.certificate.amount_wh
    if amount_wh > whole_wh and not child.certificate.corrected:
        raise ProofInvalid("chain", f"{amount_wh} Wh come from a certificate of {whole_wh} Wh")


def _is_plain(value: object, levels: int = LEVELS_MAX) -> bool:
    """Tell whether a value is made of what records are made of, and not nested too deeply."""
    if isinstance(value, list):
        return levels > 0 and all(_is_plain(item, levels - 1) for item in value)
    return value is None or isinstance(value, bool | int | str | bytes)
