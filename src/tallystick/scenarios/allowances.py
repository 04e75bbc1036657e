"""
Allowances: two zones, eight units and two years of an emissions programme for nitrogen oxides.

Each zone is a ledger of its own, with its members and the regulator. Units get allowances for a
baseline times their output, emit what a stated model says, and trade what they lack or have too
much of with parties whom they never learn. One trusts a future that is not delivered and falls
short; one leaves. At the end the life of a single allowance is told, and certified.
"""

import time
from datetime import date
from pathlib import Path
from typing import Any

from .allowances_cast import YEARS, ZONES, Cast
from .allowances_certified import Certified, certify, is_gapless
from .allowances_desk import Desk, Plan
from .allowances_facts import Facts, ZoneFacts, stock_of, unit_years
from .allowances_founding import found
from .allowances_model import second_of
from .allowances_proofs import (
    both,
    fees_of,
    prove_forecasts,
    prove_units,
    prove_zone,
)
from .allowances_report import allowances_report
from .allowances_seen import Seen
from .allowances_stranger import infer
from .allowances_trace import Trace
from .allowances_years import Years
from .report import print_report, write_page
from .scenario import Advance, Scenario, Stage
from .village_weeks import DayClock

FOUNDED = date(YEARS[0] - 1, 12, 1)
WHOLE = Plan()


def run(stage: Stage) -> dict[str, Any]:
    """Play the whole story and return its figures."""
    return play(stage, WHOLE)


def play(stage: Stage, plan: Plan) -> dict[str, Any]:
    """Play the story with as many days as planned."""
    began = time.monotonic()
    clock = DayClock(1_000 * second_of(FOUNDED))
    desks: list[Desk] = []
    try:
        for zone in ZONES:
            desks.append(_open(stage, zone, clock, plan))
            found(desks[-1])
        years = Years(desks)
        with stage.progress("two years in two zones", years.months()) as advance:
            years.play(advance)
        with stage.progress("read models", len(desks)) as advance:
            facts = find_out(stage, years, advance)
    finally:
        for desk in desks:
            desk.ledger.close()
    audits = [stage.audit(stage.folder / zone).problems for zone in ZONES]
    proved = {**facts.proved, "audited": not any(audits)}
    return _end(stage, facts, proved, began)


def _open(stage: Stage, zone: str, clock: DayClock, plan: Plan) -> Desk:
    """Open a zone's own ledger in a folder of its own."""
    cast = Cast(zone)
    genesis = cast.genesis(time=second_of(FOUNDED))
    ledger = stage.open_ledger(stage.folder / zone, genesis=genesis, clock=clock)
    return Desk(cast, ledger, clock, plan, Seen(ledger))


def find_out(stage: Stage, years: Years, advance: Advance) -> Facts:
    """Certify one allowance, ask both ledgers for everything, and hold it against the model."""
    traces = {desk.zone: Trace() for desk in years.desks}
    for desk in years.desks:
        traces[desk.zone].follow(event for _, event in desk.seen.events)
    first = years.desks[0]
    path = stage.folder / "certified-record.proof"
    certified = certify(first, traces[first.zone], path, period=0)
    zones, parts = [], []
    for desk, floor in zip(years.desks, years.floors, strict=True):
        rows = stage.read_model(desk.ledger, stage.folder / f"{desk.zone}.sqlite")
        looks = [look for look in years.looks if look.zone == desk.zone]
        stock, agrees = stock_of(desk, looks)
        zone = ZoneFacts(
            zone=desk.zone,
            units=unit_years(desk, years),
            vintages=tuple(desk.totals(period) for period in range(len(YEARS))),
            stock=stock,
            auctions=tuple(floor.auctions),
            inferences=infer(desk, rows),
            refusals=tuple(desk.refusals),
            fees=fees_of(desk, years.transfers if desk is first else 0),
            undelivered=years.undelivered[desk.zone],
        )
        zones.append(zone)
        own = {"each_allowance_in_one_place": agrees, **prove_zone(desk, floor, zone, rows)}
        parts.append(own)
        advance(1)
    proved = both(parts) | _prove_all(years, zones, certified)
    return _facts(years, tuple(zones), certified, proved)


def _prove_all(years: Years, zones: list[ZoneFacts], certified: Certified) -> dict[str, bool]:
    """Return what is proved of all zones together."""
    units = [each for zone in zones for each in zone.units]
    unit_grams = years.desks[0].plan.unit_grams
    return {
        **prove_units(units, unit_grams=unit_grams, desks=years.desks),
        "forecast_named_who_fell_short": prove_forecasts(years, units),
        "credit_history_whole": is_gapless(certified.steps),
        "certified_record_verified": certified.is_verified,
        "forgery_refused": certified.is_forgery_refused,
    }


def _facts(
    years: Years, zones: tuple[ZoneFacts, ...], certified: Certified, proved: dict[str, bool]
) -> Facts:
    """Put together what the report is written from."""
    first = zones[0].zone
    return Facts(
        zones=zones,
        months=tuple(look.month for look in years.looks if look.zone == first and not look.period),
        emitted_g={
            place: amount
            for figures in years.figures.values()
            for place, amount in figures.by_month.items()
        },
        foreseen=tuple(years.foreseen),
        certified=certified,
        names={key: name for desk in years.desks for key, name in desk.cast.names().items()},
        readings=sum(figures.readings for figures in years.figures.values()),
        unit_grams=years.desks[0].plan.unit_grams,
        proved=proved,
    )


def _end(stage: Stage, facts: Facts, proved: dict[str, bool], began: float) -> dict[str, Any]:
    """Show the story and return its figures."""
    report = allowances_report(facts, proved)
    print_report(report, stage.console)
    path: Path = stage.folder / "report.html"
    write_page(report, path)
    stage.console.print(f"report: {path}", soft_wrap=True, highlight=False)
    auctions = [each for zone in facts.zones for each in zone.auctions]
    vintages = [each for zone in facts.zones for each in zone.vintages]
    return {
        "zones": len(facts.zones),
        "units": sum(len(zone.units) for zone in facts.zones) // len(YEARS),
        "readings": facts.readings,
        "issued": sum(each.issued for each in vintages),
        "surrendered": sum(each.surrendered for each in vintages),
        "cancelled": sum(each.cancelled for each in vintages),
        "expired": sum(each.expired for each in vintages),
        "missing": sum(each.missing for zone in facts.zones for each in zone.units),
        "auctions": len(auctions),
        "traded": sum(each.volume for each in auctions),
        "undelivered": sum(zone.undelivered for zone in facts.zones),
        "fees": {zone.zone: dict(zone.fees) for zone in facts.zones},
        "certified_serial": facts.certified.serial,
        "certified_steps": len(facts.certified.steps),
        "proof_file": str(facts.certified.path),
        "verify": facts.certified.check_command,
        "proved": proved,
        **proved,
        "report": str(path),
        "ledgers": [str(stage.folder / zone.zone) for zone in facts.zones],
        "seconds": round(time.monotonic() - began, 1),
    }


SCENARIO = Scenario(
    name="allowances",
    summary="eight units, two zones, two years of NOx allowances: traded, surrendered, certified",
    run=run,
)
