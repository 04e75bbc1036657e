"""
Who is known to a ledger, by which key, and what each may do.

An identity is an id that outlives its keys: authority is given to the identity, and a key acts for
it as long as it is bound to it. So a key can be replaced without anybody being appointed again.
"""

from enum import Enum
from functools import lru_cache
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base import hashing
from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.core.foreign import Anchor, Trust

REGISTRARS_MAX: Final = 256
FOUNDERS_MAX: Final = 256
IDS_REMEMBERED_MAX: Final = 4_096
ANCHORS_MAX: Final = 8
ANCHOR_PAUSE_MILLISECONDS: Final = 60_000
ANCHOR_STANDS_MILLISECONDS: Final = (ANCHORS_MAX - 2) * ANCHOR_PAUSE_MILLISECONDS
"""For how long at least an anchor that is not the newest stays known, whoever anchors. [ms]"""

STATUS_PAGE_BYTES: Final = 256
STATUS_PAGE_ENTRIES: Final = 8 * STATUS_PAGE_BYTES
STATUS_PAGES_MAX: Final = 2**20
STATUS_LISTS_MAX: Final = 256

TAG_KEY_ID: Final = b"tallystick/identity/key-id/1"
TAG_AUTHORITY_ID: Final = b"tallystick/identity/authority-id/1"
TAG_REGISTRARS_ID: Final = b"tallystick/identity/registrars-id/1"
TAG_RECOGNISED_ID: Final = b"tallystick/identity/recognised-id/1"
TAG_STATUS_ID: Final = b"tallystick/identity/status-id/1"
TAG_CONTRACT_ISSUER: Final = b"tallystick/identity/contract-issuer/1"

GOVERNANCE: Final = "governance"
"""The contract whose decisions count as a registrar's."""

EVERYWHERE: Final = "*"
"""The scope that includes every other."""

Scope = Annotated[
    str, Meta(min_length=1, max_length=32, pattern=r"^(\*|[A-Za-z0-9][A-Za-z0-9._-]*)\Z")
]
"""Where an authority holds: the name of a sector, zone or company, or `*` for everywhere."""


class Role(Enum):
    """What an authority allows."""

    REGISTRAR = "registrar"
    """Enrols keys, appoints and dismisses anybody."""

    ISSUING_BODY = "issuing-body"
    """Answers for a sector: publishes, issues, corrects, and appoints the sector's publishers."""

    PUBLISHER = "publisher"
    """Publishes measurements of a sector: a data administrator, or a meter itself."""

    ASSET_ISSUER = "asset-issuer"
    """Defines classes of assets; the scope is the name of a class."""

    MARKET_OPERATOR = "market-operator"
    """Opens a market, admits and suspends its participants; the scope is the market's name."""

    GRID_OPERATOR = "grid-operator"
    """Declares outages and maintenance in a sector."""

    DIRECTOR = "director"
    """Decides applications and sets baselines of an emissions programme; the scope is a zone."""

    REGISTRY_OPERATOR = "registry-operator"
    """Keeps the accounts of an emissions programme; the scope is a zone."""

    TITLE_REGISTRAR = "title-registrar"
    """Registers one-of-a-kind things, such as cars or insurances; the scope is their kind."""

    BALLOT_ADMINISTRATOR = "ballot-administrator"
    """Calls and closes ballots; the scope is the body that votes, such as a company or a city."""

    SYSTEM_ADMINISTRATOR = "system-administrator"
    """Admits companies to a marketplace, and appoints their administrators."""

    DID_ADMINISTRATOR = "did-administrator"
    """Enrols the agents and the members of companies; the scope is a company."""

    COMPANY_ADMINISTRATOR = "company-administrator"
    """Acts for a company, and appoints its employees; the scope is the company."""

    EMPLOYEE = "employee"
    """Belongs to a company; the scope is the company."""


APPOINTED_BY: Final = {
    Role.PUBLISHER: Role.ISSUING_BODY,
    Role.COMPANY_ADMINISTRATOR: Role.SYSTEM_ADMINISTRATOR,
    Role.EMPLOYEE: Role.COMPANY_ADMINISTRATOR,
}
"""Who, besides a registrar, appoints and dismisses: whoever holds this role in the same scope."""

ENROLLERS: Final = (
    Role.REGISTRAR,
    Role.ISSUING_BODY,
    Role.DID_ADMINISTRATOR,
    Role.COMPANY_ADMINISTRATOR,
)
"""Who enrols keys in the scope that the role is held in."""


class Identity(Record, tag="identity"):
    """Somebody or something that acts on the ledger, under one key at a time."""

    key: PublicKey
    """The key that acts for it now."""

    enrolled_by: RecordId
    """The identity that enrolled it; its own id if genesis did."""

    enrolled_at: Milliseconds
    """When it was enrolled. [ms since the epoch, UTC]"""


class KeyBinding(Record, tag="key-binding"):
    """Whose key a key is. A key serves one identity once and is never bound again."""

    identity: RecordId
    """The identity that it acts, or acted, for."""

    bound_at: Milliseconds
    """The first moment at which it acts. [ms since the epoch, UTC]"""

    retired_at: Milliseconds
    """From this moment on it acts no more; 0 while it does. [ms since the epoch, UTC]"""


class Authority(Record, tag="authority"):
    """A role that an identity holds in a scope for a period."""

    identity: RecordId
    """Who holds it."""

    role: Role
    """What it allows."""

    scope: Scope
    """Where it holds."""

    begin: Milliseconds
    """The first moment at which it holds. [ms since the epoch, UTC]"""

    end: Milliseconds
    """The moment from which it holds no more; 0 if no end is set. [ms since the epoch, UTC]"""

    appointed_by: RecordId
    """The identity that gave it; the holder's own if genesis did."""

    appointed_at: Milliseconds
    """When it was given. [ms since the epoch, UTC]"""

    dismissed_at: Milliseconds
    """When it was taken away; 0 if it was not. [ms since the epoch, UTC]"""


class Registrars(Record, tag="registrars"):
    """
    The permanent registrars, of whom one must always remain.

    They stand in one list, so that a rule sees without a search whether somebody is the last.
    """

    identities: Annotated[tuple[RecordId, ...], Meta(max_length=REGISTRARS_MAX)]
    """Those who became registrar at once and without an end, in order of appointment."""


class Recognised(Record, tag="recognised-ledger"):
    """Another ledger, by whose signatures it is believed, and what is known of its past."""

    trust: Trust
    """Its keys, and how many of them must have signed."""

    recognised_at: Milliseconds
    """Since when these keys count. [ms since the epoch, UTC]"""

    disowned_at: Milliseconds
    """From this moment on nothing from there is believed; 0 while it is. [ms, UTC]"""

    forked: bool
    """Whether it was disowned because it showed two faces."""

    anchors: Annotated[tuple[Anchor, ...], Meta(max_length=ANCHORS_MAX)]
    """What its log was at the sizes anchored last, ascending."""

    anchored_at: Milliseconds
    """When the place of the latest of them was first taken. [ms since the epoch, UTC]"""


class StatusPage(Record, tag="status-page"):
    """A page of an issuer's status list: one bit for each credential, set once it is revoked."""

    bits: Annotated[bytes, Meta(min_length=STATUS_PAGE_BYTES, max_length=STATUS_PAGE_BYTES)]
    """Entry n is bit n, counted from the most significant of the first byte, as W3C lists are."""


class Founder(Record, tag="founder"):
    """A key to which genesis gives a role."""

    key: PublicKey
    """The key; one that is named for several roles is one identity."""

    role: Role
    """The role."""

    scope: Scope
    """Where it holds, from genesis on and without an end."""


class IdentityParameters(Record, tag="identity-parameters"):
    """Those with whom a ledger begins."""

    authorities: Annotated[tuple[Founder, ...], Meta(min_length=1, max_length=FOUNDERS_MAX)]
    """The founders; at least one is a registrar."""


@lru_cache(maxsize=IDS_REMEMBERED_MAX)
def key_id(key: PublicKey) -> RecordId:
    """Return the id under which a key's binding stands."""
    return RecordId(hashing.tagged_hash(TAG_KEY_ID, key))


@lru_cache(maxsize=IDS_REMEMBERED_MAX)
def authority_id(identity: RecordId, role: Role, scope: str) -> RecordId:
    """Return the id under which an identity's authority in a role and scope stands."""
    return RecordId(
        hashing.tagged_hash(TAG_AUTHORITY_ID, identity, str(role.value).encode(), scope.encode())
    )


@lru_cache(maxsize=1)
def registrars_id() -> RecordId:
    """Return the id under which the list of permanent registrars stands."""
    return RecordId(hashing.tagged_hash(TAG_REGISTRARS_ID))


def recognised_id(ledger: LedgerId) -> RecordId:
    """Return the id under which it stands how another ledger is believed."""
    return RecordId(hashing.tagged_hash(TAG_RECOGNISED_ID, ledger))


def contract_issuer(contract: str) -> RecordId:
    """Return who a contract is when it acts by itself: no identity has this id."""
    return RecordId(hashing.tagged_hash(TAG_CONTRACT_ISSUER, contract.encode()))


def status_id(issuer: RecordId, list: int, page: int) -> RecordId:
    """Return the id under which a page of an issuer's status list stands."""
    return RecordId(
        hashing.tagged_hash(TAG_STATUS_ID, issuer, list.to_bytes(4, "big"), page.to_bytes(4, "big"))
    )


def is_set(page: StatusPage | None, index: int) -> bool:
    """Tell whether an entry of a page is set; a page that was never written has none."""
    return page is not None and bool(page.bits[index >> 3] >> (7 - (index & 7)) & 1)


def in_force(authority: Authority, *, time: int) -> bool:
    """Tell whether an authority holds at a block time."""
    if authority.dismissed_at:
        return False
    return authority.begin <= time and (not authority.end or time < authority.end)


def is_permanent_registrar(authority: Authority) -> bool:
    """
    Tell whether an authority counts towards the registrars of whom one must remain.

    One that ends by itself, or begins only later, does not: the passing of time alone must never
    leave a ledger without a registrar.
    """
    return (
        authority.role is Role.REGISTRAR
        and not authority.end
        and not authority.dismissed_at
        and authority.begin == authority.appointed_at
    )
