"""A change is its hash, and everything about it stands under ids of its own."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Malformed, decode, encode
from tallystick.contracts.exchange.model import (
    PARTS_MAX,
    Change,
    change_id,
    decision_id,
    prepared_id,
    reservation_id,
)
from tallystick.testing.keys import key

from .sides import NOWHERE, STRANGER, Sides

CHANGE = Sides().change()


@pytest.mark.parametrize(
    "other",
    [
        replace(CHANGE, deciding=NOWHERE),
        replace(CHANGE, deadline=CHANGE.deadline + 1),
        replace(CHANGE, salt=b"t" * 16),
        replace(CHANGE, parts=CHANGE.parts[:1]),
        replace(CHANGE, parts=CHANGE.parts[::-1]),
        *(
            replace(CHANGE, parts=(replace(CHANGE.parts[0], **{name: value}), CHANGE.parts[1]))
            for name, value in (
                ("ledger", NOWHERE),
                ("contract", "title"),
                ("holding", CHANGE.parts[1].holding),
                ("owner", key(STRANGER)),
                ("amount", 1),
                ("target", key(STRANGER)),
            )
        ),
    ],
)
def test_whatever_a_change_says_is_in_its_id(other: Change) -> None:
    """Nothing of it can be exchanged under the same id."""
    assert change_id(CHANGE) != change_id(other)
    assert CHANGE == decode(encode(CHANGE), Change)


def test_ids_do_not_meet() -> None:
    """Parts, decisions and reservations stand apart."""
    change = change_id(CHANGE)
    other = change_id(replace(CHANGE, salt=b"t" * 16))
    ids = [prepared_id(each, n) for each in (change, other) for n in range(PARTS_MAX)]
    ids += [decision_id(change), decision_id(other)]
    holdings = [part.holding for part in CHANGE.parts]
    ids += [reservation_id(name, each) for name in ("asset", "title") for each in holdings]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("parts", [(), CHANGE.parts[:1] * (PARTS_MAX + 1)])
def test_a_change_has_parts_but_not_too_many(parts: tuple[object, ...]) -> None:
    """Between one and sixteen."""
    raw = encode(replace(CHANGE, parts=parts))
    with pytest.raises(Malformed):
        decode(raw, Change)
