"""The rules by which the registry operator opens and closes accounts."""

from msgspec.structs import replace

from tallystick.base.identifiers import format_record_id
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context

from .commands import CloseAccount, OpenAccount
from .errors import (
    AccountExists,
    AccountIsClosed,
    AccountNotEmpty,
    AccountNotFound,
    AccountServesUnit,
    ProgrammeNotFound,
    SignerIsNotOperator,
    SignerIsNotOwner,
)
from .events import AccountClosed, AccountOpened
from .ids import account_id
from .model import Account, Programme
from .payments import check_payer, pay
from .stock import Place, check_zone, holding_at, terms_of


def open_account(context: Context, command: OpenAccount) -> None:
    """
    Open an account for a key.

    The operator has seen who stands behind it, and signs for that. The ledger sees a commitment.
    """
    # READ
    programme = context.read(Programme, command.programme)
    zone, key = command.zone, command.key
    id = account_id(programme=command.programme, zone=zone, key=key)
    present = context.read(Account, id)
    # CHECK
    if programme is None:
        raise ProgrammeNotFound(command.programme)
    terms = programme.terms
    check_zone(terms, zone)
    if not authorised(context, Role.REGISTRY_OPERATOR, zone):
        raise SignerIsNotOperator("zone", zone)
    if key not in context.signers:
        raise SignerIsNotOwner("key", key)
    check_payer(context, command.payer, terms.fees.account)
    if present is not None:
        raise AccountExists(id)
    # WRITE
    pay(context, terms, command.payer, terms.fees.account)
    context.create(
        id,
        Account(command.programme, zone, key, command.kind, command.commitment, context.time),
    )
    context.emit(AccountOpened(id, command.programme, zone, key, command.kind, command.commitment))


def close_account(context: Context, command: CloseAccount) -> None:
    """Close an account for good; its key gets no other in this zone."""
    # READ
    id = command.account
    account = context.read(Account, id)
    # CHECK
    if account is None:
        raise AccountNotFound("account", format_record_id(id))
    if not authorised(context, Role.REGISTRY_OPERATOR, account.zone):
        raise SignerIsNotOperator("account", account.zone)
    if account.closed_at:
        raise AccountIsClosed("account", account.closed_at)
    if account.unit is not None:
        raise AccountServesUnit(account.unit)
    for period in range(len(terms_of(context, account.programme).periods)):
        place = Place(account.programme, account.zone, period)
        if holding_at(context, place, account.key) is not None:
            raise AccountNotEmpty(period)
    # WRITE
    context.write(id, replace(account, closed_at=context.time))
    context.emit(AccountClosed(id))
