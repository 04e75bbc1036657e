"""What happened to assets."""

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.core.event import Event
from tallystick.core.holding import ContractName

from .model import ClassName, Kind, Text


class AssetDefined(Event, tag="asset-defined"):
    """A class came to be."""

    asset: RecordId
    """Its id."""

    name: ClassName
    """What people call it."""

    unit: str
    """What it counts."""

    scale: int
    """Decimals when shown."""

    kind: Kind
    """Whether its units can be told apart."""


class AssetMinted(Event, tag="asset-minted"):
    """Units came to be."""

    asset: RecordId
    """The class."""

    unit: RecordId
    """What they are units of: the class, or the series."""

    owner: PublicKey
    """Whose they are: a key, or the vault in which they wait."""

    amount: Amount
    """How much. [base units]"""

    series: RecordId | None
    """The record of the evidence; nothing if there was none."""

    project_id: Text
    """The project."""

    reading_id: Text
    """The evidence."""

    nonce: int
    """The issuer's number."""

    signer_key_hash: Hash
    """Which issuer signed."""


class AssetBurned(Event, tag="asset-burned"):
    """Units went out of the world."""

    unit: RecordId
    """The class, or the series."""

    owner: PublicKey
    """Whose they were."""

    amount: Amount
    """How much. [base units]"""

    reason: str
    """Why."""


class AssetMoved(Event, tag="asset-moved"):
    """Units changed their owner."""

    unit: RecordId
    """The class, or the series."""

    source: PublicKey
    """Whose they were."""

    target: PublicKey
    """Whose they are."""

    amount: Amount
    """How much. [base units]"""

    holder: str
    """The contract that moved them out of its lock or vault; empty if their owner did."""

    from_lock: bool
    """Whether they left the locked part of the source's account."""


class AssetLocked(Event, tag="asset-locked"):
    """A part of an account was handed to a contract."""

    unit: RecordId
    """The class, or the series."""

    owner: PublicKey
    """Whose account."""

    holder: ContractName
    """The contract."""

    lock_id: LockId
    """Which of its affairs."""

    amount: Amount
    """How much was added to the lock. [base units]"""

    until: Milliseconds
    """When the lock lapses; 0 for never. [ms since the epoch, UTC]"""


class AssetReleased(Event, tag="asset-released"):
    """A part of an account is its owner's again."""

    unit: RecordId
    """The class, or the series."""

    owner: PublicKey
    """Whose account."""

    holder: ContractName
    """The contract that held it."""

    lock_id: LockId
    """Which of its affairs."""

    amount: Amount
    """How much. [base units]"""
