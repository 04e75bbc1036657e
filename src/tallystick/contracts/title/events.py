"""What happened to titles."""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.event import Event
from tallystick.core.holding import LockedFor

from .model import ATTRIBUTES_MAX, Attributes, Dependence, Standing, TitleKind, TitleName


class TitleRegistered(Event, tag="title-registered"):
    """A thing came to be known."""

    title: RecordId
    """Its id."""

    kind: TitleKind
    """What it is."""

    name: TitleName
    """Which of its kind."""

    owner: PublicKey
    """Whose it is."""

    attributes: Attributes
    """What is said of it."""

    depends_on: Dependence | None
    """What it is worth nothing without, if there is such a thing."""


class TitleAmended(Event, tag="title-amended"):
    """Something else is said of a thing."""

    title: RecordId
    """The title."""

    revision: int
    """The revision that this made."""

    attributes: Attributes
    """Everything that is said of it now."""

    removed: Annotated[tuple[str, ...], Meta(max_length=ATTRIBUTES_MAX)]
    """Names of attributes of which nothing is said any more."""


class TitleTransferred(Event, tag="title-transferred"):
    """A title changed its owner."""

    title: RecordId
    """The title."""

    revision: int
    """The revision that this made."""

    source: PublicKey
    """Whose it was."""

    target: PublicKey
    """Whose it is."""

    holder: str
    """The contract that moved it; empty if its owner did."""

    standing: Standing
    """Whether it still has what it depends on, as far as is known."""


class TitleLocked(Event, tag="title-locked"):
    """A title was handed to a contract."""

    title: RecordId
    """The title."""

    revision: int
    """The revision that this made."""

    lock: LockedFor
    """To which contract, for what, and until when."""


class TitleReleased(Event, tag="title-released"):
    """A title obeys its owner again."""

    title: RecordId
    """The title."""

    revision: int
    """The revision that this made."""


class TitleRetired(Event, tag="title-retired"):
    """A thing is no more."""

    title: RecordId
    """The title."""

    revision: int
    """The revision that this made."""


class TitleRebound(Event, tag="title-rebound"):
    """A title depends on another thing."""

    title: RecordId
    """The title."""

    revision: int
    """The revision that this made."""

    depends_on: Dependence
    """What it depends on now."""

    standing: Standing
    """Whether it has it."""


class DependenceConfirmed(Event, tag="title-dependence-confirmed"):
    """Somebody proved how it stands with what a title depends on."""

    title: RecordId
    """The title that depends."""

    revision: int
    """The revision that this made."""

    depends_on: Dependence
    """What was proven."""

    standing: Standing
    """Whether it still has what it depends on."""


class TitleWasShared(Event, tag="title-shared"):
    """A title belongs to the holders of an asset."""

    title: RecordId
    """The title."""

    asset: RecordId
    """The class of assets."""

    supply: Amount
    """How many shares there are. [base units]"""


class IncomeDistributed(Event, tag="title-income-distributed"):
    """Those who share a title were paid."""

    title: RecordId
    """The title."""

    distribution: int
    """Which distribution of its income, counted from 1."""

    unit: RecordId
    """In which asset."""

    payer: PublicKey
    """By whom."""

    amount: Amount
    """How much in all. [base units]"""

    holders: int
    """How many were paid something."""
