"""The report of two communities shows what came out, also when it is not what should have."""

from tallystick.base.identifiers import RecordId
from tallystick.coordination.swap import SwapOutcome
from tallystick.scenarios.communities_report import CLAIMS, CommunityFacts, communities_report
from tallystick.scenarios.communities_sale import Sale
from tallystick.scenarios.communities_vote import Decision
from tests.scenarios.test_communities_proofs import NEW, OLD

FACTS = CommunityFacts(
    sessions=(OLD, NEW),
    decision=Decision(10, RecordId(bytes(32)), RecordId(bytes(32)), ((5, 2), (2, 5)), 4),
    sale=Sale(7_000, 630_000, (SwapOutcome.SWAPPED, SwapOutcome.REFUNDED), (2, 2)),
    refused=("enacting twice",),
    proved={**dict.fromkeys(CLAIMS, True), "fees_are_exact": False},
)


def test_every_claim_is_a_fact() -> None:
    """One that failed says so, and the block at which it changed is in the headline."""
    report = communities_report(FACTS)
    shown = {fact.label: (fact.value, fact.is_good) for fact in report.facts}
    assert ("NO", False) == shown["fees are exact"]
    assert ("yes", True) == shown["audited"]
    assert "The fee is 1 % in block 9 and 2.5 % in block 10" == report.headline
    assert "0.63 EUR" in report.lead


def test_what_was_tried_is_listed() -> None:
    """With the markets before and after, and how the swap ended for both."""
    tables = {
        block.title: block.rows
        for section in communities_report(FACTS).sections
        for block in section.blocks
        if hasattr(block, "rows")
    }
    assert (("enacting twice",),) == tables["Tried and refused"]
    assert ["9", "10"] == [row[1] for row in tables["Markets"]]
    assert ["swapped", "refunded"] == [row[2] for row in tables["The swap"]]
