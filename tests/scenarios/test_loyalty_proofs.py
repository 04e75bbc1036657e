"""What the story claims is refused as soon as one number differs."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tallystick.contracts.benefit.model import NetPosition
from tallystick.scenarios.loyalty_leaving import Leaving
from tallystick.scenarios.loyalty_life import Life, Resale
from tallystick.scenarios.loyalty_proofs import (
    CompanyFacts,
    LoyaltyFacts,
    is_netted,
    is_nothing_held,
    is_owned_once,
    prove,
    states_of,
)
from tallystick.scenarios.loyalty_rush import MarketDay, Rushes

DAY = MarketDay(wanted=10, bought=7, refused=3)
RUSHES = Rushes(
    played=4,
    attempts=40,
    one_winner=4,
    told=36,
    unharmed=36,
    across=2,
    wins=Counter({"acme": 3, "brio": 1}),
)
RESALE = Resale("acme-1", "brio-1", 75, 30, 75, is_right=True)
LIFE = Life(
    RESALE,
    swapped=True,
    redeemed=True,
    short_is_refused=True,
    vanished_blocks_nothing=True,
    interrupted_ends=True,
)
LEAVING = Leaving(
    dismissed="acme-2",
    listing_fell=True,
    handed_on=True,
    company="brio",
    offers_fallen=9,
    events=1,
    nothing_offered=True,
    redeemed_in_time=True,
    refused_later=True,
    positions=(NetPosition("acme", 5), NetPosition("brio", -5)),
    netted_once=True,
)
COMPANIES = (
    CompanyFacts("acme", "1 for 1", 3, minted=100, held=100, locked=0, net_units=5),
    CompanyFacts("brio", "3 for 1", 3, minted=50, held=50, locked=0, net_units=-5),
)
BENEFITS: list[dict[str, Any]] = [
    {"benefit": b"1", "owner": b"anna", "state": "owned"},
    {"benefit": b"2", "owner": b"ben", "state": "listed"},
    {"benefit": b"3", "owner": b"acme", "state": "offered"},
    {"benefit": b"4", "owner": b"ben", "state": "redeemed"},
]
CREDENTIALS: list[dict[str, Any]] = [
    {"benefit": b"1", "holder": b"ben", "revoked_at": 7},
    {"benefit": b"1", "holder": b"anna", "revoked_at": 0},
    {"benefit": b"2", "holder": b"ben", "revoked_at": 0},
    {"benefit": b"4", "holder": b"ben", "revoked_at": 9},
]
DEBTS: list[dict[str, Any]] = [
    {"debtor": "acme", "creditor": "brio", "total": 10},
    {"debtor": "brio", "creditor": "acme", "total": 15},
]
ROWS = {
    "benefits": BENEFITS,
    "benefit_credentials": CREDENTIALS,
    "benefit_debts": DEBTS,
    "asset_balances": [],
}


def rows(table: str) -> Iterator[Mapping[str, Any]]:
    """Return the rows of the marketplace."""
    return iter(ROWS[table])


def facts() -> LoyaltyFacts:
    """Return facts for a report."""
    proved = prove(rows, COMPANIES, day=DAY, rushes=RUSHES, life=LIFE, leaving=LEAVING)
    return LoyaltyFacts(
        COMPANIES, 4, states_of(rows), DAY, RUSHES, LIFE, LEAVING, seconds=2.0, proved=proved
    )


def test_all_is_proved() -> None:
    """If every number is as it should be."""
    assert {True} == set(facts().proved.values())
    assert {"listed": 1, "offered": 1, "owned": 1, "redeemed": 1} == facts().states


RIGHT: dict[str, Any] = {
    "companies": COMPANIES, "day": DAY, "rushes": RUSHES, "life": LIFE, "leaving": LEAVING
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "claim"),
    [
        ({"rushes": replace(RUSHES, one_winner=3)}, "exactly_one_winner"),
        ({"rushes": replace(RUSHES, told=35)}, "losers_told_by_whom_and_until_when"),
        ({"rushes": replace(RUSHES, unharmed=35)}, "losers_keep_every_token"),
        ({"day": replace(DAY, refused=2)}, "everybody_served_or_told"),
        ({"companies": (replace(COMPANIES[0], held=99),)}, "tokens_conserved"),
        ({"companies": (replace(COMPANIES[0], locked=1),)}, "nothing_left_reserved"),
        (
            {"life": replace(LIFE, resale=replace(RESALE, is_right=False))},
            "resold_across_companies",
        ),
        ({"life": replace(LIFE, interrupted_ends=False)}, "interrupted_purchase_ends"),
        ({"leaving": replace(LEAVING, events=2)}, "removal_takes_offers_down"),
        ({"leaving": replace(LEAVING, positions=())}, "debts_net_to_zero"),
        ({"leaving": replace(LEAVING, refused_later=False)}, "holders_treated_as_stated"),
    ],
)
def test_a_difference_is_seen(change: dict[str, Any], claim: str) -> None:
    """By the claim that it belies, and by no other."""
    given = RIGHT | change
    proved = prove(rows, given.pop("companies"), **given)
    assert [claim] == [name for name, holds in proved.items() if not holds]


def test_owners_without_credentials_are_seen() -> None:
    """And credentials without owners, and two of one."""
    assert is_owned_once(BENEFITS, CREDENTIALS)
    assert not is_owned_once(BENEFITS, CREDENTIALS[:-2])
    assert not is_owned_once(BENEFITS[1:], CREDENTIALS)
    assert not is_owned_once(BENEFITS, [*CREDENTIALS, CREDENTIALS[1]])


def test_what_is_left_reserved_is_seen() -> None:
    """A benefit, or a token."""
    assert is_nothing_held(COMPANIES, BENEFITS)
    assert not is_nothing_held(COMPANIES, [{"state": "reserved"}])


def test_debts_that_are_not_netted_are_seen() -> None:
    """A debt more, or a position that is off."""
    assert is_netted(DEBTS, LEAVING.positions)
    assert not is_netted(DEBTS[:1], LEAVING.positions)
    assert not is_netted(DEBTS, (NetPosition("acme", 5), NetPosition("brio", -4)))
    assert not is_netted([], ())
