"""
How many others a delegate represents, whatever names he goes by.

A person has many names: a key, the mark of an identity, every key that the identity had before. All
of them are counted as one, or the most that the terms allow would hold for each name.
"""

from msgspec.structs import replace

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.identity.model import KeyBinding, key_id
from tallystick.core.context import Context

from .errors import TooManyProxies
from .model import (
    Delegation,
    Evidence,
    Proxies,
    Terms,
    delegation_id,
    identity_of,
    proxies_id,
    voter_of,
)
from .persons import Fields, key_of


def name_of(context: Context, person: PublicKey) -> PublicKey:
    """Return the mark of a person's identity, also if it had the key once; else the key itself."""
    if identity_of(person) is not None:
        return person
    binding = context.read(KeyBinding, key_id(person))
    return person if binding is None else voter_of(binding.identity)


def counted_as(
    context: Context, terms: Terms, delegate: PublicKey, evidence: Evidence, fields: Fields
) -> PublicKey:
    """
    Return the one name under which it is counted whom a delegate represents.

    Who is known on another ledger goes by the key that acts for him there, under which he could
    accept as well.
    """
    is_elsewhere = terms.identity_ledger not in {None, context.ledger}
    if is_elsewhere and identity_of(delegate) is not None:
        return name_of(context, key_of(context, delegate, fields, terms, evidence.proof))
    return name_of(context, delegate)


def proxies_of(context: Context, ballot: RecordId, name: PublicKey) -> Proxies:
    """Return how many others somebody represents."""
    return context.read(Proxies, proxies_id(ballot, name)) or Proxies(ballot, name, 0)


def insist_room(proxies: Proxies, terms: Terms) -> None:
    """Insist that a delegate may represent one more."""
    if proxies.count >= terms.proxies_max:
        raise TooManyProxies(terms.proxies_max)


def count(context: Context, proxies: Proxies, by: int) -> None:
    """Write that a delegate represents more than before, or fewer."""
    place = proxies_id(proxies.ballot, proxies.delegate)
    context.write(place, replace(proxies, count=proxies.count + by))


def first_use(
    context: Context,
    terms: Terms,
    delegation: Delegation | None,
    delegate: PublicKey | None,
    evidence: Evidence,
) -> Delegation | None:
    """
    Return a delegation that is voted by for the first time as it will stand, else nothing.

    Keys that nobody knew when they accepted may be keys of one identity by now. So there must be
    room for it under the name that the delegate has now.
    """
    if delegation is None or delegation.delegate != delegate:
        return None
    if delegation.used or delegation.revoked_at:
        return None
    name = counted_as(context, terms, delegate, evidence, Fields("delegate"))
    if name != delegation.counted_as:
        insist_room(proxies_of(context, delegation.ballot, name), terms)
    return replace(delegation, used=True, counted_as=name)


def use(context: Context, delegation: Delegation, used: Delegation) -> None:
    """Write that a delegation was voted by, and count it under who did."""
    context.write(delegation_id(used.ballot, used.voter), used)
    if used.counted_as != delegation.counted_as:
        count(context, proxies_of(context, used.ballot, delegation.counted_as), -1)
        count(context, proxies_of(context, used.ballot, used.counted_as), 1)
