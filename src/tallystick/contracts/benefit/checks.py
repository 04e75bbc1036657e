"""What several rules insist on, in order of precedence."""

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.exchange.model import Reservation, reservation_id
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context
from tallystick.core.contract import Reader

from .errors import (
    AttributeNamedTwice,
    BenefitIsNotOffered,
    BenefitIsNotOwned,
    BenefitIsReserved,
    BenefitNotFound,
    ClearingKeyOwnsNothing,
    CompanyIsRemoved,
    CredentialIsNotInForce,
    KeyIsNotEmployee,
    OthersHaveTheirTurn,
    OwnerHasNotSigned,
    SignerIsNotCompanyAdministrator,
    TooManyReservations,
)
from .model import (
    CONTRACT_NAME,
    Attribute,
    Benefit,
    BenefitParameters,
    BenefitState,
    Company,
)
from .model_buyers import Buyer, CoolDown, buyer_id, cool_down_id
from .standing import (
    OWNED_STATES,
    acts_for,
    cleared_by,
    is_employed,
    state_at,
    why_not_in_force,
)

BENEFIT = "benefit"
"""How most commands call the benefit that they are about; rejections name the field."""


def benefit_at(reader: Reader | Context, id: RecordId, *, field: str = BENEFIT) -> Benefit:
    """Return a benefit, or reject if there is none."""
    found = reader.read(Benefit, id)
    if found is None:
        raise BenefitNotFound(id, field=field)
    return found


def check_administrator(context: Context, company: str, *, field: str) -> None:
    """Refuse whoever does not act for a company."""
    if not authorised(context, Role.COMPANY_ADMINISTRATOR, company):
        raise SignerIsNotCompanyAdministrator(company, field=field)


def check_present(company: Company, *, field: str = "company") -> None:
    """Refuse a company that left."""
    if company.removal is not None:
        raise CompanyIsRemoved(company.name, company.removal.removed_at, field=field)


def check_recipient(
    reader: Reader | Context, key: PublicKey, company: Company, *, field: str
) -> None:
    """
    Refuse to hand a benefit to anybody but an employee of a company that takes part.

    A company's account is refused whichever company that is: a payment between one key and itself
    is none, so what it refunds or buys would be paid by nobody.
    """
    check_present(company)
    if not is_employed(reader, key, company.name):
        raise KeyIsNotEmployee(key, company.name, field=field)
    if account := cleared_by(reader, key):
        raise ClearingKeyOwnsNothing(account, field=field)


def check_may_reserve(
    reader: Reader | Context, buyer: RecordId, id: RecordId, *, field: str
) -> None:
    """Refuse a buyer who has reserved too much, or gave up this very benefit a moment ago."""
    reservations_max = reader.parameters(BenefitParameters).reservations_max
    found = reader.read(Buyer, buyer_id(buyer))
    if found is not None and found.reservations >= reservations_max:
        raise TooManyReservations(reservations_max, field=field)
    given_up = reader.read(CoolDown, cool_down_id(buyer, id))
    if given_up is not None and reader.time < given_up.until:
        raise OthersHaveTheirTurn(given_up.until, field=field)


def check_free(
    reader: Reader | Context, id: RecordId, benefit: Benefit, *, field: str = BENEFIT
) -> None:
    """Refuse what is reserved, and say by what and until when that is decided."""
    if benefit.hold is not None:
        found = reader.read(Reservation, reservation_id(CONTRACT_NAME, id))
        until = 0 if found is None else found.until
        raise BenefitIsReserved(benefit.hold.lock_id, until, field=field)


def check_offered(context: Context, id: RecordId, benefit: Benefit) -> None:
    """Refuse what is no offer of its company's own, so that nobody's property is changed."""
    check_free(context, id, benefit)
    state = state_at(context, benefit)
    if state is not BenefitState.OFFERED:
        raise BenefitIsNotOffered(state.value)


def check_owned(context: Context, id: RecordId, benefit: Benefit, *, field: str = BENEFIT) -> None:
    """Refuse what is reserved, nobody's, or somebody's whose credential does not count."""
    check_has_owner(context, id, benefit, field=field)
    reason = why_not_in_force(context, benefit)
    if reason:
        raise CredentialIsNotInForce(reason, field=field)


def check_has_owner(
    context: Context, id: RecordId, benefit: Benefit, *, field: str = BENEFIT
) -> None:
    """Refuse what is reserved, or nobody's."""
    check_free(context, id, benefit, field=field)
    if benefit.state not in OWNED_STATES:
        raise BenefitIsNotOwned(state_at(context, benefit).value, field=field)


def check_owner(context: Context, benefit: Benefit, *, field: str = BENEFIT) -> None:
    """Refuse whoever does not act for a benefit's owner."""
    if not acts_for(context, benefit.owner):
        raise OwnerHasNotSigned(benefit.owner, field=field)


def check_attributes(attributes: tuple[Attribute, ...]) -> None:
    """Refuse to say two things under one name."""
    names: list[str] = []
    for each in attributes:
        if each.name in names:
            raise AttributeNamedTwice(each.name)
        names.append(each.name)
