"""How a zone's programme comes to be."""

from pathlib import Path

from tallystick.contracts.allowance.events import AccountOpened, UnitApplied
from tallystick.contracts.allowance.model import AccountKind, UnitStatus
from tallystick.contracts.allowance.views import BaselineView, ShowBaseline, ShowUnit, UnitView
from tallystick.scenarios.allowances_cast import SOUTH, Office
from tallystick.scenarios.allowances_founding import allocate, set_baseline
from tests.scenarios.test_allowances_desk import desk_in


def test_everybody_has_an_account_and_every_unit_is_admitted(tmp_path: Path) -> None:
    """Four units and a trader, each under a key of its own, for a fee each."""
    with desk_in(tmp_path, SOUTH) as desk:
        opened = desk.seen.of(AccountOpened)
        assert 5 == len({each.key for each in opened})
        assert 1 == sum(each.kind is AccountKind.TRADING for each in opened)
        assert 4 == len(desk.seen.of(UnitApplied))
        for unit in desk.units.values():
            view = desk.ledger.ask(ShowUnit(unit))
            assert isinstance(view, UnitView)
            assert UnitStatus.ADMITTED is view.status
        assert [620] * 4 == [each.code for each in desk.refusals]
        assert {"money", "programme", "spot", "futures"} == set(desk.ids)


def test_a_baseline_departs_from_the_formula_for_a_reason_only(tmp_path: Path) -> None:
    """The Director raises one by two percent, and cannot double it."""
    with desk_in(tmp_path) as desk:
        rates = {}
        for member in desk.cast.units:
            assert member.plant is not None
            rates[member.name] = set_baseline(desk, member.plant, 0, expected_mwh=100_000)
            view = desk.ledger.ask(ShowBaseline(desk.units[member.name], 0))
            assert isinstance(view, BaselineView)
            assert bool(view.reason) == (view.rate_g_per_mwh != view.formula_g_per_mwh)
        # coal 800 × 1.00 × 0.90; gas 230 × 1.00 × 0.95; biomass 400 × 1.02; turbine
        # 440 × 1.02 × 0.95 × 1.20: each rounded down.
        expected = {"Alder 1": 720, "Birk 1": 218, "Corran Mill": 408, "Dun Peak": 511}
        assert expected == rates
        assert (658, 658) == (desk.refusals[-1].wanted, desk.refusals[-1].code)
        allocate(desk, "Birk 1", 0)
        assert 218 * 100_000 // desk.plan.unit_grams == desk.held("Birk 1", 0)
        assert desk.office(Office.DIRECTOR).public != desk.office(Office.OPERATOR).public
