"""
Match what a village produces to what its homes use, one quarter hour at a time.

As much as possible is matched: the smaller of what was produced and what was used. The rest of
the rule says who gets it and what it is made of, in an order that everyone can check:

1. *Each home gets its fair part.* The matched energy is divided in proportion to what the homes
   used, by largest remainder, so nobody is more than a watt-hour from the exact proportion.
2. *The roofs first, then the shared plants.* Roofs give all they have before the shared plants
   give anything. Within the class that gives only in part, each plant gives in proportion to what
   it produced, again by largest remainder: the surplus stays with all of them alike, and no
   technology is favoured.
3. *Turns.* The plants are poured out in their order, roofs first, into one home after the other,
   and round again. With every quarter hour the next home comes first, so nobody always gets the
   roofs and everybody's turn comes equally often.

Pouring in order makes at most homes + plants − 1 matches, since each match empties a plant or
fills a home, and the last does both.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Match(NamedTuple):
    """Energy of one plant that one home is to claim."""

    plant: int
    """Place of the plant among the plants of the quarter hour."""
    home: int
    """Place of the home among the homes."""
    amount_wh: int
    """At least one. [Wh]"""


def match_quarter(
    *,
    roofs_wh: Sequence[int],
    shared_wh: Sequence[int],
    homes_wh: Sequence[int],
    turn: int,
) -> list[Match]:
    """
    Match one quarter hour.

    Energies are what each roof and each shared plant produced and each home used. [Wh] In the
    matches, plants are numbered with the roofs first. The turn says which home comes first; let it
    count quarter hours since the epoch, and the result depends on nothing but the quarter itself.
    """
    if min((*roofs_wh, *shared_wh, *homes_wh), default=0) < 0:
        raise ValueError("energy cannot be negative")
    roofs_total_wh, shared_total_wh = sum(roofs_wh), sum(shared_wh)
    matched_wh = min(roofs_total_wh + shared_total_wh, sum(homes_wh))
    from_roofs_wh = min(roofs_total_wh, matched_wh)
    given = [
        *divide(from_roofs_wh, roofs_wh, first=0),
        *divide(matched_wh - from_roofs_wh, shared_wh, first=0),
    ]
    first = turn % max(1, len(homes_wh))
    taken = divide(matched_wh, homes_wh, first=first)
    return pour(given, taken, first=first)


def divide(total: int, weights: Sequence[int], *, first: int) -> list[int]:
    """
    Divide a total in proportion to weights, in whole units, by largest remainder.

    Nobody gets more than their weight as long as the total is not above the sum of weights. Of
    equal remainders the place met earlier goes before, counting from `first` and round again.
    """
    sum_of_weights = sum(weights)
    if total == sum_of_weights:
        return list(weights)
    if sum_of_weights == 0:
        return [0] * len(weights)
    exact = [divmod(total * weight, sum_of_weights) for weight in weights]
    parts = [whole for whole, _ in exact]
    left = total - sum(parts)
    if left:
        places = [*range(first, len(weights)), *range(first)]
        places.sort(key=lambda place: -exact[place][1])
        for place in places[:left]:
            parts[place] += 1
    return parts


def pour(given: Sequence[int], taken: Sequence[int], *, first: int) -> list[Match]:
    """
    Pour what is given into what is taken, plants in order, homes in order from the first one.

    Both must have the same sum; this is the north-west corner rule of the transport problem.
    """
    if sum(given) != sum(taken):
        raise ValueError(f"{sum(given)} Wh given, {sum(taken)} Wh taken")
    order = [*range(first, len(taken)), *range(first)]
    homes = ((home, taken[home]) for home in order if taken[home])
    home, wanted = next(homes, (0, 0))
    matches = []
    for plant, amount_wh in enumerate(given):
        left = amount_wh
        while left:
            poured = min(left, wanted)
            matches.append(Match(plant, home, poured))
            left -= poured
            wanted -= poured
            if not wanted:
                home, wanted = next(homes, (0, 0))
    return matches
