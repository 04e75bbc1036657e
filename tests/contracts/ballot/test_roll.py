"""A roll is a list; its root and sums stand for it, and a path for a line of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.identifiers import Hash, PublicKey
from tallystick.contracts.ballot.roll import (
    Electorate,
    Excess,
    RollEntry,
    excess_of,
    identity_of,
    is_in,
    may_vote,
    roll_of,
    roll_paths,
    voter_of,
)
from tallystick.testing.keys import key
from tests.contracts.ballot.cases import (
    ANNA,
    CARA,
    DORA,
    ENTRIES,
    LINES,
    QUESTIONS,
    SITTING,
    UNKNOWN,
)

OTHER = Hash(b"\x01" * 32)


def line(number: int, weight: int) -> RollEntry:
    """Return a plain line."""
    voter = PublicKey(b"\x02" + number.to_bytes(32, "big"))
    return RollEntry(voter, weight, "A", for_others=False, available=bool(weight % 2), excluded=())


def test_sums() -> None:
    """Excluded weight counts on no question from which it is excluded, other classes on none."""
    roll = roll_of(ENTRIES, SITTING)
    assert (6, 250, 210) == (roll.entries, roll.weight, roll.available)
    assert (Electorate(250, 210), Electorate(230, 190), Electorate(110, 110)) == roll.electorates


@given(st.lists(st.integers(1, 9), min_size=1, max_size=40))
def test_every_line_is_proven_and_no_other(weights: list[int]) -> None:
    """For rolls of every size; not at another place, with another path or another weight."""
    lines = [line(n, weight) for n, weight in enumerate(weights)]
    roll = roll_of(lines, SITTING)
    assert excess_of(roll, SITTING) is None
    assert sum(weights) == roll.weight
    for place, (each, path) in enumerate(zip(lines, roll_paths(lines), strict=True)):
        assert is_in(roll, each, place, path)
        assert not is_in(roll, replace(each, weight=each.weight + 1), place, path)
        assert not is_in(roll, each, place + 1, path)
        assert not is_in(roll, each, place, (*path, OTHER))


@pytest.mark.parametrize("lines", [(), (LINES[ANNA], replace(LINES[ANNA], weight=7))])
def test_no_roll_of_nobody_or_of_somebody_twice(lines: tuple[RollEntry, ...]) -> None:
    """Whoever makes one is told."""
    with pytest.raises(ValueError, match="nobody twice"):
        roll_of(lines, SITTING)


def test_two_classes_are_two_lines() -> None:
    """Somebody who has shares of both has both weights."""
    both = (LINES[ANNA], replace(LINES[ANNA], voter_class="B"))
    assert 2 == roll_of(both, SITTING).entries


def test_marks_of_identities() -> None:
    """They name an identity, and no key looks like one."""
    assert UNKNOWN == identity_of(voter_of(UNKNOWN))
    assert identity_of(key(ANNA)) is None
    assert 33 == len(voter_of(UNKNOWN))


def test_who_may_vote() -> None:
    """Not who is excluded, and on a matter of a class only that class."""
    allowed = {
        who: [may_vote(LINES[who], n, question) for n, question in enumerate(QUESTIONS)]
        for who in (ANNA, CARA, DORA)
    }
    assert {
        ANNA: [True, True, True],
        CARA: [True, True, False],
        DORA: [True, False, True],
    } == allowed


PROFIT, *OTHERS = roll_of(ENTRIES, SITTING).electorates


def changed(**changes: int) -> dict[str, object]:
    """Return what another first electorate is to a roll."""
    return {"electorates": (replace(PROFIT, **changes), *OTHERS)}


EXCESSES: list[tuple[dict[str, object], str, int, str]] = [
    ({"electorates": (PROFIT,)}, ".electorates", 1, "3, one for each question"),
    ({"entries": 251}, ".entries", 251, "at most 250, its weight"),
    ({"available": 251}, ".available", 251, "at most 250, its weight"),
    (changed(eligible=251), ".electorates[0].eligible", 251, "at most 250, its weight"),
    (changed(eligible=200), ".electorates[0].available", 210, "at most 200, who are eligible"),
    (changed(available=211), ".electorates[0].available", 211, "at most 210, who are available"),
]


@pytest.mark.parametrize(("changes", "field", "given", "bounds"), EXCESSES)
def test_a_sum_that_no_list_has_is_found(
    changes: dict[str, object], field: str, given: int, bounds: str
) -> None:
    """The first one, by its name, with what a list has there."""
    roll = replace(roll_of(ENTRIES, SITTING), **changes)
    assert Excess(field, given, bounds) == excess_of(roll, SITTING)
