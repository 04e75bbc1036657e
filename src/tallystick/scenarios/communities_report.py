"""Tell the story of two communities: a vote, a fee that changes between two blocks, a sale."""

from dataclasses import dataclass

from .communities_cast import FEE_PPM, NEW_FEE_PPM
from .communities_days import Session
from .communities_sale import PRICE, Sale
from .communities_terms import SCALE
from .communities_vote import SAYS, Decision
from .report_data import (
    KILOWATT_HOURS,
    Bars,
    Fact,
    Gauge,
    Hue,
    Report,
    Section,
    Series,
    Share,
    Table,
    Unit,
    write_amount,
)

EURO = Unit("EUR", base=10**SCALE, decimals=2)
CENT = Unit("ct", base=10**SCALE // 100, decimals=2)
EXACT_EURO = Unit("EUR", base=10**SCALE, decimals=6)
CLAIMS = {
    "old_fee_until_the_height": "Did every market opened before the height charge the old fee?",
    "new_fee_from_the_height": "Did every market opened from it on charge the new one?",
    "changed_between_two_blocks": "Was one opened in the last block before, and one in the first?",
    "fees_are_exact": "Is each bill's fee its market's rate on what was bought, rounded down?",
    "counted_as_said": "Does the count add up to what households said?",
    "carried_is_in_force": "Has all that was carried been done?",
    "refused_never_was": "Did the refused fee never come into force?",
    "nothing_got_around_the_vote": "Was every way around the vote refused, for its own reason?",
    "neighbour_recognised_by_vote": "Does Oakfield believe Millbrook's ledger, as it decided?",
    "surplus_changed_hands": "Have both communities what they bargained for?",
    "conserved": "Do the accounts hold all that was ever made, on both ledgers?",
    "audited": "Does replaying both ledgers meet every root, under old rules and new?",
}


@dataclass(frozen=True, slots=True)
class CommunityFacts:
    """What the story came to."""

    sessions: tuple[Session, ...]
    """Oakfield's markets, in order."""
    decision: Decision
    """What the assembly decided."""
    sale: Sale
    """What Millbrook bought."""
    refused: tuple[str, ...]
    """What was tried and refused."""
    proved: dict[str, bool]
    """Each claim, and whether it held."""


def communities_report(facts: CommunityFacts) -> Report:
    """Put the whole report together."""
    decision, sale = facts.decision, facts.sale
    votes_for, votes_against = decision.counts[0]
    return Report(
        title="Two communities",
        headline=(
            f"The fee is {_percent(FEE_PPM)} in block {decision.height - 1} and "
            f"{_percent(NEW_FEE_PPM)} in block {decision.height}"
        ),
        lead=(
            f"Oakfield's households voted {votes_for} to {votes_against} for a new fee, and "
            f"enacted it in block {decision.enacted_height}. When its height came, nobody had to "
            "do anything. The same vote recognised Millbrook's ledger, to which Oakfield then sold "
            f"{write_amount(sale.sold_wh, KILOWATT_HOURS)} of sunshine for "
            f"{write_amount(sale.price, EURO)}."
        ),
        gauges=(
            Gauge(
                "Households for the new fee",
                f"{votes_for} of {len(SAYS)} who came",
                Share(votes_for, len(SAYS)),
                Hue.GREEN,
            ),
        ),
        facts=tuple(
            Fact(name.replace("_", " "), "yes" if holds else "NO", holds)
            for name, holds in facts.proved.items()
        ),
        sections=(_vote(facts), _markets(facts), _sale(sale), _proofs(facts)),
        colophon="Oakfield, Millbrook and their sunshine are invented.",
    )


def _vote(facts: CommunityFacts) -> Section:
    """Show what was asked, and what nobody got away with."""
    decision = facts.decision
    asked = ("A fee of 2.5 %, and trade with Millbrook", "A fee of 10 %")
    results = ("carried", "refused")
    rows = tuple(
        (text, str(count[0]), str(count[1]), result)
        for text, count, result in zip(asked, decision.counts, results, strict=True)
    )
    text = (
        "A question names the hash of what it decides. So a vote on one thing never decides "
        "another, and whoever votes can read it before."
    )
    votes = Table("The assembly", ("Question", "For", "Against", "Result"), rows)
    tried = Table("Tried and refused", ("What",), tuple((each,) for each in facts.refused))
    return Section("A vote", text, (votes, tried))


def _markets(facts: CommunityFacts) -> Section:
    """Show every market before and after."""
    charged = tuple(sum((each.charged or {}).values()) for each in facts.sessions)
    rows = tuple(
        (
            f"{each.day + 1}",
            f"{each.opened_height}",
            _percent(each.rate_ppm),
            write_amount(each.traded_wh, KILOWATT_HOURS, with_symbol=False),
            write_amount(sum(each.value.values()), EXACT_EURO, with_symbol=False),
            write_amount(fee, EXACT_EURO, with_symbol=False),
        )
        for each, fee in zip(facts.sessions, charged, strict=True)
    )
    labels = tuple(f"block {each.opened_height}" for each in facts.sessions)
    chart = Bars(
        title="Fees of each market",
        summary="What the community's treasury got from each market, in the order of their blocks.",
        unit=CENT,
        labels=labels,
        caption_title="Fee",
        captions=tuple(write_amount(fee, CENT) for fee in charged),
        above=(Series("Fees", Hue.BLUE, charged),),
    )
    header = ("Day", "Opened in block", "Fee", "Traded kWh", "Paid EUR", "Fee EUR")
    text = (
        "Two markets of the same day were opened in two blocks that follow each other, the one "
        "under the old fee and the other under the new one. A market keeps the fee that it was "
        "opened with, so that nobody's order gets dearer by a vote."
    )
    return Section("Before and after", text, (chart, Table("Markets", header, rows)))


def _sale(sale: Sale) -> Section:
    """Show what changed hands between the ledgers."""
    rows = (
        (
            "Oakfield",
            write_amount(sale.sold_wh, KILOWATT_HOURS),
            sale.outcomes[0].value,
            str(sale.blocks[0]),
        ),
        ("Millbrook", write_amount(sale.price, EURO), sale.outcomes[1].value, str(sale.blocks[1])),
    )
    text = (
        "Tokens are locked on one ledger and money on the other, under one hash. Whoever shows its "
        "preimage to be paid lets the other be paid; if nobody does, both get back what they gave. "
        f"Millbrook paid {PRICE / 10:g} cents a kilowatt-hour."
    )
    header = ("Community", "Gave", "Outcome", "Blocks")
    return Section("A sale between two ledgers", text, (Table("The swap", header, rows),))


def _proofs(facts: CommunityFacts) -> Section:
    """Show what was asked and answered."""
    rows = tuple((CLAIMS[name], "yes" if holds else "NO") for name, holds in facts.proved.items())
    text = "The ledgers were asked, then closed, and replayed from their first block on."
    return Section("What was proved", text, (Table("Questions", ("Question", "Answer"), rows),))


def _percent(rate_ppm: int) -> str:
    """Write a rate."""
    return f"{rate_ppm / 10_000:g} %"
