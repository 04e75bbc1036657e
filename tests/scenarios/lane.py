"""A lane of two donors and three receivers for two days, played once and remembered."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tallystick.contracts.sharing.views import KeyView, SharedView, ShowKey
from tallystick.scenarios.community_cast import Cast, Company, House, Member
from tallystick.scenarios.community_figures import Figures, figures_of
from tallystick.scenarios.community_orders import Lane
from tallystick.scenarios.community_proofs import Found, prove
from tallystick.scenarios.community_rules import Plan
from tallystick.scenarios.community_shares import answers
from tallystick.scenarios.community_week import Week
from tallystick.scenarios.village_data import load_village
from tallystick.scenarios.village_weeks import DayClock, days_of
from tests.scenarios.small import stage_in

SMALL = Plan(
    cast=Cast(
        donors=(Member("Eva", 175, 85), Member("Finn", 178, 85)),
        receivers=(Member("Greta", 0, 190), Member("Nils", 22, 260), Member("Paul", 7, 280)),
        house=House("Linden House", 179, (3, 1), (60, 40)),
        boaster=1,
        cut_off=0,
        late=1,
    ),
    days=2,
    late_day=0,
    outage_day=1,
    honest_days=frozenset({1}),
)


@dataclass(frozen=True)
class Played:
    """What the two days have left."""

    week: Week
    """The week; its ledger is closed."""
    found: Found
    """What is proven."""
    figures: Figures
    """What the report shows."""
    rows: Mapping[str, tuple[Mapping[str, Any], ...]]
    """Tables of the read model."""
    agreement: KeyView
    """How the house shares its roof."""
    shared: Mapping[int, SharedView]
    """How each quarter hour's production was shared."""


def company_of(plan: Plan) -> Company:
    """Return a plan's company, with fresh keys."""
    village = load_village()
    return Company(plan.cast, village, village.begins[: days_of(village)[plan.days - 1].end])


def lane_of(plan: Plan) -> Lane:
    """Return a plan's lane."""
    company = company_of(plan)
    return Lane(company, plan, days_of(company.village)[: plan.days])


@cache
def played() -> Played:
    """Play the two days, once for all tests."""
    company = company_of(SMALL)
    clock = DayClock(company.genesis.time)
    with tempfile.TemporaryDirectory() as place:
        stage = stage_in(Path(place))
        path = stage.folder / "ledger"
        with stage.open_ledger(path, genesis=company.genesis, clock=clock) as ledger:
            days = days_of(company.village)[: SMALL.days]
            week = Week(ledger, company, SMALL, days, clock)
            week.play(lambda _steps: None)
            read = stage.read_model(ledger, stage.folder / "index.sqlite")
            tables: dict[str, tuple[Mapping[str, Any], ...]] = {}

            def rows(table: str) -> Iterator[Mapping[str, Any]]:
                tables[table] = tuple(read(table))
                return iter(tables[table])

            found = prove(week, rows)
            shared = answers(ledger, week.lane)
            agreement = ledger.ask(ShowKey(week.seen.agreement))
    assert isinstance(agreement, KeyView)
    figures = figures_of(week, found, {**found.proved, "audited": True})
    return Played(week, found, figures, tables, agreement, shared)
