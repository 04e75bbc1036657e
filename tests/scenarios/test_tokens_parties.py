"""The parties of the story of tokens found a ledger on which they can play it."""

from pathlib import Path

from tallystick.base.signatures import public_key
from tallystick.compose import open_ledger
from tallystick.contracts.asset.views import AssetView, ShowAsset
from tallystick.scenarios.tokens_parties import CLASS_NAME, Parties


def test_the_issuer_alone_mints(tmp_path: Path) -> None:
    """The class is the issuer's, and every story has keys of its own."""
    parties = Parties()
    with open_ledger(tmp_path / "ledger", genesis=parties.genesis) as ledger:
        asset = parties.define(ledger)
        view = ledger.ask(ShowAsset(asset))
        task = parties.task(3, asset, tmp_path, ledger)
    assert isinstance(view, AssetView)
    assert (CLASS_NAME, (public_key(parties.issuer),), 0) == (view.name, view.issuers, view.supply)
    assert (3, ledger.id, asset) == (task.number, task.ledger, task.asset)
    assert parties.issuer.hex() not in repr(task)
    assert Parties().issuer != parties.issuer
