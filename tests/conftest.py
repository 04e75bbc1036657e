"""What all tests share: a home of their own, and properties without a stopwatch."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("tallystick", deadline=None)
settings.load_profile("tallystick")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep machine secrets of tests apart from the user's."""
    home = tmp_path_factory.getbasetemp() / "home"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.delenv("TALLYSTICK_PASSPHRASE", raising=False)
    monkeypatch.delenv("TALLYSTICK_LEDGER", raising=False)
    return home
