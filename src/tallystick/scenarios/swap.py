"""
Swap: allowances of one zone against money on another ledger, whoever stays or goes away.

The zone's registry and the bank do not know each other, and nobody stands between the two parties:
one secret opens both locks, and each lock has its own time. First five stories are told, then a
hundred deals in which each party goes away by chance. Each ends whole or not at all.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallystick.client.ledger import Ledger
from tallystick.coordination.swap import SwapOutcome
from tallystick.coordination.watchtower import Watchtower

from .report import print_report, write_page
from .scenario import Scenario, Stage
from .swap_parties import BANK_FOLDER, FUNDS, REGISTRY_FOLDER, Place, found
from .swap_report import SwapFacts, swap_report
from .swap_stories import STORIES, Told, chance, play_deal

DEALS = 100
SEED = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is played."""

    deals: int = DEALS
    """In how many deals parties go away by chance."""


def run(stage: Stage) -> dict[str, Any]:
    """Play the whole story and return its figures."""
    return play(stage, Plan())


def play(stage: Stage, plan: Plan) -> dict[str, Any]:
    """Play the story with more or fewer deals."""
    began = time.monotonic()
    place = found(stage)
    try:
        issued = place.allowances(place.seller)
        ledgers = {ledger.id: ledger for ledger in (place.registry, place.bank)}
        tower = Watchtower(ledgers)
        stories = [play_deal(place, tower, deal) for deal in STORIES]
        with stage.progress("deals", plan.deals) as advance:
            deals = []
            for deal in chance(plan.deals, seed=SEED):
                deals.append(play_deal(place, tower, deal))
                advance(1)
        proved = prove(stage, place, stories, deals, issued=issued)
    finally:
        place.registry.close()
        place.bank.close()
        place.witness.close()
    proved["audited"] = not any(
        stage.audit(stage.folder / name).problems for name in (REGISTRY_FOLDER, BANK_FOLDER)
    )
    return _end(stage, SwapFacts(tuple(stories), tuple(deals), issued, proved), began)


def prove(
    stage: Stage, place: Place, stories: Sequence[Told], deals: Sequence[Told], *, issued: int
) -> dict[str, bool]:
    """Hold what was told against what stands on both ledgers."""
    everything = [*stories, *deals]
    told = [(each.deal.title, each.outcome) for each in stories]
    expected = (
        SwapOutcome.SWAPPED,
        SwapOutcome.REFUNDED,
        SwapOutcome.REFUNDED,
        SwapOutcome.SWAPPED,
        SwapOutcome.SWAPPED,
    )
    registry = stage.read_model(place.registry, stage.folder / "registry.sqlite")
    bank = stage.read_model(place.bank, stage.folder / "bank.sqlite")
    locks = [*registry("exchange_locks"), *bank("exchange_locks")]
    allowances = sum(row["spendable"] + row["locked"] for row in registry("allowance_holdings"))
    cents = sum(row["spendable"] + row["locked"] for row in bank("asset_balances"))
    secrets = [each.preimage for each in everything if each.outcome is SwapOutcome.REFUNDED]
    return {
        "stories_as_told": told == list(zip(_titles(), expected, strict=True)),
        "none_by_halves": all(each.outcome is not None for each in everything),
        "none_stuck": all(row["state"] != "open" for row in locks)
        and not any(each.locks_open for each in everything),
        "paid_while_away": _paid_while_away(stories),
        "secrets_kept": not _is_shown(secrets, place.registry, place.bank),
        "conserved": (allowances, cents) == (issued, FUNDS),
    }


def _titles() -> list[str]:
    """Return what the stories are called."""
    return [deal.title for deal in STORIES]


def _paid_while_away(stories: Sequence[Told]) -> bool:
    """Tell whether the watchtower paid the buyer who went away, and gave back the rest."""
    watched = [each for each in stories if each.deal.is_watched]
    return bool(watched) and all(each.by_tower for each in watched)


def _is_shown(secrets: Sequence[bytes], *ledgers: Ledger) -> bool:
    """Tell whether a secret stands in any transaction of a ledger."""
    return any(
        secret in raw
        for ledger in ledgers
        for block in ledger.follow(1)
        for raw in block.transactions
        for secret in secrets
    )


def _end(stage: Stage, facts: SwapFacts, began: float) -> dict[str, Any]:
    """Show the story and return its figures."""
    report = swap_report(facts)
    print_report(report, stage.console)
    path: Path = stage.folder / "report.html"
    write_page(report, path)
    stage.console.print(f"report: {path}", soft_wrap=True, highlight=False)
    return {
        "deals": len(facts.deals),
        "swapped": facts.count(SwapOutcome.SWAPPED),
        "refunded": facts.count(SwapOutcome.REFUNDED),
        "by_halves": facts.count(None),
        "by_watchtower": sum(each.by_tower for each in facts.deals),
        "proved": facts.proved,
        **facts.proved,
        "report": str(path),
        "ledgers": [str(stage.folder / name) for name in (REGISTRY_FOLDER, BANK_FOLDER)],
        "seconds": round(time.monotonic() - began, 1),
    }


SCENARIO = Scenario(
    name="swap",
    summary="allowances against money on another ledger: both or neither, whoever goes away",
    run=run,
)
