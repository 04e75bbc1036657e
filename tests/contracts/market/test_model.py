"""Everything that the contract keeps or states is to be had from one place."""

from tallystick.contracts import market
from tallystick.contracts.market import ids, model, model_settlement, terms


def test_one_module_has_all_names() -> None:
    """Records, terms and ids are exported by `model`, each the very thing that is declared."""
    for name in model.__all__:
        homes = [each for each in (terms, ids, model_settlement) if name in vars(each)]
        assert all(getattr(model, name) is getattr(home, name) for home in homes)
    kept = {kind.__name__ for kind in market.CONTRACT.records}
    assert kept - set(model.__all__) == {"Book", "Totals", "Queue", "QueuePage", "Clearing"}
