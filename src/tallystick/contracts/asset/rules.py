"""The rules by which units come, move and go: define, mint, burn, transfer, claim."""

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context
from tallystick.core.holding import VAULT_HEAD, holding_id

from .accounts import (
    add,
    change,
    check_amount,
    check_owner,
    check_spendable,
    check_transferable,
    class_of,
)
from .commands import Burn, Claim, Define, Mint, Transfer
from .errors import (
    AssetNotFound,
    EvidenceMissing,
    EvidenceUsed,
    IssuerNamedTwice,
    MintingHasEnded,
    NothingToClaim,
    OwnerAndClaim,
    OwnerIsNoKey,
    ProofIsWrong,
    SignerIsNotAssetIssuer,
    SignerIsNotIssuer,
    SignerIsNotOwner,
    SignerMayNotBurn,
    SupplyCapExceeded,
    VaultIsNotBurned,
)
from .events import AssetBurned, AssetDefined, AssetMinted, AssetMoved
from .model import (
    AssetClass,
    Balance,
    Burners,
    Kind,
    Series,
    claim_of,
    key_hash,
    series_id,
    waiting_room,
)

COMPRESSED_KEY_HEADS = (2, 3)


def define(context: Context, command: Define) -> None:
    """
    Define a class of assets.

    Its issuers are keys and not a role, because whoever holds a unit must be able to see for ever
    who could have made more of it.
    """
    # CHECK
    if not authorised(context, Role.ASSET_ISSUER, command.name):
        raise SignerIsNotAssetIssuer(command.name)
    if len(set(command.issuers)) != len(command.issuers):
        raise IssuerNamedTwice
    for n, issuer in enumerate(command.issuers):
        if issuer[0] not in COMPRESSED_KEY_HEADS:
            raise OwnerIsNoKey(issuer, field=f"issuers[{n}]")
    # COMPUTE
    id = context.derive_id()
    asset = AssetClass(
        name=command.name,
        unit=command.unit,
        scale=command.scale,
        kind=command.kind,
        issuers=command.issuers,
        supply_cap=command.supply_cap,
        last_mint_at=command.last_mint_at,
        transferable=command.transferable,
        burners=command.burners,
        defined_at=context.time,
    )
    # WRITE
    context.create(id, asset)
    context.emit(AssetDefined(id, command.name, command.unit, command.scale, command.kind))


def mint(context: Context, command: Mint) -> None:
    """
    Mint units.

    What is minted for evidence leaves a record under an id that is computed from the evidence. So
    there is one mint for each, for ever, whoever retries and in whatever order attempts arrive.
    """
    # READ
    asset = context.read(AssetClass, command.asset)
    evidence, owner, amount = command.evidence, command.owner, command.amount
    id = series_id(command.asset, evidence)
    # CHECK
    if asset is None:
        raise AssetNotFound(command.asset, field="asset")
    signer = next((each for each in context.signers if each in asset.issuers), None)
    if signer is None:
        raise SignerIsNotIssuer(command.asset)
    _check_form(asset, command)
    if evidence and context.read(Series, id) is not None:
        raise EvidenceUsed(evidence, id)
    if asset.last_mint_at and context.time >= asset.last_mint_at:
        raise MintingHasEnded(asset.last_mint_at, context.time)
    if amount > _room(asset):
        raise SupplyCapExceeded(amount, _room(asset))
    # COMPUTE
    unit = id if asset.kind is Kind.SERIAL else command.asset
    target = waiting_room(id) if owner is None else owner
    series = Series(
        command.asset,
        command.project,
        evidence,
        amount,
        target,
        context.time,
        command.nonce,
        key_hash(signer),
        command.claim,
    )
    # WRITE
    context.write(command.asset, with_totals(asset, minted=amount))
    if evidence:
        context.create(id, series)
    add(context, unit, target, amount)
    context.emit(_report(unit, id, series))


def burn(context: Context, command: Burn) -> None:
    """
    Take units out of the world.

    What is locked or lies in a vault cannot be burned, not even by an issuer: a contract relies on
    it, be it a market that owes it to somebody or this one, which keeps it for a claimer.
    """
    # READ
    asset_id, asset = class_of(context, command.unit)
    holding = holding_id(command.unit, command.owner)
    balance = context.read(Balance, holding)
    # CHECK
    if not _may_burn(context, asset, command.owner):
        raise SignerMayNotBurn(asset.burners)
    if command.owner.startswith(VAULT_HEAD):
        raise VaultIsNotBurned(command.owner)
    check_amount(command.amount)
    check_spendable(balance, command.amount)
    if balance is None:
        raise AssertionError("an amount above zero was found in no account")
    # WRITE
    change(context, holding, balance, spendable=-command.amount)
    context.write(asset_id, with_totals(asset, burned=command.amount))
    context.emit(AssetBurned(command.unit, command.owner, command.amount, command.reason))


def transfer(context: Context, command: Transfer) -> None:
    """Hand units to another owner, who need not agree."""
    # READ
    _, asset = class_of(context, command.unit)
    holding = holding_id(command.unit, command.source)
    balance = context.read(Balance, holding)
    # CHECK
    if command.source not in context.signers:
        raise SignerIsNotOwner(command.source, field="source")
    check_owner(command.target, field="target")
    check_amount(command.amount)
    check_transferable(asset, field="unit")
    check_spendable(balance, command.amount)
    if balance is None:
        raise AssertionError("an amount above zero was found in no account")
    # WRITE
    change(context, holding, balance, spendable=-command.amount)
    add(context, command.unit, command.target, command.amount)
    context.emit(
        AssetMoved(
            command.unit, command.source, command.target, command.amount, "", from_lock=False
        )
    )


def claim(context: Context, command: Claim) -> None:
    """
    Take what was minted for a claimer.

    The mint carries a commitment to the claimer's key, so whoever reads the proof on its way to the
    ledger cannot take it instead.
    """
    # READ
    series = context.read(Series, command.series)
    # CHECK
    if series is None:
        raise AssetNotFound(command.series, field="series")
    if command.claimer not in context.signers:
        raise SignerIsNotOwner(command.claimer, field="claimer")
    unit = _unit_of(context, command.series, series)
    holding = holding_id(unit, series.owner)
    waiting = context.read(Balance, holding)
    if series.claim is None or waiting is None or not waiting.spendable:
        raise NothingToClaim(command.series)
    if claim_of(command.claimer, command.proof) != series.claim:
        raise ProofIsWrong
    amount = waiting.spendable
    # WRITE
    change(context, holding, waiting, spendable=-amount)
    add(context, unit, command.claimer, amount)
    context.emit(AssetMoved(unit, series.owner, command.claimer, amount, "", from_lock=False))


def with_totals(asset: AssetClass, *, minted: int = 0, burned: int = 0) -> AssetClass:
    """Return a class that has minted, or burned, so much more."""
    return AssetClass(
        asset.name,
        asset.unit,
        asset.scale,
        asset.kind,
        asset.issuers,
        asset.supply_cap,
        asset.last_mint_at,
        asset.transferable,
        asset.burners,
        asset.defined_at,
        asset.minted + minted,
        asset.burned + burned,
    )


def _check_form(asset: AssetClass, command: Mint) -> None:
    """Refuse a mint to nobody, of nothing, or for nothing where evidence is needed."""
    if command.owner is not None:
        check_owner(command.owner)
    check_amount(command.amount)
    if not command.evidence and (asset.kind is Kind.SERIAL or command.owner is None):
        raise EvidenceMissing
    if (command.owner is None) == (command.claim is None):
        raise OwnerAndClaim


def _room(asset: AssetClass) -> int:
    """Return how much may still be minted; what was ever minted stays below 2**53."""
    room = AMOUNT_MAX - asset.minted
    if not asset.supply_cap:
        return room
    return min(room, asset.supply_cap - asset.minted + asset.burned)


def _report(unit: RecordId, id: RecordId, series: Series) -> AssetMinted:
    """Return what to tell of a mint; a series without evidence was not kept, and has no id."""
    return AssetMinted(
        series.asset,
        unit,
        series.owner,
        series.kwh,
        id if series.reading_id else None,
        series.project_id,
        series.reading_id,
        series.nonce,
        series.signer_key_hash,
    )


def _unit_of(context: Context, id: RecordId, series: Series) -> RecordId:
    """Return what a series' amount is counted in: itself, or its fungible class."""
    asset = context.read(AssetClass, series.asset)
    if asset is None:
        raise AssertionError(f"class {series.asset.hex()} vanished")
    return id if asset.kind is Kind.SERIAL else series.asset


def _may_burn(context: Context, asset: AssetClass, owner: PublicKey) -> bool:
    """Tell whether a signer may burn what an owner has."""
    by_owner = asset.burners is not Burners.ISSUER and owner in context.signers
    by_issuer = asset.burners is not Burners.OWNER and any(
        each in asset.issuers for each in context.signers
    )
    return by_owner or by_issuer
