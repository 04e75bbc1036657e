"""What the story of two communities claims, checked against what their ledgers say."""

from collections.abc import Iterable

from tallystick.base.identifiers import RecordId
from tallystick.client.foreign import recognised_by
from tallystick.contracts.governance.model import Status
from tallystick.contracts.governance.views import ProposalView, ShowProposal
from tallystick.coordination.swap import SwapOutcome

from .communities_cast import FEE_PPM, NEW_FEE_PPM, ONE_PPM
from .communities_days import Days, Session
from .communities_desk import Desk
from .communities_sale import Sale
from .communities_vote import SAYS, Decision
from .scenario import AllRows


def prove_fees(sessions: Iterable[Session], height: int) -> dict[str, bool]:
    """Tell whether the fee changed exactly at a height, and was charged as each market said."""
    rates = {each.opened_height: each.rate_ppm for each in sessions}
    return {
        "old_fee_until_the_height": {FEE_PPM} == {r for at, r in rates.items() if at < height},
        "new_fee_from_the_height": {NEW_FEE_PPM} == {r for at, r in rates.items() if at >= height},
        "changed_between_two_blocks": {height - 1, height} <= set(rates),
        "fees_are_exact": all(
            each.charged == {b: v * each.rate_ppm // ONE_PPM for b, v in each.value.items()}
            for each in sessions
        ),
    }


def prove_vote(days: Days, millbrook: Desk, decision: Decision) -> dict[str, bool]:
    """Tell whether only what was carried holds, and nobody got around the vote."""
    desk = days.desk
    found = recognised_by(desk.ledger, millbrook.ledger.id)
    said = tuple((option.count(0), option.count(1)) for option in zip(*SAYS.values(), strict=True))
    return {
        "counted_as_said": said == decision.counts,
        "carried_is_in_force": _status(desk, decision.carried) is Status.APPLIED,
        "refused_never_was": _status(desk, decision.refused) in {Status.PROPOSED, Status.LAPSED},
        "nothing_got_around_the_vote": all(desk.refused.values()),
        "neighbour_recognised_by_vote": found.trust.ledger == millbrook.ledger.id,
    }


def prove_sale(days: Days, millbrook: Desk, sale: Sale) -> dict[str, bool]:
    """Tell whether both communities have what they bargained for."""
    oakfield = days.desk
    paid = millbrook.spendable(millbrook.money, oakfield.office("treasury"))
    bought = oakfield.spendable(days.energy, millbrook.office("treasury"))
    both = (SwapOutcome.SWAPPED, SwapOutcome.SWAPPED)
    return {
        "surplus_changed_hands": (both, sale.sold_wh, sale.price) == (sale.outcomes, bought, paid)
    }


def is_conserved(desk: Desk, rows: AllRows) -> bool:
    """Tell whether a ledger's accounts hold exactly what was ever made, of each class."""
    held: dict[RecordId, int] = {}
    for row in rows("asset_balances"):
        unit = RecordId(row["unit"])
        held[unit] = held.get(unit, 0) + row["spendable"] + row["locked"]
    return desk.minted == held


def _status(desk: Desk, proposal: RecordId) -> Status:
    """Return how far a proposal has come."""
    view = desk.ledger.ask(ShowProposal(proposal))
    if not isinstance(view, ProposalView):
        raise TypeError(f"ShowProposal is answered with a {type(view).__name__}")
    return view.status
