"""Ids, and how it stands with what depends on something."""

import pytest
from msgspec.structs import replace

from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.title.model import (
    Dependence,
    NamedState,
    Standing,
    Title,
    dependant_id,
    dependants_listing_id,
    is_locked,
    kind_listing_id,
    page_id,
    share_class_id,
    standing,
    title_id,
)
from tallystick.core.holding import LockedFor
from tallystick.testing.keys import key
from tests.contracts.title.cases import ALICE, BOB, FIRST, LOCK, NOW, NOWHERE, UNKNOWN

POLICY = Title("insurance", "P", key(ALICE), (), None, NOW, 0, 1, None)


@pytest.mark.parametrize(
    ("id", "tag", "parts"),
    [
        (title_id("car", "A"), "title-id", (b"car", b"A")),
        (kind_listing_id("car"), "kind-listing-id", (b"car",)),
        (dependants_listing_id(NOWHERE, FIRST), "dependants-listing-id", (NOWHERE, FIRST)),
        (page_id(FIRST, 258), "page-id", (FIRST, b"\0\0\1\2")),
        (dependant_id(NOWHERE, FIRST, UNKNOWN), "dependant-id", (NOWHERE, FIRST, UNKNOWN)),
        (share_class_id(FIRST), "share-class-id", (FIRST,)),
    ],
)
def test_ids_are_tagged_hashes(id: RecordId, tag: str, parts: tuple[bytes, ...]) -> None:
    """Each has a tag of its own, so none can pass for another."""
    assert RecordId(tagged_hash(f"tallystick/title/{tag}/1".encode(), *parts)) == id


def depending(
    owner: int | None, lapsed_since: int, state: NamedState = NamedState.STANDS
) -> Dependence:
    """Return what was proven of a car: whose it was, and since when it was known to be away."""
    there: PublicKey | None = None if owner is None else key(owner)
    return Dependence(NOWHERE, FIRST, state, there, NOW, NOW, lapsed_since)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, Standing.INDEPENDENT),
        (depending(ALICE, 0), Standing.IN_FORCE),
        (depending(ALICE, NOW + 1), Standing.IN_FORCE),
        (depending(BOB, NOW + 1), Standing.LAPSED),
        (depending(BOB, NOW), Standing.UNPROVEN),
        (depending(BOB, 0), Standing.UNPROVEN),
        (depending(None, NOW + 1, NamedState.RETIRED), Standing.LAPSED),
        (depending(None, 1, NamedState.RETIRED), Standing.LAPSED),
        (depending(None, NOW + 1, NamedState.ABSENT), Standing.LAPSED),
    ],
)
def test_how_it_stands(found: Dependence | None, expected: Standing) -> None:
    """With the insurance that is Alice's since NOW, by what was last proven of the car."""
    assert expected == standing(replace(POLICY, depends_on=found))


@pytest.mark.parametrize(
    ("until", "expected"),
    [(0, [True, True, True]), (NOW, [True, False, False])],
)
def test_how_long_a_lock_binds(until: int, expected: list[bool]) -> None:
    """Until its moment; without one, for ever."""
    held = replace(POLICY, lock=LockedFor("market", LOCK, until))
    assert expected == [is_locked(held, time=NOW + n) for n in (-1, 0, 1)]
    assert not is_locked(POLICY, time=NOW)
