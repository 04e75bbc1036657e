"""
Community: donors, receivers and a grid operator share a lane's roofs for a week.

Members are admitted, list what they will have and ask for what they will need, in quarter hours
and a day ahead. Auctions match them; controllers say at dawn what there will be; meters say
afterwards what there was; and at the end everybody gets a bill that adds up. One donor promises too
much, one line breaks, one meter reports late. Next door, six flats share one roof.
"""

import time
from pathlib import Path
from typing import Any, Final

from .community_cast import CAST, Company
from .community_figures import Figures, figures_of
from .community_proofs import Found, prove
from .community_report import community_report
from .community_rules import Plan
from .community_week import Week
from .report import print_report, write_page
from .scenario import Scenario, Stage
from .village_data import Village, load_village
from .village_weeks import DayClock, days_of

WEEK: Final = Plan(cast=CAST, days=7, late_day=2, outage_day=3, honest_days=frozenset({1, 3, 5}))
"""Monday 21 to Sunday 27 March 2016, of which the last has 92 quarter hours."""


def run(stage: Stage) -> dict[str, Any]:
    """Play the whole story and return its figures."""
    return play(stage, load_village(), WEEK)


def play(stage: Stage, village: Village, plan: Plan) -> dict[str, Any]:
    """Play the story with a cast and as many days as planned."""
    began = time.monotonic()
    days, path = days_of(village)[: plan.days], stage.folder / "ledger"
    company = Company(plan.cast, village, village.begins[: days[-1].end])
    clock = DayClock(company.genesis.time)
    ledger = stage.open_ledger(path, genesis=company.genesis, clock=clock)
    try:
        week = Week(ledger, company, plan, days, clock)
        with stage.progress("a week in the lane", week.moments()) as advance:
            week.play(advance)
        with stage.progress("read model", 1) as advance:
            found = prove(week, stage.read_model(ledger, stage.folder / "index.sqlite"))
            advance(1)
    finally:
        ledger.close()
    proved = {**found.proved, "audited": not stage.audit(path).problems}
    figures = figures_of(week, found, proved)
    page = _report(stage, figures)
    return {
        **_outcome(figures, found),
        "proved": proved,
        **proved,
        "report": str(page),
        "ledger": str(path),
        "seconds": round(time.monotonic() - began, 1),
    }


def _outcome(figures: Figures, found: Found) -> dict[str, Any]:
    """Return the figures of the week, as programs want them."""
    counts = figures.log.counts
    return {
        "members": len(figures.donors) + len(figures.receivers),
        "days": len(figures.days),
        "orders": counts["orders"],
        "auctions": counts["auctions"],
        "auctions_finished_by_a_stranger": figures.log.resumed,
        "trades": counts["trades"],
        "sold_wh": sum(each.lots for each in found.came),
        "cut_wh": sum(each.cut_lots for each in found.came),
        "delivered_wh": sum(each.delivered_wh for each in found.came),
        "consumed_wh": sum(each.consumed_wh for each in found.came),
        "claimed_wh": sum(each.claimed_wh for each in found.came),
        "matched_wh": sum(figures.matched_wh),
        "paid": sum(bill.paid for bill in found.bills),
        "received": sum(bill.received for bill in found.bills),
        "shortfalls": sum(bill.imbalance for bill in found.bills),
        "charges": sum(sum(bill.charges) for bill in found.bills),
        "balancing": found.balancing,
        "bills": {bill.name: bill.total for bill in found.bills},
        "shared_roof_wh": found.roof.made_wh,
        "shared_roof_credited_wh": sum(found.roof.got_wh),
        "shared_roof_income": sum(found.roof.income),
        "refused": len(figures.log.refusals),
    }


def _report(stage: Stage, figures: Figures) -> Path:
    """Show the story on the terminal and write it as a page."""
    report = community_report(figures)
    print_report(report, stage.console)
    path = stage.folder / "report.html"
    write_page(report, path)
    stage.console.print(f"report: {path}", soft_wrap=True, highlight=False)
    return path


SCENARIO = Scenario(
    name="community",
    summary="a lane trades its roofs' electricity for a week, from orders to bills that add up",
    run=run,
)
