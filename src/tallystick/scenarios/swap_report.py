"""Tell the story of the swaps: what became of each deal, and what was proved."""

from collections import Counter
from dataclasses import dataclass

from tallystick.coordination.swap import SwapOutcome

from .allowances_terms import CENTS
from .report_data import (
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
from .swap_parties import ASSUMED, BUYER, SELLER
from .swap_stories import ALWAYS, Told

EUROS = Unit("EUR", base=CENTS, decimals=0)
DEALS = Unit("", base=1, decimals=0)
QUESTIONS = {
    "stories_as_told": "Did each of the five stories end as it should?",
    "none_by_halves": "Did every deal change both sides, or neither?",
    "none_stuck": "Has every lock ended?",
    "paid_while_away": "Did the watchtower pay, or give back, for those who were away?",
    "secrets_kept": "Does no block show the secret of a deal that was given back?",
    "conserved": "Is every allowance and every cent in an account?",
    "audited": "Does replaying both ledgers meet every root?",
}
OUTCOMES = {
    SwapOutcome.SWAPPED: "both paid",
    SwapOutcome.REFUNDED: "both as before",
    None: "BY HALVES",
}
STAYS = {0: "never comes", 1: "leaves after 1 step", ALWAYS: "stays"}


@dataclass(frozen=True, slots=True)
class SwapFacts:
    """What the story came to."""

    stories: tuple[Told, ...]
    """The five that are told."""
    deals: tuple[Told, ...]
    """Those in which parties went away by chance."""
    issued: int
    """Allowances that there are."""
    proved: dict[str, bool]
    """Each claim, and whether it held."""

    def count(self, outcome: SwapOutcome | None) -> int:
        """Return how many deals ended so."""
        return sum(each.outcome is outcome for each in self.deals)


def swap_report(facts: SwapFacts) -> Report:
    """Put the whole report together."""
    total = len(facts.deals)
    swapped, refunded = facts.count(SwapOutcome.SWAPPED), facts.count(SwapOutcome.REFUNDED)
    halves = facts.count(None)
    return Report(
        title="Allowances against money",
        headline=f"{total} deals, {swapped} swapped, {refunded} as before, {halves} by halves",
        lead=(
            f"{SELLER} sells allowances that stand on its zone's registry, {BUYER} pays on the "
            "bank's ledger, and neither ledger knows the other. One secret opens both locks. In "
            f"{total} deals either party went away when it pleased; what they left open, a "
            "watchtower ended that owns nothing and knows no secret."
        ),
        gauges=(
            Gauge(
                "Deals that ended whole",
                f"{total - halves} of {total}, {swapped} of them swapped",
                Share(total - halves, total),
                Hue.GREEN,
            ),
        ),
        facts=(
            Fact("deals", f"{total:,}"),
            Fact("steps by the watchtower", f"{sum(each.by_tower for each in facts.deals):,}"),
            *(
                Fact(name.replace("_", " "), "yes" if holds else "NO", holds)
                for name, holds in facts.proved.items()
            ),
        ),
        sections=(_stories(facts), _deals(facts), _proofs(facts)),
        colophon="Companies and prices are invented.",
    )


def _stories(facts: SwapFacts) -> Section:
    """Show the five stories."""
    rows = tuple(
        (
            each.deal.title,
            OUTCOMES.get(each.outcome, "BY HALVES"),
            f"{each.allowances:,}",
            write_amount(each.cents, EUROS, with_symbol=False),
            f"{each.by_tower}",
            f"{each.minutes:,}",
        )
        for each in facts.stories
    )
    header = ("What happens", "Outcome", "Allowances", "EUR", "Watchtower", "Minutes")
    text = (
        "The seller draws the secret and locks first, and for longer: by the finality of both "
        f"ledgers, the skew of their clocks and the time to claim, {ASSUMED.margin // 1_000} "
        "seconds in all. Taking the money shows the secret, and with it anybody can see to it "
        "that the buyer is paid."
    )
    return Section("Five deals", text, (Table("How they ended", header, rows),))


def _deals(facts: SwapFacts) -> Section:
    """Show how deals ended by how long each party stayed."""
    stays = sorted({each.deal.seller_steps for each in facts.deals})
    swapped: Counter[int] = Counter()
    refunded: Counter[int] = Counter()
    for each in facts.deals:
        counter = swapped if each.outcome is SwapOutcome.SWAPPED else refunded
        counter[each.deal.seller_steps] += 1
    chart = Bars(
        title="Deals by how long the seller stayed",
        summary=(
            "Upwards those in which both were paid, downwards those in which both were as before: "
            "a seller who locked and came back was paid, if the buyer locked too."
        ),
        unit=DEALS,
        labels=tuple(_stay(each) for each in stays),
        caption_title="Swapped",
        captions=tuple(f"{swapped[each]}" for each in stays),
        above=(Series("Both paid", Hue.GREEN, tuple(swapped[each] for each in stays)),),
        below=(Series("Both as before", Hue.GREY, tuple(refunded[each] for each in stays)),),
    )
    text = "Whoever goes away keeps nothing but a diary, and in these deals does not come back."
    return Section("A hundred deals by chance", text, (chart,))


def _stay(steps: int) -> str:
    """Say how long a party stays."""
    return STAYS.get(steps, f"leaves after {steps} steps")


def _proofs(facts: SwapFacts) -> Section:
    """Show what was asked and answered."""
    rows = tuple(
        (QUESTIONS[name], "yes" if holds else "NO") for name, holds in facts.proved.items()
    )
    text = "Both ledgers were compared with what the parties were told."
    return Section("What was proved", text, (Table("Questions", ("Question", "Answer"), rows),))
