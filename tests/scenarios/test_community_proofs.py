"""Every claim is named, meant and holds; and turns false with what it is about."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tallystick.contracts.sharing.views import SharedView, ShowShared
from tallystick.scenarios.community_claims import CLAIMS, SHOWN_FIRST
from tallystick.scenarios.community_house import production_at
from tallystick.scenarios.community_proofs import prove
from tests.scenarios.lane import Played, played


def test_all_claims_hold() -> None:
    """What is claimed is explained, and true."""
    assert {*CLAIMS} - {"audited"} == set(played().found.proved)
    assert set(SHOWN_FIRST) <= set(CLAIMS)
    assert all(played().found.proved.values())


def reprove(
    monkeypatch: pytest.MonkeyPatch, here: Played, table: str, column: str, amount: int
) -> set[str]:
    """Return the claims that fail when one number of the read model is another."""
    views = {production_at(here.week.lane, each): view for each, view in here.shared.items()}

    def ask(question: ShowShared) -> SharedView:
        return views[question.production]

    def rows(name: str) -> Iterator[Mapping[str, Any]]:
        first, *others = here.rows[name]
        yield {**first, column: first[column] + amount} if name == table else first
        yield from others

    monkeypatch.setattr(here.week.ledger, "ask", ask)
    return {name for name, is_true in prove(here.week, rows).proved.items() if not is_true}


@pytest.mark.parametrize(
    ("table", "column", "failing"),
    [
        ("market_fills", "buyer_pays", {"trades_settled_as_measured"}),
        ("market_entries", "amount", {"bills_add_up"}),
        ("sharing_members", "energy_wh", {"roof_shared_as_computed"}),
        ("sharing_incomes", "received", {"roof_shared_as_computed"}),
        ("asset_supplies", "minted", {"money_conserved"}),
        ("asset_balances", "locked", {"money_conserved"}),
        ("certificate_holdings", "amount_wh", {"energy_conserved"}),
    ],
)
def test_claims_are_about_something(
    monkeypatch: pytest.MonkeyPatch, table: str, column: str, failing: set[str]
) -> None:
    """A single unit too much is noticed by the claim that is about it."""
    assert failing <= reprove(monkeypatch, played(), table, column, 1)


def test_a_refusal_for_another_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not enough that misuse is refused: it must be for the right reason."""
    here = played()
    wrong = [*here.week.log.refusals, ("Something else", "market 999", False)]
    monkeypatch.setattr(here.week.log, "refusals", wrong)
    assert {"misuse_refused"} == reprove(monkeypatch, here, "market_fills", "lots", 0)


def test_a_missing_auction_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An auction that was never announced can not be checked, so that is no proof."""
    here = played()
    _, *others = here.week.seen.clearings.items()
    monkeypatch.setattr(here.week.seen, "clearings", dict(others))
    failing = reprove(monkeypatch, here, "market_fills", "lots", 0)
    assert {"auctions_checked_by_a_stranger"} == failing
