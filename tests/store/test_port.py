"""Every store of the state passes the same suite."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tallystick.store.lmdb import LmdbStore
from tallystick.store.memory import MemoryStore
from tallystick.store.pending import Limits
from tallystick.store.port import StateStore
from tallystick.testing.stores import CONFORMANCE, DURABLE_CONFORMANCE, Check
from tests.store.blocks import LEDGER

Maker = Callable[[Path], StateStore]


def limited(**limits: int) -> Maker:
    """Return what opens an LMDB store with limits."""
    return lambda path: LmdbStore(path / "state", ledger=LEDGER, limits=Limits(**limits))


DURABLE: dict[str, Maker] = {
    "lmdb": limited(),
    "lmdb that flushes every block": limited(pending_blocks_max=1),
    "lmdb that flushes every third block": limited(pending_blocks_max=3),
    "lmdb that flushes by size and is always full": limited(
        pending_bytes_max=4_000, map_bytes=65_536
    ),
}
MAKERS: dict[str, Maker] = {"memory": lambda _: MemoryStore(), **DURABLE}


@pytest.mark.parametrize("check", CONFORMANCE, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", MAKERS)
def test_every_store_conforms(tmp_path: Path, name: str, check: Check) -> None:
    """What the suite asks of all stores holds."""
    check(lambda: MAKERS[name](tmp_path))


@pytest.mark.parametrize("check", DURABLE_CONFORMANCE, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", DURABLE)
def test_every_durable_store_conforms(tmp_path: Path, name: str, check: Check) -> None:
    """What the suite asks of stores that outlive their process holds."""
    check(lambda: DURABLE[name](tmp_path))
