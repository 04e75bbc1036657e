"""The rules by which a production is shared: agree, pay in, withdraw, share."""

from collections.abc import Sequence

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.apportion import apportion
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.asset.model import AssetClass, unfit_as_money
from tallystick.contracts.certificate.model import CertificateParameters
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context
from tallystick.core.holding import Lock, Move, Release, holding_id, vault

from .claims import check_pledged, claim_parts
from .commands import Agree, PayIn, Share, Withdraw
from .errors import (
    AmountIsZero,
    IncomesAreNoWhole,
    KeyNotFound,
    MoneyIsUnfit,
    NamedTwice,
    NotAMember,
    NothingDeposited,
    PartyHasNotSigned,
    SharedBefore,
    SharesExceedWhole,
    SignerIsNotOperator,
    TooEarly,
    TooManyMembers,
)
from .events import (
    DepositPaidIn,
    DepositWithdrawn,
    IncomePaid,
    KeyAgreed,
    MemberCredited,
    MemberNotCovered,
    ProductionShared,
)
from .keys import share_dynamic, share_hybrid, share_priority, share_static
from .model import (
    ONE_PPM,
    Deposit,
    Member,
    Method,
    Shared,
    SharingKey,
    cost_of,
    deposit_id,
    lock_id_of,
)
from .readings import Consumed, consumptions_of, enrolled_production, production_of

CONTRACT_NAME = "sharing"
MONEY = "asset"


def agree(context: Context, command: Agree) -> None:
    """
    Agree on a key.

    Everybody whom it binds signs at once, so that nobody joins an agreement that others change.
    Another agreement is another key.
    """
    # READ
    money = context.read(AssetClass, command.money)
    # CHECK
    if not authorised(context, Role.MARKET_OPERATOR, command.name):
        raise SignerIsNotOperator(command.name)
    payers = [each.account for each in command.members]
    payees = [each.account for each in command.incomes]
    for field, accounts in (("members", payers), ("incomes", payees)):
        for place, account in enumerate(accounts):
            if account not in context.signers:
                raise PartyHasNotSigned(account, field=f"{field}[{place}].account")
    _check_different("members", payers)
    _check_different("incomes", payees)
    total_ppm = sum(each.share_ppm for each in command.members)
    if total_ppm > ONE_PPM:
        raise SharesExceedWhole(total_ppm)
    income_ppm = sum(each.share_ppm for each in command.incomes)
    if income_ppm != ONE_PPM:
        raise IncomesAreNoWhole(income_ppm)
    members_max = context.parameters(CertificateParameters).split_parts_max - 1
    if len(payers) > members_max:
        raise TooManyMembers(len(payers), members_max)
    if unfit := unfit_as_money(money):
        raise MoneyIsUnfit(unfit)
    # COMPUTE
    id = context.derive_id()
    key = SharingKey(
        name=command.name,
        sector=command.sector,
        method=command.method,
        members=command.members,
        incomes=command.incomes,
        money=command.money,
        price_per_mwh=command.price_per_mwh,
        delay=command.delay,
        agreed_at=context.time,
    )
    # WRITE
    context.create(id, key)
    context.emit(KeyAgreed(id, key.name, key.method, key.members, key.incomes))


def pay_in(context: Context, command: PayIn) -> None:
    """
    Lock money for what a member will be credited with.

    It stays the member's, who may take it back at any time; but a member is credited only with
    what it could pay for.
    """
    # READ
    key = key_at(context, command.key)
    id = deposit_id(command.key, command.member)
    deposit = context.read(Deposit, id)
    # CHECK
    if command.member not in context.signers:
        raise PartyHasNotSigned(command.member, field="member")
    _check_member(key, command.member)
    if not command.amount:
        raise AmountIsZero
    # COMPUTE
    left = command.amount + (0 if deposit is None else deposit.left)
    # WRITE
    holding = holding_id(key.money, command.member)
    context.call(Lock(MONEY, holding, lock_id_of(command.key), 0, command.amount))
    context.write(id, Deposit(left))
    context.emit(DepositPaidIn(command.key, command.member, command.amount))


def withdraw(context: Context, command: Withdraw) -> None:
    """Take back what is left of a deposit."""
    # READ
    key = key_at(context, command.key)
    id = deposit_id(command.key, command.member)
    deposit = context.read(Deposit, id)
    # CHECK
    if command.member not in context.signers:
        raise PartyHasNotSigned(command.member, field="member")
    if deposit is None or not deposit.left:
        raise NothingDeposited
    # WRITE
    holding = holding_id(key.money, command.member)
    context.call(Release(MONEY, holding, lock_id_of(command.key), deposit.left))
    context.write(id, Deposit(0))
    context.emit(DepositWithdrawn(command.key, command.member, deposit.left))


def share(context: Context, command: Share) -> None:
    """
    Divide one interval's production.

    Money and certificates move in the same act: each member pays for what it is credited with, and
    a certificate of just that amount is claimed for its consumption. What nobody is credited with
    goes back to the owner of the production. Which readings count was bound when they were
    enrolled, so it does not matter who asks. A member whose deposit would not pay for all that it
    consumed is treated as if it had consumed nothing, so that it cannot stop the others.
    """
    # READ
    id = command.key
    key = key_at(context, id)
    shared = enrolled_production(context, id, command.begin)
    before = context.read(Shared, shared)
    # CHECK
    if before is not None:
        raise SharedBefore(shared)
    production = production_of(context, key, shared)
    due = (production.end + key.delay) * 1_000
    if context.time < due:
        raise TooEarly(due)
    whole = check_pledged(context, id, shared)
    # COMPUTE
    first = max(due, whole.created_at)
    consumptions = consumptions_of(context, id, key, production, before=first)
    payable = _payable(context, id, key, consumptions)
    credited = divide(key.method, key.members, whole.amount_wh, payable)
    paid = [cost_of(key, each) for each in credited]
    received = apportion([each.share_ppm for each in key.incomes], sum(paid))
    parts = [
        (consumed.measurement, energy_wh)
        for consumed, energy_wh in zip(consumptions, credited, strict=True)
        if consumed is not None and energy_wh
    ]
    made = production.amount
    # WRITE
    claim_parts(context, id, whole, parts)
    _collect(context, id, key, consumptions, credited=credited, paid=paid)
    _pay_out(context, id, key, received)
    context.write(
        shared, Shared(id, made, tuple(credited), tuple(paid), tuple(received), context.time)
    )
    context.emit(ProductionShared(id, shared, made, sum(credited), sum(paid)))


def key_at(context: Context, id: RecordId) -> SharingKey:
    """Return a key, or reject if there is none."""
    key = context.read(SharingKey, id)
    if key is None:
        raise KeyNotFound(id)
    return key


def divide(
    method: Method, members: Sequence[Member], production_wh: int, consumptions_wh: Sequence[int]
) -> list[int]:
    """Return what each member is credited with under a method. [Wh]"""
    shares = [each.share_ppm for each in members]
    match method:
        case Method.STATIC:
            return share_static(production_wh, consumptions_wh, shares)
        case Method.DYNAMIC:
            return share_dynamic(production_wh, consumptions_wh)
        case Method.HYBRID:
            return share_hybrid(production_wh, consumptions_wh, shares)
        case Method.PRIORITY:
            return share_priority(production_wh, consumptions_wh, range(len(members)))


def _check_different(field: str, accounts: Sequence[PublicKey]) -> None:
    """Refuse an account that a field names twice."""
    for place, account in enumerate(accounts):
        if account in accounts[:place]:
            raise NamedTwice(account, field=f"{field}[{place}].account")


def _check_member(key: SharingKey, account: PublicKey) -> None:
    """Refuse a deposit that would never be used."""
    if all(each.account != account for each in key.members):
        raise NotAMember(account)


def _payable(
    context: Context, id: RecordId, key: SharingKey, consumptions: Sequence[Consumed | None]
) -> list[int]:
    """
    Return what each member consumed, or nothing where its deposit would not pay for it. [Wh]

    Whoever is left out is told why. A reading has no bound but that of amounts, so what it costs
    may be more than an amount: nobody's deposit is, and the event says the largest.
    """
    found = []
    for member, consumed in zip(key.members, consumptions, strict=True):
        if consumed is None:
            found.append(0)
            continue
        deposit = context.read(Deposit, deposit_id(id, member.account))
        left = 0 if deposit is None else deposit.left
        cost = cost_of(key, consumed.amount_wh)
        if cost > left:
            told = min(cost, AMOUNT_MAX)
            context.emit(MemberNotCovered(id, member.account, consumed.measurement, told, left))
        found.append(consumed.amount_wh if cost <= left else 0)
    return found


def _collect(
    context: Context,
    id: RecordId,
    key: SharingKey,
    consumptions: Sequence[Consumed | None],
    *,
    credited: Sequence[int],
    paid: Sequence[int],
) -> None:
    """Move what members pay from their deposits into the key's vault."""
    lock_id = lock_id_of(id)
    till = vault(CONTRACT_NAME, lock_id)
    for member, consumed, energy_wh, cost in zip(
        key.members, consumptions, credited, paid, strict=True
    ):
        if consumed is None or not energy_wh:
            continue
        account = member.account
        purse = deposit_id(id, account)
        deposit = context.read(Deposit, purse)
        if cost and deposit is not None:
            context.call(Move(MONEY, holding_id(key.money, account), lock_id, cost, till))
            context.write(purse, Deposit(deposit.left - cost))
        context.emit(MemberCredited(id, account, consumed.measurement, energy_wh, cost))


def _pay_out(context: Context, id: RecordId, key: SharingKey, received: Sequence[int]) -> None:
    """Move what was collected from the key's vault to the owners of the plant."""
    lock_id = lock_id_of(id)
    till = holding_id(key.money, vault(CONTRACT_NAME, lock_id))
    for income, amount in zip(key.incomes, received, strict=True):
        if amount:
            context.call(Move(MONEY, till, lock_id, amount, income.account))
            context.emit(IncomePaid(id, income.account, amount))
