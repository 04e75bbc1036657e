"""What is proved can fail: each claim is held against figures that are wrong by one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import msgspec.structs
import pytest

from tallystick.scenarios.allowances_cast import SHORT
from tallystick.scenarios.allowances_desk import Refusal
from tallystick.scenarios.allowances_facts import Facts, UnitYear, ZoneFacts
from tallystick.scenarios.allowances_proofs import (
    CLAIMS,
    both,
    fees_of,
    prove_forecasts,
    prove_units,
    prove_zone,
)
from tallystick.scenarios.allowances_years import Years
from tallystick.scenarios.scenario import AllRows
from tests.scenarios.small import stage_in
from tests.scenarios.test_allowances_facts import both_zones

Play = tuple[Years, Facts, AllRows]
NORTHERN, SOUTHERN = 0, 1


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """Play the whole story once, with the south's read model."""
    folder = tmp_path_factory.mktemp("zones")
    with both_zones(folder) as (years, facts):
        ledger = years.desks[SOUTHERN].ledger
        yield years, facts, stage_in(folder).read_model(ledger, folder / "again.sqlite")


def units_of(facts: Facts) -> list[UnitYear]:
    """Return every unit's account of every year."""
    return [each for zone in facts.zones for each in zone.units]


def test_everything_is_proved(play: Play) -> None:
    """Every claim but the audit, which needs closed ledgers, and each says what it means."""
    _, facts, _ = play
    assert {True} == set(facts.proved.values())
    assert set(CLAIMS) == {*facts.proved, "audited"}


@pytest.mark.parametrize(
    ("field", "false"),
    [
        ("granted", {"issued_as_earned"}),
        ("emitted_g", {"emissions_counted", "emissions_covered_or_paid_for"}),
        ("produced_wh", {"emissions_counted"}),
        ("surrendered", {"emissions_covered_or_paid_for"}),
        ("due", {"emissions_covered_or_paid_for"}),
        ("missing", {"emissions_covered_or_paid_for", "one_unit_short"}),
    ],
)
def test_a_unit_s_account_that_is_wrong_is_noticed(play: Play, field: str, false: set[str]) -> None:
    """One more of anything, and exactly the claims about it are refuted."""
    years, facts, _ = play
    units = units_of(facts)
    more = 1 + (facts.unit_grams if field == "emitted_g" else 0)
    units[0] = replace(units[0], **{field: getattr(units[0], field) + more})
    proved = prove_units(units, unit_grams=facts.unit_grams, desks=years.desks)
    assert false == {name for name, holds in proved.items() if not holds}


def test_a_deduction_that_is_wrong_is_noticed(play: Play) -> None:
    """It is as large as what was missing."""
    years, facts, _ = play
    units = [
        replace(each, deduction=each.deduction + 1)
        if (each.name, each.period) == (SHORT, 1)
        else each
        for each in units_of(facts)
    ]
    proved = prove_units(units, unit_grams=facts.unit_grams, desks=years.desks)
    assert not proved["one_unit_short"]


def _zone(play: Play, facts: ZoneFacts, rows: AllRows) -> set[str]:
    """Return what does not hold of the south."""
    years = play[0]
    proved = prove_zone(years.desks[SOUTHERN], years.floors[SOUTHERN], facts, rows)
    return {name for name, holds in proved.items() if not holds}


def test_a_zone_that_is_wrong_is_noticed(play: Play) -> None:
    """A vintage, a fee, a refusal, a lot that never came, an inference."""
    _, facts, rows = play
    zone = facts.zones[SOUTHERN]
    assert set() == _zone(play, zone, rows)
    vintage = msgspec.structs.replace(zone.vintages[0], expired=zone.vintages[0].expired + 1)
    wrong = {
        "leftovers_ended": replace(zone, vintages=(vintage, zone.vintages[1])),
        "fees_collected": replace(zone, fees={**zone.fees, "accounts": 1}),
        "misuse_refused": replace(zone, refusals=(Refusal("a theft", 622, 0),)),
        "futures_delivered_or_compensated": replace(zone, undelivered=zone.undelivered + 1),
        "stranger_learns_no_more": replace(
            zone,
            inferences=(replace(zone.inferences[2], public=1), *zone.inferences[3:]),
        ),
    }
    assert {name: {name} for name in wrong} == {
        name: _zone(play, each, rows) for name, each in wrong.items()
    }


def test_money_that_is_gone_is_noticed(play: Play) -> None:
    """Or that is still locked."""
    _, facts, rows = play

    def tampered(column: str, by: int) -> AllRows:
        def read(table: str) -> Iterator[Mapping[str, Any]]:
            for n, row in enumerate(rows(table)):
                is_it = table == "asset_balances" and not n
                yield {**row, column: row[column] + by} if is_it else row

        return read

    assert "money_conserved" in _zone(play, facts.zones[SOUTHERN], tampered("spendable", -1))
    assert "money_conserved" in _zone(play, facts.zones[SOUTHERN], tampered("locked", 1))


def test_forecasts_are_held_against_what_came(play: Play) -> None:
    """If somebody else had fallen short, the forecast would have been wrong."""
    years, facts, _ = play
    assert prove_forecasts(years, units_of(facts))
    assert not prove_forecasts(years, [replace(each, missing=0) for each in units_of(facts)])


def test_fees_are_computed_from_what_was_done(play: Play) -> None:
    """Four applications, five accounts; the one transfer by hand was in the north."""
    years, facts, _ = play
    fees = fees_of(years.desks[NORTHERN], 1)
    assert (400_000, 50_000, 500, 0) == tuple(
        fees[name] for name in ("applications", "accounts", "transfers", "penalties")
    )
    assert facts.zones[NORTHERN].fees == fees


def test_both_zones_must_agree() -> None:
    """What fails in one zone is not proved."""
    assert {"a": True, "b": False} == both([{"a": True, "b": True}, {"a": True, "b": False}])
