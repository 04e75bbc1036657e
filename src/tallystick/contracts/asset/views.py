"""What can be asked about assets, by id."""

from msgspec import Struct

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.core.context import Context
from tallystick.core.contract import Reader
from tallystick.core.holding import ContractName, holding_id

from .errors import AssetNotFound, LockNotFound
from .model import (
    AssetClass,
    Balance,
    Burners,
    Kind,
    LockedAmount,
    Series,
    lock_record_id,
    waiting_room,
)


class ShowAsset(Record, tag="asset.show"):
    """Show a class with its supply."""

    asset: RecordId
    """Which."""


class ShowBalance(Record, tag="asset.show-balance"):
    """Show what an owner has of a class, or of a series."""

    unit: RecordId
    """The class, or the series of a serial class."""

    owner: PublicKey
    """Whose."""


class ShowSeries(Record, tag="asset.show-series"):
    """Show the token that was minted for a reading."""

    series: RecordId
    """Which."""


class ShowLock(Record, tag="asset.show-lock"):
    """Show what a contract holds of an account."""

    unit: RecordId
    """The class, or the series of a serial class."""

    owner: PublicKey
    """Whose account."""

    holder: ContractName
    """The contract."""

    lock_id: LockId
    """Under which id."""


class AssetView(Struct, frozen=True):
    """A class as it stands at the latest block."""

    asset: RecordId
    """Its id."""

    name: str
    """What people call it."""

    unit: str
    """What it counts."""

    scale: int
    """Decimals when shown."""

    kind: Kind
    """Whether its units can be told apart."""

    issuers: tuple[PublicKey, ...]
    """Who mints."""

    supply: Amount
    """What exists: minted and not burned. [base units]"""

    minted: Amount
    """Minted so far. [base units]"""

    burned: Amount
    """Burned so far. [base units]"""

    supply_cap: Amount
    """The most that may exist; 0 for no cap. [base units]"""

    last_mint_at: Milliseconds
    """When minting ends; 0 for never. [ms since the epoch, UTC]"""

    transferable: bool
    """Whether it may be passed on."""

    burners: Burners
    """Who may burn."""


class BalanceView(Struct, frozen=True):
    """An account at the latest block; zeros if there is none."""

    holding: RecordId
    """Its id, by which other contracts hold it: a hash-time lock, a part of a joint change."""

    unit: RecordId
    """The class, or the series."""

    owner: PublicKey
    """Whose."""

    spendable: Amount
    """What the owner may move. [base units]"""

    locked: Amount
    """What contracts hold. [base units]"""


class SeriesView(Struct, frozen=True):
    """A token, with the fields that a registry of tokens expects."""

    series: RecordId
    """Its id."""

    asset: RecordId
    """Its class."""

    project_id: str
    """The project."""

    reading_id: str
    """The reading."""

    kwh: Amount
    """How much, scaled as the class says. [base units]"""

    owner: PublicKey
    """To whom it was minted; the vault where it waits or waited for its claimer."""

    minted_at: Milliseconds
    """When; shown as ISO 8601. [ms since the epoch, UTC]"""

    nonce: int
    """The issuer's number."""

    signer_key_hash: Hash
    """Which issuer's key signed."""

    waiting: Amount
    """What still waits for its claimer. [base units]"""


class LockView(Struct, frozen=True):
    """What a contract holds of an account."""

    amount: Amount
    """How much. [base units]"""

    until: Milliseconds
    """When it lapses; 0 for never. [ms since the epoch, UTC]"""


def show(reader: Reader, question: ShowAsset) -> AssetView:
    """Show a class, or reject if there is none."""
    asset = reader.read(AssetClass, question.asset)
    if asset is None:
        raise AssetNotFound(question.asset, field="asset")
    return AssetView(
        asset=question.asset,
        name=asset.name,
        unit=asset.unit,
        scale=asset.scale,
        kind=asset.kind,
        issuers=asset.issuers,
        supply=asset.minted - asset.burned,
        minted=asset.minted,
        burned=asset.burned,
        supply_cap=asset.supply_cap,
        last_mint_at=asset.last_mint_at,
        transferable=asset.transferable,
        burners=asset.burners,
    )


def is_unit(reader: Reader | Context, unit: RecordId) -> bool:
    """Tell whether accounts can hold a unit: it is a class, or a reading's series."""
    return bool(reader.read(AssetClass, unit) or reader.read(Series, unit))


def show_balance(reader: Reader, question: ShowBalance) -> BalanceView:
    """Show an account; one that was never used is empty, if there is such a unit."""
    holding = holding_id(question.unit, question.owner)
    balance = reader.read(Balance, holding)
    if balance is None:
        if not is_unit(reader, question.unit):
            raise AssetNotFound(question.unit, field="unit")
        return BalanceView(holding, question.unit, question.owner, 0, 0)
    return BalanceView(holding, balance.unit, balance.owner, balance.spendable, balance.locked)


def show_series(reader: Reader, question: ShowSeries) -> SeriesView:
    """Show a token, or reject if nothing was minted under this id."""
    series = reader.read(Series, question.series)
    asset = None if series is None else reader.read(AssetClass, series.asset)
    if series is None or asset is None:
        raise AssetNotFound(question.series, field="series")
    unit = question.series if asset.kind is Kind.SERIAL else series.asset
    waiting = reader.read(Balance, holding_id(unit, waiting_room(question.series)))
    return SeriesView(
        series=question.series,
        asset=series.asset,
        project_id=series.project_id,
        reading_id=series.reading_id,
        kwh=series.kwh,
        owner=series.owner,
        minted_at=series.minted_at,
        nonce=series.nonce,
        signer_key_hash=series.signer_key_hash,
        waiting=0 if waiting is None else waiting.spendable,
    )


def show_lock(reader: Reader, question: ShowLock) -> LockView:
    """Show what a contract holds of an account, or reject if it holds nothing."""
    holding = holding_id(question.unit, question.owner)
    held = reader.read(LockedAmount, lock_record_id(holding, question.holder, question.lock_id))
    if held is None:
        raise LockNotFound(question.holder, question.lock_id)
    return LockView(held.amount, held.until)
