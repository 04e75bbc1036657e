"""Matching is complete, fair, takes the roofs first, and needs few claims."""

import json
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.scenarios.matching import Match, divide, match_quarter, pour
from tallystick.scenarios.village_data import MeterKind, Village

VECTORS = Path(__file__).parent.parent / "vectors" / "matching.json"

energies = st.lists(st.integers(0, 50) | st.integers(0, 2**40), max_size=12)
turns = st.integers(0, 2**31)


def load_vectors() -> list[dict[str, Any]]:
    """Read the cases that other languages share."""
    loaded: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
    return loaded


@pytest.mark.parametrize("case", load_vectors(), ids=lambda case: str(case["name"]))
def test_vectors(case: dict[str, Any]) -> None:
    """Cases worked out by hand come out as written."""
    matches = match_quarter(
        roofs_wh=case["roofs_wh"],
        shared_wh=case["shared_wh"],
        homes_wh=case["homes_wh"],
        turn=case["turn"],
    )
    assert [Match(*match) for match in case["matches"]] == matches


@given(energies, energies, energies, turns)
def test_conservation(roofs: list[int], shared: list[int], homes: list[int], turn: int) -> None:
    """All that can be matched is, and nobody gives or takes more than they have."""
    matches = match_quarter(roofs_wh=roofs, shared_wh=shared, homes_wh=homes, turn=turn)
    produced = roofs + shared
    given_wh, taken_wh = [0] * len(produced), [0] * len(homes)
    for match in matches:
        given_wh[match.plant] += match.amount_wh
        taken_wh[match.home] += match.amount_wh
    matched = min(sum(produced), sum(homes))
    assert (matched, matched) == (sum(given_wh), sum(taken_wh))
    assert [] == [place for place, amount in enumerate(given_wh) if amount > produced[place]]
    assert [] == [place for place, amount in enumerate(taken_wh) if amount > homes[place]]
    assert [] == [match for match in matches if match.amount_wh < 1]


@given(energies, energies, energies, turns)
def test_few_claims(roofs: list[int], shared: list[int], homes: list[int], turn: int) -> None:
    """A quarter needs at most homes + plants - 1 claims, and no pair meets twice."""
    matches = match_quarter(roofs_wh=roofs, shared_wh=shared, homes_wh=homes, turn=turn)
    assert len(matches) <= max(0, len(homes) + len(roofs) + len(shared) - 1)
    assert len(matches) == len({(match.plant, match.home) for match in matches})


@given(energies, energies, energies, turns)
def test_fairness(roofs: list[int], shared: list[int], homes: list[int], turn: int) -> None:
    """Each home is within a watt-hour of its exact part, and so is each plant of its class."""
    matches = match_quarter(roofs_wh=roofs, shared_wh=shared, homes_wh=homes, turn=turn)
    taken, given_wh = [0] * len(homes), [0] * (len(roofs) + len(shared))
    for match in matches:
        taken[match.home] += match.amount_wh
        given_wh[match.plant] += match.amount_wh
    split = len(roofs)
    for parts, weights in ((taken, homes), (given_wh[:split], roofs), (given_wh[split:], shared)):
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - Fraction(sum(parts) * weight, max(1, sum(weights)))) < 1


@given(energies, energies, energies, turns)
def test_roofs_first(roofs: list[int], shared: list[int], homes: list[int], turn: int) -> None:
    """Shared plants give only when the roofs have given all."""
    matches = match_quarter(roofs_wh=roofs, shared_wh=shared, homes_wh=homes, turn=turn)
    from_roofs = sum(match.amount_wh for match in matches if match.plant < len(roofs))
    assert min(sum(roofs), sum(homes)) == from_roofs


@given(energies, energies, energies, turns)
def test_turns_come_round(roofs: list[int], shared: list[int], homes: list[int], turn: int) -> None:
    """Turning by the number of homes changes nothing; the first home served is whose turn it is."""
    one = match_quarter(roofs_wh=roofs, shared_wh=shared, homes_wh=homes, turn=turn)
    other = match_quarter(roofs_wh=roofs, shared_wh=shared, homes_wh=homes, turn=turn + len(homes))
    assert one == other
    places = [(match.home - turn) % len(homes) for match in one]
    assert sorted(places) == places


@given(st.integers(1, 12), st.integers(1, 1000))
def test_everybody_gets_the_roofs(homes: int, each: int) -> None:
    """Over as many quarters as there are homes, equal homes get equal parts of the roofs."""
    from_roofs = [0] * homes
    for turn in range(homes):
        for match in match_quarter(
            roofs_wh=[each // 2], shared_wh=[each * homes], homes_wh=[each] * homes, turn=turn
        ):
            if match.plant == 0:
                from_roofs[match.home] += match.amount_wh
    assert [each // 2] * homes == from_roofs


@given(energies, turns, st.data())
def test_divide(weights: list[int], first: int, data: st.DataObject) -> None:
    """Parts sum to the total, and none is above its weight."""
    total = data.draw(st.integers(0, sum(weights)))
    parts = divide(total, weights, first=first % max(1, len(weights)))
    assert total == sum(parts)
    assert [] == [place for place, part in enumerate(parts) if part > weights[place]]


@pytest.mark.parametrize(
    ("first", "parts"), [(0, [1, 1, 0, 0]), (1, [0, 1, 1, 0]), (3, [1, 0, 0, 1])]
)
def test_ties_go_round(first: int, parts: list[int]) -> None:
    """Equal remainders go to whose turn it is and those behind."""
    assert parts == divide(2, [5, 5, 5, 5], first=first)


@pytest.mark.parametrize("place", ["roofs_wh", "shared_wh", "homes_wh"])
def test_negative_energy(place: str) -> None:
    """Negative energy is refused wherever it stands."""
    amounts = {"roofs_wh": [1], "shared_wh": [1], "homes_wh": [1]} | {place: [-1]}
    with pytest.raises(ValueError, match="energy cannot be negative"):
        match_quarter(**amounts, turn=0)


def test_pour_needs_equal_sums() -> None:
    """What does not fit is refused, not spilt."""
    with pytest.raises(ValueError, match="3 Wh given, 2 Wh taken"):
        pour([3], [2], first=0)


def test_village_is_matched(village: Village, matches: list[list[Match]]) -> None:
    """The whole village matches what an independent count of the edges finds."""
    loads = [meter.kind is MeterKind.LOAD for meter in village.meters]
    roofs = [bool(meter.technology and meter.technology.is_roof) for meter in village.meters]
    matched = claims = 0
    for quarter, found in enumerate(matches):
        energy = [row[quarter] for row in village.energy_wh]
        used = [amount for amount, is_load in zip(energy, loads, strict=True) if is_load]
        made = [amount for amount, is_roof in zip(energy, roofs, strict=True) if is_roof]
        shared = sum(energy) - sum(used) - sum(made)
        possible = min(sum(used), sum(made) + shared)
        assert possible == sum(match.amount_wh for match in found)
        matched += possible
        claims += count_edges(village, quarter, possible)
    assert (10_760_442, 188_103) == (matched, sum(map(len, matches)))
    assert claims == sum(map(len, matches))


def count_edges(village: Village, quarter: int, possible: int) -> int:
    """
    Count the claims of a quarter without making any.

    Plants end and homes are full at certain sums of energy; each such sum ends one claim.
    """
    loads: list[int] = []
    roofs: list[int] = []
    shared: list[int] = []
    for meter, row in zip(village.meters, village.energy_wh, strict=True):
        if meter.technology is None:
            loads.append(row[quarter])
        else:
            (roofs if meter.technology.is_roof else shared).append(row[quarter])
    first = village.begins[quarter] // 900 % len(loads)
    from_roofs = min(sum(roofs), possible)
    given_wh = naive_parts(from_roofs, roofs) + naive_parts(possible - from_roofs, shared)
    taken = naive_parts(possible, loads[first:] + loads[:first])
    return len({*accumulate(given_wh), *accumulate(taken)} - {0})


def naive_parts(total: int, weights: list[int]) -> list[int]:
    """Divide by largest remainder with fractions, one unit at a time."""
    exact = [Fraction(total * weight, max(1, sum(weights))) for weight in weights]
    parts = [int(part) for part in exact]
    behind = sorted(range(len(exact)), key=lambda place: (parts[place] - exact[place], place))
    for place in behind[: total - sum(parts)]:
        parts[place] += 1
    return parts
