"""What can be done about identities, and about other ledgers."""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LedgerId, PublicKey, RecordId
from tallystick.core.foreign import NOTE_BYTES_MAX, Trust
from tallystick.core.proof import PATH_HASHES_MAX

from .model import (
    STATUS_LISTS_MAX,
    STATUS_PAGE_ENTRIES,
    STATUS_PAGES_MAX,
    Role,
    Scope,
)

Note = Annotated[bytes, Meta(max_length=NOTE_BYTES_MAX)]
"""A C2SP signed note over a checkpoint, with cosignatures."""

Consistency = Annotated[tuple[Hash, ...], Meta(max_length=PATH_HASHES_MAX)]
"""An RFC 6962 consistency path."""

StatusEntries = Annotated[
    tuple[Annotated[int, Meta(ge=0, lt=STATUS_PAGE_ENTRIES)], ...], Meta(max_length=256)
]
"""Entries of one page, counted from its first."""


class Enrol(Record, tag="identity.enrol"):
    """
    Make a key an identity.

    Signed by a registrar, or by the issuing body, DID administrator or company administrator of the
    scope. The identity's id is computed; whoever knows the key finds it with `identity.find`.
    """

    key: PublicKey
    """The key that will act for the new identity. Its holder need not sign."""

    scope: Scope
    """Where the signer may enrol; a registrar may name any scope. It limits nothing later."""


class Appoint(Record, tag="identity.appoint"):
    """
    Give an identity a role in a scope for a period.

    Signed by a registrar; the issuing body of a scope may appoint its publishers, a meter's own key
    among them, a company's administrator its employees, and the system administrator the companies'
    administrators. Appointing again sets a new period.
    """

    identity: RecordId
    """Who is appointed."""

    role: Role
    """What it may do."""

    scope: Scope
    """Where; a registrar's is `*`."""

    begin: Milliseconds = 0
    """From when; a moment that has passed, such as 0, means at once. [ms since the epoch, UTC]"""

    end: Milliseconds = 0
    """Until when, exclusive; 0 sets no end. [ms since the epoch, UTC]"""


class Dismiss(Record, tag="identity.dismiss"):
    """
    Take a role in a scope away at once, whether or not its period has begun.

    Signed by whoever might appoint. The last permanent registrar stays.
    """

    identity: RecordId
    """Who is dismissed."""

    role: Role
    """From what."""

    scope: Scope
    """Where."""


class RotateKey(Record, tag="identity.rotate-key"):
    """
    Bind an identity to another key.

    Signed by the present key and by the new one, which so proves that somebody holds it. Authority
    stays with the identity; the old key acts no more from the next command on, and never again.
    """

    identity: RecordId
    """Whose key it is."""

    key: PublicKey
    """The new key, never bound before."""


class Recognise(Record, tag="identity.recognise"):
    """
    Believe another ledger from now on if enough of these keys have signed.

    Signed by a registrar, or decided by governance. Recognising again replaces its keys, so that
    they can be rotated; what is known of its past stays, unless it showed two faces.
    """

    trust: Trust
    """The ledger, its keys, and how many of them must agree."""

    forgetting: bool = False
    """Whether all anchors go, because whoever stole the keys may have left false ones."""


class Disown(Record, tag="identity.disown"):
    """
    Believe nothing any more that comes from another ledger.

    Signed by a registrar, or decided by governance. What waits for its word goes on waiting.
    """

    ledger: LedgerId
    """The other ledger."""


class AnchorLedger(Record, tag="identity.anchor"):
    """
    Remember what another ledger's log is now, so that nobody can show another past later.

    Anybody may: its keys have signed. From the first anchor on every proof shows that it is of the
    same history.
    """

    ledger: LedgerId
    """The other ledger."""

    checkpoint: Note
    """A checkpoint that is larger than the latest anchor."""

    consistency: Consistency
    """That it grew out of the latest anchor; empty for the first."""


class ReportFork(Record, tag="identity.report-fork"):
    """
    Show that another ledger has two faces, whereupon nothing from there is believed any more.

    Anybody may, with two checkpoints of one size that differ, each signed by enough of its keys.
    """

    ledger: LedgerId
    """The other ledger."""

    checkpoint: Note
    """One face."""

    other: Note
    """The other."""


class PublishStatus(Record, tag="identity.publish-status"):
    """
    Set entries of a status list: the credentials that they stand for are revoked.

    Signed by the issuer's present key; a contract's list is written by that contract. What is set
    stays set.
    """

    issuer: RecordId
    """Whose list it is: an identity, or a contract as `contract_issuer` names it."""

    list: Annotated[int, Meta(ge=0, lt=STATUS_LISTS_MAX)]
    """Which of the issuer's lists."""

    page: Annotated[int, Meta(ge=0, lt=STATUS_PAGES_MAX)]
    """Which page of it, of 2,048 entries each."""

    entries: StatusEntries
    """What is set."""
