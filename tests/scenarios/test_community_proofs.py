"""Every claim is named, meant and holds; and turns false with what it is about."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tallystick.contracts.market.views import ClearingView, ShowClearing
from tallystick.scenarios.community_claims import CLAIMS, SHOWN_FIRST
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
    views = {view.book: view for view in here.found.clearings.values()}

    def ask(question: ShowClearing) -> ClearingView:
        return views[question.book]

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
    assert {"misuse_refused"} == reprove(monkeypatch, here, "market_books", "fills", 0)
