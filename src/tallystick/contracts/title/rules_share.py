"""The rules by which a title is shared as an asset, and its income distributed."""

from itertools import pairwise

from tallystick.base.apportion import apportion
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.base.plain import format_milliseconds
from tallystick.contracts.asset.commands import Transfer
from tallystick.contracts.asset.model import AssetClass, Balance, Burners, Kind
from tallystick.core.context import Context
from tallystick.core.holding import VAULT_HEAD, holding_id

from .commands import Distribute, Share
from .errors import (
    AmountIsZero,
    HoldersAreNotAll,
    HoldersNotAscending,
    NobodyToPay,
    OwnerIsNotIssuer,
    PayerHasNotSigned,
    ShareClassIsSerial,
    ShareClassNotFound,
    SupplyIsNotFixed,
    TitleIsNotShared,
    TitleIsShared,
)
from .events import IncomeDistributed, TitleWasShared
from .model import ShareClass, TitleShare, share_class_id
from .titles import check_free, check_signed, title_at


def share(context: Context, command: Share) -> None:
    """
    Say that a title belongs to the holders of an asset.

    There is no way back, and nobody can make more shares or take those of others away: whoever buys
    one knows for ever how large a part it is, at least. A cap would not do, because below it
    whatever is burned can be minted again.
    """
    # READ
    title = title_at(context, command.title)
    asset = _class_at(context, command.asset)
    shared = context.read(TitleShare, command.title)
    share_class = context.read(ShareClass, share_class_id(command.asset))
    # CHECK
    check_signed(context, title.owner)
    check_free(context, command.title, title)
    if title.owner not in asset.issuers:
        raise OwnerIsNotIssuer(command.asset, title.owner)
    if asset.kind is Kind.SERIAL:
        raise ShareClassIsSerial(command.asset)
    if problem := _growth(asset, context.time):
        raise SupplyIsNotFixed(problem)
    if shared is not None:
        raise TitleIsShared(command.title, field="title")
    if share_class is not None:
        raise TitleIsShared(share_class.title, field="asset")
    # WRITE
    context.write(command.title, TitleShare(command.asset, context.time, 0))
    context.create(share_class_id(command.asset), ShareClass(command.title))
    context.emit(TitleWasShared(command.title, command.asset, asset.minted - asset.burned))


def distribute(context: Context, command: Distribute) -> None:
    """
    Pay a title's income to those who share it, by largest remainder.

    Nothing lists the holders of an asset, so whoever pays names them, and is refused unless they
    have every share there is. A vault is not paid: the contract whose it is would not know for
    whom. What was locked is still its owner's, and counts.
    """
    # READ
    title_at(context, command.title)
    shared = context.read(TitleShare, command.title)
    # CHECK
    if shared is None:
        raise TitleIsNotShared(command.title)
    if command.payer not in context.signers:
        raise PayerHasNotSigned(command.payer)
    if not command.amount:
        raise AmountIsZero
    for before, after in pairwise(command.holders):
        if after <= before:
            raise HoldersNotAscending(after)
    asset = _class_at(context, shared.asset)
    shares = [_shares_of(context, shared.asset, holder) for holder in command.holders]
    if sum(shares) != asset.minted - asset.burned:
        raise HoldersAreNotAll(sum(shares), asset.minted - asset.burned)
    paid = [(holder, held) for holder, held in _paid(command.holders, shares) if held]
    if not paid:
        raise NobodyToPay
    # COMPUTE
    parts = apportion([held for _, held in paid], command.amount)
    payments = [(holder, part) for (holder, _), part in zip(paid, parts, strict=True) if part]
    distributions = shared.distributions + 1
    # WRITE
    for holder, part in payments:
        context.call(Transfer(command.unit, command.payer, holder, part))
    context.write(command.title, TitleShare(shared.asset, shared.shared_at, distributions))
    context.emit(
        IncomeDistributed(
            command.title,
            distributions,
            command.unit,
            command.payer,
            command.amount,
            len(payments),
        )
    )


def _class_at(context: Context, id: RecordId) -> AssetClass:
    """Return a class of assets, or reject if there is none."""
    asset = context.read(AssetClass, id)
    if asset is None:
        raise ShareClassNotFound(id)
    return asset


def _growth(asset: AssetClass, time: int) -> str:
    """Return why the shares that there are could become more, or other people's, or nothing."""
    supply = asset.minted - asset.burned
    if asset.burners is not Burners.OWNER:
        return "an issuer may burn what is others'; take a class that only owners burn"
    if not supply:
        return "nothing was minted yet; mint the shares first"
    if not asset.last_mint_at:
        return "more can be minted, or again what is burned; minting must have an end"
    if time < asset.last_mint_at:
        end = format_milliseconds(asset.last_mint_at)
        return f"more can be minted before {end}; share it from then on"
    return ""


def _shares_of(context: Context, asset: RecordId, holder: PublicKey) -> int:
    """Return how many shares somebody has, free or locked."""
    balance = context.read(Balance, holding_id(asset, holder))
    return 0 if balance is None else balance.spendable + balance.locked


def _paid(holders: tuple[PublicKey, ...], shares: list[int]) -> list[tuple[PublicKey, int]]:
    """Return whom a payment reaches, with what each has."""
    everybody = zip(holders, shares, strict=True)
    return [(holder, held) for holder, held in everybody if not holder.startswith(VAULT_HEAD)]
