"""What can be asked about identities, by people and by the rules of other contracts."""

from typing import Annotated, TypeVar

from msgspec import Meta, Struct

from tallystick.base.amounts import Milliseconds
from tallystick.base.dids import did_of_key
from tallystick.base.encoding import Record
from tallystick.base.identifiers import (
    LedgerId,
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)
from tallystick.core.context import Context
from tallystick.core.contract import Reader
from tallystick.core.foreign import (
    Anchor,
    ForeignProof,
    HistoryForks,
    Trust,
    foreign_record,
    verify_foreign,
    verify_history,
)
from tallystick.core.proof import ProofInvalid

from .errors import (
    AuthorityNotFound,
    ForeignProofIsInvalid,
    IdentityNotFound,
    LedgerForks,
    LedgerNotRecognised,
)
from .model import (
    EVERYWHERE,
    GOVERNANCE,
    STATUS_LISTS_MAX,
    STATUS_PAGE_ENTRIES,
    STATUS_PAGES_MAX,
    Authority,
    Identity,
    KeyBinding,
    Recognised,
    Role,
    Scope,
    StatusPage,
    authority_id,
    contract_issuer,
    in_force,
    is_set,
    key_id,
    recognised_id,
    status_id,
)

AnyRecord = TypeVar("AnyRecord", bound=Record)


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


class ShowRecognised(Record, tag="identity.show-recognised"):
    """Show how another ledger is believed."""

    ledger: LedgerId
    """Which."""


class ShowStatus(Record, tag="identity.show-status"):
    """Tell whether an entry of a status list is set."""

    issuer: RecordId
    """Whose list it is."""

    list: Annotated[int, Meta(ge=0, lt=STATUS_LISTS_MAX)]
    """Which of the issuer's lists."""

    entry: Annotated[int, Meta(ge=0, lt=STATUS_PAGES_MAX * STATUS_PAGE_ENTRIES)]
    """The entry, counted from the list's first."""


class RecognisedView(Struct, frozen=True):
    """Another ledger as it is believed."""

    trust: Trust
    """Its keys, and how many of them must have signed."""

    recognised_at: Milliseconds
    """Since when these keys count. [ms since the epoch, UTC]"""

    disowned_at: Milliseconds
    """Since when nothing from there is believed; 0 while it is. [ms since the epoch, UTC]"""

    forked: bool
    """Whether it showed two faces."""

    anchors: tuple[Anchor, ...]
    """What its log was at the sizes anchored last, ascending."""


class StatusView(Struct, frozen=True):
    """An entry of a status list."""

    is_set: bool
    """Whether the credential that it stands for is revoked."""


class IdentityView(Struct, frozen=True):
    """An identity as it stands."""

    identity: RecordId
    """Its id."""

    did: str
    """Its present key as a decentralised identifier, of the method `did:key`."""

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
        did=did_of_key(found.key),
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
        raise IdentityNotFound(format_public_key(question.key), field="key")
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


def show_recognised(reader: Reader, question: ShowRecognised) -> RecognisedView:
    """Return how another ledger is believed, or was, or raise `LedgerNotRecognised`."""
    found = reader.read(Recognised, recognised_id(question.ledger))
    if found is None:
        raise LedgerNotRecognised(question.ledger)
    return RecognisedView(
        found.trust, found.recognised_at, found.disowned_at, found.forked, found.anchors
    )


def show_status(reader: Reader, question: ShowStatus) -> StatusView:
    """Tell whether an entry is set; of a list that nobody wrote none is."""
    page, entry = divmod(question.entry, STATUS_PAGE_ENTRIES)
    found = reader.read(StatusPage, status_id(question.issuer, question.list, page))
    return StatusView(is_set(found, entry))


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


def acting_registrar(context: Context) -> RecordId | None:
    """Return the signing registrar's identity; governance counts as one by its own id."""
    if context.caller == GOVERNANCE:
        return contract_issuer(GOVERNANCE)
    return acting_identity(context, Role.REGISTRAR, EVERYWHERE)


def recognised(context: Context, ledger: LedgerId, *, field: str = "ledger") -> Recognised:
    """
    Return how another ledger is believed, or raise `LedgerNotRecognised`.

    `field` is what names the ledger.
    """
    found = context.read(Recognised, recognised_id(ledger))
    if found is None:
        raise LedgerNotRecognised(ledger, field=field)
    if found.disowned_at:
        raise LedgerNotRecognised(ledger, disowned_at=found.disowned_at, field=field)
    return found


def foreign(
    context: Context,
    proof: ForeignProof,
    *,
    ledger: LedgerId,
    kind: type[AnyRecord],
    field: str = "proof",
    ledger_field: str = "ledger",
) -> tuple[AnyRecord | None, int]:
    """
    Return what another ledger says under `proof.id`, and as of when by its own time. [ms, UTC]

    This is what other contracts ask in their rules. Nothing is returned if the proof shows that no
    record of this kind stands there. The rule insists on the id that it expects, and on how old the
    answer may be. Raises `LedgerNotRecognised`, `ForeignProofIsInvalid` or `LedgerForks`: they name
    the `field` with the proof, or the one that says which ledger.
    """
    found = recognised(context, ledger, field=ledger_field)
    try:
        time = verify_foreign(proof, found.trust)
        verify_history(proof, found.anchors)
        return foreign_record(proof, kind), time
    except ProofInvalid as error:
        raise ForeignProofIsInvalid(str(error), field=field) from error
    except HistoryForks as error:
        raise LedgerForks(ledger, str(error), field=f"{field}.checkpoint") from error
