"""Whose statement something is, and how sure that is."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.contracts.identity.model import Identity, KeyBinding, key_id
from tallystick.contracts.identity.views import foreign
from tallystick.core.context import Context
from tallystick.core.foreign import ForeignProof

from .errors import (
    AssuranceTooLow,
    DeviceHasNotSigned,
    DeviceIsAnothers,
    DeviceIsNotEnrolled,
    DeviceIsRetired,
    IdentityIsUnknown,
    PersonHasNotSigned,
    ProofIsMissing,
    ProofIsOfAnother,
    ProofIsStale,
)
from .model import (
    Assurance,
    Attestation,
    Evidence,
    Terms,
    VotingDevice,
    attestation_id,
    identity_of,
    suffices,
    voting_device_id,
)


class Fields(NamedTuple):
    """Which fields of a command say whose a statement is; rejections name them."""

    person: str
    """Where it says who makes the statement."""

    evidence: str = "evidence"
    """Where it says by what that is known."""


MEMBER: Final = Fields("member")
"""As devices name whose they are, of whom no evidence is asked."""


def insist_signed(
    context: Context, terms: Terms, person: PublicKey, evidence: Evidence, fields: Fields
) -> Assurance:
    """
    Insist that a statement is a person's, and return how sure that is.

    It is signed by the person's key, with or without a device at a place, or by the person's own
    device alone.
    """
    device = None
    if evidence.device is not None:
        field = f"{fields.evidence}.device"
        device = device_at(context, terms.body, evidence.device, field=field)
        if device.retired_at:
            raise DeviceIsRetired(evidence.device, field=field)
        if evidence.device not in context.signers:
            raise DeviceHasNotSigned(evidence.device, field=field)
        if device.member not in {None, person}:
            raise DeviceIsAnothers(evidence.device, field=field)
        if device.member == person:
            return device.assurance
    key = key_of(context, person, fields, terms, evidence.proof)
    if key not in context.signers:
        raise PersonHasNotSigned(person, field=fields.person)
    known = [Assurance.SIMPLE if device is None else device.assurance]
    if terms.assurance is not Assurance.SIMPLE:
        known.append(_attested(context, terms.body, key))
    return strongest(known)


def insist_sure(assurance: Assurance, terms: Terms) -> None:
    """Insist that a statement is as sure as the terms want it."""
    if not suffices(assurance, terms.assurance):
        raise AssuranceTooLow(found=assurance.value, needed=terms.assurance.value)


def strongest(assurances: Iterable[Assurance]) -> Assurance:
    """Return the strongest of some assurances."""
    return max(assurances, key=tuple(Assurance).index)


def device_at(
    context: Context, body: str, device: PublicKey, *, field: str = "device"
) -> VotingDevice:
    """Return a device, or reject if it was never enrolled for the body."""
    found = context.read(VotingDevice, voting_device_id(body, device))
    if found is None:
        raise DeviceIsNotEnrolled(device=device, body=body, field=field)
    return found


def key_of(
    context: Context,
    person: PublicKey,
    fields: Fields,
    terms: Terms | None = None,
    proof: ForeignProof | None = None,
) -> PublicKey:
    """
    Return the key that acts for a person now.

    A key that was bound to an identity and replaced acts no more; the one in its place does. What
    the mark of an identity names is looked up here or, if the terms name another ledger, proven to
    be so there.
    """
    identity = identity_of(person)
    if identity is None:
        binding = context.read(KeyBinding, key_id(person))
        return person if binding is None else _present_key(context, binding.identity, fields)
    ledger = None if terms is None else terms.identity_ledger
    if terms is None or ledger is None or ledger == context.ledger:
        return _present_key(context, identity, fields)
    return _foreign_key(
        context, identity, ledger, proof, age_max=terms.identity_age_max, fields=fields
    )


def _present_key(context: Context, identity: RecordId, fields: Fields) -> PublicKey:
    """Return the key that acts for an identity of this ledger."""
    found = context.read(Identity, identity)
    if found is None:
        raise IdentityIsUnknown(identity, field=fields.person)
    return found.key


def _foreign_key(
    context: Context,
    identity: RecordId,
    ledger: LedgerId,
    proof: ForeignProof | None,
    *,
    age_max: int,
    fields: Fields,
) -> PublicKey:
    """Return the key that acts for an identity of another ledger, by that ledger's word."""
    field = f"{fields.evidence}.proof"
    if proof is None:
        raise ProofIsMissing(ledger, field=field)
    if proof.id != identity:
        raise ProofIsOfAnother(expected=identity, found=proof.id, field=field)
    found, time = foreign(
        context, proof, ledger=ledger, kind=Identity, field=field, ledger_field=fields.person
    )
    if time + age_max < context.time:
        raise ProofIsStale(time=time, earliest=context.time - age_max, field=field)
    if found is None:
        raise IdentityIsUnknown(identity, field=fields.person)
    return found.key


def _attested(context: Context, body: str, key: PublicKey) -> Assurance:
    """Return how sure it is who holds a key."""
    found = context.read(Attestation, attestation_id(body, key))
    if found is None or found.until <= context.time:
        return Assurance.SIMPLE
    return found.assurance
