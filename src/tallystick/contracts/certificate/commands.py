"""What can be done with certificates; `Lock` and `Release` are declared in core."""

from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.measurement.model import Quality
from tallystick.core.holding import ContractName

from .model import LEAVES_MAX, PARTS_MAX, CodeText

REASON_CHARACTERS_MAX: Final = 256


class Issue(Record, tag="certificate.issue"):
    """Issue the certificate of a production measurement, to the measurement's owner."""

    measurement: RecordId
    """The production measurement, whose id becomes the certificate's."""

    technology: CodeText
    """AIB code of the technology, `T` and six digits."""

    fuel: CodeText
    """AIB code of the fuel or energy source, `F` and eight digits."""


class Transfer(Record, tag="certificate.transfer"):
    """Hand a certificate to another owner."""

    certificate: RecordId
    """The certificate that moves."""

    owner: PublicKey
    """Who owns it from now on."""

    lock_id: LockId | None
    """The lock under which a contract moves it; nothing if its owner does."""


class SplitPart(Record):
    """One of the certificates that a split makes."""

    amount_wh: Amount
    """Its amount, at least one. [Wh]"""

    owner: PublicKey
    """Who owns it."""


class Split(Record, tag="certificate.split"):
    """Replace a certificate by smaller ones of the same origin and interval."""

    certificate: RecordId
    """The certificate that is split."""

    parts: Annotated[tuple[SplitPart, ...], Meta(min_length=1, max_length=PARTS_MAX)]
    """What replaces it; the amounts sum to its own."""

    lock_id: LockId | None
    """The lock under which a contract splits it; nothing if its owner does."""


class Claim(Record, tag="certificate.claim"):
    """Retire a whole certificate to the settlement of a consumption measurement."""

    certificate: RecordId
    """The certificate that is used up."""

    consumption: RecordId
    """The consumption measurement that it covers."""

    lock_id: LockId | None
    """The lock, and the pledge of the consumption, under which a contract claims."""


class Withdraw(Record, tag="certificate.withdraw"):
    """Take a certificate back, as its sector's issuing body."""

    certificate: RecordId
    """The certificate."""

    reason: Annotated[str, Meta(min_length=1, max_length=REASON_CHARACTERS_MAX)]
    """Why, for people."""


class Unclaim(Record, tag="certificate.unclaim"):
    """Take a withdrawn certificate out of a settlement, as the consumption's owner."""

    consumption: RecordId
    """The consumption measurement."""

    certificate: RecordId
    """The certificate of the part that goes."""


class Correct(Record, tag="certificate.correct"):
    """Correct a measurement together with everything that hangs on it."""

    measurement: RecordId
    """A production or consumption measurement."""

    amount_wh: Amount
    """What was really measured. [Wh]"""

    quality: Quality
    """How good the new reading is."""

    leaves: Annotated[tuple[RecordId, ...], Meta(max_length=LEAVES_MAX)]
    """Every leaf of the production's tree; none for consumption."""


class Pledge(Record, tag="certificate.pledge"):
    """Hand a contract, in advance, what the measurement of an interval will bring."""

    owner: PublicKey
    """The owner key of the measurement to come, which signs."""

    begin: Seconds
    """Start of its interval. [s since the epoch, UTC]"""

    holder: ContractName
    """The contract."""

    lock_id: LockId
    """Which of the contract's affairs it is for."""

    until: Milliseconds
    """When the pledge lapses. [ms since the epoch, UTC]"""
