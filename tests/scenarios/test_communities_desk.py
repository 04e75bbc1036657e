"""What is sent to a community's ledger is counted, and what is refused is known by its reason."""

from pathlib import Path

import pytest

from tallystick.contracts.asset.commands import Transfer
from tallystick.contracts.asset.errors import NotEnough, SignerIsNotOwner
from tallystick.contracts.asset.events import AssetDefined
from tallystick.scenarios.communities_desk import one
from tests.scenarios.oakfield import communities


def test_money_is_made_and_spent(tmp_path: Path) -> None:
    """A block for each thing that is sent."""
    with communities(tmp_path) as (_, desk):
        desk.define_money()
        ash, elm = desk.cast.member("Ash"), desk.cast.member("Elm")
        desk.mint(desk.money, ash, 100)
        desk.mint(desk.money, ash, 20)
        desk.send(Transfer(desk.money, ash.public, elm.public, 50), ash)
        assert (70, 50) == (desk.spendable(desk.money, ash), desk.spendable(desk.money, elm))
        assert {desk.money: 120} == desk.minted
        assert 4 == desk.height


@pytest.mark.parametrize(
    ("amount", "reason", "refused"),
    [(200, NotEnough, True), (200, SignerIsNotOwner, False), (50, NotEnough, False)],
)
def test_a_refusal_counts_for_its_own_reason(
    tmp_path: Path, amount: int, reason: type[NotEnough], *, refused: bool
) -> None:
    """Neither another reason nor success passes for it."""
    with communities(tmp_path) as (_, desk):
        desk.define_money()
        ash, elm = desk.cast.member("Ash"), desk.cast.member("Elm")
        desk.mint(desk.money, ash, 100)
        desk.refuse("too much", reason, Transfer(desk.money, ash.public, elm.public, amount), ash)
        assert {"too much": refused} == desk.refused


def test_one_event_is_asked_for() -> None:
    """That it isn't there is a bug of the story."""
    with pytest.raises(StopIteration):
        one([], AssetDefined)
