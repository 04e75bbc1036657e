"""What rules do to a benefit: hold it, let go, hand it over, end it, and book what is owed."""

from msgspec.structs import replace

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.identity.commands import PublishStatus
from tallystick.contracts.identity.model import (
    STATUS_PAGE_ENTRIES,
    STATUS_PAGES_MAX,
    contract_issuer,
)
from tallystick.core.context import Context

from .events import (
    BenefitPassed,
    BenefitReleased,
    BenefitReserved,
    Cause,
    DebtBooked,
)
from .model import (
    CONTRACT_NAME,
    Benefit,
    BenefitParameters,
    BenefitState,
    Credential,
    Hold,
    Issuance,
    credential_id,
    issuance_id,
)
from .model_buyers import Buyer, CoolDown, buyer_id, cool_down_id
from .model_debts import Debt, Position, debt_id, position_id
from .months import month_of


def status_entry(index: int) -> tuple[int, int, int]:
    """Return list, page and entry at which the ledger says that a credential is revoked."""
    pages, entry = divmod(index, STATUS_PAGE_ENTRIES)
    list, page = divmod(pages, STATUS_PAGES_MAX)
    return list, page, entry


def take_hold(context: Context, id: RecordId, benefit: Benefit, hold: Hold) -> None:
    """Write that a contract holds a benefit."""
    context.write(id, replace(benefit, state=BenefitState.RESERVED, hold=hold))
    context.emit(BenefitReserved(id, hold.holder, hold.lock_id))


def let_go(context: Context, id: RecordId, benefit: Benefit, hold: Hold) -> None:
    """Write that a benefit stands as it did before it was held."""
    context.write(id, replace(benefit, state=hold.before, hold=None))
    context.emit(BenefitReleased(id, hold.before.value))


def count_reservation(context: Context, person: RecordId, *, by: int) -> None:
    """Write that one benefit more, or less, is reserved for somebody."""
    id = buyer_id(person)
    found = context.read(Buyer, id) or Buyer(person, 0)
    context.write(id, replace(found, reservations=found.reservations + by))


def give_up(context: Context, id: RecordId, person: RecordId) -> None:
    """Write that somebody's purchase came to nothing: for a while the benefit is for others."""
    count_reservation(context, person, by=-1)
    until = context.time + context.parameters(BenefitParameters).cool_down
    context.write(cool_down_id(person, id), CoolDown(until))


def hand_over(
    context: Context,
    id: RecordId,
    benefit: Benefit,
    *,
    target: PublicKey,
    employer: str | None,
    cause: Cause,
    price: int = 0,
) -> None:
    """
    Make somebody the owner, with a credential of its own; the old owner's is revoked.

    The price is what was paid, if it was bought: the company's first sale is remembered.
    """
    revoked = benefit.credential
    revoke(context, benefit)
    index = _issue(context, id, target, employer)
    sold_for = benefit.sold_for
    if revoked is None:
        sold_for = price
    owned = replace(
        benefit,
        sold_for=sold_for,
        owner=target,
        employer=employer,
        state=BenefitState.OWNED,
        credential=index,
        hold=None,
    )
    context.write(id, owned)
    context.emit(BenefitPassed(id, benefit.owner, target, employer, cause, price, index, revoked))


def end(context: Context, id: RecordId, benefit: Benefit, state: BenefitState) -> int:
    """End an owned benefit, and return the index of the credential that is revoked."""
    if benefit.credential is None:
        raise AssertionError(f"benefit {id.hex()} is owned without a credential")
    revoke(context, benefit)
    context.write(id, replace(benefit, state=state, credential=None, hold=None))
    return benefit.credential


def revoke(context: Context, benefit: Benefit) -> None:
    """Revoke the owner's credential, if there is one, here and in the ledger's status list."""
    index = benefit.credential
    if index is None:
        return
    id = credential_id(index)
    found = context.read(Credential, id)
    if found is None:
        raise AssertionError(f"credential {index} vanished")
    context.write(id, replace(found, revoked_at=context.time))
    list, page, entry = status_entry(index)
    context.call(PublishStatus(contract_issuer(CONTRACT_NAME), list, page, (entry,)))


def book(context: Context, *, debtor: str, creditor: str, amount: int) -> None:
    """Add to what one company owes another for this month; nobody owes itself."""
    if debtor == creditor:
        return
    month = month_of(context.time)
    id = debt_id(month, debtor=debtor, creditor=creditor)
    debt = context.read(Debt, id) or Debt(month, debtor, creditor, 0)
    context.write(id, replace(debt, total=debt.total + amount))
    _move_position(context, month, debtor, debts=amount)
    _move_position(context, month, creditor, claims=amount)
    context.emit(DebtBooked(month, debtor, creditor, amount))


def _issue(context: Context, id: RecordId, holder: PublicKey, employer: str | None) -> int:
    """Write a credential for an owner, and return its index."""
    issued = context.read(Issuance, issuance_id())
    index = 0 if issued is None else issued.credentials
    context.write(issuance_id(), Issuance(index + 1))
    context.write(
        credential_id(index),
        Credential(index, id, holder, employer, issued_at=context.time, revoked_at=0),
    )
    return index


def _move_position(
    context: Context, month: int, company: str, *, claims: int = 0, debts: int = 0
) -> None:
    """Add to what a company is owed and owes in a month."""
    id = position_id(month, company)
    found = context.read(Position, id) or Position(month, company, 0, 0)
    moved = replace(found, claims=found.claims + claims, debts=found.debts + debts)
    context.write(id, moved)
