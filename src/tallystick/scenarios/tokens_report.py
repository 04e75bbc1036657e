"""Tell the story of tokens: what four careless workers could not break."""

from dataclasses import dataclass

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
    Unit,
    write_amount,
)
from .tokens_desk import Counts
from .tokens_life import Life

TOKENS = Unit("kWh", base=1000, decimals=3)
QUESTIONS = {
    "each_reading_minted_once": "Has every reading exactly one token, of its own amount?",
    "each_reading_linked": "Does every reading in the database name its token?",
    "conserved": "Is what was minted and not burned in somebody's account?",
    "burned_never_minted_again": "Was minting a burned reading again refused?",
    "claimed_by_nobody_else": "Was a thief with the right proof refused?",
    "audited": "Does replaying the whole ledger meet every root?",
}


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What the story came to."""

    readings: int
    """How many readings there were."""
    workers: int
    """How many processes minted them."""
    counts: Counts
    """What went over the desk."""
    seconds: float
    """How long minting took."""
    proved: dict[str, bool]
    """Each claim, and whether it held."""
    life: Life
    """What became of single tokens."""
    by_worker: tuple[tuple[int, int, int], ...]
    """For each worker its number, what it minted, and what somebody else had minted before."""


def tokens_report(facts: TokenFacts) -> Report:
    """Put the whole report together."""
    counts = facts.counts
    tried = counts.minted + counts.conflicts
    return Report(
        title="Readings and their tokens",
        headline=f"{facts.readings:,} readings, {counts.minted:,} tokens, one worker killed",
        lead=(
            f"{facts.workers} processes took readings at random from a shared file and reserved "
            f"none. When {counts.linked_at_death:,} readings had their token, process "
            f"{counts.killed_process} was killed wherever it happened to be, and another took its "
            f"place. {counts.conflicts:,} times a worker tried to mint what another had minted; "
            "each time the ledger said so, and the worker wrote down the token that there was."
        ),
        gauges=(
            Gauge(
                "Mints that found their reading free",
                f"{counts.minted:,} of {tried:,} attempts",
                Share(counts.minted, tried),
                Hue.BLUE,
            ),
        ),
        facts=(
            Fact("readings", f"{facts.readings:,}"),
            Fact("conflicts", f"{counts.conflicts:,}"),
            Fact("mints a second", f"{int(counts.minted / max(facts.seconds, 0.001)):,}"),
            *(
                Fact(name.replace("_", " "), "yes" if holds else "NO", holds)
                for name, holds in facts.proved.items()
            ),
        ),
        sections=(_workers(facts), _life(facts.life), _proofs(facts)),
        colophon=(
            "Readings: excerpt of the SimBench database, University of Kassel, TU Dortmund, RWTH "
            "Aachen and Fraunhofer IEE, under the Open Database License 1.0, contents under the "
            "Database Contents License 1.0."
        ),
    )


def _workers(facts: TokenFacts) -> Section:
    """Show what each worker did."""
    minted = tuple(each[1] for each in facts.by_worker)
    known = tuple(each[2] for each in facts.by_worker)
    labels = tuple(f"worker {each[0]}" for each in facts.by_worker)
    chart = Bars(
        title="Attempts of each worker",
        summary=(
            "Upwards what it minted, downwards what turned out to be minted already; the last one "
            "took the place of the one that was killed."
        ),
        unit=COUNT,
        labels=labels,
        caption_title="Minted",
        captions=tuple(f"{each:,}" for each in minted),
        above=(Series("Minted", Hue.BLUE, minted),),
        below=(Series("Minted already", Hue.ORANGE, known),),
    )
    text = (
        "A reservation can be forgotten by the one who holds it. A token's id is computed from the "
        "reading's, so the ledger needs none: the second attempt finds the first."
    )
    return Section("Four workers and no reservation", text, (chart,))


def _life(life: Life) -> Section:
    """Show what became of three tokens."""
    rows = tuple(
        (what, each.reading_id, write_amount(each.amount_wh, TOKENS, with_symbol=False))
        for what, each in (
            ("handed to a buyer", life.moved),
            ("burned: the meter was faulty", life.burned),
            ("waited for its claimer, who came", life.waiting),
        )
    )
    text = (
        "A token that waits carries a hash of its claimer's key and a secret. Whoever sees the "
        "secret on its way still cannot take it."
    )
    table = Table("Three tokens", ("What happened", "Reading", "kWh"), rows)
    return Section("The life of a token", text, (table,))


def _proofs(facts: TokenFacts) -> Section:
    """Show what was asked and answered."""
    rows = tuple(
        (QUESTIONS[name], "yes" if holds else "NO") for name, holds in facts.proved.items()
    )
    text = "Readings, links and tokens were compared one by one."
    return Section("What was proved", text, (Table("Questions", ("Question", "Answer"), rows),))
