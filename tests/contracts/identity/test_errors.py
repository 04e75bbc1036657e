"""Reasons tell times as people write them."""

import pytest

from tallystick.base.identifiers import LedgerId
from tallystick.contracts.identity.errors import (
    REJECTIONS,
    AuthorityIsOver,
    LedgerNotRecognised,
    PeriodIsEmpty,
)
from tallystick.contracts.identity.model import Role
from tallystick.core.errors import Rejected

NEW_YEAR = 1_577_836_800_000


@pytest.mark.parametrize(
    ("error", "times"),
    [
        (PeriodIsEmpty(begin=NEW_YEAR + 1, end=NEW_YEAR), 2),
        (AuthorityIsOver(role=Role.PUBLISHER, scope="DK1", since=NEW_YEAR), 1),
        (LedgerNotRecognised(LedgerId(bytes(32)), disowned_at=NEW_YEAR), 1),
        (LedgerNotRecognised(LedgerId(bytes(32))), 0),
    ],
)
def test_times_are_told_in_iso_8601(error: Rejected, times: int) -> None:
    """Nobody reads milliseconds since 1970."""
    assert times == str(error).count("2020-01-01T00:00:00.00")
    assert str(NEW_YEAR) not in str(error)


def test_codes_ascend() -> None:
    """In order of precedence, each once; they are part of consensus."""
    assert list(range(101, 101 + len(REJECTIONS))) == [each.code for each in REJECTIONS]
