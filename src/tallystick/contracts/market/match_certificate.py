"""
The match certificate: what an auction publishes so that nobody has to trust who ran it.

Whoever knows the orders, or only the lots at each level, checks it in one pass:

- `check_clearing` tries *every* level and applies the rules of the price to what it finds;
- `check_fills` adds the orders up, checks the price as above, and then every single fill: within
  its order, at a price within its limit, both sides summing to the volume, nobody served while
  a better or, at the same level, an earlier order is left wanting, parts exact to the last lot;
- `check_pairs` checks who was joined with whom.

Nothing here calls the engine, and nothing is computed as the engine does it. The engine looks for
the crossing of two monotonous curves, this goes through all levels; the engine allots, this says
what is true of an allotment. A check that shares a mistake with what it checks proves nothing.
"""

import struct
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Annotated, Final, NoReturn

from msgspec import Meta

from tallystick.base.amounts import AMOUNT_MAX, Amount
from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash

from .ration import Tie

TAG_CURVES: Final = b"tallystick/market/curves/1"


class MatchCertificate(Record, tag="match-certificate"):
    """The price of a call auction, and the book that it follows from."""

    digest: Hash
    """Hash of the lots at each level of both sides, see `curves_digest`."""

    level: Annotated[int, Meta(ge=0, lt=32_768)] | None
    """The price, in ticks above the lowest one; nothing if nobody's offers cross."""

    volume: Amount
    """Lots that change hands; 0 without a price."""

    demand: Amount
    """Lots that buyers want at the price; 0 without one."""

    supply: Amount
    """Lots that sellers offer at the price; 0 without one."""

    tie: Tie
    """Who is served first where not everybody can be."""


class MatchRefuted(ValueError):
    """A certificate, or what is said to follow from it, is not true."""


def curves_digest(buys: Sequence[int], sells: Sequence[int]) -> Hash:
    """
    Return the hash that commits to both curves.

    It is `tagged_hash(TAG_CURVES, buys, sells)`, each side as the lots of every level from the
    lowest price on, in eight bytes each with the most significant first. Raises ValueError for what
    is no amount.
    """
    return tagged_hash(TAG_CURVES, _packed(buys), _packed(sells))


def check_clearing(
    certificate: MatchCertificate, buys: Sequence[int], sells: Sequence[int]
) -> None:
    """
    Raise MatchRefuted unless the certificate's price follows from the lots at each level.

    Tries every level, keeps those with the largest volume and, of these, with the smallest
    imbalance, and lets pressure or the midpoint decide. Time is O(levels).
    """
    if len(buys) != len(sells):
        _refute(f"{len(buys)} levels of buyers, {len(sells)} of sellers")
    if curves_digest(buys, sells) != certificate.digest:
        _refute("the book is not the one that the digest commits to")
    best: tuple[int, int] = (0, 0)
    kept: list[tuple[int, int, int]] = []
    wanted, offered = sum(buys), 0
    for level, (bought, sold) in enumerate(zip(buys, sells, strict=True)):
        offered += sold
        merit = min(wanted, offered), -abs(wanted - offered)
        if merit[0] and merit > best:
            best, kept = merit, []
        if merit == best:
            kept.append((level, wanted, offered))
        wanted -= bought
    expected: tuple[int | None, int, int, int] = (None, 0, 0, 0)
    if best[0]:
        level, wanted, offered = _choose(kept)
        expected = (level, best[0], wanted, offered)
    found = (certificate.level, certificate.volume, certificate.demand, certificate.supply)
    if found != expected:
        _refute(
            "level, volume, demand and supply are {}, {}, {} and {}".format(*found)
            + ", the book makes them {}, {}, {} and {}".format(*expected)
        )


def check_fills(
    certificate: MatchCertificate,
    sides: Sequence[int],
    levels: Sequence[int],
    lots: Sequence[int],
    fills: Sequence[int],
    *,
    level_count: int,
) -> None:
    """
    Raise MatchRefuted unless price and fills both follow from the orders.

    Each order in order of arrival has a side (1 buys, 0 sells), a level below `level_count`, lots,
    and what it is said to trade. Orders that left because of their minimum are left out. Time is
    O(orders + levels).
    """
    if not len(sides) == len(levels) == len(lots) == len(fills):
        _refute(f"{len(fills)} fills for {len(lots)} orders")
    books = {1: [0] * level_count, 0: [0] * level_count}
    for side, level, asked in zip(sides, levels, lots, strict=True):
        if side not in books or not 0 <= level < level_count or asked < 0:
            _refute(f"there is no order of side {side} for {asked} lots at level {level}")
        books[side][level] += asked
    check_clearing(certificate, books[1], books[0])
    sold = bytes(1 - side for side in sides)
    for name, which, sign in (("buyer", bytes(sides), -1), ("seller", sold, 1)):
        _check_side(
            certificate,
            name,
            sign=sign,
            limits=[sign * level for level in compress(levels, which)],
            lots=list(compress(lots, which)),
            fills=list(compress(fills, which)),
        )


def check_pairs(
    sides: Sequence[int], fills: Sequence[int], pairs: Iterable[tuple[int, int, int]]
) -> None:
    """
    Raise MatchRefuted unless every fill is made of pairs of a buy, a sell and lots.

    Orders are named by their places. Time is O(orders + pairs).
    """
    open_lots = list(fills)
    for buy, sell, lots in pairs:
        if not (0 <= buy < len(sides) and 0 <= sell < len(sides)):
            _refute(f"orders {buy} and {sell} are paired, there are {len(sides)}")
        if sides[buy] != 1 or sides[sell] != 0 or lots < 1:
            _refute(f"orders {buy} and {sell} are no buyer and seller of {lots} lots")
        open_lots[buy] -= lots
        open_lots[sell] -= lots
    for place, left in enumerate(open_lots):
        if left:
            _refute(f"the pairs of order {place} sum to {fills[place] - left}, not {fills[place]}")


def _choose(kept: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    """Return the level, demand and supply that pressure leaves, or else the midpoint."""
    if all(wanted > offered for _, wanted, offered in kept):
        return kept[-1]
    if all(wanted < offered for _, wanted, offered in kept):
        return kept[0]
    middle = (kept[0][0] + kept[-1][0]) // 2
    for candidate in kept:
        if candidate[0] == middle:
            return candidate
    raise AssertionError("levels of equal merit stand side by side, so their middle is one of them")


def _check_side(
    certificate: MatchCertificate,
    name: str,
    *,
    sign: int,
    limits: Sequence[int],
    lots: Sequence[int],
    fills: Sequence[int],
) -> None:
    """Check one side's fills; a limit is a level with a sign that makes better ones smaller."""
    for asked, fill in zip(lots, fills, strict=True):
        if not 0 <= fill <= asked:
            _refute(f"a {name} of {asked} lots is filled with {fill}")
    if sum(fills) != certificate.volume:
        _refute(f"{name}s trade {sum(fills)} lots, the volume is {certificate.volume}")
    if certificate.level is None or not certificate.volume:
        return
    worst_served = max(limit for limit, fill in zip(limits, fills, strict=True) if fill)
    if worst_served > sign * certificate.level:
        _refute(f"a {name} trades beyond its limit of level {sign * worst_served}")
    orders = zip(limits, lots, fills, strict=True)
    best_short = min((limit for limit, asked, fill in orders if fill < asked), default=None)
    if best_short is None or best_short > worst_served:
        return
    if best_short < worst_served:
        _refute(
            f"a {name} at level {sign * worst_served} is served although"
            f" one at level {sign * best_short} is left wanting"
        )
    margin = [
        (asked, fill)
        for limit, asked, fill in zip(limits, lots, fills, strict=True)
        if limit == worst_served
    ]
    if certificate.tie is Tie.TIME:
        _check_by_time(name, margin)
    else:
        _check_pro_rata(name, margin)


def _check_by_time(name: str, margin: Sequence[tuple[int, int]]) -> None:
    """Check that nobody is served after somebody who came first and is left wanting."""
    short = False
    for asked, fill in margin:
        if short and fill:
            _refute(f"a {name} is served although an earlier one at its level is left wanting")
        short = short or fill < asked


def _check_pro_rata(name: str, margin: Sequence[tuple[int, int]]) -> None:
    """
    Check that parts are proportional, rounded down but for the largest remainders.

    Whoever is rounded up must have a larger remainder than everybody who is not, or the same one
    and have come before.
    """
    total = sum(asked for asked, _ in margin)
    share = sum(fill for _, fill in margin)
    up: list[tuple[int, int]] = []
    down: list[tuple[int, int]] = []
    for place, (asked, fill) in enumerate(margin):
        over = fill * total - asked * share
        if not -total < over < total:
            _refute(f"a {name} of {asked} lots gets {fill} of {share} shared by {total}")
        # Rounded up by so much, its remainder was the total less that.
        if over > 0:
            up.append((total - over, -place))
        else:
            down.append((-over, -place))
    if up and down and min(up) < max(down):
        _refute(f"a {name} is rounded up although another has a better remainder")


def _packed(lots: Sequence[int]) -> bytes:
    """Return amounts as eight bytes each."""
    if lots and not 0 <= min(lots) <= max(lots) <= AMOUNT_MAX:
        raise ValueError(f"the lots of a level lie between 0 and {AMOUNT_MAX}")
    return struct.pack(f">{len(lots)}Q", *lots)


def _refute(problem: str) -> NoReturn:
    """Say what is not true."""
    raise MatchRefuted(problem)
