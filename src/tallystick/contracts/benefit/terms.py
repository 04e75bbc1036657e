"""
What a joint change must say to be a purchase, or a refund: each part, to the last token.

Tokens stay on their ledgers. The buyer pays on the own company's: the seller, if that one holds the
same tokens, or else the company, which then owes the seller's company the price. A seller who is an
employee elsewhere is paid there, by that company, in its own tokens. A company that sells books
what it is owed, and no token of its own moves.
"""

from collections.abc import Sequence

from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.contracts.exchange.model import Part
from tallystick.core.holding import WHOLE, holding_id

from .model import CONTRACT_NAME, Benefit, BenefitState, Company, Rate
from .standing import rate_at

TOKENS = "asset"
"""The contract that keeps tokens, on every company's ledger."""


def tokens_for(price: int, rate: Rate) -> int:
    """Return what a price is in a company's tokens, rounded up once. [base units of the token]"""
    return -(-price * rate.tokens // rate.units)


def purchase_parts(
    ledger: LedgerId,
    id: RecordId,
    benefit: Benefit,
    *,
    buyer: PublicKey,
    home: Company,
    away: Company,
    time: int,
) -> tuple[Part, ...]:
    """
    Return the parts of a purchase in their order, at the rates in force at a block time [ms].

    `home` is the buyer's company and `away` the seller's: the owner's employer, or the company that
    offers the benefit itself.
    """
    price, seller = benefit.price, benefit.owner
    near = home.name == away.name
    parts = [_benefit_part(ledger, id, source=seller, target=buyer)]
    paid = tokens_for(price, rate_at(home, time))
    parts.append(_payment(home, paid, source=buyer, target=seller if near else home.clearing))
    if not near and benefit.state is not BenefitState.OFFERED:
        paid = tokens_for(price, rate_at(away, time))
        parts.append(_payment(away, paid, source=away.clearing, target=seller))
    return in_order(parts)


def refund_parts(
    ledger: LedgerId, id: RecordId, benefit: Benefit, *, issuer: Company, home: Company, time: int
) -> tuple[Part, ...]:
    """
    Return the parts of a refund in their order; `home` is the holder's company, which pays.

    It pays at its rate in force at a block time. [ms since the epoch, UTC]
    """
    paid = tokens_for(benefit.sold_for, rate_at(home, time))
    return in_order(
        (
            _benefit_part(ledger, id, source=benefit.owner, target=issuer.clearing),
            _payment(home, paid, source=home.clearing, target=benefit.owner),
        )
    )


def in_order(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return parts as a change has them: ascending by ledger, contract and holding."""
    return tuple(sorted(parts, key=lambda each: (each.ledger, each.contract, each.holding)))


def describe(parts: Sequence[Part]) -> str:
    """Return payments in a few words."""
    paid = [f"{each.amount} tokens of holding {each.holding.hex()[:8]}…" for each in parts]
    return " and ".join(paid)


def _benefit_part(ledger: LedgerId, id: RecordId, *, source: PublicKey, target: PublicKey) -> Part:
    """Return the part that is the benefit."""
    return Part(ledger, CONTRACT_NAME, id, source, WHOLE, target)


def _payment(company: Company, tokens: int, *, source: PublicKey, target: PublicKey) -> Part:
    """Return a payment in a company's tokens, on its own ledger."""
    holding = holding_id(company.unit, source)
    return Part(company.ledger, TOKENS, holding, source, tokens, target)
