"""
What has happened to certificates.

Events say enough to keep a read model without reading the state. Ids that can be computed are left
out: an issued certificate has its measurement's id, a settlement its consumption's, and what
follows a certificate has the `child_id` that each event's docstring names.
"""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.measurement.model import Sector
from tallystick.core.event import Event
from tallystick.core.holding import ContractName, LockedFor

from .commands import REASON_CHARACTERS_MAX, SplitPart
from .model import LEAVES_MAX, PARTS_MAX, CodeText, Revision


class CertificateIssued(Event, tag="certificate-issued"):
    """A measurement's certificate came to be, under the measurement's id."""

    measurement: RecordId
    """The production measurement."""

    begin: Seconds
    """Start of the production interval. [s since the epoch, UTC]"""

    end: Seconds
    """End of the production interval. [s since the epoch, UTC]"""

    sector: Sector
    """Where the electricity was produced."""

    technology: CodeText
    """AIB code of the technology."""

    fuel: CodeText
    """AIB code of the fuel."""

    owner: PublicKey
    """Who owns it."""

    amount_wh: Amount
    """Its amount. [Wh]"""

    lock: LockedFor | None
    """The lock that it was born with, if its owner had pledged it."""


class CertificateTransferred(Event, tag="certificate-transferred"):
    """A certificate got another owner, as `child_id(certificate, TRANSFER, 0)`."""

    certificate: RecordId
    """The certificate that was transferred."""

    measurement: RecordId
    """The root of its tree."""

    begin: Seconds
    """Start of the production interval. [s since the epoch, UTC]"""

    end: Seconds
    """End of the production interval. [s since the epoch, UTC]"""

    sector: Sector
    """Where the electricity was produced."""

    technology: CodeText
    """AIB code of the technology."""

    fuel: CodeText
    """AIB code of the fuel."""

    owner: PublicKey
    """Who owns it now."""

    amount_wh: Amount
    """Its amount. [Wh]"""

    lock: LockedFor | None
    """The lock that goes with it, because it stays with its owner."""


class CertificateSplit(Event, tag="certificate-split"):
    """A certificate was replaced by parts, the n-th as `child_id(certificate, SPLIT, n)`."""

    certificate: RecordId
    """The certificate that was split."""

    measurement: RecordId
    """The root of its tree."""

    begin: Seconds
    """Start of the production interval. [s since the epoch, UTC]"""

    end: Seconds
    """End of the production interval. [s since the epoch, UTC]"""

    sector: Sector
    """Where the electricity was produced."""

    technology: CodeText
    """AIB code of the technology."""

    fuel: CodeText
    """AIB code of the fuel."""

    owner: PublicKey
    """Who owned the whole."""

    parts: Annotated[tuple[SplitPart, ...], Meta(max_length=PARTS_MAX)]
    """What replaced it."""

    lock: LockedFor | None
    """The lock that goes with every part that stays with the owner of the whole."""


class CertificateClaimed(Event, tag="certificate-claimed"):
    """A certificate was retired to the settlement of a consumption."""

    certificate: RecordId
    """The certificate."""

    consumption: RecordId
    """The consumption measurement."""

    begin: Seconds
    """Start of the production interval. [s since the epoch, UTC]"""

    end: Seconds
    """End of the production interval. [s since the epoch, UTC]"""

    sector: Sector
    """Where the electricity was produced."""

    technology: CodeText
    """AIB code of the technology."""

    amount_wh: Amount
    """Its amount. [Wh]"""


class CertificateWithdrawn(Event, tag="certificate-withdrawn"):
    """The issuing body took a certificate back."""

    certificate: RecordId
    """The certificate."""

    begin: Seconds
    """Start of the production interval. [s since the epoch, UTC]"""

    end: Seconds
    """End of the production interval. [s since the epoch, UTC]"""

    sector: Sector
    """Where the electricity was produced."""

    technology: CodeText
    """AIB code of the technology."""

    amount_wh: Amount
    """Its amount. [Wh]"""

    consumption: RecordId | None
    """The consumption for which it had been claimed, whose settlement shows the mark."""

    reason: Annotated[str, Meta(max_length=REASON_CHARACTERS_MAX)]
    """Why, for people."""


class CertificateUnclaimed(Event, tag="certificate-unclaimed"):
    """A withdrawn certificate left its settlement."""

    certificate: RecordId
    """The certificate."""

    consumption: RecordId
    """The consumption measurement."""

    amount_wh: Amount
    """What the settlement lost. [Wh]"""


class LeafCorrected(Record):
    """A leaf whose amount a correction changed in place."""

    certificate: RecordId
    """The leaf."""

    amount_wh: Amount
    """What it holds now; at zero it is withdrawn. [Wh]"""

    consumption: RecordId | None
    """The settlement in which its part changed with it: it had been claimed, then withdrawn."""


class ProductionCorrected(Event, tag="production-corrected"):
    """
    A production measurement was corrected with the leaves of its certificate's tree.

    Claims that it broke are reported by a `ClaimBroken` each. If `added_wh` is not zero, it went to
    the owner as a new certificate, `child_id(measurement, CORRECT, revision)`.
    """

    measurement: RecordId
    """The production measurement."""

    revision: Revision
    """Its new revision."""

    begin: Seconds
    """Start of the production interval. [s since the epoch, UTC]"""

    end: Seconds
    """End of the production interval. [s since the epoch, UTC]"""

    sector: Sector
    """Where the electricity was produced."""

    technology: CodeText
    """AIB code of the technology."""

    fuel: CodeText
    """AIB code of the fuel."""

    owner: PublicKey
    """The measurement's owner."""

    old_wh: Amount
    """What was measured before. [Wh]"""

    new_wh: Amount
    """What is measured now. [Wh]"""

    added_wh: Amount
    """The amount of the new certificate; zero if there is none. [Wh]"""

    taken_from_withdrawn_wh: Amount
    """How much of the decrease came from withdrawn leaves. [Wh]"""

    leaves: Annotated[tuple[LeafCorrected, ...], Meta(max_length=LEAVES_MAX)]
    """Every leaf whose amount changed in place."""


class ClaimBroken(Event, tag="claim-broken"):
    """
    A correction undid a claim, and what it kept was reborn.

    The new certificate's id depends on whether the production or the consumption was corrected, so
    it is the one computed id that an event spells out.
    """

    certificate: RecordId
    """The retired certificate."""

    consumption: RecordId
    """The consumption that it had been claimed for."""

    measurement: RecordId
    """The root of its tree."""

    begin: Seconds
    """Start of the production interval. [s since the epoch, UTC]"""

    end: Seconds
    """End of the production interval. [s since the epoch, UTC]"""

    sector: Sector
    """Where the electricity was produced."""

    technology: CodeText
    """AIB code of the technology."""

    fuel: CodeText
    """AIB code of the fuel."""

    owner: PublicKey
    """Who owned it, and owns what was reborn."""

    amount_wh: Amount
    """What the settlement lost. [Wh]"""

    reborn_wh: Amount
    """The amount of the certificate that was reborn; zero if there is none. [Wh]"""

    reborn: RecordId
    """Its id, whether or not anything was reborn."""


class CertificateLocked(Event, tag="certificate-locked"):
    """A certificate was handed to a contract."""

    certificate: RecordId
    """The certificate."""

    lock: LockedFor
    """To whom, and until when."""


class CertificateReleased(Event, tag="certificate-released"):
    """A certificate's lock ended."""

    certificate: RecordId
    """The certificate."""


class IntervalPledged(Event, tag="interval-pledged"):
    """What an interval's measurement will bring was handed to a contract."""

    owner: PublicKey
    """The owner key of the measurement to come."""

    begin: Seconds
    """Start of its interval. [s since the epoch, UTC]"""

    holder: ContractName
    """The contract."""

    lock_id: LockId
    """Which of the contract's affairs it is for."""

    until: Milliseconds
    """When the pledge lapses. [ms since the epoch, UTC]"""


class PledgeReleased(Event, tag="pledge-released"):
    """A pledge ended before it lapsed."""

    measurement: RecordId
    """The id of the measurement that it was about."""
