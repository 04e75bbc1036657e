"""What tests of contracts share: rejections that name their field."""

import pytest

from tests.contracts.naming import watch


@pytest.fixture(autouse=True)
def rejections_name_their_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold every rejection that a test meets against the command that it rejects."""
    watch(monkeypatch)
