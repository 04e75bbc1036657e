"""
A company of forty members votes: at a sitting, and then per rollam.

Shares are unequal. Two members are represented, one has a conflict of interest, one holds for
others, six vote with the device in the hall, one comes late and one too late. The vote is counted,
a stranger counts it again from the journal, and the minutes take the notary's place. Then the same
company is asked the same per rollam, where silence refuses.
"""

import time
from typing import Any

from .meeting_cast import MEMBERS, Cast
from .meeting_held import REST, hold_per_rollam, hold_sitting
from .meeting_proofs import Held, prove
from .meeting_report import meeting_report
from .meeting_stranger import check
from .meeting_terms import CALLED_AT
from .report import print_report, write_page
from .scenario import Scenario, Stage
from .village_weeks import DayClock


def run(stage: Stage) -> dict[str, Any]:
    """Play the whole story and return its figures."""
    began = time.monotonic()
    clock = DayClock(CALLED_AT)
    cast, path = Cast(time=CALLED_AT), stage.folder / "ledger"
    ledger = stage.open_ledger(path, genesis=cast.genesis, clock=clock)
    try:
        with stage.progress("two votes", 2 * len(REST)) as advance:
            sitting = hold_sitting(ledger, cast, clock, advance)
            rollam = hold_per_rollam(ledger, cast, clock, advance)
        with stage.progress("counting again", 1) as advance:
            first, second = (Held(each, check(ledger, each)) for each in (sitting, rollam))
            rows = stage.read_model(ledger, stage.folder / "index.sqlite")
            proved = prove(first, second, rows)
            advance(1)
    finally:
        ledger.close()
    proved["audited"] = not stage.audit(path).problems
    report = meeting_report(first, second, proved)
    print_report(report, stage.console)
    page = stage.folder / "report.html"
    write_page(report, page)
    stage.console.print(f"report: {page}", soft_wrap=True, highlight=False)
    return {
        "members": len(MEMBERS),
        "shares": sum(member.shares for member in MEMBERS),
        "statements": sum(len(each.assembly.told.spoken) for each in (first, second)),
        "refused": sum(len(each.assembly.told.refused) for each in (first, second)),
        "carried_at_the_sitting": _carried(first),
        "carried_per_rollam": _carried(second),
        "proved": proved,
        **proved,
        "report": str(page),
        "ledger": str(path),
        "seconds": round(time.monotonic() - began, 1),
    }


def _carried(held: Held) -> list[int]:
    """Return the numbers of the questions that were carried."""
    return [each.question for each in held.minutes.results if each.chosen is not None]


SCENARIO = Scenario(
    name="meeting",
    summary="forty members vote at a sitting and per rollam; a stranger counts it again",
    run=run,
)
