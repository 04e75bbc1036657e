"""
Cars and insurances: two ledgers in two processes on which things change owner together.

First one car and its insurance do everything that the document asks for. Then a hundred are sold,
each by two offices at once to two buyers, while the offices are killed wherever they happen to be.
In the end each car belongs to whom its insurance belongs to, and nothing is held.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tallystick.base.identifiers import PublicKey
from tallystick.base.signatures import public_key
from tallystick.client.ledger import Ledger
from tallystick.contracts.title.model import Standing
from tallystick.coordination.watchtower import Watchtower

from .car_life import live, shown, wait_until_free
from .car_office import Verdict
from .car_parties import CAR, INSURANCE, Parties, confirm, insure, register_cars
from .car_race import Plan, Race, Round, race_all
from .car_report import CarFacts, Outcome, car_report, outcome_of
from .car_street import NAMES, Street, opened
from .report import print_report, write_page
from .scenario import Scenario, Stage

WATCH_SECONDS = 0.1
SETTLE_SECONDS_MAX = 30.0


@dataclass(frozen=True, slots=True)
class Title:
    """One title at the end of the race."""

    owner: PublicKey
    """Whose it is."""
    held: bool
    """Whether a contract still holds it."""


def run(stage: Stage) -> dict[str, Any]:
    """Play the whole story and return its figures."""
    return play(stage, Plan())


def play(stage: Stage, plan: Plan) -> dict[str, Any]:
    """Play the story with more or fewer cars."""
    began, parties = time.monotonic(), Parties()
    names = [f"RACE-{n:03}" for n in range(1, plan.rounds + 1)]
    with opened(stage.folder, parties, stage.open_ledger) as street:
        cars, policies = street.ledgers
        life = live(cars, policies, parties)
        with stage.progress("registering and insuring", 1) as advance:
            register_cars(cars, parties, parties.dealer, names)
            insure(cars, policies, parties, parties.dealer, names)
            wait_until_free(cars, CAR, names)
            advance(1)
        race_began = time.monotonic()
        rounds, ends = race(stage, street, parties, names, plan)
        seconds = time.monotonic() - race_began
        confirm(cars, policies, parties.dealer, [(name, name) for name in names])
        proved = life.proved | prove(rounds, ends, _standings(policies, names))
    audits = [not stage.audit(stage.folder / name / "ledger").problems for name in NAMES]
    proved["audited"] = all(audits)
    facts = CarFacts(
        life=life,
        outcomes=_outcomes(rounds, ends, parties),
        verdicts=tuple(verdict for each in rounds for verdict in each.verdicts),
        proved=proved,
        seconds=seconds,
        processes=street.processes,
    )
    return _end(stage, facts, began)


def race(
    stage: Stage, street: Street, parties: Parties, names: Sequence[str], plan: Plan
) -> tuple[list[Round], dict[str, tuple[Title, Title]]]:
    """Sell every car twice under a watchtower; return the rounds and what stands in the end."""
    cars, policies = street.ledgers
    stopped = threading.Event()
    ledgers = {each.id: each for each in street.dialled()}
    tower = threading.Thread(
        target=Watchtower(ledgers).run,
        args=(stopped,),
        kwargs={"interval_seconds": WATCH_SECONDS},
        daemon=True,
    )
    tower.start()
    try:
        with stage.progress("selling under fire", len(names)) as advance:
            rounds = race_all(
                names,
                plan,
                lambda lane: Race(
                    street.context,
                    stage.folder / f"offices-{lane + 1}",
                    street.addresses,
                    parties,
                    street.ledgers,
                ),
                advance,
            )
        give_up_at = time.monotonic() + SETTLE_SECONDS_MAX
        ends = standing_of(cars, policies, names)
        while any(_is_held(end) for end in ends.values()) and time.monotonic() < give_up_at:
            time.sleep(WATCH_SECONDS)
            ends = standing_of(cars, policies, names)
    finally:
        stopped.set()
        tower.join(SETTLE_SECONDS_MAX)
    return rounds, ends


def standing_of(
    cars: Ledger, policies: Ledger, names: Iterable[str]
) -> dict[str, tuple[Title, Title]]:
    """Return how it stands with each car and its insurance."""
    return {name: (_title(cars, CAR, name), _title(policies, INSURANCE, name)) for name in names}


def prove(
    rounds: Sequence[Round],
    ends: dict[str, tuple[Title, Title]],
    standings: Sequence[Standing],
) -> dict[str, bool]:
    """Say what the race came to, one claim at a time."""
    verdicts = [verdict for each in rounds for verdict in each.verdicts]
    winners = [each.verdicts.count(Verdict.SOLD) for each in rounds]
    return {
        "zero_mixed": all(car.owner == policy.owner for car, policy in ends.values()),
        "zero_stuck": not any(_is_held(end) for end in ends.values()),
        "at_most_one_winner": max(winners, default=0) <= 1,
        "losers_are_told": Verdict.UNTOLD not in verdicts,
        "offices_were_killed": any(each.killed for each in rounds),
        "insurances_follow_their_cars": all(each is Standing.IN_FORCE for each in standings),
    }


def _title(ledger: Ledger, kind: str, name: str) -> Title:
    """Return a title as it stands."""
    found = shown(ledger, kind, name)
    return Title(found.owner, found.lock is not None)


def _is_held(end: tuple[Title, Title]) -> bool:
    """Tell whether a car or its insurance is still held."""
    return any(title.held for title in end)


def _standings(policies: Ledger, names: Sequence[str]) -> list[Standing]:
    """Return whether each insurance is in force."""
    return [shown(policies, INSURANCE, name).standing for name in names]


def _outcomes(
    rounds: Sequence[Round], ends: dict[str, tuple[Title, Title]], parties: Parties
) -> tuple[Outcome, ...]:
    """Return how each round ended."""
    buyers = tuple(map(public_key, parties.buyers))
    return tuple(
        outcome_of(
            each,
            tuple(title.owner for title in ends[each.name]),
            buyers=buyers,
            is_held=_is_held(ends[each.name]),
        )
        for each in rounds
    )


def _end(stage: Stage, facts: CarFacts, began: float) -> dict[str, Any]:
    """Show the story and return its figures."""
    report = car_report(facts)
    print_report(report, stage.console)
    path = stage.folder / "report.html"
    write_page(report, path)
    stage.console.print(f"report: {path}", soft_wrap=True, highlight=False)
    return {
        "changes": len(facts.outcomes),
        "killed": sum(len(each.killed) for each in facts.outcomes),
        "first_buyer": facts.count(to="first"),
        "second_buyer": facts.count(to="second"),
        "unsold": facts.count(to="nobody"),
        "mixed": facts.count(to="mixed"),
        "stuck": sum(each.is_held for each in facts.outcomes),
        "proved": facts.proved,
        **facts.proved,
        "report": str(path),
        "ledgers": [str(stage.folder / name / "ledger") for name in NAMES],
        "seconds": round(time.monotonic() - began, 1),
    }


SCENARIO = Scenario(
    name="car",
    summary="cars and insurances on two ledgers: a hundred contested sales, coordinators killed",
    run=run,
)
