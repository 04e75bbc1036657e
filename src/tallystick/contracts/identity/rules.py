"""The rules of identity."""

from tallystick.base.identifiers import PublicKey, RecordId, format_record_id
from tallystick.base.signatures import is_public_key
from tallystick.core.context import Context

from .commands import Appoint, Dismiss, Enrol, RotateKey
from .errors import (
    AuthorityIsOver,
    AuthorityNotFound,
    IdentityNotFound,
    KeyIsNotOnCurve,
    KeyWasBoundBefore,
    LastRegistrar,
    NewKeyDidNotSign,
    PeriodIsEmpty,
    RegistrarIsEverywhere,
    SignerIsNotIdentity,
    SignerMayNotAppoint,
    SignerMayNotEnrol,
    TooManyRegistrars,
)
from .events import AuthorityAppointed, AuthorityDismissed, IdentityEnrolled, KeyRotated
from .model import (
    APPOINTED_BY,
    ENROLLERS,
    EVERYWHERE,
    REGISTRARS_MAX,
    Authority,
    Identity,
    IdentityParameters,
    KeyBinding,
    Registrars,
    Role,
    authority_id,
    is_permanent_registrar,
    key_id,
    registrars_id,
)
from .views import acting_identity, acting_registrar


def enrol(context: Context, command: Enrol) -> None:
    """
    Make a key an identity.

    The key's holder need not sign: whatever is enrolled can be used by the holder alone, and a
    meter is enrolled before it is first switched on.
    """
    # READ
    enroller = _enroller(context, command.scope)
    bound = context.read(KeyBinding, key_id(command.key))
    # CHECK
    if enroller is None:
        raise SignerMayNotEnrol(command.scope)
    if not is_public_key(command.key):
        raise KeyIsNotOnCurve(command.key)
    if bound is not None:
        raise KeyWasBoundBefore(command.key, bound.identity)
    # COMPUTE
    identity = context.derive_id()
    # WRITE
    _write_identity(context, identity, key=command.key, enrolled_by=enroller)


def appoint(context: Context, command: Appoint) -> None:
    """
    Give an identity a role in a scope, or its role a new period.

    A registrar with an end, or one that begins only later, serves its period but isn't counted
    among those of whom one must remain: otherwise the passing of time could leave the ledger
    without any.
    """
    # READ
    holder = context.read(Identity, command.identity)
    appointer = _appointer(context, command.role, command.scope)
    registrars = _registrars(context)
    # CHECK
    if holder is None:
        raise IdentityNotFound(format_record_id(command.identity))
    if appointer is None:
        raise SignerMayNotAppoint(role=command.role, scope=command.scope)
    if command.role is Role.REGISTRAR and command.scope != EVERYWHERE:
        raise RegistrarIsEverywhere(command.scope)
    authority = Authority(
        identity=command.identity,
        role=command.role,
        scope=command.scope,
        begin=max(command.begin, context.time),
        end=command.end,
        appointed_by=appointer,
        appointed_at=context.time,
        dismissed_at=0,
    )
    if authority.end and authority.end <= authority.begin:
        raise PeriodIsEmpty(begin=authority.begin, end=authority.end)
    remaining = _registrars_after(registrars, authority)
    if len(remaining) > REGISTRARS_MAX:
        raise TooManyRegistrars
    if not remaining:
        raise LastRegistrar(command.identity)
    # WRITE
    _write_authority(context, authority)
    if remaining != registrars:
        context.write(registrars_id(), Registrars(identities=remaining))


def dismiss(context: Context, command: Dismiss) -> None:
    """
    Take a role away at once.

    Whatever the holder signed before stays valid: authority is judged at the time of the block.
    """
    # READ
    id = authority_id(command.identity, command.role, command.scope)
    found = context.read(Authority, id)
    dismisser = _appointer(context, command.role, command.scope)
    registrars = _registrars(context)
    # CHECK
    if found is None:
        raise AuthorityNotFound(command.identity, role=command.role, scope=command.scope)
    if dismisser is None:
        raise SignerMayNotAppoint(role=command.role, scope=command.scope)
    over = found.dismissed_at or found.end
    if over and over <= context.time:
        raise AuthorityIsOver(role=found.role, scope=found.scope, since=over)
    ended = Authority(
        identity=found.identity,
        role=found.role,
        scope=found.scope,
        begin=found.begin,
        end=found.end,
        appointed_by=found.appointed_by,
        appointed_at=found.appointed_at,
        dismissed_at=context.time,
    )
    remaining = _registrars_after(registrars, ended)
    if not remaining:
        raise LastRegistrar(command.identity)
    # WRITE
    context.write(id, ended)
    if remaining != registrars:
        context.write(registrars_id(), Registrars(identities=remaining))
    context.emit(
        AuthorityDismissed(
            identity=found.identity, role=found.role, scope=found.scope, dismissed_by=dismisser
        )
    )


def rotate_key(context: Context, command: RotateKey) -> None:
    """
    Bind an identity to another key.

    The old key's binding stays, marked as retired: a key that may have leaked never acts again, and
    anybody can look up whose it was when it signed.
    """
    # READ
    identity = context.read(Identity, command.identity)
    bound = context.read(KeyBinding, key_id(command.key))
    # CHECK
    if identity is None:
        raise IdentityNotFound(format_record_id(command.identity))
    if identity.key not in context.signers:
        raise SignerIsNotIdentity(command.identity)
    if command.key not in context.signers:
        raise NewKeyDidNotSign(command.key)
    if bound is not None:
        raise KeyWasBoundBefore(command.key, bound.identity)
    # COMPUTE
    old = context.read(KeyBinding, key_id(identity.key))
    if old is None:
        raise AssertionError(f"the key of identity {command.identity.hex()} is not bound to it")
    retired = KeyBinding(identity=old.identity, bound_at=old.bound_at, retired_at=context.time)
    fresh = KeyBinding(identity=command.identity, bound_at=context.time, retired_at=0)
    rotated = Identity(
        key=command.key, enrolled_by=identity.enrolled_by, enrolled_at=identity.enrolled_at
    )
    # WRITE
    context.write(key_id(identity.key), retired)
    context.create(key_id(command.key), fresh)
    context.write(command.identity, rotated)
    context.emit(KeyRotated(identity=command.identity, old_key=identity.key, new_key=command.key))


def seed(context: Context, parameters: IdentityParameters) -> None:
    """Enrol and appoint the founders at genesis, of whom `problem_with` has found nothing wrong."""
    founders = parameters.authorities
    identities: dict[PublicKey, RecordId] = {}
    for founder in founders:
        if founder.key not in identities:
            id = identities[founder.key] = context.derive_id(len(identities))
            _write_identity(context, id, key=founder.key, enrolled_by=id)
        id = identities[founder.key]
        authority = Authority(
            identity=id,
            role=founder.role,
            scope=founder.scope,
            begin=context.time,
            end=0,
            appointed_by=id,
            appointed_at=context.time,
            dismissed_at=0,
        )
        _write_authority(context, authority)
    registrars = [identities[each.key] for each in founders if each.role is Role.REGISTRAR]
    context.create(registrars_id(), Registrars(identities=tuple(registrars)))


def problem_with(parameters: IdentityParameters) -> str:
    """
    Say what is wrong with a ledger's founders, naming one; nothing if it can begin with these.

    A ledger that could never have a registrar, or whose founder could never sign, is a mistake of
    whoever sets it up. A ballot that changes the settings may name no others either.
    """
    founders = parameters.authorities
    seen: set[tuple[PublicKey, Role, str]] = set()
    for n, founder in enumerate(founders):
        at, place = f"authorities[{n}]", (founder.key, founder.role, founder.scope)
        if not is_public_key(founder.key):
            return f"{at}.key: {founder.key.hex()} is no point of secp256k1"
        if founder.role is Role.REGISTRAR and founder.scope != EVERYWHERE:
            return f"{at}.scope: {founder.scope!r} was given, a registrar's is '*'"
        if place in seen:
            return f"{at}: the same key, role and scope stand there twice"
        seen.add(place)
    if not any(founder.role is Role.REGISTRAR for founder in founders):
        return "authorities names no registrar, there must be one"
    return ""


def _enroller(context: Context, scope: str) -> RecordId | None:
    """Return the signer's identity that may enrol keys in a scope, or nothing."""
    found = (acting_identity(context, each, scope) for each in ENROLLERS)
    return next((each for each in found if each is not None), None)


def _appointer(context: Context, role: Role, scope: str) -> RecordId | None:
    """Return the signer's identity that may give or take a role in a scope, or nothing."""
    registrar = acting_registrar(context)
    if registrar is None and role in APPOINTED_BY:
        return acting_identity(context, APPOINTED_BY[role], scope)
    return registrar


def _registrars(context: Context) -> tuple[RecordId, ...]:
    """Return the permanent registrars."""
    found = context.read(Registrars, registrars_id())
    if found is None:
        raise AssertionError("genesis wrote no list of registrars")
    return found.identities


def _registrars_after(
    registrars: tuple[RecordId, ...], authority: Authority
) -> tuple[RecordId, ...]:
    """Return the permanent registrars once an authority is written, in order of appointment."""
    if authority.role is not Role.REGISTRAR:
        return registrars
    if not is_permanent_registrar(authority):
        return tuple(each for each in registrars if each != authority.identity)
    if authority.identity in registrars:
        return registrars
    return (*registrars, authority.identity)


def _write_identity(
    context: Context, id: RecordId, *, key: PublicKey, enrolled_by: RecordId
) -> None:
    """Create an identity with its key's binding, and report it."""
    context.create(id, Identity(key=key, enrolled_by=enrolled_by, enrolled_at=context.time))
    context.create(key_id(key), KeyBinding(identity=id, bound_at=context.time, retired_at=0))
    context.emit(IdentityEnrolled(identity=id, key=key, enrolled_by=enrolled_by))


def _write_authority(context: Context, authority: Authority) -> None:
    """Write an authority under its id, and report it."""
    id = authority_id(authority.identity, authority.role, authority.scope)
    replaces = context.read(Authority, id) is not None
    context.write(id, authority)
    context.emit(
        AuthorityAppointed(
            identity=authority.identity,
            role=authority.role,
            scope=authority.scope,
            begin=authority.begin,
            end=authority.end,
            appointed_by=authority.appointed_by,
            replaces=replaces,
        )
    )
