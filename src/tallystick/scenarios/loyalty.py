"""
Loyalty: 200 benefits of three companies, 60 employees, and a hundred rushes on the same one.

Each company keeps its people's tokens on a ledger of its own; a fourth, shared ledger keeps the
benefits, and nobody's balance. A purchase is one joint change across all ledgers that it touches.
At the end one sells to a colleague elsewhere, two swap, one is dismissed, a month is netted, and a
company leaves.
"""

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .loyalty_buying import Buying
from .loyalty_founding import House, found
from .loyalty_leaving import Leaving, leave
from .loyalty_life import Life, live
from .loyalty_parties import SHARED, Cast
from .loyalty_proofs import LoyaltyFacts, company_facts, prove, states_of
from .loyalty_report import loyalty_report
from .loyalty_rush import MarketDay, Rushes, market_day, rush_often
from .report import print_report, write_page
from .scenario import AllRows, Scenario, Stage
from .village_weeks import DayClock

FOUNDED = datetime(2026, 11, 20, 9, tzinfo=UTC)
MONTH = 12 * (2026 - 1970) + 10
"""November 2026. [months since January 1970]"""

MONTH_END = datetime(2026, 12, 1, tzinfo=UTC)
PURCHASES_EACH = 2
SEED = 2026
"""Who wants what is the same each time; keys are not."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is played."""

    employees: int = 60
    """How many people there are, in three companies."""
    benefits: int = 200
    """How many benefits are offered at the beginning, about as many by each."""
    rushes: int = 100
    """How often everybody wants the same one."""


@dataclass(frozen=True, slots=True)
class Played:
    """What happened on the ledgers."""

    day: MarketDay
    """The first day."""
    rushes: Rushes
    """The rushes."""
    seconds: float
    """How long they took."""
    life: Life
    """Single benefits."""
    leaving: Leaving
    """Who left."""


def run(stage: Stage) -> dict[str, Any]:
    """Play the whole story and return its figures."""
    return play(stage, Plan())


def play(stage: Stage, plan: Plan) -> dict[str, Any]:
    """Play the story with more or fewer people, benefits and rushes."""
    began = time.monotonic()
    cast, clock = Cast(plan.employees), DayClock(_milliseconds(FOUNDED))
    house = found(stage, cast, clock, benefits=plan.benefits)
    try:
        played = _play(stage, house, plan)
        with stage.progress("read models", 4) as advance:
            shared, rows = _read(stage, house)
            advance(4)
    finally:
        house.close()
    companies = company_facts(house, rows, played.leaving)
    proved = prove(
        shared,
        companies,
        day=played.day,
        rushes=played.rushes,
        life=played.life,
        leaving=played.leaving,
    )
    folders = (SHARED, *house.branches)
    proved["audited"] = not any(stage.audit(stage.folder / each).problems for each in folders)
    facts = LoyaltyFacts(
        companies=companies,
        benefits=sum(map(len, house.benefits.values())),
        states=states_of(shared),
        day=played.day,
        rushes=played.rushes,
        life=played.life,
        leaving=played.leaving,
        seconds=played.seconds,
        proved=proved,
    )
    return _end(stage, facts, began)


def _play(stage: Stage, house: House, plan: Plan) -> Played:
    """Let everything happen."""
    buying, chance = Buying(house), random.Random(SEED)  # noqa: S311 - wishes are no secret.
    contested = house.benefits[house.cast.companies[0].name][0]
    day = market_day(buying, chance, each=PURCHASES_EACH)
    began = time.monotonic()
    with stage.progress("rushes on one benefit", plan.rushes) as advance:
        rushes = rush_often(buying, contested, chance, times=plan.rushes, advance=advance)
    seconds = time.monotonic() - began
    life = live(buying)
    leaving = leave(buying, month=MONTH, month_end=_milliseconds(MONTH_END))
    return Played(day, rushes, seconds, life, leaving)


def _read(stage: Stage, house: House) -> tuple[AllRows, dict[str, AllRows]]:
    """Return the read models of the shared ledger and of each company's."""
    shared = stage.read_model(house.shared, stage.folder / f"{SHARED}.sqlite")
    rows = {
        name: stage.read_model(branch.ledger, stage.folder / f"{name}.sqlite")
        for name, branch in house.branches.items()
    }
    return shared, rows


def _end(stage: Stage, facts: LoyaltyFacts, began: float) -> dict[str, Any]:
    """Show the story and return its figures."""
    report = loyalty_report(facts)
    print_report(report, stage.console)
    path: Path = stage.folder / "report.html"
    write_page(report, path)
    stage.console.print(f"report: {path}", soft_wrap=True, highlight=False)
    rushes = facts.rushes
    return {
        "companies": len(facts.companies),
        "employees": sum(each.people for each in facts.companies),
        "benefits": facts.benefits,
        "bought_on_the_first_day": facts.day.bought,
        "rushes": rushes.played,
        "attempts": rushes.attempts,
        "winners": rushes.one_winner,
        "losers": rushes.losers,
        "across_companies": rushes.across,
        "offers_fallen": facts.leaving.offers_fallen,
        "net_units": {each.company: each.net for each in facts.leaving.positions},
        "proved": dict(facts.proved),
        **facts.proved,
        "report": str(path),
        "ledger": str(stage.folder / SHARED),
        "seconds": round(time.monotonic() - began, 1),
    }


def _milliseconds(moment: datetime) -> int:
    """Return a moment as ledgers count it. [ms since the epoch, UTC]"""
    return int(moment.timestamp()) * 1_000


SCENARIO = Scenario(
    name="loyalty",
    summary="three companies, 60 employees, a hundred rushes on one benefit: one winner each",
    run=run,
)
