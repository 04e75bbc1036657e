"""Many changes to one row become one write."""

from typing import Any

import pytest

from tallystick.core.projection import Add, Delete, Insert, RowChange, Update
from tallystick.index.errors import ProjectionBroken
from tallystick.index.pending import Key, Pending, Row
from tests.index.toy import BOXES, LABELS

K = (b"k",)
STORED = (b"k", b"owner", "stored", 10, 0)
INSERT = Insert(BOXES, (b"k", b"o", "a", 5, 7))
LABEL = Update(BOXES, K, {"label": "b"})
TIME = Update(BOXES, K, {"changed_at": 9})
FILL = Add(BOXES, K, {"amount": 2})
DELETE = Delete(BOXES, K)
BACK = (b"k", b"", "", 2, 0)
"""The row that appears when something is added to nothing."""


def pending_after(*changes: RowChange, stored: Row | None = STORED) -> tuple[Pending, list[Key]]:
    """Return what is pending after some changes, and which rows were read for it."""
    read: list[Key] = []

    def find(key: Key) -> Row | None:
        read.append(key)
        return stored

    pending = Pending(BOXES, find)
    for change in changes:
        pending.apply(change)
    return pending, read


@pytest.mark.parametrize(
    ("changes", "gone", "fresh", "patches", "sums", "read"),
    [
        ([INSERT], 0, INSERT.values, None, None, 0),
        ([INSERT, LABEL, FILL, LABEL], 0, (b"k", b"o", "b", 7, 7), None, None, 0),
        ([INSERT, DELETE], 0, None, None, None, 0),
        ([INSERT, DELETE, INSERT], 0, INSERT.values, None, None, 0),
        ([LABEL], 0, None, {"label": "b"}, None, 0),
        ([LABEL, TIME, LABEL], 0, None, {"label": "b", "changed_at": 9}, None, 0),
        ([LABEL, DELETE], 1, None, None, None, 0),
        ([DELETE], 1, None, None, None, 0),
        ([DELETE, INSERT, LABEL], 1, (b"k", b"o", "b", 5, 7), None, None, 0),
        ([DELETE, INSERT, DELETE], 1, None, None, None, 0),
        ([DELETE, FILL], 1, BACK, None, None, 0),
        ([FILL, FILL], 0, None, None, {"amount": 4}, 0),
        ([FILL, LABEL], 1, (b"k", b"owner", "b", 12, 0), None, None, 1),
        ([LABEL, FILL, TIME, FILL], 1, (b"k", b"owner", "b", 14, 9), None, None, 1),
        ([FILL, DELETE], 1, None, None, None, 1),
    ],
)
def test_changes_of_a_row_are_merged(
    changes: list[RowChange],
    gone: int,
    fresh: Row | None,
    patches: dict[str, Any] | None,
    sums: dict[str, int] | None,
    read: int,
) -> None:
    """Only a row that is both added to and set or deleted is read."""
    pending, found = pending_after(*changes)
    assert {K} - (set() if gone else {K}) == pending.gone
    assert fresh == (tuple(pending.fresh[K]) if pending.fresh else None)
    assert patches == pending.patches.get(K)
    assert sums == pending.sums.get(K)
    assert [K] * read == found


@pytest.mark.parametrize(
    ("changes", "fresh"),
    [
        ([FILL, LABEL], (b"k", b"", "b", 2, 0)),
        ([FILL, DELETE], None),
        ([INSERT, DELETE, FILL, TIME], (b"k", b"", "", 2, 9)),
    ],
)
def test_a_row_that_appears_in_the_batch_is_not_deleted(
    changes: list[RowChange], fresh: Row | None
) -> None:
    """What the database never had needs no deletion."""
    pending, _ = pending_after(*changes, stored=None)
    assert set() == pending.gone
    assert fresh == (tuple(pending.fresh[K]) if pending.fresh else None)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ([INSERT, INSERT], "is inserted, and is there already"),
        ([LABEL, INSERT], "is inserted, and is there already"),
        ([FILL, INSERT], "is inserted, and is there already"),
        ([DELETE, DELETE], "is changed after it has gone"),
        ([DELETE, LABEL], "is changed after it has gone"),
        ([LABEL, FILL], "is changed, and is not there"),
        ([Insert(BOXES, (b"k", b"o"))], "has 2 values for 5 columns"),
    ],
)
def test_changes_that_cannot_follow_each_other_are_refused(
    changes: list[RowChange], problem: str
) -> None:
    """A projection that contradicts itself is our bug, and the row is named."""
    with pytest.raises(ProjectionBroken, match=f"toy_boxes: the row of 6b {problem}"):
        pending_after(*changes, stored=None)


def test_what_an_event_brings_is_left_as_it_is() -> None:
    """Merging never writes into the values of a change."""
    first = Update(BOXES, K, {"label": "b"})
    pending_after(first, TIME, FILL)
    assert Update(BOXES, K, {"label": "b"}) == first
    second = Add(BOXES, K, {"amount": 2})
    pending_after(second, FILL)
    assert Add(BOXES, K, {"amount": 2}) == second


def test_a_row_appears_with_zeros() -> None:
    """What nothing is added to is zero or empty."""
    pending = Pending(LABELS, lambda _key: None)
    assert ("a", 3, "", 0, 4) == pending.row_of(("a", 3), {"fillings": 4})
