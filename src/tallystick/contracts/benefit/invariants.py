"""
What always holds about benefits.

Each is checked on what a block changed and, by an audit, on everything: there the state before is
empty, and a change is what there is.
"""

from collections import defaultdict
from collections.abc import Iterator
from operator import attrgetter
from typing import Final

from tallystick.base.identifiers import RecordId
from tallystick.contracts.identity.model import StatusPage, contract_issuer, is_set, status_id
from tallystick.core.invariant import Changes, Invariant

from .model import (
    CONTRACT_NAME,
    Benefit,
    BenefitPage,
    BenefitState,
    Company,
    Credential,
    credential_id,
)
from .model_buyers import Buyer, buyer_id
from .model_debts import Debt, Netting, Position
from .passing import status_entry

_FIXED: Final = attrgetter("company", "created_at")
"""What never changes about a benefit."""

_TERMS: Final = attrgetter("name", "ledger", "unit", "clearing", "admitted_at")
"""What never changes about a company."""

_CLAIM: Final = attrgetter("index", "benefit", "holder", "employer", "issued_at")
"""What never changes about a credential."""

_FINAL: Final = (BenefitState.REDEEMED, BenefitState.REFUNDED, BenefitState.REMOVED)
"""From which nothing leads on."""

_OWNED: Final = (BenefitState.OWNED, BenefitState.LISTED)
"""In which somebody has a benefit, unless it is reserved."""


def _held_in_doubt(changes: Changes) -> Iterator[str]:
    """Find benefits that are reserved for nobody, held without being reserved, or half held."""
    for id, _, new in changes.of(Benefit):
        if new is None:
            continue
        if (new.state is BenefitState.RESERVED) != (new.hold is not None):
            yield f"benefit {id.hex()} is {new.state.value}, and its hold does not say so"
        elif new.hold is not None and not new.hold.held:
            yield f"benefit {id.hex()} is reserved, and nobody has taken hold of it"


def _owned_without_credential(changes: Changes) -> Iterator[str]:
    """Compare benefits that somebody has with the credentials that are not revoked."""
    credentials = {id: (old, new) for id, old, new in changes.of(Credential)}
    benefits = {id: new for id, _, new in changes.of(Benefit)}
    for id, old, new in changes.of(Benefit):
        if new is not None:
            yield from _credential_of(id, old, new, credentials)
    for place, (old, new) in credentials.items():
        if new is None or place != credential_id(new.index):
            yield f"credential at {place.hex()} stands where nobody would look for it"
            continue
        if old is not None and bool(old.revoked_at) == bool(new.revoked_at):
            continue
        benefit = benefits.get(new.benefit)
        if benefit is None or (benefit.credential == new.index) == bool(new.revoked_at):
            yield f"credential {new.index} and its benefit differ about who owns it"


def _credential_of(
    id: RecordId,
    old: Benefit | None,
    new: Benefit,
    credentials: dict[RecordId, tuple[object, object]],
) -> Iterator[str]:
    """Find what is wrong between one benefit and its owner's credential."""
    state = new.hold.before if new.hold is not None else new.state
    if (state in _OWNED) != (new.credential is not None):
        yield f"benefit {id.hex()} is {state.value} with credential {new.credential}"
    if old is not None and old.credential == new.credential:
        if (old.owner, old.employer) != (new.owner, new.employer):
            yield f"benefit {id.hex()} changed hands without a new credential"
    elif new.credential is not None:
        _, found = credentials.get(credential_id(new.credential), (None, None))
        fits = (
            isinstance(found, Credential)
            and not found.revoked_at
            and ((found.benefit, found.holder, found.employer) == (id, new.owner, new.employer))
        )
        if not fits:
            yield f"benefit {id.hex()} has a credential that says something else"


def _status_differs(changes: Changes) -> Iterator[str]:
    """Compare credentials that were revoked, or issued, with the ledger's status list."""
    issuer = contract_issuer(CONTRACT_NAME)
    pages = {id: new for id, _, new in changes.of(StatusPage)}
    for _, old, new in changes.of(Credential):
        if new is None or (old is not None and old.revoked_at == new.revoked_at):
            continue
        list, page, entry = status_entry(new.index)
        if is_set(pages.get(status_id(issuer, list, page)), entry) != bool(new.revoked_at):
            yield f"credential {new.index} and its entry in the status list differ"


def _rewritten(changes: Changes) -> Iterator[str]:
    """Find benefits that came back, and what never changes and did."""
    for id, old, new in changes.of(Benefit):
        if new is None:
            yield f"benefit {id.hex()} vanished"
        elif old is not None and _FIXED(old) != _FIXED(new):
            yield f"benefit {id.hex()} was rewritten"
        elif old is not None and old.state in _FINAL and old != new:
            yield f"benefit {id.hex()} came back"
    for id, old, new in changes.of(Company):
        gone = new is None or (old is not None and _TERMS(old) != _TERMS(new))
        if gone or (old is not None and old.removal is not None and old.removal != new.removal):
            yield f"company {id.hex()} was rewritten"
    for id, old, new in changes.of(Credential):
        if old is not None and (new is None or _CLAIM(old) != _CLAIM(new)):
            yield f"credential {id.hex()} was rewritten"
        elif old is not None and old.revoked_at and old.revoked_at != new.revoked_at:
            yield f"credential {id.hex()} came back"
    for id, old, new in changes.of(Netting):
        if old is not None and old != new:
            yield f"netting {id.hex()} was rewritten"


def _off_the_pages(changes: Changes) -> Iterator[str]:
    """Compare new benefits with what pages list and companies count."""
    added: defaultdict[str, int] = defaultdict(int)
    fresh: set[RecordId] = set()
    for id, old, new in changes.of(Benefit):
        if old is None and new is not None:
            added[new.company] += 1
            fresh.add(id)
    listed = {
        id
        for _, old, new in changes.of(BenefitPage)
        for id in (new.benefits if new else ())[len(old.benefits) if old else 0 :]
    }
    if fresh != listed:
        yield f"{len(fresh ^ listed)} new benefits and the pages of their companies differ"
    for _, old, new in changes.of(Company):
        counted = (new.benefits if new else 0) - (old.benefits if old else 0)
        if counted != added.pop((new or old).name, 0):
            yield f"company {(new or old).name} counts {counted} new benefits"
    for name in added:
        yield f"company {name} counts none of its new benefits"


def _owed_twice(changes: Changes) -> Iterator[str]:
    """Compare debts between two with what each company owes and is owed, and what is netted."""
    differences: defaultdict[tuple[int, str, str], int] = defaultdict(int)
    for id, old, new in changes.of(Debt):
        grown = (new.total if new else 0) - (old.total if old else 0)
        if grown < 0 or (new or old).debtor == (new or old).creditor:
            yield f"debt {id.hex()} shrank, or is owed to the debtor"
        differences[(new or old).month, (new or old).debtor, "debts"] += grown
        differences[(new or old).month, (new or old).creditor, "claims"] += grown
    for _, old, new in changes.of(Position):
        for side in ("claims", "debts"):
            moved = getattr(new, side, 0) - getattr(old, side, 0)
            differences[(new or old).month, (new or old).company, side] -= moved
    for (month, company, side), difference in differences.items():
        if difference:
            yield f"{side} of {company} in month {month} are off by {difference}"
    for id, _, new in changes.of(Netting):
        if new is not None and sum(each.net for each in new.positions):
            yield f"netting {id.hex()} does not sum to zero"


def _counted_wrongly(changes: Changes) -> Iterator[str]:
    """Compare what is reserved for purchases with how much each buyer has reserved."""
    differences: defaultdict[RecordId, int] = defaultdict(int)
    for _, old, new in changes.of(Benefit):
        for benefit, by in ((old, -1), (new, 1)):
            deal = benefit.hold.deal if benefit is not None and benefit.hold is not None else None
            if deal is not None and deal.buyer is not None:
                differences[deal.buyer] += by
    for id, old, new in changes.of(Buyer):
        if new is None or id != buyer_id(new.identity):
            yield f"buyer at {id.hex()} stands where nobody would look for it"
            continue
        differences[new.identity] -= new.reservations - (old.reservations if old else 0)
    for buyer, difference in differences.items():
        if difference:
            yield f"reservations of {buyer.hex()} are off by {difference}"


INVARIANTS = (
    Invariant("A benefit is reserved iff one contract holds it.", _held_in_doubt),
    Invariant(
        "A benefit has one owner, who has the one credential of it that is not revoked; nobody "
        "has one of what a company offers, or of what is over.",
        _owned_without_credential,
    ),
    Invariant("A credential is revoked iff its entry in the status list is set.", _status_differs),
    Invariant(
        "What was redeemed, refunded or removed stays so; who left does not come back.", _rewritten
    ),
    Invariant("Every benefit stands on one page of its company, once.", _off_the_pages),
    Invariant("As much is counted as reserved for a buyer as is.", _counted_wrongly),
    Invariant(
        "What companies owe in a month is what others are owed, and nets to zero.", _owed_twice
    ),
)
