"""
Why a command on benefits is rejected, in order of precedence.

When several reasons apply, the one with the lowest code is given. Codes are never reused; the gaps
leave room for reasons to come. Up to 1025 they are in `errors_companies`. What a purchase's other
parts lack, their own ledgers say: exchange and asset with their reasons.
"""

from tallystick.base.identifiers import (
    LedgerId,
    LockId,
    PublicKey,
    RecordId,
    format_ledger_id,
    format_lock_id,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import format_milliseconds

from .errors_companies import (
    BenefitNotFound,
    BenefitRejected,
    BuyerHasNotSigned,
    CallerIsNoContract,
    ClearingKeyIsNoKey,
    ClearingKeyOwnsNothing,
    CompanyIsRemoved,
    CompanyNameIsTaken,
    CompanyNotFound,
    CredentialNotFound,
    KeyIsNotEmployee,
    OwnerHasNotSigned,
    PartNotFound,
    SignerIsNotCompanyAdministrator,
    SignerIsNotSystemAdministrator,
    TooManyCompanies,
)

__all__ = [
    "REJECTIONS",
    "AttributeNamedTwice",
    "BenefitIsNotListed",
    "BenefitIsNotOffered",
    "BenefitIsNotOnOffer",
    "BenefitIsNotOwned",
    "BenefitIsOneThing",
    "BenefitIsReserved",
    "BenefitNamedTwice",
    "BenefitNotFound",
    "BenefitRejected",
    "BuyerHasNotSigned",
    "BuyerIsOwner",
    "CallerIsNoContract",
    "ClearingKeyIsNoKey",
    "ClearingKeyOwnsNothing",
    "CompanyIsRemoved",
    "CompanyNameIsTaken",
    "CompanyNotFound",
    "CredentialIsNotInForce",
    "CredentialNotFound",
    "DecidedElsewhere",
    "HoldMayNotLapse",
    "HoldNotFound",
    "KeyIsNotEmployee",
    "MonthIsNetted",
    "MonthIsNotOver",
    "NothingToNet",
    "NothingToRefund",
    "OthersHaveTheirTurn",
    "OwnerHasNotSigned",
    "OwnersAreTheSame",
    "PartIsNotTheBenefit",
    "PartNotFound",
    "PaymentDiffers",
    "ReservedTooLong",
    "SignerIsNotCompanyAdministrator",
    "SignerIsNotSystemAdministrator",
    "TooManyBenefits",
    "TooManyCompanies",
    "TooManyReservations",
]


class BenefitIsReserved(BenefitRejected):
    """What is reserved for one is nobody else's until that is decided."""

    code = 1030

    def __init__(self, lock_id: LockId, until: int, *, field: str) -> None:
        decided = "; try again once it is decided"
        if until:
            decided = f", to be decided by {format_milliseconds(until)}; try again then"
        super().__init__(f"{field}: {format_lock_id(lock_id)} has reserved it{decided}")


class BenefitIsNotOffered(BenefitRejected):
    """A company changes and removes what it offers itself, and nothing else."""

    code = 1031

    def __init__(self, state: str) -> None:
        super().__init__(
            f"benefit: it is {state}, no more its company's own offer to change or remove"
        )


class BenefitIsNotOwned(BenefitRejected):
    """Only what somebody owns can be offered again, passed on or used."""

    code = 1032

    def __init__(self, state: str, *, field: str) -> None:
        super().__init__(f"{field}: it is {state}, nobody owns it; buy it first if it is offered")


class BenefitIsNotListed(BenefitRejected):
    """Only what is on the list comes off it."""

    code = 1033

    def __init__(self, state: str) -> None:
        super().__init__(f"benefit: it is {state}, not listed, so it need not come off")


class BenefitIsNotOnOffer(BenefitRejected):
    """Only what its company offers, or its owner lists, can be bought."""

    code = 1034

    def __init__(self, state: str, *, field: str) -> None:
        super().__init__(
            f"{field}: it is {state}, not on offer; benefit.browse shows what is offered or listed"
        )


class CredentialIsNotInForce(BenefitRejected):
    """An owner acts while the ownership credential is in force."""

    code = 1035

    def __init__(self, reason: str, *, field: str) -> None:
        super().__init__(f"{field}: its ownership credential is not in force: {reason}")


class NothingToRefund(BenefitRejected):
    """What is refunded was sold by a company that left, where the marketplace refunds, in time."""

    code = 1036

    def __init__(self, reason: str, *, field: str) -> None:
        super().__init__(f"{field}: {reason}")


class BuyerIsOwner(BenefitRejected):
    """Nobody buys what is the buyer's own."""

    code = 1040

    def __init__(self, owner: PublicKey, *, field: str) -> None:
        super().__init__(f"{field}: {format_public_key(owner)} owns the benefit already")


class BenefitNamedTwice(BenefitRejected):
    """A swap is of two benefits."""

    code = 1041

    def __init__(self, benefit: RecordId) -> None:
        super().__init__(f"other: {format_record_id(benefit)} stands on both sides; name another")


class OwnersAreTheSame(BenefitRejected):
    """A swap is between two owners."""

    code = 1042

    def __init__(self, owner: PublicKey) -> None:
        super().__init__(f"other: {format_public_key(owner)} owns both; name one of somebody else")


class AttributeNamedTwice(BenefitRejected):
    """Each attribute of a benefit has a name of its own."""

    code = 1043

    def __init__(self, name: str) -> None:
        super().__init__(f"attributes: {name!r} stands there twice; give each a name of its own")


class TooManyBenefits(BenefitRejected):
    """The pages of a company's benefits are bounded."""

    code = 1044

    def __init__(self, benefits_max: int) -> None:
        super().__init__(
            f"company: it has created {benefits_max} benefits, and may not create more"
        )


class TooManyReservations(BenefitRejected):
    """Whoever reserves much without paying keeps it from everybody else."""

    code = 1045

    def __init__(self, reservations_max: int, *, field: str) -> None:
        super().__init__(
            f"{field}: {reservations_max} benefits are reserved for this buyer already; "
            "pay for one, or give it up and finish it"
        )


class OthersHaveTheirTurn(BenefitRejected):
    """Whoever gave a benefit up leaves it to others for a while."""

    code = 1046

    def __init__(self, until: int, *, field: str) -> None:
        super().__init__(
            f"{field}: this buyer gave the benefit up, "
            f"and may reserve it again at {format_milliseconds(until)}"
        )


class DecidedElsewhere(BenefitRejected):
    """The benefits' own ledger decides on them, so that whoever comes second is told first."""

    code = 1050

    def __init__(self, ledger: LedgerId) -> None:
        super().__init__(
            f"change.deciding: {format_ledger_id(ledger)} was given, this ledger must decide"
        )


class ReservedTooLong(BenefitRejected):
    """A purchase is decided soon, because nobody else can buy meanwhile."""

    code = 1051

    def __init__(self, deadline: int, latest: int) -> None:
        super().__init__(
            f"change.deadline: {format_milliseconds(deadline)} was given, "
            f"it may be {format_milliseconds(latest)} at the latest"
        )


class PartIsNotTheBenefit(BenefitRejected):
    """The part takes the whole benefit from its owner to the one who is to get it."""

    code = 1052

    def __init__(self, part: int) -> None:
        super().__init__(
            f"change.parts[{part}]: it is not the whole benefit, here, from its owner to its "
            "taker; benefit.quote says what it must be"
        )


class PaymentDiffers(BenefitRejected):
    """The other parts pay exactly the price, at the rates in force, between the right accounts."""

    code = 1053

    def __init__(self, expected: str) -> None:
        super().__init__(
            f"change.parts: besides the benefit there must be exactly {expected}; "
            "benefit.quote says what they are now"
        )


class HoldNotFound(BenefitRejected):
    """Only the contract that holds a benefit ends that."""

    code = 1060

    def __init__(self, holder: str, lock_id: LockId) -> None:
        super().__init__(f"lock_id: {holder!r} does not hold it under {format_lock_id(lock_id)}")


class HoldMayNotLapse(BenefitRejected):
    """A benefit is held until its holder ends that, so that it never has two owners in doubt."""

    code = 1061

    def __init__(self, until: int) -> None:
        super().__init__(f"until: {format_milliseconds(until)} was given, 0 is needed")


class BenefitIsOneThing(BenefitRejected):
    """A benefit is held and moved whole."""

    code = 1062

    def __init__(self, amount: int) -> None:
        super().__init__(f"amount: {amount} was given, 1 or 0 is the whole benefit")


class MonthIsNotOver(BenefitRejected):
    """A month is netted when no debt of it can come any more."""

    code = 1070

    def __init__(self, month: str) -> None:
        super().__init__(f"month: {month} is not over, net it once the next has begun")


class MonthIsNetted(BenefitRejected):
    """A month is netted once."""

    code = 1071

    def __init__(self, month: str, netted_at: int) -> None:
        super().__init__(
            f"month: {month} was netted {format_milliseconds(netted_at)}, once for all"
        )


class NothingToNet(BenefitRejected):
    """Only a month with debts is netted."""

    code = 1072

    def __init__(self, month: str) -> None:
        super().__init__(f"month: nobody owes anything for {month}, so it stays as it is")


REJECTIONS: tuple[type[BenefitRejected], ...] = tuple(BenefitRejected.__subclasses__())
"""Every reason above, in the order in which they stand: none can be forgotten."""
