"""Which keys are a wallet's is kept apart from what others may read."""

from pathlib import Path

import pytest

from tallystick.index import wallets
from tallystick.index.queries import Queries
from tests.index.conftest import Open
from tests.index.toy import BOXES, BoxPut, box, chain, owner


def boxes_of(queries: Queries, wallet: str) -> list[object]:
    """Return the boxes of a wallet."""
    return [row["box"] for row in queries.rows_for_keys(BOXES.name, "owner", wallet).rows]


def test_a_wallet_finds_what_its_keys_hold(
    open_index: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are registered once however often they are given, in as many statements as needed."""
    monkeypatch.setattr(wallets, "KEYS_PER_STATEMENT", 2)
    index = open_index()
    index.catch_up(chain([BoxPut(box(n), owner(n), "a", n) for n in range(9)]))
    index.register_keys("anna", (owner(n) for n in (1, 2, 3, 2, 77)))
    index.register_keys("anna", [owner(3), owner(4)])
    index.register_keys("ben", [owner(4), owner(5)])
    with index.read() as queries:
        assert [box(n) for n in (1, 2, 3, 4)] == boxes_of(queries, "anna")
        assert [box(n) for n in (4, 5)] == boxes_of(queries, "ben")
        assert [] == boxes_of(queries, "carla")
    index.rebuild()
    index.catch_up(chain([BoxPut(box(n), owner(n), "a", n) for n in range(9)]))
    index.forget_keys("anna")
    with index.read() as queries:
        assert [] == boxes_of(queries, "anna")
        assert [box(n) for n in (4, 5)] == boxes_of(queries, "ben")


def test_the_shared_file_holds_no_mapping(open_index: Open, tmp_path: Path) -> None:
    """A wallet's name and its keys stand in its own file, which only its owner may read."""
    index = open_index()
    index.register_keys("the wallet of anna", [owner(1)])
    index.close()
    private = tmp_path / "wallets.sqlite"
    assert 0o600 == private.stat().st_mode & 0o777
    for file in tmp_path.iterdir():
        assert file.name.startswith("wallets") == (bytes(owner(1)) in file.read_bytes())
        assert file.name.startswith("wallets") == (b"the wallet of anna" in file.read_bytes())


def test_two_wallets_share_an_index_and_no_keys(open_index: Open, tmp_path: Path) -> None:
    """Each opens the same rows with a file of its own."""
    anna = open_index()
    ben = open_index(wallet_keys=tmp_path / "ben.sqlite")
    anna.catch_up(chain([BoxPut(box(1), owner(1), "a", 1)]))
    anna.register_keys("mine", [owner(1)])
    with anna.read() as queries:
        assert [box(1)] == boxes_of(queries, "mine")
    with ben.read() as queries:
        assert [] == boxes_of(queries, "mine")


def test_without_a_file_of_their_own_keys_are_not_kept(open_index: Open) -> None:
    """Nothing falls back to the shared file."""
    index = open_index(wallet_keys=None)
    with pytest.raises(ValueError, match="open the index with wallet_keys"):
        index.register_keys("anna", [owner(1)])
    with pytest.raises(ValueError, match="open the index with wallet_keys"):
        index.forget_keys("anna")
    with index.read() as queries, pytest.raises(ValueError, match="with wallet_keys"):
        queries.rows_for_keys(BOXES.name, "owner", "anna")
