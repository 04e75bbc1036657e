"""Tell the story of cars and insurances: what killed coordinators could not break."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tallystick.base.identifiers import PublicKey

from .car_life import Life
from .car_office import Verdict
from .car_race import Round, Sequel
from .report_data import COUNT, Bars, Fact, Gauge, Hue, Report, Section, Series, Share, Table

Buyer = Literal["first", "second", "nobody", "mixed"]
"""Who has car and insurance in the end; mixed if that is not one and the same."""

QUESTIONS = {
    "held_car_obeys_nobody": "Was selling or deleting a held car refused?",
    "changed_together": "Did a car and its insurance change owner together?",
    "lapse_is_seen": "Did the insurance lapse when its car left alone, and return with it?",
    "dependants_are_known": "Is it known what depends on a car?",
    "deleted_is_gone": "Is what was deleted listed no more?",
    "zero_mixed": "Does every car belong to whom its insurance belongs to?",
    "zero_stuck": "Is nothing held any more?",
    "at_most_one_winner": "Did at most one office sell each car?",
    "losers_are_told": "Was every office that lost told why?",
    "offices_were_killed": "Were offices killed at all?",
    "insurances_follow_their_cars": "Is every insurance in force, by a proof of its car?",
    "audited": "Does replaying both ledgers meet every root?",
}
UNHARMED = "nobody was killed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one car's sale ended."""

    killed: tuple[Sequel, ...]
    """What became of each office that was killed."""
    to: Buyer
    """Who has it."""
    is_held: bool
    """Whether something is still held."""


@dataclass(frozen=True, slots=True)
class CarFacts:
    """What the story came to."""

    life: Life
    """What became of one car and its insurance."""
    outcomes: tuple[Outcome, ...]
    """How each sale ended."""
    verdicts: tuple[Verdict, ...]
    """What each office that was not killed said."""
    proved: dict[str, bool]
    """Each claim, and whether it held."""
    seconds: float
    """How long the sales took."""
    processes: tuple[int, ...]
    """The ids of the ledgers' processes."""

    def count(self, *, to: Buyer) -> int:
        """Return how many cars somebody has in the end."""
        return sum(each.to == to for each in self.outcomes)


def outcome_of(
    told: Round, owners: Sequence[PublicKey], *, buyers: Sequence[PublicKey], is_held: bool
) -> Outcome:
    """Return how a sale ended, by the owners of car and insurance."""
    car, policy = owners
    names: dict[PublicKey, Buyer] = {buyers[0]: "first", buyers[1]: "second"}
    to: Buyer = names.get(car, "nobody") if car == policy else "mixed"
    return Outcome(tuple(told.killed), to, is_held)


def car_report(facts: CarFacts) -> Report:
    """Put the whole report together."""
    rounds = len(facts.outcomes)
    killed = sum(len(each.killed) for each in facts.outcomes)
    whole = sum(each.to != "mixed" and not each.is_held for each in facts.outcomes)
    return Report(
        title="Cars and their insurances",
        headline=(
            f"{rounds:,} contested sales, {killed:,} coordinators killed, "
            f"{facts.count(to='mixed')} mixed"
        ),
        lead=(
            "The cars are on one ledger and the insurances on another, in processes "
            f"{' and '.join(map(str, facts.processes))}. Two offices sold each car at the same "
            "moment to different buyers. An office killed itself by SIGKILL before or after a "
            "message drawn at random; then it came back with its diary, came back twice at once, "
            "or never. Whatever it left open, a proof of the decision has ended."
        ),
        gauges=(
            Gauge(
                "Sales that ended both changed or both unchanged, with nothing held",
                f"{whole:,} of {rounds:,}",
                Share(whole, rounds),
                Hue.GREEN,
            ),
        ),
        facts=(
            Fact("sales", f"{rounds:,}"),
            Fact("coordinators killed", f"{killed:,}"),
            Fact("seconds", f"{facts.seconds:.1f}"),
            *(
                Fact(name.replace("_", " "), "yes" if holds else "NO", holds)
                for name, holds in facts.proved.items()
            ),
        ),
        sections=(_life(facts), _race(facts), _proofs(facts)),
        colophon="All names and numbers are made up.",
    )


def _life(facts: CarFacts) -> Section:
    """Show every action once."""
    table = Table("One car", ("Action", "Ledger", "Afterwards"), facts.life.actions)
    text = (
        "An insurance is written while its car is held on the other ledger, so nobody sells the "
        "car in between. What is known of the car afterwards is what was proven last."
    )
    return Section("Every action once", text, (table,))


def _race(facts: CarFacts) -> Section:
    """Show how the sales ended, by what became of the offices."""
    kinds = [UNHARMED, *(each.value for each in Sequel)]
    groups = {kind: [each for each in facts.outcomes if _kind(each) == kind] for kind in kinds}
    rows = [(kind, *_row(group)) for kind, group in groups.items()]
    rows.append(("all", *_row(facts.outcomes)))
    header = ("Offices", "Sales", "To the first", "To the second", "Unsold", "Mixed", "Stuck")
    table = Table("How the sales ended", header, tuple(rows), has_total=True)
    chart = Bars(
        title="Who has the car and its insurance",
        summary="By the worst that befell an office in the sale.",
        unit=COUNT,
        labels=tuple(kinds),
        caption_title="Sales",
        captions=tuple(str(len(group)) for group in groups.values()),
        above=tuple(
            Series(name, hue, tuple(sum(each.to == to for each in g) for g in groups.values()))
            for name, hue, to in (
                ("The first buyer", Hue.BLUE, "first"),
                ("The second buyer", Hue.ORANGE, "second"),
                ("Still the dealer", Hue.GREY, "nobody"),
                ("Mixed", Hue.VERMILION, "mixed"),
            )
        ),
    )
    text = (
        "A sale whose office never comes back ends all the same: if both parts were held, a relay "
        "commits; if not, a watchtower records after the deadline that it is off."
    )
    told = Table(
        "What offices that were not killed were told",
        ("What", "How often"),
        tuple((each.value, str(facts.verdicts.count(each))) for each in Verdict),
    )
    return Section("Two offices for each car, and no mercy", text, (table, chart, told))


def _kind(outcome: Outcome) -> str:
    """Return in which row a sale is counted: that of the worst that befell an office."""
    order = list(Sequel)
    worst = max(outcome.killed, key=order.index, default=None)
    return UNHARMED if worst is None else worst.value


def _row(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Return a row of the table."""
    to: tuple[Buyer, ...] = ("first", "second", "nobody", "mixed")
    counts = [sum(each.to == buyer for each in outcomes) for buyer in to]
    return tuple(map(str, (len(outcomes), *counts, sum(each.is_held for each in outcomes))))


def _proofs(facts: CarFacts) -> Section:
    """Show what was asked and answered."""
    rows = tuple(
        (QUESTIONS[name], "yes" if holds else "NO") for name, holds in facts.proved.items()
    )
    text = "Owners, locks and standings were read from both ledgers, which were then replayed."
    return Section("What was proved", text, (Table("Questions", ("Question", "Answer"), rows),))
