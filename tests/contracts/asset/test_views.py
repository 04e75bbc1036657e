"""What views say about assets."""

import pytest

from tallystick.base.encoding import Record
from tallystick.base.plain import to_plain
from tallystick.contracts.asset.commands import Claim
from tallystick.contracts.asset.errors import AssetNotFound, LockNotFound
from tallystick.contracts.asset.model import claim_of, key_hash, series_id, waiting_room
from tallystick.contracts.asset.views import (
    AssetView,
    BalanceView,
    LockView,
    SeriesView,
    ShowAsset,
    ShowBalance,
    ShowLock,
    ShowSeries,
)
from tallystick.core.errors import Rejected
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tests.contracts.asset.cases import (
    ANNA,
    BEN,
    ISSUER,
    LAPSE,
    LAPSING_LOCK,
    LOCK,
    MONEY,
    NOW,
    OTHER_LOCK,
    PROOF,
    R1,
    R2,
    SHORT,
    TOKEN,
    UNKNOWN,
    cast,
    do,
    minting,
)

ABSENT: list[tuple[Record, type[Rejected]]] = [
    (ShowAsset(UNKNOWN), AssetNotFound),
    (ShowAsset(R1), AssetNotFound),
    (ShowBalance(UNKNOWN, key(ANNA)), AssetNotFound),
    (ShowSeries(UNKNOWN), AssetNotFound),
    (ShowSeries(TOKEN), AssetNotFound),
    (ShowLock(MONEY, key(ANNA), "market", OTHER_LOCK), LockNotFound),
    (ShowLock(MONEY, key(ANNA), "exchange", LOCK), LockNotFound),
    (ShowLock(MONEY, key(BEN), "market", LOCK), LockNotFound),
]


@pytest.mark.parametrize(("question", "expected"), ABSENT)
def test_what_is_not_there_is_rejected(question: Record, expected: type[Rejected]) -> None:
    """A question about nothing has its typed answer."""
    with pytest.raises(expected):
        cast().ask(question)


def test_accounts_and_locks() -> None:
    """An account that nobody ever used is empty."""
    trial = cast()
    anna, ben = (holding_id(MONEY, key(each)) for each in (ANNA, BEN))
    assert BalanceView(anna, MONEY, key(ANNA), 50, 50) == trial.ask(ShowBalance(MONEY, key(ANNA)))
    assert BalanceView(ben, MONEY, key(BEN), 0, 0) == trial.ask(ShowBalance(MONEY, key(BEN)))
    assert LockView(30, 0) == trial.ask(ShowLock(MONEY, key(ANNA), "market", LOCK))
    assert LockView(20, LAPSE) == trial.ask(ShowLock(MONEY, key(ANNA), "market", LAPSING_LOCK))


def test_a_class_shows_its_supply() -> None:
    """What exists is what was minted and not burned."""
    view = cast().ask(ShowAsset(SHORT))
    assert isinstance(view, AssetView)
    assert (40, 40, 0, 50) == (view.supply, view.minted, view.burned, view.supply_cap)


def test_a_token_shows_what_a_registry_expects() -> None:
    """Programs read its time as ISO 8601, and what waits is shown until it is claimed."""
    trial = cast()
    expected = SeriesView(
        series=R2,
        asset=TOKEN,
        project_id="aegis",
        reading_id="R2",
        kwh=10,
        owner=waiting_room(R2),
        minted_at=NOW,
        nonce=0,
        signer_key_hash=key_hash(key(ISSUER)),
        waiting=10,
    )
    found = trial.ask(ShowSeries(R2))
    assert expected == found
    assert "2023-11-14T22:13:20.000Z" == to_plain(found)["minted_at"]
    do(trial, Claim(R2, key(BEN), PROOF), BEN)
    claimed = trial.ask(ShowSeries(R2))
    assert isinstance(claimed, SeriesView)
    assert 0 == claimed.waiting


def test_evidence_of_fungible_units_is_shown() -> None:
    """With what waits of it, and nothing of other units of its class."""
    trial = cast()
    claim = claim_of(key(BEN), PROOF)
    do(trial, minting(MONEY, owner=None, amount=7, evidence="gift", claim=claim), ISSUER)
    found = trial.ask(ShowSeries(series_id(MONEY, "gift")))
    assert isinstance(found, SeriesView)
    assert (MONEY, 7, 7) == (found.asset, found.kwh, found.waiting)
