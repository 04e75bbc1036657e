"""Tell the story of loyalty: many want one thing, one gets it, and nobody else pays."""

from .loyalty_proofs import LoyaltyFacts
from .report_data import (
    COUNT,
    Bars,
    Fact,
    Gauge,
    Hue,
    Report,
    Section,
    Series,
    Share,
    Table,
)

QUESTIONS = {
    "exactly_one_winner": "Had each rush one winner, who paid the price and owned it afterwards?",
    "losers_told_by_whom_and_until_when": "Was every loser told who has it and until when?",
    "losers_keep_every_token": "Did every loser keep every token?",
    "everybody_served_or_told": "Did everybody on the first day buy, or hear who was faster?",
    "tokens_conserved": "Is what each company made still in accounts, to the token?",
    "nothing_left_reserved": "Is no token and no benefit left reserved?",
    "one_owner_with_one_credential": "Has exactly who owns a benefit a credential of it?",
    "debts_net_to_zero": "Do the month's debts come to what was netted, and to zero?",
    "no_balance_on_the_marketplace": "Does the marketplace keep nobody's balance?",
    "resold_across_companies": "Was one resold to another company's employee, each in own tokens?",
    "swapped": "Did two owners swap in one step?",
    "used_once": "Was a benefit that was used refused the second time?",
    "short_of_tokens_changes_nothing": "Did a buyer without tokens change nothing?",
    "vanished_buyer_blocks_nothing": "Was what a vanished buyer reserved sold to somebody else?",
    "interrupted_purchase_ends": "Did another finish what a stopped coordinator had begun?",
    "dismissal_takes_listings_down": "Did a dismissed employee's listing fall and pass on?",
    "removal_takes_offers_down": "Did a company's offers all fall, with one thing written?",
    "holders_treated_as_stated": "Were its benefits good until the date stated, and no longer?",
    "netted_once": "Was the month netted when it was over, and only once?",
    "audited": "Does replaying all four ledgers meet every root?",
}


def loyalty_report(facts: LoyaltyFacts) -> Report:
    """Put the whole report together."""
    rushes, leaving = facts.rushes, facts.leaving
    return Report(
        title="One benefit, many who want it",
        headline=(
            f"{rushes.played:,} rushes, {rushes.one_winner:,} winners, "
            f"{rushes.losers:,} losers without a loss"
        ),
        lead=(
            f"Three companies keep their tokens on ledgers of their own, and offer "
            f"{facts.benefits:,} benefits on a fourth that they share. {rushes.played:,} times a "
            f"dozen people wanted the same one at the same moment. The marketplace reserved it for "
            f"one, whose tokens alone were taken; {rushes.losers:,} times somebody else was told "
            f"who has it and until when. Afterwards {leaving.company} left, and its "
            f"{leaving.offers_fallen:,} offers with it."
        ),
        gauges=(
            Gauge(
                "Attempts that won",
                f"{rushes.one_winner:,} of {rushes.attempts:,}",
                Share(rushes.one_winner, rushes.attempts),
                Hue.BLUE,
            ),
        ),
        facts=(
            Fact("benefits", f"{facts.benefits:,}"),
            Fact("bought on the first day", f"{facts.day.bought:,} of {facts.day.wanted:,} wanted"),
            Fact("rushes a second", f"{int(rushes.played / max(facts.seconds, 0.001)):,}"),
            *(
                Fact(name.replace("_", " "), "yes" if holds else "NO", holds)
                for name, holds in facts.proved.items()
            ),
        ),
        sections=(_rushes(facts), _companies(facts), _life(facts), _proofs(facts)),
        colophon="Names, prices and wishes are invented.",
    )


def _rushes(facts: LoyaltyFacts) -> Section:
    """Show who won."""
    rushes = facts.rushes
    wins = tuple(rushes.wins[each.name] for each in facts.companies)
    chart = Bars(
        title="Rushes won by the people of each company",
        summary="Every rush is in exactly one column: nobody won together with somebody else.",
        unit=COUNT,
        labels=tuple(each.name for each in facts.companies),
        caption_title="Won",
        captions=tuple(f"{each:,}" for each in wins),
        above=(Series("Won", Hue.BLUE, wins),),
    )
    text = (
        "Each asks for a joint change: the benefit goes to the buyer, tokens go from the buyer, "
        "and if seller and buyer are of different companies, tokens of the other company go to the "
        f"seller; {rushes.across:,} of {rushes.played:,} were so. The benefit is reserved first, "
        "on the ledger that decides. So whoever comes second is refused before a token is touched."
    )
    return Section("A hundred rushes", text, (chart,))


def _companies(facts: LoyaltyFacts) -> Section:
    """Show each company's tokens and its month."""
    rows = tuple(
        (
            each.name,
            f"{each.people:,}",
            each.rate,
            f"{each.minted:,}",
            f"{each.held:,}",
            f"{each.net_units:,}",
        )
        for each in facts.companies
    )
    header = ("Company", "People", "Units for tokens", "Tokens made", "Tokens held", "Net, units")
    text = (
        "No token crosses from one ledger to another. Who buys elsewhere pays the own company, "
        "which then owes the other one. At the end of the month that is netted: each receives or "
        "pays one amount, and together they are zero."
    )
    return Section("Three companies", text, (Table("Tokens and the month", header, rows),))


def _life(facts: LoyaltyFacts) -> Section:
    """Show what became of single benefits."""
    resale, leaving = facts.life.resale, facts.leaving
    sale = (
        f"{resale.seller} to {resale.buyer}, {resale.price_units} units: "
        f"{resale.paid_tokens:,} tokens paid, {resale.received_tokens:,} received"
    )
    rows = (
        ("resold across companies", sale),
        ("a buyer without tokens", "refused by the ledger of its tokens; on offer as before"),
        ("a buyer who never came back", "freed by a stranger after the deadline; sold to another"),
        ("a coordinator stopped midway", "another one took over, and the buyer owns it"),
        (f"{leaving.dismissed} dismissed", "the listing fell, and a colleague has it now"),
        (f"{leaving.company} left", f"{leaving.offers_fallen:,} offers fell, one thing written"),
    )
    states = tuple((state, f"{count:,}") for state, count in facts.states.items())
    return Section(
        "What became of benefits",
        "Who left is seen when a benefit is looked at; nobody goes through what they had.",
        (
            Table("Some of them", ("What happened", "How it ended"), rows),
            Table("All of them, as written", ("State", "Benefits"), states),
        ),
    )


def _proofs(facts: LoyaltyFacts) -> Section:
    """Show what was asked and answered."""
    rows = tuple(
        (QUESTIONS[name], "yes" if holds else "NO") for name, holds in facts.proved.items()
    )
    text = "Balances, owners, credentials and debts were read from the four ledgers and compared."
    return Section("What was proved", text, (Table("Questions", ("Question", "Answer"), rows),))
