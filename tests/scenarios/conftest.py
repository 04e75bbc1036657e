"""The village as the tests of its report need it: loaded, matched and added up once."""

import pytest

from tallystick.scenarios.ledger_facts import Conservation, Finding, LedgerFacts, Stage
from tallystick.scenarios.matching import Match, match_quarter
from tallystick.scenarios.village_data import INTERVAL_SECONDS, Village, load_village
from tallystick.scenarios.village_figures import (
    EnergySeries,
    energy_series,
    is_home,
    order_plants,
)


@pytest.fixture(scope="session")
def village() -> Village:
    """Load the village that is shipped."""
    return load_village()


@pytest.fixture(scope="session")
def matches(village: Village) -> list[list[Match]]:
    """Match all its quarter hours."""
    plants = order_plants(village)
    roofs = [
        plant
        for plant in plants
        if (technology := village.meters[plant].technology) and technology.is_roof
    ]
    shared = plants[len(roofs) :]
    homes = [place for place, meter in enumerate(village.meters) if is_home(meter)]
    return [
        match_quarter(
            roofs_wh=[village.energy_wh[roof][quarter] for roof in roofs],
            shared_wh=[village.energy_wh[plant][quarter] for plant in shared],
            homes_wh=[village.energy_wh[home][quarter] for home in homes],
            turn=begin // INTERVAL_SECONDS,
        )
        for quarter, begin in enumerate(village.begins)
    ]


@pytest.fixture(scope="session")
def energy(village: Village, matches: list[list[Match]]) -> EnergySeries:
    """Add the village up by technology."""
    return energy_series(village, matches)


@pytest.fixture
def facts(energy: EnergySeries) -> LedgerFacts:
    """Say what a ledger would answer if all went well."""
    return LedgerFacts(
        ledger_id="ab" * 32,
        readings=257_280,
        measurements=257_280,
        certificates=29_867,
        claims=188_103,
        conservation=tuple(
            Conservation(
                label=source.label,
                measured_wh=sum(source.produced_wh),
                issued_wh=sum(source.produced_wh),
                held_wh=sum(source.produced_wh) - sum(source.matched_wh),
                locked_wh=0,
                claimed_wh=sum(source.matched_wh),
                withdrawn_wh=0,
                expired_wh=0,
            )
            for source in energy.sources
        ),
        stages=(Stage("Published", 257_280, 12_864), Stage("Opened", 1, 0)),
        findings=(Finding("Keys that occur twice", "0 of 257,280"),),
        is_audited=True,
        is_verified=True,
        checkpoint="tallystick.example/village\n2\nq80=\n\n\u2014 tallystick.example/village c2ln",
        proof_file="out/<b>&village/proof",
        proof_bytes=6_120,
        verify_command="tally verify proof --ledger 'ab' --key \"k\"",
        ledger_path="out/<b>&village/ledger",
    )
