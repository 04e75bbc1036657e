"""Benefits' read model: companies, benefits with their owners, credentials, and debts."""

from collections.abc import Iterator

from tallystick.core.event import Event
from tallystick.core.projection import Add, Insert, Projection, RowChange, Table, Update

from .events import (
    BenefitCreated,
    BenefitListed,
    BenefitPassed,
    BenefitRedeemed,
    BenefitRefunded,
    BenefitReleased,
    BenefitRemoved,
    BenefitReserved,
    BenefitUnlisted,
    BenefitUpdated,
    CompanyAdmitted,
    CompanyRemoved,
    DebtBooked,
    MonthNetted,
    RateSet,
)

COMPANIES = Table(
    name="benefit_companies",
    columns=(
        ("company", "text"),
        ("ledger", "bytes"),
        ("unit", "bytes"),
        ("clearing", "bytes"),
        ("rate_units", "integer"),
        ("rate_tokens", "integer"),
        ("next_rate_units", "integer"),
        ("next_rate_tokens", "integer"),
        ("next_rate_since", "integer"),
        ("admitted_at", "integer"),
        ("removed_at", "integer"),
        ("until", "integer"),
    ),
    key=("company",),
)

BENEFITS = Table(
    name="benefits",
    columns=(
        ("benefit", "bytes"),
        ("did", "text"),
        ("company", "text"),
        ("title", "text"),
        ("price", "integer"),
        ("state", "text"),
        ("owner", "bytes"),
        ("employer", "text"),
        ("created_at", "integer"),
    ),
    key=("benefit",),
    indexes=(("company", "state"), ("owner",)),
)

CREDENTIALS = Table(
    name="benefit_credentials",
    columns=(
        ("credential", "integer"),
        ("benefit", "bytes"),
        ("holder", "bytes"),
        ("employer", "text"),
        ("cause", "text"),
        ("price", "integer"),
        ("issued_at", "integer"),
        ("revoked_at", "integer"),
    ),
    key=("credential",),
    indexes=(("holder",), ("benefit",)),
)

DEBTS = Table(
    name="benefit_debts",
    columns=(
        ("month", "integer"),
        ("debtor", "text"),
        ("creditor", "text"),
        ("total", "integer"),
    ),
    key=("month", "debtor", "creditor"),
)

NETTINGS = Table(
    name="benefit_nettings",
    columns=(
        ("month", "integer"),
        ("company", "text"),
        ("net", "integer"),
        ("netted_at", "integer"),
    ),
    key=("month", "company"),
)


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes. [ms since the epoch, UTC]"""
    match event:
        case CompanyAdmitted() | CompanyRemoved() | RateSet():
            yield _fold_company(event, time)
        case DebtBooked(month=month, debtor=debtor, creditor=creditor, amount=amount):
            yield Add(DEBTS, (month, debtor, creditor), {"total": amount})
        case MonthNetted(month=month, positions=positions):
            for each in positions:
                yield Insert(NETTINGS, (month, each.company, each.net, time))
        case BenefitPassed() | BenefitRedeemed() | BenefitRefunded():
            yield from _fold_end_of_credential(event, time)
        case _:
            yield from _fold_offer(event, time)


def _fold_company(event: CompanyAdmitted | CompanyRemoved | RateSet, time: int) -> RowChange:
    """Fold what happened to a company."""
    if isinstance(event, CompanyAdmitted):
        rate = event.rate
        row = (event.company, event.ledger, event.unit, event.clearing, rate.units, rate.tokens)
        return Insert(COMPANIES, (*row, 0, 0, 0, time, 0, 0))
    if isinstance(event, CompanyRemoved):
        return Update(COMPANIES, (event.company,), {"removed_at": time, "until": event.until})
    columns = {
        "rate_units": event.present.units,
        "rate_tokens": event.present.tokens,
        "next_rate_units": event.rate.units,
        "next_rate_tokens": event.rate.tokens,
        "next_rate_since": event.since,
    }
    return Update(COMPANIES, (event.company,), columns)


def _fold_end_of_credential(
    event: BenefitPassed | BenefitRedeemed | BenefitRefunded, time: int
) -> Iterator[RowChange]:
    """Fold that a benefit changed hands, or ended."""
    if event.revoked is not None:
        yield Update(CREDENTIALS, (event.revoked,), {"revoked_at": time})
    if isinstance(event, BenefitPassed):
        employer = event.employer or ""
        row = (event.credential, event.benefit, event.target, employer)
        yield Insert(CREDENTIALS, (*row, event.cause.value, event.price, time, 0))
        columns = {"state": "owned", "owner": event.target, "employer": employer}
        yield Update(BENEFITS, (event.benefit,), columns)
    else:
        state = "redeemed" if isinstance(event, BenefitRedeemed) else "refunded"
        yield Update(BENEFITS, (event.benefit,), {"state": state})


def _fold_offer(event: Event, time: int) -> Iterator[RowChange]:
    """Fold what happened to a benefit while its owner stayed the same."""
    match event:
        case BenefitCreated(benefit=id, did=did, company=company, title=title):
            row = (id, did, company, title, event.price, "offered", event.owner, company, time)
            yield Insert(BENEFITS, row)
        case BenefitUpdated(benefit=id, title=title, price=price):
            yield Update(BENEFITS, (id,), {"title": title, "price": price})
        case BenefitRemoved(benefit=id):
            yield Update(BENEFITS, (id,), {"state": "removed"})
        case BenefitListed(benefit=id, price=price):
            yield Update(BENEFITS, (id,), {"state": "listed", "price": price})
        case BenefitUnlisted(benefit=id):
            yield Update(BENEFITS, (id,), {"state": "owned"})
        case BenefitReserved(benefit=id):
            yield Update(BENEFITS, (id,), {"state": "reserved"})
        case BenefitReleased(benefit=id, state=state):
            yield Update(BENEFITS, (id,), {"state": state})


PROJECTION = Projection(
    tables=(COMPANIES, BENEFITS, CREDENTIALS, DEBTS, NETTINGS),
    fold=fold,
)
