"""
The market of a town in March: a battery, three roofs, a factory, five homes and a standing order.

One order of the battery is sold to many, and one order of the factory is bought from many, every
day for a month. Meters, not promises, decide what is paid. At the end each consumer pays three
commissions: on the value of what it bought to the platform, on its energy to the market operator
and to the grid operator, each rounded once; and every bill adds up to the last millionth of a euro.
"""

import time
from typing import Any

from .market_cast import Cast
from .market_month import Month, midnight
from .market_proofs import bills_of, everybody_of, paid_of, prove
from .market_report import market_report
from .market_told import Plan
from .report import print_report, write_page
from .scenario import Scenario, Stage
from .village_weeks import DayClock

DAY_MILLISECONDS = 86_400_000


def run(stage: Stage) -> dict[str, Any]:
    """Play the whole month and return its figures."""
    return play(stage, Plan())


def play(stage: Stage, plan: Plan) -> dict[str, Any]:
    """Play a month of fewer days."""
    began = time.monotonic()
    clock = DayClock(midnight(0) * 1_000 - DAY_MILLISECONDS)
    cast, path = Cast(time=clock.milliseconds), stage.folder / "ledger"
    ledger = stage.open_ledger(path, genesis=cast.genesis, clock=clock)
    month = Month(ledger, cast, clock, plan)
    try:
        month.found()
        with stage.progress("a month in the market", plan.days) as advance:
            month.play(advance)
        bills = bills_of(month)
        with stage.progress("read model", 1) as advance:
            rows = stage.read_model(ledger, stage.folder / "index.sqlite")
            proved = prove(month, bills, rows)
            everybody = everybody_of(month, bills)
            advance(1)
    finally:
        ledger.close()
    proved["audited"] = not stage.audit(path).problems
    report = market_report(month, bills, everybody, proved)
    print_report(report, stage.console)
    page = stage.folder / "report.html"
    write_page(report, page)
    stage.console.print(f"report: {page}", soft_wrap=True, highlight=False)
    outcomes = month.told.outcomes()
    return {
        "days": plan.days,
        "orders": len(month.told.orders),
        "trades": len(month.told.fills),
        "sold_wh": sum(each.lots for each in month.told.fills),
        "delivered_wh": sum(each.delivered_wh for each in outcomes),
        "claimed_wh": sum(each.claimed_wh for each in outcomes),
        "entries": len(month.told.entries),
        "paid": paid_of(bills),
        "commissions": sum(sum(each.charges) for each in bills),
        "refused": len(month.told.refused),
        "proved": proved,
        **proved,
        "report": str(page),
        "ledger": str(path),
        "seconds": round(time.monotonic() - began, 1),
    }


SCENARIO = Scenario(
    name="market",
    summary="a month of trade in a town: a battery, an outage, a budget, commissions that add up",
    run=run,
)
