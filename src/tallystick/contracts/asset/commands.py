"""What can be done with assets; `Lock`, `Release` and `Move` are declared in core."""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.core.holding import ContractName

from .model import ISSUERS_MAX, NONCE_MAX, SCALE_MAX, Burners, ClassName, Kind, Text

REASON_CHARACTERS_MAX = 256


class Define(Record, tag="asset.define"):
    """Define a class of assets, as an asset issuer in the scope of its name."""

    name: ClassName
    """What people call it."""

    unit: Annotated[str, Meta(min_length=1, max_length=16)]
    """What it counts, such as `kWh` or `EUR`."""

    scale: Annotated[int, Meta(ge=0, le=SCALE_MAX)]
    """How many decimals an amount has when it is shown."""

    kind: Kind
    """Whether its units can be told apart."""

    issuers: Annotated[tuple[PublicKey, ...], Meta(min_length=1, max_length=ISSUERS_MAX)]
    """The keys that mint, each alone."""

    supply_cap: Amount
    """The most that may exist at a time; 0 for no cap. [base units]"""

    last_mint_at: Milliseconds
    """From this block time on nothing is minted; 0 for never. [ms since the epoch, UTC]"""

    transferable: bool
    """Whether its owners may pass it on."""

    burners: Burners
    """Who may burn."""


class Mint(Record, tag="asset.mint"):
    """Mint units to an owner, for a piece of evidence at most once for ever."""

    asset: RecordId
    """The class."""

    owner: PublicKey | None
    """To whom; nothing if it waits for a claimer."""

    amount: Amount
    """How much, at least one. [base units]"""

    evidence: Text = ""
    """The id of the reading; empty only in a fungible class."""

    project: Text = ""
    """The project that vouches for it; may be empty."""

    nonce: Annotated[int, Meta(ge=0, le=NONCE_MAX)] = 0
    """A number of the issuer's that becomes part of the record."""

    claim: Hash | None = None
    """What commits to the claimer; nothing if there is an owner."""


class Burn(Record, tag="asset.burn"):
    """Take units out of the world."""

    unit: RecordId
    """The class, or the series of a serial class."""

    owner: PublicKey
    """Whose they are."""

    amount: Amount
    """How much, at least one. [base units]"""

    reason: Annotated[str, Meta(min_length=1, max_length=REASON_CHARACTERS_MAX)]
    """Why, for people."""


class Transfer(Record, tag="asset.transfer"):
    """Hand units to another owner."""

    unit: RecordId
    """The class, or the series of a serial class."""

    source: PublicKey
    """Whose they are, who signs."""

    target: PublicKey
    """Whose they become: a key, or a contract's vault."""

    amount: Amount
    """How much, at least one. [base units]"""


class Claim(Record, tag="asset.claim"):
    """Take what was minted for somebody who could not be named yet."""

    series: RecordId
    """What was minted."""

    claimer: PublicKey
    """Who takes it, and signs."""

    proof: Annotated[bytes, Meta(min_length=32, max_length=32)]
    """The random bytes that, with the claimer's key, make the mint's commitment."""


class Reclaim(Record, tag="asset.reclaim"):
    """Take back what a lock that has lapsed still holds, as the owner."""

    unit: RecordId
    """The class, or the series of a serial class."""

    owner: PublicKey
    """Whose it is, who signs."""

    holder: ContractName
    """The contract that it was locked for."""

    lock_id: LockId
    """Under which id."""
