"""
Two communities: one votes itself a new fee, which holds from a block on, and sells its surplus.

Oakfield's households trade sunshine in a market of their own, on a ledger of their own. Their
assembly raises the community's fee; markets opened before the height keep the old one, and from the
height on each has the new one, to the block. The same vote recognises the ledger of Millbrook, and
what is left in Oakfield's treasury is sold there, for money on Millbrook's ledger.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .communities_cast import HOMES, MILLBROOK, OAKFIELD, Cast
from .communities_days import Days
from .communities_desk import Desk
from .communities_proofs import is_conserved, prove_fees, prove_sale, prove_vote
from .communities_report import CommunityFacts, communities_report
from .communities_sale import Sale, sell
from .communities_terms import second_of
from .communities_vote import Assembly, Decision
from .report import print_report, write_page
from .scenario import Advance, Scenario, Stage
from .village_weeks import DayClock

TREASURY_FUNDS = 1_000_000_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is played."""

    days_before: int = 3
    """Days of trade before the assembly."""
    days_after: int = 3
    """Days of trade after the day on which the new fee begins."""


def run(stage: Stage) -> dict[str, Any]:
    """Play the whole story and return its figures."""
    return play(stage, Plan())


def play(stage: Stage, plan: Plan) -> dict[str, Any]:
    """Play the story with more or fewer days."""
    began = time.monotonic()
    clock = DayClock(second_of(0) * 1_000)
    cast = Cast(time=clock.milliseconds)
    paths = {name: stage.folder / name for name in (OAKFIELD, MILLBROOK)}
    oakfield = stage.open_ledger(paths[OAKFIELD], genesis=cast.oakfield, clock=clock)
    try:
        millbrook = stage.open_ledger(paths[MILLBROOK], genesis=cast.millbrook, clock=clock)
        try:
            neighbour = Desk(MILLBROOK, millbrook, cast)
            days = Days(Desk(OAKFIELD, oakfield, cast), clock)
            with stage.progress("two communities", plan.days_before + plan.days_after + 1) as more:
                decision, sale = tell(days, neighbour, plan, more)
            proved = prove_fees(days.sessions, decision.height)
            proved |= prove_vote(days, neighbour, decision) | prove_sale(days, neighbour, sale)
            proved["conserved"] = all(_is_conserved(stage, desk) for desk in (days.desk, neighbour))
        finally:
            millbrook.close()
    finally:
        oakfield.close()
    proved["audited"] = not any(stage.audit(path).problems for path in paths.values())
    refused = tuple(days.desk.refused)
    facts = CommunityFacts(tuple(days.sessions), decision, sale, refused, proved)
    return _end(stage, facts, paths[OAKFIELD], began)


def tell(days: Days, neighbour: Desk, plan: Plan, advance: Advance) -> tuple[Decision, Sale]:
    """Let days pass, the assembly meet, and the surplus be sold."""
    days.found()
    neighbour.define_money()
    neighbour.mint(neighbour.money, neighbour.office("treasury"), TREASURY_FUNDS)
    for day in range(plan.days_before):
        days.play(day)
        advance(1)
    assembly = Assembly(days.desk, days.clock, neighbour.ledger, plan.days_before - 1)
    decision = assembly.hold()
    turn_over(days, decision.height, plan.days_before)
    assembly.recognise(decision)
    advance(1)
    for day in range(plan.days_before + 1, plan.days_before + 1 + plan.days_after):
        days.play(day)
        advance(1)
    sale = sell(days, neighbour)
    days.close()
    return decision, sale


def turn_over(days: Days, height: int, day: int) -> None:
    """Open one market in the last block of the old fee, and one in the first of the new one."""
    days.begin(day)
    days.wait_for(height - 2, day)
    old, new = days.open_market(day), days.open_market(day)
    days.trade(old, HOMES[:2])
    days.trade(new, HOMES[2:])
    days.give_surplus()


def _is_conserved(stage: Stage, desk: Desk) -> bool:
    """Tell whether a community's accounts hold all that was ever made."""
    return is_conserved(desk, stage.read_model(desk.ledger, stage.folder / f"{desk.name}.sqlite"))


def _end(stage: Stage, facts: CommunityFacts, ledger: Path, began: float) -> dict[str, Any]:
    """Show the story and return its figures."""
    report = communities_report(facts)
    print_report(report, stage.console)
    page = stage.folder / "report.html"
    write_page(report, page)
    stage.console.print(f"report: {page}", soft_wrap=True, highlight=False)
    fees = {each.opened_height: sum((each.charged or {}).values()) for each in facts.sessions}
    height = facts.decision.height
    return {
        "height": height,
        "markets": len(facts.sessions),
        "traded_wh": sum(each.traded_wh for each in facts.sessions),
        "fees_before": sum(fee for opened, fee in fees.items() if opened < height),
        "fees_after": sum(fee for opened, fee in fees.items() if opened >= height),
        "refused": len(facts.refused),
        "sold_wh": facts.sale.sold_wh,
        "price": facts.sale.price,
        "proved": facts.proved,
        **facts.proved,
        "report": str(page),
        "ledger": str(ledger),
        "seconds": round(time.monotonic() - began, 1),
    }


SCENARIO = Scenario(
    name="communities",
    summary="a vote changes a market's fee between two blocks; a surplus is sold to a neighbour",
    run=run,
)
