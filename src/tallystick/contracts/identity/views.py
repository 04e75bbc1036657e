"""What can be asked about identities, by people and by the rules of other contracts."""

from msgspec import Struct

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)
from tallystick.core.context import Context
from tallystick.core.contract import Reader

from .errors import AuthorityNotFound, IdentityNotFound
from .model import (
    EVERYWHERE,
    Authority,
    Identity,
    KeyBinding,
    Role,
    Scope,
    authority_id,
    in_force,
    key_id,
)


class ShowIdentity(Record, tag="identity.show"):
    """Show an identity."""

    identity: RecordId
    """Which."""


class FindIdentity(Record, tag="identity.find"):
    """Show the identity for which a key acts, or acted."""

    key: PublicKey
    """The key."""


class ShowAuthority(Record, tag="identity.show-authority"):
    """Show a role that an identity holds or held in a scope."""

    identity: RecordId
    """Who."""

    role: Role
    """What."""

    scope: Scope
    """Where, exactly as it was appointed: `*` is a scope of its own here."""


class IdentityView(Struct, frozen=True):
    """An identity as it stands."""

    identity: RecordId
    """Its id."""

    key: PublicKey
    """The key that acts for it now."""

    enrolled_by: RecordId
    """Who enrolled it; itself at genesis."""

    enrolled_at: Milliseconds
    """When. [ms since the epoch, UTC]"""

    key_bound_at: Milliseconds
    """Since when its present key acts for it. [ms since the epoch, UTC]"""


class AuthorityView(Struct, frozen=True):
    """A role as it stands at the latest block."""

    identity: RecordId
    """Who holds or held it."""

    role: Role
    """What it allows."""

    scope: Scope
    """Where it holds."""

    begin: Milliseconds
    """The first moment at which it holds. [ms since the epoch, UTC]"""

    end: Milliseconds
    """The moment from which it holds no more; 0 if no end is set. [ms since the epoch, UTC]"""

    appointed_by: RecordId
    """Who gave it."""

    dismissed_at: Milliseconds
    """When it was taken away; 0 if it was not. [ms since the epoch, UTC]"""

    in_force: bool
    """Whether it holds at the time of the latest block."""


def show(reader: Reader, question: ShowIdentity) -> IdentityView:
    """Return an identity, or raise `IdentityNotFound`."""
    found = reader.read(Identity, question.identity)
    if found is None:
        raise IdentityNotFound(format_record_id(question.identity))
    binding = reader.read(KeyBinding, key_id(found.key))
    if binding is None:
        raise AssertionError(f"the key of identity {question.identity.hex()} is not bound to it")
    return IdentityView(
        identity=question.identity,
        key=found.key,
        enrolled_by=found.enrolled_by,
        enrolled_at=found.enrolled_at,
        key_bound_at=binding.bound_at,
    )


def find(reader: Reader, question: FindIdentity) -> IdentityView:
    """
    Return the identity to which a key was ever bound, or raise `IdentityNotFound`.

    If the answer names another key, the one that was asked for is retired.
    """
    binding = reader.read(KeyBinding, key_id(question.key))
    if binding is None:
        raise IdentityNotFound(format_public_key(question.key))
    return show(reader, ShowIdentity(identity=binding.identity))


def show_authority(reader: Reader, question: ShowAuthority) -> AuthorityView:
    """Return an authority, or raise `AuthorityNotFound`."""
    id = authority_id(question.identity, question.role, question.scope)
    found = reader.read(Authority, id)
    if found is None:
        raise AuthorityNotFound(question.identity, role=question.role, scope=question.scope)
    return AuthorityView(
        identity=found.identity,
        role=found.role,
        scope=found.scope,
        begin=found.begin,
        end=found.end,
        appointed_by=found.appointed_by,
        dismissed_at=found.dismissed_at,
        in_force=in_force(found, time=reader.time),
    )


def authorised(context: Context, role: Role, scope: str) -> bool:
    """
    Tell whether a signer holds a role in a scope, or everywhere, at block time.

    This is what other contracts ask in their rules. It takes a few look-ups per signer.
    """
    return acting_identity(context, role, scope) is not None


def acting_identity(context: Context, role: Role, scope: str) -> RecordId | None:
    """Return the first signer's identity that holds a role in a scope, or everywhere."""
    time = context.time
    for key in context.signers:
        binding = context.read(KeyBinding, key_id(key))
        if binding is None or binding.retired_at:
            continue
        identity = binding.identity
        found = context.read(Authority, authority_id(identity, role, scope))
        if found is not None and in_force(found, time=time):
            return identity
        if scope != EVERYWHERE:
            found = context.read(Authority, authority_id(identity, role, EVERYWHERE))
            if found is not None and in_force(found, time=time):
                return identity
    return None
