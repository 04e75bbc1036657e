"""What can be done about identities."""

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

from .model import Role, Scope


class Enrol(Record, tag="identity.enrol"):
    """
    Make a key an identity.

    Signed by a registrar, or by the issuing body of the scope. The identity's id is computed;
    whoever knows the key finds it with the view `identity.find`.
    """

    key: PublicKey
    """The key that will act for the new identity. Its holder need not sign."""

    scope: Scope
    """Where the signer is issuing body; a registrar may name any scope. It limits nothing later."""


class Appoint(Record, tag="identity.appoint"):
    """
    Give an identity a role in a scope for a period.

    Signed by a registrar; the issuing body of a scope may appoint its publishers, a meter's own key
    among them. Appointing again sets a new period.
    """

    identity: RecordId
    """Who is appointed."""

    role: Role
    """What it may do."""

    scope: Scope
    """Where; a registrar's is `*`."""

    begin: Milliseconds
    """From when; a moment that has passed, such as 0, means at once. [ms since the epoch, UTC]"""

    end: Milliseconds
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
