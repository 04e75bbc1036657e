"""Who follows the ledger knows every order and every trade."""

from tests.scenarios.lane import SMALL, played


def test_everything_is_seen() -> None:
    """Orders, trades, devices, money and market are those of the read model."""
    seen, rows = played().week.seen, played().rows
    assert {row["fill"] for row in rows["market_fills"]} == {each.fill for each in seen.fills}
    assert played().week.log.counts["orders"] == len(seen.orders)
    assert seen.ended == set(seen.clearings) >= {each.book for each in seen.fills}
    assert {seen.agreement} == {row["key"] for row in rows["sharing_members"]}
    assert len(SMALL.cast.donors) == len(seen.devices)
    assert {seen.money} == {row["unit"] for row in rows["asset_balances"]}
    assert {seen.market} == {row["market"] for row in rows["market_statements"]}


def test_buyers_are_receivers() -> None:
    """Each trade's buyer is one of those who have a home."""
    week = played().week
    homes = {week.company.account(each.meter).public for each in SMALL.cast.receivers}
    assert {week.seen.buyer(each) for each in week.seen.fills} <= homes
