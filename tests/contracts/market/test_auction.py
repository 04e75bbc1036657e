"""The auction is what its rules say, found by trying every price on small books."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.contracts.market.auction import (
    BUY,
    SELL,
    Auction,
    Clearing,
    Margin,
    clearing,
    margins,
    pairs,
    run_auction,
    without_indivisible,
)
from tallystick.contracts.market.ration import Tie

LEVELS = 7
CURVE = st.lists(st.integers(0, 4), min_size=LEVELS, max_size=LEVELS)
CURVES = st.integers(1, 12).flatmap(
    lambda size: st.tuples(*[st.lists(st.integers(0, 3), min_size=size, max_size=size)] * 2)
)
ORDERS = st.lists(
    st.tuples(st.sampled_from([BUY, SELL]), st.integers(0, LEVELS - 1), st.integers(1, 9)),
    max_size=14,
)
WITH_LEAST = st.lists(
    st.tuples(
        st.sampled_from([BUY, SELL]),
        st.integers(0, LEVELS - 1),
        st.integers(1, 9),
        st.integers(0, 9),
    ).map(lambda order: (*order[:3], min(order[2:]))),
    max_size=14,
)
TIES = st.sampled_from(Tie)

Order = tuple[int, int, int]


def by_the_rules(buys: list[int], sells: list[int]) -> Clearing | None:
    """Apply the four rules, one after the other, to every level there is."""
    levels = [(n, sum(buys[n:]), sum(sells[: n + 1])) for n in range(len(buys))]
    volume = max(min(wanted, offered) for _, wanted, offered in levels)
    if not volume:
        return None
    levels = [each for each in levels if min(each[1:]) == volume]
    imbalance = min(abs(wanted - offered) for _, wanted, offered in levels)
    levels = [each for each in levels if abs(each[1] - each[2]) == imbalance]
    if all(wanted > offered for _, wanted, offered in levels):
        level = max(levels)[0]
    elif all(wanted < offered for _, wanted, offered in levels):
        level = min(levels)[0]
    else:
        level = (min(levels)[0] + max(levels)[0]) // 2
    return Clearing(level, volume, sum(buys[level:]), sum(sells[: level + 1]))


def run(orders: list[Order], tie: Tie = Tie.TIME) -> Auction:
    """Run an auction of orders that are given one by one."""
    sides, levels, lots = ([order[n] for order in orders] for n in range(3))
    return run_auction(sides, levels, lots, level_count=LEVELS, tie=tie)


def by_hand(orders: list[Order], tie: Tie) -> list[int]:
    """Serve each side from its best offer to its worst, level by level and lot by lot."""
    curves = [[0] * LEVELS, [0] * LEVELS]
    for side, level, lots in orders:
        curves[side][level] += lots
    found = by_the_rules(curves[BUY], curves[SELL])
    fills = [0] * len(orders)
    for side in (BUY, SELL):
        left = found.volume if found else 0
        for level in sorted(range(LEVELS), reverse=side == BUY):
            queue = [n for n, order in enumerate(orders) if order[:2] == (side, level)]
            asked = [orders[n][2] for n in queue]
            share = min(left, sum(asked))
            left -= share
            given = by_time(asked, share) if tie is Tie.TIME else by_remainder(asked, share)
            for n, part in zip(queue, given, strict=True):
                fills[n] = part
    return fills


def by_time(asked: list[int], share: int) -> list[int]:
    """Hand out single lots to the first who still wants one."""
    parts = [0] * len(asked)
    for _ in range(share):
        parts[next(n for n, lots in enumerate(asked) if parts[n] < lots)] += 1
    return parts


def by_remainder(asked: list[int], share: int) -> list[int]:
    """Round down, then give single lots to the largest remainders that had none yet."""
    total = sum(asked) or 1
    parts = [lots * share // total for lots in asked]
    best_first = sorted(range(len(asked)), key=lambda n: (-(asked[n] * share % total), n))
    for n in best_first[: share - sum(parts)]:
        parts[n] += 1
    return parts


def welfare(orders: list[Order], fills: list[int]) -> int:
    """Return what buyers would have paid at most, less what sellers asked at least."""
    return sum(
        fill * level * (1 if side == BUY else -1)
        for (side, level, _), fill in zip(orders, fills, strict=True)
    )


@given(CURVES)
def test_the_price_is_the_one_of_the_rules(curves: tuple[list[int], list[int]]) -> None:
    """No other level has more volume, less imbalance, or is preferred by pressure or midpoint."""
    assert by_the_rules(*curves) == clearing(*curves)


@pytest.mark.parametrize(
    ("what", "buys", "sells", "expected"),
    [
        ("nobody", [0, 0], [0, 0], None),
        ("only buyers", [3, 3], [0, 0], None),
        ("only sellers", [0, 0], [3, 3], None),
        ("prices apart", [3, 0, 0], [0, 0, 3], None),
        ("no levels", [], [], None),
        ("one level", [3], [2], Clearing(0, 2, 3, 2)),
        ("balanced, the midpoint rounded down", [0, 0, 0, 3], [3, 0, 0, 0], Clearing(1, 3, 3, 3)),
        ("too much demand, the highest", [0, 0, 0, 5], [3, 0, 0, 0], Clearing(3, 3, 5, 3)),
        ("too much supply, the lowest", [0, 0, 0, 3], [5, 0, 0, 0], Clearing(0, 3, 3, 5)),
        ("volume before balance", [2, 0, 3], [2, 0, 3], Clearing(2, 3, 3, 5)),
        ("balance before pressure", [0, 2, 3], [3, 0, 1], Clearing(2, 3, 3, 4)),
        # Below 3 one lot too much is wanted, from 3 on one is offered: 2 to 3, and so 2.
        ("pressure both ways", [0, 0, 1, 0, 3], [3, 0, 0, 1, 0], Clearing(2, 3, 4, 3)),
        ("a midpoint outside the flat", [0, 1, 0, 3], [3, 0, 1, 0], Clearing(1, 3, 4, 3)),
    ],
)
def test_known_prices(
    what: str, buys: list[int], sells: list[int], expected: Clearing | None
) -> None:
    """Each rule decides where it should."""
    assert expected == clearing(buys, sells)


def test_curves_of_different_length_are_refused() -> None:
    """Both sides have one figure for each level."""
    with pytest.raises(ValueError, match="1 levels of buyers, 2 of sellers"):
        clearing([1], [1, 1])


@given(CURVES)
def test_margins_end_the_volume(curves: tuple[list[int], list[int]]) -> None:
    """Everything better than the margin and the share of the margin are exactly the volume."""
    found = clearing(*curves)
    if found is None:
        return
    buying, selling = margins(*curves, found.volume)
    buys, sells = curves
    assert found.volume == sum(buys[buying.level + 1 :]) + buying.share
    assert found.volume == sum(sells[: selling.level]) + selling.share
    assert 0 < buying.share <= buys[buying.level]
    assert 0 < selling.share <= sells[selling.level]
    assert selling.level <= found.level <= buying.level


def test_a_price_can_lie_between_two_margins() -> None:
    """With pressure both ways the midpoint is worse than the limit of some who are rationed."""
    buys, sells = [0, 0, 1, 0, 3, 0], [3, 0, 0, 1, 0, 0]
    found = clearing(buys, sells)
    assert Clearing(2, 3, 4, 3) == found
    assert (Margin(4, 3), Margin(0, 3)) == margins(buys, sells, 3)


def test_a_volume_that_is_not_there_is_refused() -> None:
    """Margins exist only of a volume that both sides have."""
    with pytest.raises(ValueError, match="1 lots less than the volume"):
        margins([3], [2], 3)


@given(ORDERS, TIES)
def test_an_auction_serves_best_first(orders: list[Order], tie: Tie) -> None:
    """Price and fills are those that serving by hand leads to."""
    found = run(orders, tie)
    assert by_hand(orders, tie) == found.fills
    sums = {side: [0] * LEVELS for side in (BUY, SELL)}
    for side, level, lots in orders:
        sums[side][level] += lots
    assert by_the_rules(sums[BUY], sums[SELL]) == found.clearing


@given(ORDERS, TIES)
def test_nobody_could_gain_more(orders: list[Order], tie: Tie) -> None:
    """The auction has the largest welfare of all ways to trade, at one price or at many."""
    buys = sorted((level for side, level, lots in orders if side == BUY for _ in range(lots)))
    sells = sorted((level for side, level, lots in orders if side == SELL for _ in range(lots)))
    gains = [buy - sell for buy, sell in zip(reversed(buys), sells, strict=False)]
    assert max(accumulate(gains, initial=0)) == welfare(orders, run(orders, tie).fills)


@given(ORDERS, TIES)
def test_both_sides_trade_the_volume_within_their_limits(orders: list[Order], tie: Tie) -> None:
    """No lot is created, and nobody pays more or gets less than was offered."""
    found, fills = run(orders, tie)
    for side in (BUY, SELL):
        mine = [(o, fill) for o, fill in zip(orders, fills, strict=True) if o[0] == side]
        assert (found.volume if found else 0) == sum(fill for _, fill in mine)
        for (_, level, lots), fill in mine:
            assert 0 <= fill <= lots
            assert not fill or (found and (level - found.level) * (1 if side == BUY else -1) >= 0)


@pytest.mark.parametrize(
    ("tie", "expected"),
    [(Tie.TIME, [3, 2, 0, 5]), (Tie.PRO_RATA, [2, 2, 1, 5])],
)
def test_the_margin_obeys_its_tie_rule(tie: Tie, expected: list[int]) -> None:
    """Two buyers of 3 and one of 2 share 5 lots; equal remainders go to the earliest."""
    orders = [(BUY, 2, 3), (BUY, 2, 3), (BUY, 2, 2), (SELL, 1, 5)]
    assert expected == run(orders, tie).fills


def test_equal_orders_of_one_person_both_count() -> None:
    """Orders are known by their place, so two that look alike are two."""
    orders = [(BUY, 2, 4), (BUY, 2, 4), (SELL, 2, 8)]
    assert (Clearing(2, 8, 8, 8), [4, 4, 8]) == run(orders)


def test_without_a_price_nobody_trades() -> None:
    """There is a fill for every order, and it is nothing."""
    assert Auction(None, [0, 0]) == run([(BUY, 0, 4), (SELL, 2, 4)])
    assert Auction(None, []) == run([])


@pytest.mark.parametrize(
    ("sides", "levels", "lots", "error"),
    [
        ([BUY], [LEVELS], [1], IndexError),
        ([BUY], [-1], [1], IndexError),
        ([2], [0], [1], IndexError),
        ([BUY], [0, 1], [1, 1], ValueError),
        ([BUY, SELL], [0, 1], [1], ValueError),
    ],
)
def test_orders_that_are_none_are_refused(
    sides: list[int], levels: list[int], lots: list[int], error: type[Exception]
) -> None:
    """A level or side that does not exist is not somebody else's."""
    with pytest.raises(error):
        run_auction(sides, levels, lots, level_count=LEVELS)


@given(ORDERS, TIES)
def test_pairs_make_up_every_fill(orders: list[Order], tie: Tie) -> None:
    """Each pair joins a buyer and a seller, and all of an order's pairs are its fill."""
    fills = run(orders, tie).fills
    sides = [order[0] for order in orders]
    sums = [0] * len(orders)
    found = list(pairs(sides, fills))
    for buy, sell, lots in found:
        assert (BUY, SELL) == (sides[buy], sides[sell])
        assert lots > 0
        sums[buy] += lots
        sums[sell] += lots
    assert fills == sums
    assert len(found) <= max(0, sum(map(bool, fills)) - 1)


def test_one_seller_serves_many_and_one_buyer_is_served_by_many() -> None:
    """Pairs are N to N, in order of arrival on both sides."""
    sides, fills = [SELL, BUY, BUY, SELL, BUY], [5, 3, 4, 3, 1]
    assert [(1, 0, 3), (2, 0, 2), (2, 3, 2), (4, 3, 1)] == list(pairs(sides, fills))


@given(WITH_LEAST, TIES)
def test_whoever_would_get_too_little_leaves_in_turn(
    orders: list[tuple[int, int, int, int]], tie: Tie
) -> None:
    """Doing it all over with the orders that are left gives the same, round by round."""
    left = list(range(len(orders)))
    expected = []
    while True:
        fills = by_hand([orders[n][:3] for n in left], tie)
        short = [n for n, fill in zip(left, fills, strict=True) if 0 < fill < orders[n][3]]
        if not short:
            break
        expected.append(max(short))
        left.remove(max(short))
    columns = [[order[n] for order in orders] for n in range(4)]
    assert expected == without_indivisible(*columns, level_count=LEVELS, tie=tie)


@given(WITH_LEAST, TIES)
def test_every_minimum_that_is_left_is_honoured(
    orders: list[tuple[int, int, int, int]], tie: Tie
) -> None:
    """After the loop an order trades its minimum or more, or nothing."""
    columns = [[order[n] for order in orders] for n in range(4)]
    gone = without_indivisible(*columns, level_count=LEVELS, tie=tie)
    assert len(set(gone)) == len(gone)
    left = [order for n, order in enumerate(orders) if n not in gone]
    fills = run([order[:3] for order in left], tie).fills
    for (_, _, _, least), fill in zip(left, fills, strict=True):
        assert fill == 0 or fill >= least


@pytest.mark.parametrize(
    ("what", "orders", "tie", "expected"),
    [
        ("divisible orders stay", [(BUY, 2, 9, 1), (SELL, 1, 4, 0)], Tie.TIME, []),
        ("a minimum that is met", [(BUY, 2, 9, 4), (SELL, 1, 4, 4)], Tie.TIME, []),
        ("all or nothing is cut", [(BUY, 2, 9, 9), (SELL, 1, 4, 0)], Tie.TIME, [0]),
        (
            "who gets nothing stays",
            [(BUY, 2, 4, 4), (BUY, 2, 9, 9), (SELL, 1, 4, 0)],
            Tie.TIME,
            [],
        ),
        (
            "the last to have come leaves first",
            [(BUY, 2, 4, 4), (BUY, 2, 4, 4), (SELL, 1, 4, 0)],
            Tie.PRO_RATA,
            [1],
        ),
        (
            "the price is computed anew, and the other side is cut then",
            [(BUY, 2, 9, 9), (BUY, 2, 3, 0), (SELL, 1, 7, 7)],
            Tie.TIME,
            [0, 2],
        ),
    ],
)
def test_known_departures(
    what: str, orders: list[tuple[int, int, int, int]], tie: Tie, expected: list[int]
) -> None:
    """The procedure is the stated one."""
    columns = [[order[n] for order in orders] for n in range(4)]
    assert expected == without_indivisible(*columns, level_count=LEVELS, tie=tie)


def test_the_loop_promises_no_more_than_it_says() -> None:
    """Another choice of who leaves could have traded more: that is a knapsack problem."""
    columns = [BUY, BUY, SELL], [2, 2, 1], [3, 5, 5], [0, 5, 0]
    assert [1] == without_indivisible(*columns, level_count=LEVELS)
    assert 3 == sum(run([(BUY, 2, 3), (SELL, 1, 5)]).fills) // 2
    assert 5 == sum(run([(BUY, 2, 5), (SELL, 1, 5)]).fills) // 2
