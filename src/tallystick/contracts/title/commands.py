"""What can be done with titles; `Lock`, `Release` and `Move` are declared in core."""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.contracts.exchange.model import Change
from tallystick.core.foreign import ForeignProof

from .model import HOLDERS_MAX, Attributes, TitleKind, TitleName


class Named(Record):
    """A title of another ledger, with the proof that its owner has it and it is held there."""

    ledger: LedgerId
    """The other ledger, which this one recognises."""

    title: RecordId
    """The title there."""

    change: Change
    """The joint change for which it is held there to stay its owner's, not decided here yet."""

    proof: ForeignProof
    """How it stands there."""


class Register(Record, tag="title.register"):
    """
    Register a thing, as a title registrar of its kind together with its owner.

    Whatever depends on a title of another ledger brings the proof of it.
    """

    kind: TitleKind
    """What it is."""

    name: TitleName
    """Which of its kind; no two have the same, and a name is never free again."""

    owner: PublicKey
    """Whose it is, who signs."""

    attributes: Attributes
    """What is said of it, ascending by name."""

    depends_on: Named | None
    """What it is worth nothing without; nothing if it stands by itself."""


class Amend(Record, tag="title.amend"):
    """Replace what is said of a thing, as a title registrar of its kind with its owner."""

    title: RecordId
    """Which."""

    attributes: Attributes
    """What is said of it from now on, ascending by name."""


class Transfer(Record, tag="title.transfer"):
    """Hand a title to another owner, as its owner."""

    title: RecordId
    """Which."""

    target: PublicKey
    """Whose it becomes: a key, or a contract's vault."""


class Retire(Record, tag="title.retire"):
    """
    Say that a thing is no more, as its owner.

    A title registrar of its kind may, too, once what it depends on has left.
    """

    title: RecordId
    """Which."""


class Rebind(Record, tag="title.rebind"):
    """Let a title depend on another thing, as a title registrar of its kind with its owner."""

    title: RecordId
    """Which; it must depend on something already."""

    depends_on: Named
    """What it depends on from now on."""


class Confirm(Record, tag="title.confirm"):
    """Bring what the other ledger says now of what a title depends on; anybody may."""

    title: RecordId
    """Which."""

    proof: ForeignProof
    """How the named title stands there, or that there is none."""


class Share(Record, tag="title.share"):
    """Say that a title belongs to the holders of an asset, as its owner; once for each."""

    title: RecordId
    """Which."""

    asset: RecordId
    """A fungible class of which the owner is an issuer, and whose minting has ended."""


class Distribute(Record, tag="title.distribute"):
    """Pay a title's income to those who share it, in proportion to what they have."""

    title: RecordId
    """Which."""

    unit: RecordId
    """The asset in which it is paid."""

    payer: PublicKey
    """Who pays, and signs."""

    amount: Amount
    """How much in all, at least one. [base units]"""

    holders: Annotated[tuple[PublicKey, ...], Meta(min_length=1, max_length=HOLDERS_MAX)]
    """Everybody who has shares, ascending; more than so many cannot be paid."""
