"""
How things stand now: what is written, seen in the light of who left meanwhile.

Nobody's leaving writes anything on benefits: a company, or an employee, may have thousands. It is
read whenever somebody asks, so it takes effect at once and costs nothing.
"""

from typing import Final

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.base.plain import format_milliseconds
from tallystick.contracts.identity.model import (
    Authority,
    Identity,
    KeyBinding,
    Role,
    authority_id,
    in_force,
    key_id,
)
from tallystick.core.context import Context
from tallystick.core.contract import Reader

from .errors import CompanyNotFound
from .model import (
    Benefit,
    BenefitState,
    Company,
    Rate,
    RateChange,
    Treatment,
    company_id,
)
from .model_buyers import ClearingAccount, clearing_id

OPEN_STATES: Final = (BenefitState.OFFERED, BenefitState.LISTED)
"""In which a benefit can be bought."""

OWNED_STATES: Final = (BenefitState.OWNED, BenefitState.LISTED)
"""In which somebody has it and may act."""


def company_at(reader: Reader | Context, name: str) -> Company:
    """Return a company, or reject if none of this name was ever admitted."""
    found = reader.read(Company, company_id(name))
    if found is None:
        raise CompanyNotFound(name)
    return found


def rate_at(company: Company, time: int) -> Rate:
    """Return what a company's tokens are worth at a block time. [ms since the epoch, UTC]"""
    change = company.next_rate
    return company.rate if change is None or time < change.since else change.rate


def rate_due(company: Company, time: int) -> RateChange | None:
    """Return the change of a rate that is still to come. [ms since the epoch, UTC]"""
    change = company.next_rate
    return change if change is not None and time < change.since else None


def cleared_by(reader: Reader | Context, key: PublicKey) -> str:
    """Return the company whose account a key is, also one that left; empty if it is none's."""
    found = reader.read(ClearingAccount, clearing_id(key))
    return "" if found is None else found.company


def state_at(reader: Reader | Context, benefit: Benefit) -> BenefitState:
    """Return how a benefit stands now: offers fall with those who make them."""
    if benefit.state is BenefitState.OFFERED:
        left = company_at(reader, benefit.company).removal is not None
        return BenefitState.REMOVED if left else benefit.state
    if benefit.state is BenefitState.LISTED:
        names = (benefit.company, *((benefit.employer,) if benefit.employer else ()))
        left = any(company_at(reader, name).removal is not None for name in names)
        fallen = left or why_not_in_force(reader, benefit)
        return BenefitState.OWNED if fallen else benefit.state
    return benefit.state


def why_not_in_force(reader: Reader | Context, benefit: Benefit) -> str:
    """
    Return why the credential of a benefit's owner does not count now; empty if it does.

    An entry of the status list says what happened to the benefit; it says nothing of who left.
    """
    if benefit.credential is None:
        return "there is none"
    removal = company_at(reader, benefit.company).removal
    if removal is not None and removal.treatment is Treatment.REFUNDED:
        return f"{benefit.company} left, ask for a refund"
    if removal is not None and reader.time >= removal.until:
        return f"{benefit.company} left, its benefits ended {format_milliseconds(removal.until)}"
    if benefit.employer is None:
        return "its holder has not said as whose employee"
    removal = company_at(reader, benefit.employer).removal
    if removal is not None and reader.time >= removal.until:
        return f"{benefit.employer} left, its employees' ended {format_milliseconds(removal.until)}"
    if not is_employed(reader, benefit.owner, benefit.employer):
        return f"its holder is no employee of {benefit.employer}"
    return ""


def is_employed(reader: Reader | Context, key: PublicKey, company: str) -> bool:
    """
    Tell whether whoever a key belongs to, or belonged to, is an employee of a company now.

    A key that was rotated is still its identity's, so nobody loses what is held under it.
    """
    binding = reader.read(KeyBinding, key_id(key))
    if binding is None:
        return False
    found = reader.read(Authority, authority_id(binding.identity, Role.EMPLOYEE, company))
    return found is not None and in_force(found, time=reader.time)


def identity_of(reader: Reader | Context, key: PublicKey) -> RecordId | None:
    """Return whose key a key is, or was; nothing if nobody enrolled it."""
    binding = reader.read(KeyBinding, key_id(key))
    return None if binding is None else binding.identity


def acts_for(context: Context, key: PublicKey) -> bool:
    """Tell whether the present key of whoever a key belongs to has signed."""
    binding = context.read(KeyBinding, key_id(key))
    if binding is None:
        return key in context.signers
    identity = context.read(Identity, binding.identity)
    return identity is not None and identity.key in context.signers
