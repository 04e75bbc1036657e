"""The rules by which benefits change hands and are used."""

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.exchange.commands import Prepare
from tallystick.contracts.exchange.model import Change, Part, change_id
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context

from .checks import (
    BENEFIT,
    benefit_at,
    check_free,
    check_has_owner,
    check_may_reserve,
    check_owned,
    check_owner,
    check_recipient,
)
from .commands import Buy, Redeem, Refund, Swap, Transfer
from .errors import (
    BenefitIsNotOnOffer,
    BenefitNamedTwice,
    BuyerHasNotSigned,
    BuyerIsOwner,
    CredentialIsNotInForce,
    DecidedElsewhere,
    NothingToRefund,
    OwnerHasNotSigned,
    OwnersAreTheSame,
    PartIsNotTheBenefit,
    PartNotFound,
    PaymentDiffers,
    ReservedTooLong,
)
from .events import BenefitRedeemed, Cause
from .model import (
    Benefit,
    BenefitParameters,
    BenefitState,
    Company,
    Deal,
    Hold,
    Treatment,
)
from .passing import count_reservation, end, hand_over, take_hold
from .standing import (
    OPEN_STATES,
    acts_for,
    cleared_by,
    company_at,
    identity_of,
    is_employed,
    state_at,
    why_not_in_force,
)
from .terms import describe, purchase_parts, refund_parts

EXCHANGE = "exchange"
"""The contract that holds a benefit while a change is decided."""


def buy(context: Context, command: Buy) -> None:
    """
    Reserve a benefit for a change that pays for it, and prepare its part.

    Whoever comes first has it reserved until the change is decided, which this ledger does; all
    others are refused here, before anybody's tokens are touched. The company, or the listing owner,
    agreed beforehand by offering it, so only the buyer signs. Reserving costs nothing, so it is
    bounded: how much at once, and how soon again what was given up.
    """
    # READ
    home = company_at(context, command.company)
    part = _part_of(command.change, command.part)
    id, buyer = part.holding, part.target
    holding, target = _holding(command.part), _target(command.part)
    benefit = benefit_at(context, id, field=holding)
    # CHECK
    if not acts_for(context, buyer):
        raise BuyerHasNotSigned(buyer, field=target)
    check_recipient(context, buyer, home, field=target)
    check_free(context, id, benefit, field=holding)
    state = state_at(context, benefit)
    if state not in OPEN_STATES:
        raise BenefitIsNotOnOffer(state.value, field=holding)
    if buyer == benefit.owner:
        raise BuyerIsOwner(buyer, field=target)
    person = _person(context, buyer)
    check_may_reserve(context, person, id, field=target)
    away = company_at(context, benefit.employer or benefit.company)
    parts = purchase_parts(
        context.ledger, id, benefit, buyer=buyer, home=home, away=away, time=context.time
    )
    _check_change(context, command.change, command.part, parts)
    # COMPUTE
    deal = Deal(buyer, home.name, benefit.price, person)
    # WRITE
    count_reservation(context, person, by=1)
    take_hold(context, id, benefit, _hold_for(command.change, benefit, deal))
    context.call(Prepare(command.change, command.part))


def refund(context: Context, command: Refund) -> None:
    """Give a benefit of a company that left back, for a change that pays what that company got."""
    # READ
    part = _part_of(command.change, command.part)
    id, holding = part.holding, _holding(command.part)
    benefit = benefit_at(context, id, field=holding)
    issuer = company_at(context, benefit.company)
    # CHECK
    check_owner(context, benefit, field=holding)
    check_has_owner(context, id, benefit, field=holding)
    home = _check_refundable(context, benefit, issuer, field=holding)
    parts = refund_parts(context.ledger, id, benefit, issuer=issuer, home=home, time=context.time)
    _check_change(context, command.change, command.part, parts)
    # COMPUTE
    deal = Deal(issuer.clearing, home.name, benefit.sold_for, buyer=None)
    # WRITE
    take_hold(context, id, benefit, _hold_for(command.change, benefit, deal))
    context.call(Prepare(command.change, command.part))


def transfer(context: Context, command: Transfer) -> None:
    """
    Give a benefit to an employee, without payment.

    What somebody holds who is no employee any more, the company's administrator hands to another:
    the credential counts as revoked from the dismissal on, and is revoked for good by this.
    """
    # READ
    benefit = benefit_at(context, command.benefit)
    home = company_at(context, command.company)
    # CHECK
    recovers = _may_recover(context, benefit)
    if not recovers and not acts_for(context, benefit.owner):
        raise OwnerHasNotSigned(benefit.owner, field=BENEFIT)
    check_recipient(context, command.target, home, field="target")
    check_has_owner(context, command.benefit, benefit)
    introduces = benefit.employer is None and command.target == benefit.owner
    reason = why_not_in_force(context, benefit)
    if reason and not recovers and not introduces:
        raise CredentialIsNotInForce(reason, field=BENEFIT)
    # WRITE
    hand_over(
        context,
        command.benefit,
        benefit,
        target=command.target,
        employer=command.company,
        cause=Cause.GIVEN,
    )


def swap(context: Context, command: Swap) -> None:
    """Let two benefits change hands against each other, in one step of one ledger."""
    # READ
    one = benefit_at(context, command.benefit)
    other = benefit_at(context, command.other, field="other")
    # CHECK
    check_owner(context, one)
    check_owner(context, other, field="other")
    check_free(context, command.benefit, one)
    check_free(context, command.other, other, field="other")
    check_has_owner(context, command.benefit, one)
    check_has_owner(context, command.other, other, field="other")
    check_owned(context, command.benefit, one)
    check_owned(context, command.other, other, field="other")
    if command.benefit == command.other:
        raise BenefitNamedTwice(command.benefit)
    if one.owner == other.owner:
        raise OwnersAreTheSame(one.owner)
    # WRITE
    for id, benefit, against in (
        (command.benefit, one, other),
        (command.other, other, one),
    ):
        hand_over(
            context,
            id,
            benefit,
            target=against.owner,
            employer=against.employer,
            cause=Cause.SWAPPED,
        )


def redeem(context: Context, command: Redeem) -> None:
    """Use a benefit; it ends, and its company owes what it promised."""
    # READ
    benefit = benefit_at(context, command.benefit)
    # CHECK
    check_owner(context, benefit)
    check_owned(context, command.benefit, benefit)
    # WRITE
    revoked = end(context, command.benefit, benefit, BenefitState.REDEEMED)
    context.emit(BenefitRedeemed(command.benefit, benefit.owner, revoked))


def _part_of(change: Change, index: int) -> Part:
    """Return a part of a change, or reject if it has fewer."""
    if index >= len(change.parts):
        raise PartNotFound(index, len(change.parts))
    return change.parts[index]


def _check_change(context: Context, change: Change, index: int, parts: tuple[Part, ...]) -> None:
    """Refuse a change that is decided elsewhere or late, or says anything else than it should."""
    if change.deciding != context.ledger:
        raise DecidedElsewhere(change.deciding)
    latest = context.time + context.parameters(BenefitParameters).reservation_max
    if change.deadline > latest:
        raise ReservedTooLong(change.deadline, latest)
    if change.parts[index] not in parts:
        raise PartIsNotTheBenefit(index)
    if change.parts != parts:
        payments = [each for each in parts if each != change.parts[index]]
        raise PaymentDiffers(describe(payments))


def _check_refundable(
    context: Context, benefit: Benefit, issuer: Company, *, field: str
) -> Company:
    """Refuse a refund unless the rules allow it, and return the company that pays it."""
    removal = issuer.removal
    if removal is None:
        raise NothingToRefund(f"{issuer.name} still honours it", field=field)
    if removal.treatment is not Treatment.REFUNDED:
        raise NothingToRefund(f"what {issuer.name} sold is redeemed, not refunded", field=field)
    if context.time >= removal.until:
        raise NothingToRefund(f"{issuer.name} left, refunds have ended", field=field)
    if not benefit.sold_for:
        raise NothingToRefund(f"{issuer.name} never got anything for it", field=field)
    if account := cleared_by(context, benefit.owner):
        raise NothingToRefund(
            f"its holder is the account of {account}, which owns no benefits", field=field
        )
    if benefit.employer is None or not is_employed(context, benefit.owner, benefit.employer):
        raise NothingToRefund("its holder is no employee of a company that could pay", field=field)
    return company_at(context, benefit.employer)


def _holding(part: int) -> str:
    """Return where a change says which benefit it is about; rejections name the field."""
    return f"change.parts[{part}].holding"


def _target(part: int) -> str:
    """Return where a change says who is to get it."""
    return f"change.parts[{part}].target"


def _person(context: Context, buyer: PublicKey) -> RecordId:
    """Return the identity of an employee, who has one."""
    found = identity_of(context, buyer)
    if found is None:
        raise AssertionError(f"{buyer.hex()} is employed and was never enrolled")
    return found


def _may_recover(context: Context, benefit: Benefit) -> bool:
    """Tell whether an administrator hands on what somebody holds who is employed no more."""
    return (
        benefit.employer is not None
        and not is_employed(context, benefit.owner, benefit.employer)
        and authorised(context, Role.COMPANY_ADMINISTRATOR, benefit.employer)
    )


def _hold_for(change: Change, benefit: Benefit, deal: Deal) -> Hold:
    """Return a hold of exchange's that it has still to take."""
    return Hold(EXCHANGE, change_id(change), held=False, before=benefit.state, deal=deal)
