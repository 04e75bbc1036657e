"""What the contract keeps: classes of assets, series minted from readings, balances and locks."""

from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.core.holding import ContractName, vault

CONTRACT_NAME: Final = "asset"
ISSUERS_MAX: Final = 16
SCALE_MAX: Final = 9
TEXT_MAX: Final = 64
NONCE_MAX: Final = 2**53 - 1

TAG_SERIES_ID: Final = b"tallystick/asset/series-id/1"
TAG_LOCK_ID: Final = b"tallystick/asset/lock-id/1"
TAG_CLAIM: Final = b"tallystick/asset/claim/1"
TAG_KEY_HASH: Final = b"tallystick/asset/key-hash/1"

ClassName = Annotated[
    str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z")
]
"""The scope in which an asset issuer holds its role."""

Text = Annotated[str, Meta(max_length=TEXT_MAX)]
"""A short text, for people or for another system."""


class Kind(Enum):
    """Whether units of a class can be told apart."""

    FUNGIBLE = "fungible"
    """They cannot: money, loyalty points."""

    SERIAL = "serial"
    """Each reading has a series of its own, which is moved and burned apart from all others."""


class Burners(Enum):
    """Who may burn units."""

    ISSUER = "issuer"
    """An issuer of the class."""

    OWNER = "owner"
    """Whoever owns them."""

    EITHER = "either"
    """Both, each alone."""


class AssetClass(Record, tag="asset-class"):
    """What units of an asset are, who mints them and what may be done with them."""

    name: ClassName
    """What people call it."""

    unit: Annotated[str, Meta(min_length=1, max_length=16)]
    """What it counts, such as `kWh` or `EUR`."""

    scale: Annotated[int, Meta(ge=0, le=SCALE_MAX)]
    """How many decimals an amount has when it is shown: with 3, 1,500 are 1.5 units."""

    kind: Kind
    """Whether its units can be told apart."""

    issuers: Annotated[tuple[PublicKey, ...], Meta(min_length=1, max_length=ISSUERS_MAX)]
    """The keys that mint, each alone."""

    supply_cap: Amount
    """The most that may exist at a time; 0 for no cap. [base units]"""

    last_mint_at: Milliseconds
    """From this block time on nothing is minted; 0 for never. [ms since the epoch, UTC]"""

    transferable: bool
    """Whether its owners may pass it on, by themselves or through a contract."""

    burners: Burners
    """Who may burn."""

    defined_at: Milliseconds
    """When it was defined. [ms since the epoch, UTC]"""

    minted: Amount = 0
    """Minted so far. [base units]"""

    burned: Amount = 0
    """Burned so far. [base units]"""


class Series(Record, tag="asset-series"):
    """What was minted for one reading, or other evidence; it never changes and never goes."""

    asset: RecordId
    """The class."""

    project_id: Text
    """The project that vouches for the reading."""

    reading_id: Text
    """The evidence; nothing else is ever minted for it in this class."""

    kwh: Amount
    """How much was minted, in the class's base units."""

    owner: PublicKey
    """To whom; the vault in which it waits, if a claimer was to come."""

    minted_at: Milliseconds
    """When. [ms since the epoch, UTC]"""

    nonce: Annotated[int, Meta(ge=0, le=NONCE_MAX)]
    """The number that the issuer gave this mint."""

    signer_key_hash: Hash
    """Which issuer's key signed; see `key_hash`."""

    claim: Hash | None
    """What commits to the claimer; see `claim_of`. Nothing if it was minted to an owner."""


class Balance(Record, tag="asset-balance"):
    """An account: what an owner has of a class, or of a series; it stands under `holding_id`."""

    unit: RecordId
    """The class, or the series of a serial class."""

    owner: PublicKey
    """A key, or a vault."""

    spendable: Amount
    """What the owner may move. [base units]"""

    locked: Amount
    """What only the holders of its locks may move. [base units]"""


class LockedAmount(Record, tag="asset-lock"):
    """A part of an account that an affair of a contract holds; see `lock_record_id`."""

    holding: RecordId
    """The account."""

    holder: ContractName
    """The contract."""

    lock_id: LockId
    """Which of its affairs."""

    until: Milliseconds
    """It has lapsed from this block time on; 0 means it never does. [ms since the epoch, UTC]"""

    amount: Amount
    """How much is still held. [base units]"""


class AssetParameters(Record, tag="asset-parameters"):
    """Nothing to set: each class says what holds for it."""


def unfit_as_money(asset: AssetClass | None) -> str:
    """Say why a class is no money, to contracts that state what is paid with; else nothing."""
    if asset is None:
        return "there is no such asset; define it first"
    if asset.kind is not Kind.FUNGIBLE or not asset.transferable:
        return "name an asset that is fungible and transferable"
    return ""


def series_id(asset: RecordId, reading_id: str) -> RecordId:
    """Return the id of what is minted for a reading: there is one for each, for ever."""
    return RecordId(tagged_hash(TAG_SERIES_ID, asset, reading_id.encode()))


_LOCK_HEAD: Final = len(TAG_LOCK_ID).to_bytes(1, "big") + TAG_LOCK_ID + (32).to_bytes(4, "big")
_LOCK_ID_LENGTH: Final = (32).to_bytes(4, "big")


@lru_cache(16_384)
def lock_record_id(holding: RecordId, holder: str, lock_id: LockId) -> RecordId:
    """
    Return the id under which a contract's hold on an account stands.

    It is `tagged_hash(TAG_LOCK_ID, holding, holder, lock_id)` with what never changes laid out
    beforehand, because every order computes it, and kept for the next one.
    """
    name = holder.encode()
    parts = (_LOCK_HEAD, holding, len(name).to_bytes(4, "big"), name, _LOCK_ID_LENGTH, lock_id)
    return RecordId(sha256(b"".join(parts)).digest())


def claim_of(claimer: PublicKey, proof: bytes) -> Hash:
    """
    Return what a mint carries to wait for a claimer: it tells nobody who that will be.

    `proof` is 32 random bytes. Whoever sees it on its way can do nothing with it, because the
    claimer's own key is in the hash and must sign.
    """
    return tagged_hash(TAG_CLAIM, claimer, proof)


def key_hash(key: PublicKey) -> Hash:
    """Return by which hash a token names the key that signed its mint."""
    return tagged_hash(TAG_KEY_HASH, key)


def waiting_room(series: RecordId) -> PublicKey:
    """Return the vault in which a series waits for its claimer."""
    return vault(CONTRACT_NAME, LockId(series))
