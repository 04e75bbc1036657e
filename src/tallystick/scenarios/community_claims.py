"""What each claim of the lane's week means, in a sentence."""

from collections.abc import Mapping
from typing import Final

SHOWN_FIRST: Final[Mapping[str, str]] = {
    "bills_add_up": "bills add up",
    "money_conserved": "money conserved",
    "energy_conserved": "energy conserved",
    "audited": "ledger audited",
}
"""The claims at the head of the report, and what it calls them."""

CLAIMS: Final[Mapping[str, str]] = {
    "auctions_checked_by_a_stranger": (
        "every price is the one at which the orders trade most, and every part is fair"
    ),
    "trades_settled_as_measured": (
        "every trade came to what promises and meters make of it, to the millionth"
    ),
    "bills_add_up": "every bill is the sum of its lines, and what it should be",
    "accounts_match_bills": "every account changed by its bill, and nothing is locked or left",
    "sum_over_everybody_is_zero": "what members lost, operators and the balancing account gained",
    "money_conserved": "what was minted is what everybody has",
    "energy_conserved": "what was made was issued, and is claimed or in its owner's hands",
    "claims_are_matched_production": "claimed is what was delivered and used, and reported in time",
    "boast_cut_or_paid": (
        "what was not there was cut when announced, and its seller paid, as when it was not"
    ),
    "outage_cancelled_trades": "trades behind the broken line, and no others, came to nothing",
    "late_reading_corrected": "a silent meter counted nothing, then the difference was billed",
    "roof_shared_as_computed": (
        "of every quarter hour each flat got, and paid, what its share and its use make of it"
    ),
    "shared_roof_paid_out": "all that flats paid for the shared roof reached its owners",
    "misuse_refused": "everything that was tried against the rules was refused, and rightly",
    "audited": "a replay from genesis meets every root and every invariant",
}
"""Every claim."""
