"""Indexes in files that go away."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tallystick.index.index import Index
from tests.index.toy import LEDGER, TOY

Open = Callable[..., Index]


@pytest.fixture
def open_index(tmp_path: Path) -> Iterator[Open]:
    """Open the toy's index in one file; every one is closed at the end."""
    opened: list[Index] = []

    def open_(**settings: Any) -> Index:
        contracts = settings.pop("contracts", (TOY,))
        ledger = settings.pop("ledger", LEDGER)
        file = settings.pop("file", tmp_path / "index.sqlite")
        wallets = settings.pop("wallet_keys", tmp_path / "wallets.sqlite")
        opened.append(Index(file, contracts, ledger, wallet_keys=wallets, **settings))
        return opened[-1]

    yield open_
    for index in opened:
        index.close()
