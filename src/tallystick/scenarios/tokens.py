"""
Tokens: 5,000 meter readings, each minted exactly once, by four workers of which one is killed.

It is the last part of a utility's data pipeline: validated readings become tokens, and each reading
learns which token stands for it. Nobody reserves anything. The ledger keeps one series per reading
id for ever, so a worker that retries, dies or races another can only ever find that it is done.
Then the life of a token: one is moved, one is burned, one waits for its claimer.
"""

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallystick.base.identifiers import RecordId, format_record_id
from tallystick.contracts.asset.model import series_id

from .report import print_report, write_page
from .scenario import AllRows, Scenario, Stage
from .tokens_desk import Counts, Desk, mint_all
from .tokens_life import Life, live
from .tokens_parties import Parties
from .tokens_readings import Reading, Readings
from .tokens_report import TokenFacts, tokens_report
from .village_data import Village, load_village

READINGS = 5_000
WORKERS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is played."""

    readings: int = READINGS
    """How many readings there are."""
    workers: int = WORKERS
    """How many processes mint them."""


def run(stage: Stage) -> dict[str, Any]:
    """Play the whole story and return its figures."""
    return play(stage, Plan())


def play(stage: Stage, plan: Plan) -> dict[str, Any]:
    """Play the story with more or fewer readings."""
    began = time.monotonic()
    parties, path = Parties(), stage.folder / "ledger"
    readings = Readings(stage.folder / "readings.sqlite")
    wanted = readings_of(load_village(), plan.readings)
    readings.create(wanted)
    ledger = stage.open_ledger(path, genesis=parties.genesis)
    try:
        asset = parties.define(ledger)
        desk, minting_began = Desk(ledger), time.monotonic()
        with stage.progress("minting", plan.readings) as advance:
            mint_all(
                desk,
                readings,
                lambda number: parties.task(number, asset, readings.path, ledger),
                workers=plan.workers,
                kill_at=_moment(plan.readings),
                advance=advance,
            )
        seconds = time.monotonic() - minting_began
        life = live(ledger, parties, asset, wanted)
        with stage.progress("read model", 1) as advance:
            rows = stage.read_model(ledger, stage.folder / "index.sqlite")
            proved = prove(asset, wanted, readings, rows, life)
            advance(1)
    finally:
        ledger.close()
    proved["audited"] = not stage.audit(path).problems
    return _end(stage, plan, desk.counts, seconds, proved, life, began)


def readings_of(village: Village, count: int) -> list[Reading]:
    """Return so many of the village's readings, those of the first quarter hours."""
    return [
        Reading(f"{meter.name.replace(' ', '-')}/{begin}", village.energy_wh[number][quarter])
        for quarter, begin in enumerate(village.begins)
        for number, meter in enumerate(village.meters)
        if village.energy_wh[number][quarter]
    ][:count]


def prove(
    asset: RecordId,
    wanted: Iterable[Reading],
    readings: Readings,
    rows: AllRows,
    life: Life,
) -> dict[str, bool]:
    """Compare readings, links and the ledger's own tokens, one by one."""
    expected = {each.reading_id: each.amount_wh for each in wanted}
    minted = {
        row["reading_id"]: row["kwh"]
        for row in rows("asset_series")
        if row["asset"] == asset and row["reading_id"] != life.waiting.reading_id
    }
    tokens = {reading: format_record_id(series_id(asset, reading)) for reading in expected}
    held = sum(row["spendable"] + row["locked"] for row in rows("asset_balances"))
    supply = sum(expected.values()) + life.waiting.amount_wh - life.burned.amount_wh
    return {
        "each_reading_minted_once": minted == expected,
        "each_reading_linked": readings.tokens() == tokens,
        "conserved": held == supply,
        "burned_never_minted_again": life.burned_is_refused,
        "claimed_by_nobody_else": life.thief_is_refused,
    }


def _moment(readings: int) -> int:
    """Return after how many linked readings a worker is killed."""
    return random.SystemRandom().randint(readings // 5, readings // 2)


def _end(
    stage: Stage,
    plan: Plan,
    counts: Counts,
    seconds: float,
    proved: dict[str, bool],
    life: Life,
    began: float,
) -> dict[str, Any]:
    """Show the story and return its figures."""
    by_worker = tuple((number, *own) for number, own in sorted(counts.by_worker.items()))
    facts = TokenFacts(plan.readings, plan.workers, counts, seconds, proved, life, by_worker)
    report = tokens_report(facts)
    print_report(report, stage.console)
    path: Path = stage.folder / "report.html"
    write_page(report, path)
    stage.console.print(f"report: {path}", soft_wrap=True, highlight=False)
    return {
        "readings": plan.readings,
        "workers": plan.workers,
        "minted": counts.minted,
        "conflicts": counts.conflicts,
        "killed_worker": counts.killed_process,
        "mints_per_second": int(counts.minted / seconds),
        "proved": proved,
        **proved,
        "report": str(path),
        "ledger": str(stage.folder / "ledger"),
        "seconds": round(time.monotonic() - began, 1),
    }


SCENARIO = Scenario(
    name="tokens",
    summary="5,000 readings, four workers, one killed: each reading minted exactly once",
    run=run,
)
