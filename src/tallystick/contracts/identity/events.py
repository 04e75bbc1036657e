"""What has happened to identities."""

from tallystick.base.amounts import Milliseconds
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.core.event import Event
from tallystick.core.foreign import Anchor, Trust

from .model import Role, Scope


class IdentityEnrolled(Event, tag="identity-enrolled"):
    """A key became an identity."""

    identity: RecordId
    """The new identity."""

    key: PublicKey
    """The key that acts for it."""

    enrolled_by: RecordId
    """Who enrolled it; itself at genesis."""


class AuthorityAppointed(Event, tag="authority-appointed"):
    """An identity was given a role, or its role a new period."""

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
    """Who gave it; the holder at genesis."""

    replaces: bool
    """Whether it replaces an earlier appointment to the same role and scope, over or not."""


class AuthorityDismissed(Event, tag="authority-dismissed"):
    """A role was taken away."""

    identity: RecordId
    """Who held it."""

    role: Role
    """What it allowed."""

    scope: Scope
    """Where it held."""

    dismissed_by: RecordId
    """Who took it away."""


class KeyRotated(Event, tag="key-rotated"):
    """An identity acts under another key."""

    identity: RecordId
    """Whose key it is."""

    old_key: PublicKey
    """The key that acts no more."""

    new_key: PublicKey
    """The key that acts now."""


class LedgerRecognised(Event, tag="ledger-recognised"):
    """Another ledger is believed by these keys."""

    trust: Trust
    """The ledger, its keys, and how many of them must agree."""

    recognised_by: RecordId
    """Whose decision it was; governance's own id if a ballot's."""

    replaces: bool
    """Whether other keys counted before."""


class LedgerDisowned(Event, tag="ledger-disowned"):
    """Another ledger is believed no more."""

    ledger: LedgerId
    """Which."""

    forked: bool
    """Whether it showed two faces; else somebody decided it."""


class LedgerAnchored(Event, tag="ledger-anchored"):
    """What another ledger's log was is remembered."""

    ledger: LedgerId
    """Which."""

    anchor: Anchor
    """Its size and root."""


class StatusPublished(Event, tag="status-published"):
    """Credentials were revoked."""

    issuer: RecordId
    """Whose list it is."""

    list: int
    """Which of the issuer's lists."""

    page: int
    """Which page of it."""

    entries: tuple[int, ...]
    """What was set, counted from the page's first entry."""
