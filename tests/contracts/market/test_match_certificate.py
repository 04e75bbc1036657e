"""A certificate that is true passes, and nothing that was tampered with does."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.encoding import decode, encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash
from tallystick.contracts.market.auction import pairs, run_auction
from tallystick.contracts.market.match_certificate import (
    TAG_CURVES,
    MatchCertificate,
    MatchRefuted,
    check_clearing,
    check_fills,
    check_pairs,
    curves_digest,
)
from tallystick.contracts.market.ration import Tie

LEVELS = 6
BUY, SELL = 1, 0
CURVE = st.lists(st.integers(0, 4), min_size=LEVELS, max_size=LEVELS)
ORDERS = st.lists(
    st.tuples(st.sampled_from([BUY, SELL]), st.integers(0, LEVELS - 1), st.integers(1, 9)),
    max_size=14,
)
TIES = st.sampled_from(Tie)

Order = tuple[int, int, int]


def curves(orders: list[Order]) -> tuple[list[int], list[int]]:
    """Return buyers' and sellers' lots at each level."""
    sums = {side: [0] * LEVELS for side in (BUY, SELL)}
    for side, level, lots in orders:
        sums[side][level] += lots
    return sums[BUY], sums[SELL]


def at_level(buys: list[int], sells: list[int], level: int | None, tie: Tie) -> MatchCertificate:
    """Return what a certificate would say if the price were this level."""
    digest = curves_digest(buys, sells)
    if level is None:
        return MatchCertificate(digest, None, 0, 0, 0, tie)
    demand, supply = sum(buys[level:]), sum(sells[: level + 1])
    return MatchCertificate(digest, level, min(demand, supply), demand, supply, tie)


def certified(orders: list[Order], tie: Tie) -> tuple[MatchCertificate, list[int]]:
    """Run an auction; return its certificate and its fills."""
    columns = [[order[n] for order in orders] for n in range(3)]
    found = run_auction(*columns, level_count=LEVELS, tie=tie)
    level = found.clearing.level if found.clearing else None
    return at_level(*curves(orders), level, tie), found.fills


def check(certificate: MatchCertificate, orders: list[Order], fills: list[int]) -> None:
    """Check price and fills of orders that are given one by one."""
    sides, levels, lots = ([order[n] for order in orders] for n in range(3))
    check_fills(certificate, sides, levels, lots, fills, level_count=LEVELS)


def passes(certificate: MatchCertificate, buys: list[int], sells: list[int]) -> bool:
    """Tell whether a price passes."""
    try:
        check_clearing(certificate, buys, sells)
    except MatchRefuted:
        return False
    return True


@given(ORDERS, TIES)
def test_what_the_engine_does_passes(orders: list[Order], tie: Tie) -> None:
    """Price and fills of every auction stand up to the check, which knows nothing of the engine."""
    certificate, fills = certified(orders, tie)
    check(certificate, orders, fills)
    check_pairs([order[0] for order in orders], fills, pairs([o[0] for o in orders], fills))


@given(CURVE, CURVE)
def test_exactly_one_price_passes(buys: list[int], sells: list[int]) -> None:
    """Of all levels and none at all, the rules leave one."""
    levels = [None, *range(LEVELS)]
    passing = [n for n in levels if passes(at_level(buys, sells, n, Tie.TIME), buys, sells)]
    assert 1 == len(passing)


@given(ORDERS, TIES, st.data())
def test_exactly_one_way_to_fill_passes(orders: list[Order], tie: Tie, data: st.DataObject) -> None:
    """Lots that are moved from one order to another of its side are found, wherever they go."""
    certificate, fills = certified(orders, tie)
    served = [n for n, fill in enumerate(fills) if fill]
    assume(served)
    source = data.draw(st.sampled_from(served))
    others = [n for n in range(len(orders)) if orders[n][0] == orders[source][0] and n != source]
    assume(others)
    target = data.draw(st.sampled_from(others))
    lots = data.draw(st.integers(1, fills[source]))
    fills[source] -= lots
    fills[target] += lots
    with pytest.raises(MatchRefuted):
        check(certificate, orders, fills)


@given(ORDERS, TIES, st.data())
def test_a_changed_fill_is_refuted(orders: list[Order], tie: Tie, data: st.DataObject) -> None:
    """A fill that is larger or smaller than it was is found."""
    certificate, fills = certified(orders, tie)
    assume(orders)
    place = data.draw(st.integers(0, len(orders) - 1))
    fills[place] += data.draw(st.integers(-9, 9).filter(bool))
    with pytest.raises(MatchRefuted):
        check(certificate, orders, fills)


@given(ORDERS, TIES, st.data())
def test_a_changed_order_is_refuted(orders: list[Order], tie: Tie, data: st.DataObject) -> None:
    """An order that is left out, added or of another size is not the book of the digest."""
    certificate, fills = certified(orders, tie)
    place = data.draw(st.integers(0, len(orders)))
    added = [*orders[:place], (BUY, 0, 1), *orders[place:]]
    with pytest.raises(MatchRefuted, match="digest"):
        check(certificate, added, [*fills[:place], 0, *fills[place:]])
    if place < len(orders):
        less = [*orders[:place], *orders[place + 1 :]]
        with pytest.raises(MatchRefuted, match="digest"):
            check(certificate, less, [*fills[:place], *fills[place + 1 :]])


ORDERS_SHORT: list[Order] = [(BUY, 4, 3), (BUY, 3, 4), (BUY, 3, 5), (BUY, 1, 2), (SELL, 2, 9)]
"""At level 3, 9 lots are sold to buyers of 12: the first at level 4, two at the margin."""


def short() -> tuple[MatchCertificate, list[int]]:
    """Return the auction of `ORDERS_SHORT`, by time."""
    certificate, fills = certified(ORDERS_SHORT, Tie.TIME)
    assert [3, 4, 2, 0, 9] == fills
    assert (3, 9, 12, 9) == (
        certificate.level,
        certificate.volume,
        certificate.demand,
        certificate.supply,
    )
    return certificate, fills


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda c: replace(c, level=2), "level, volume, demand and supply are 2, 9, 12 and 9"),
        (lambda c: replace(c, level=4), "the book makes them 3, 9, 12 and 9"),
        (lambda c: replace(c, level=None), "are None, 9, 12 and 9"),
        (lambda c: replace(c, volume=8), "are 3, 8, 12 and 9"),
        (lambda c: replace(c, demand=11), "are 3, 9, 11 and 9"),
        (lambda c: replace(c, supply=10), "are 3, 9, 12 and 10"),
        (lambda c: replace(c, digest=Hash(bytes(32))), "the digest commits to"),
        (lambda c: replace(c, tie=Tie.PRO_RATA), "a buyer of 4 lots gets 4 of 6 shared by 9"),
    ],
)
def test_a_tampered_certificate_is_refuted(
    tamper: Callable[[MatchCertificate], MatchCertificate], message: str
) -> None:
    """Each thing that a certificate says is held against the orders."""
    certificate, fills = short()
    with pytest.raises(MatchRefuted, match=message):
        check(tamper(certificate), ORDERS_SHORT, fills)


@pytest.mark.parametrize(
    ("fills", "message"),
    [
        ([3, 4, 2, 0], "4 fills for 5 orders"),
        ([3, 4, 2, 0, 10], "a seller of 9 lots is filled with 10"),
        ([4, 4, 1, 0, 9], "a buyer of 3 lots is filled with 4"),
        ([3, 4, 3, -1, 9], "a buyer of 2 lots is filled with -1"),
        ([3, 4, 1, 0, 9], "buyers trade 8 lots, the volume is 9"),
        ([3, 4, 2, 0, 8], "sellers trade 8 lots, the volume is 9"),
        ([3, 4, 1, 1, 9], "a buyer trades beyond its limit of level 1"),
        ([2, 4, 3, 0, 9], "at level 3 is served although one at level 4 is left wanting"),
        ([3, 3, 3, 0, 9], "although an earlier one at its level is left wanting"),
    ],
)
def test_tampered_fills_are_refuted(fills: list[int], message: str) -> None:
    """Each rule of who gets what is held against the fills."""
    certificate, _ = short()
    with pytest.raises(MatchRefuted, match=message):
        check(certificate, ORDERS_SHORT, fills)


@pytest.mark.parametrize(
    ("fills", "message"),
    [
        # 6 lots for 9: 4 and 5 have quotas 2 6/9 and 3 3/9.
        ([3, 2, 4, 0, 9], "a better remainder"),
        ([3, 4, 2, 0, 9], "a buyer of 4 lots gets 4 of 6 shared by 9"),
        ([3, 1, 5, 0, 9], "a buyer of 4 lots gets 1 of 6 shared by 9"),
    ],
)
def test_parts_that_are_not_in_proportion_are_refuted(fills: list[int], message: str) -> None:
    """By largest remainder there is one right share to the last lot."""
    certificate, right = certified(ORDERS_SHORT, Tie.PRO_RATA)
    assert [3, 3, 3, 0, 9] == right
    with pytest.raises(MatchRefuted, match=message):
        check(certificate, ORDERS_SHORT, fills)


def test_equal_remainders_go_to_the_earliest() -> None:
    """Rounding up the later of two equal orders is refuted."""
    orders = [(BUY, 3, 5), (BUY, 3, 5), (SELL, 2, 7)]
    certificate, fills = certified(orders, Tie.PRO_RATA)
    assert [4, 3, 7] == fills
    with pytest.raises(MatchRefuted, match="a better remainder"):
        check(certificate, orders, [3, 4, 7])


@pytest.mark.parametrize("order", [(2, 0, 1), (BUY, LEVELS, 1), (SELL, -1, 1), (BUY, 0, -1)])
def test_orders_that_are_none_are_refuted(order: Order) -> None:
    """A side or level that does not exist is not taken for another."""
    certificate, _ = certified([], Tie.TIME)
    with pytest.raises(MatchRefuted, match="there is no order of side"):
        check(certificate, [order], [0])


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([(0, 4, 3), (1, 4, 4)], "the pairs of order 2 sum to 0, not 2"),
        ([(0, 4, 4), (1, 4, 3), (2, 4, 2)], "the pairs of order 0 sum to 4, not 3"),
        ([(0, 1, 3)], "orders 0 and 1 are no buyer and seller"),
        ([(4, 0, 3)], "orders 4 and 0 are no buyer and seller"),
        ([(0, 4, 0)], "are no buyer and seller of 0 lots"),
        ([(0, 5, 1)], "orders 0 and 5 are paired, there are 5"),
        ([(-1, 4, 1)], "orders -1 and 4 are paired, there are 5"),
    ],
)
def test_tampered_pairs_are_refuted(found: list[tuple[int, int, int]], message: str) -> None:
    """Pairs join a buyer with a seller and make up every fill, no more and no less."""
    _, fills = short()
    sides = [order[0] for order in ORDERS_SHORT]
    check_pairs(sides, fills, [(0, 4, 3), (1, 4, 4), (2, 4, 2)])
    with pytest.raises(MatchRefuted, match=message):
        check_pairs(sides, fills, found)


def test_curves_of_different_length_are_refuted() -> None:
    """Both sides have one figure for each level."""
    certificate = MatchCertificate(curves_digest([1], [1, 1]), 0, 1, 1, 1, Tie.TIME)
    with pytest.raises(MatchRefuted, match="1 levels of buyers, 2 of sellers"):
        check_clearing(certificate, [1], [1, 1])


def test_the_digest_has_the_stated_layout() -> None:
    """Anybody can compute it: eight bytes for each level, buyers and sellers apart."""
    buys, sells = [1, 256], [0, 2**53 - 1]
    packed = [b"".join(n.to_bytes(8, "big") for n in side) for side in (buys, sells)]
    assert tagged_hash(TAG_CURVES, *packed) == curves_digest(buys, sells)
    assert curves_digest(buys, sells) != curves_digest(sells, buys)
    assert curves_digest([1], [2, 3]) != curves_digest([1, 2], [3])


@pytest.mark.parametrize("lots", [-1, 2**53])
def test_what_is_no_amount_has_no_digest(lots: int) -> None:
    """Totals of a level are amounts like all others."""
    with pytest.raises(ValueError, match="the lots of a level lie between"):
        curves_digest([lots], [0])


@given(ORDERS, TIES)
def test_a_certificate_decodes_to_itself(orders: list[Order], tie: Tie) -> None:
    """What is published is what is checked."""
    certificate, _ = certified(orders, tie)
    assert certificate == decode(encode(certificate), MatchCertificate)
