"""Opening a market, admitting and suspending, each as a table."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX, SECONDS_MAX
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.contracts.asset.model import Kind
from tallystick.contracts.market.commands import Admit, Open, Suspend
from tallystick.contracts.market.errors_orders import (
    AccountSuspended,
    MarketNotFound,
    NotAdmitted,
    RulesContradict,
    SignerIsNotOperator,
)
from tallystick.contracts.market.events import (
    MarketOpened,
    ParticipantAdmitted,
    ParticipantSuspended,
)
from tallystick.contracts.market.model import (
    Basis,
    Charge,
    Counterparty,
    Market,
    MarketRules,
    Participant,
    Trading,
    participant_id,
)
from tallystick.core.errors import UnknownCommand
from tallystick.core.holding import vault
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    ANNA,
    BEN,
    DAY,
    MARKET_NAME,
    MIDNIGHT,
    MONTH_END,
    OPERATOR,
    STRANGER,
    House,
    attempt,
    buy,
    define,
    energy_rules,
    holding_rules,
    last,
    open_house,
    open_market,
    place,
)

Rules = Callable[..., MarketRules]
UNKNOWN = RecordId(bytes(32))
CHARGE = Charge(name="dso", basis=Basis.ENERGY, rate=1, payee=key(1))
COMMISSION = Charge(name="platform", basis=Basis.VALUE, rate=1, payee=key(1))
KEYLESS = replace(COMMISSION, payee=PublicKey(b"\x05" + bytes(32)))
TO_A_VAULT = replace(COMMISSION, payee=vault("market", LockId(Hash(bytes(32)))))
CENTRAL = Counterparty.CENTRAL

OPEN: list[tuple[str, Rules, dict[str, Any], Verdict]] = [
    ("energy", energy_rules, {}, accepted),
    ("energy in a call auction", energy_rules, {"trading": Trading.CALL}, accepted),
    ("holdings", holding_rules, {}, accepted),
    ("futures", holding_rules, {"collateral": 5}, accepted),
    (
        "holdings with a central counterparty",
        holding_rules,
        {"trading": Trading.CALL, "counterparty": CENTRAL},
        accepted,
    ),
    ("the highest price", energy_rules, {"price_min": AMOUNT_MAX - 999}, accepted),
    ("beyond it", energy_rules, {"price_min": AMOUNT_MAX - 998}, RulesContradict),
    ("the highest floor", energy_rules, {"feed_in_floor": 999}, accepted),
    ("a floor above all", energy_rules, {"feed_in_floor": 1_000}, RulesContradict),
    ("dear excess", energy_rules, {"excess_price": 1}, RulesContradict),
    ("periods that stand", energy_rules, {"periods": (MIDNIGHT, MIDNIGHT)}, RulesContradict),
    (
        "periods that turn back",
        energy_rules,
        {"periods": (MIDNIGHT, MONTH_END, MIDNIGHT)},
        RulesContradict,
    ),
    ("no end", energy_rules, {"periods": (MIDNIGHT, SECONDS_MAX)}, RulesContradict),
    ("another sector", energy_rules, {"sector": "valley"}, accepted),
    ("an unknown sector", energy_rules, {"sector": "moon"}, RulesContradict),
    ("money that nobody defined", energy_rules, {"money": UNKNOWN}, RulesContradict),
    ("energy in a contract", energy_rules, {"goods": "asset"}, RulesContradict),
    ("energy with collateral", energy_rules, {"collateral": 1}, RulesContradict),
    (
        "energy with a central counterparty",
        energy_rules,
        {"trading": Trading.CALL, "counterparty": CENTRAL},
        RulesContradict,
    ),
    ("holdings in a sector", holding_rules, {"sector": "village"}, RulesContradict),
    ("holdings of nobody", holding_rules, {"goods": ""}, RulesContradict),
    ("claims for holdings", holding_rules, {"claims": True}, RulesContradict),
    ("holdings by the watt-hour", holding_rules, {"charges": (CHARGE,)}, RulesContradict),
    ("a payee without a key", energy_rules, {"charges": (KEYLESS,)}, RulesContradict),
    ("a vault as payee", energy_rules, {"charges": (TO_A_VAULT,)}, accepted),
    ("a commission on holdings", holding_rules, {"charges": (COMMISSION,)}, accepted),
    (
        "a central counterparty without an auction",
        holding_rules,
        {"counterparty": CENTRAL},
        RulesContradict,
    ),
    ("no prices", energy_rules, {"levels": 0}, UnknownCommand),
    ("too many prices", energy_rules, {"levels": 32_769}, UnknownCommand),
    ("no tick", energy_rules, {"tick": 0}, UnknownCommand),
    ("no quantum", energy_rules, {"quantum": 0}, UnknownCommand),
    ("negative prices", energy_rules, {"price_min": -1}, UnknownCommand),
    ("no lengths", energy_rules, {"lengths": ()}, UnknownCommand),
    ("one end of a period", energy_rules, {"periods": (MIDNIGHT,)}, UnknownCommand),
]


@pytest.mark.parametrize(
    ("rules", "changes", "verdict"), [row[1:] for row in OPEN], ids=[row[0] for row in OPEN]
)
def test_open(rules: Rules, changes: dict[str, Any], verdict: Verdict) -> None:
    """An operator opens a market whose rules fit together, and nothing is written otherwise."""
    house = open_house(people=())
    stated = rules(house, **changes)
    assert verdict == attempt(house, Open(MARKET_NAME, stated), OPERATOR)
    opened = [each for each in house.trial.events if isinstance(each, MarketOpened)]
    assert (verdict == accepted) == bool(opened)
    for event in opened:
        expected = Market(name=MARKET_NAME, rules=stated, opened_at=house.trial.time)
        assert expected == house.trial.read(Market, event.market)


@pytest.mark.parametrize("terms", [{"kind": Kind.SERIAL}, {"transferable": False}])
def test_money_is_all_alike_and_moves(terms: dict[str, Any]) -> None:
    """What can be told apart, or stays where it is, pays for nothing."""
    house = open_house()
    rules = energy_rules(house, money=define(house.trial, "points", **terms))
    assert RulesContradict == attempt(house, Open(MARKET_NAME, rules), OPERATOR)
    assert "rules.money: name an asset that is fungible and transferable" == house.trial.message


def test_only_an_operator_opens_a_market() -> None:
    """The scope of the role is the market's name."""
    house = open_house(people=())
    command = Open(MARKET_NAME, energy_rules(house))
    assert SignerIsNotOperator == attempt(house, command, STRANGER)


def test_two_markets_can_have_one_name() -> None:
    """A market is its id; whoever names one names that."""
    house = open_house(people=())
    first = open_market(house, energy_rules(house))
    second = open_market(house, energy_rules(house))
    assert first != second


def commands_of(market: RecordId) -> list[tuple[Record, int, Verdict]]:
    """Return what an operator says of accounts, and who may."""
    return [
        (Admit(market, key(ANNA)), OPERATOR, accepted),
        (Admit(market, key(ANNA)), STRANGER, SignerIsNotOperator),
        (Admit(market, key(ANNA)), ANNA, SignerIsNotOperator),
        (Admit(UNKNOWN, key(ANNA)), OPERATOR, MarketNotFound),
        (Suspend(market, key(ANNA)), OPERATOR, accepted),
        (Suspend(market, key(ANNA)), STRANGER, SignerIsNotOperator),
        (Suspend(UNKNOWN, key(ANNA)), OPERATOR, MarketNotFound),
    ]


def test_only_an_operator_admits_and_suspends() -> None:
    """Anybody else is refused, and so is an unknown market."""
    house = open_house(people=())
    market = open_market(house, energy_rules(house))
    for command, signer, verdict in commands_of(market):
        assert verdict == attempt(house, command, signer)


def participant(house: House, market: RecordId, number: int) -> Participant | None:
    """Return what a market knows of an account."""
    return house.trial.read(Participant, participant_id(market, key(number)))


def test_a_suspended_account_places_nothing_until_it_is_admitted_again() -> None:
    """In an open market nobody needs to be admitted first."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    bid = buy(house, market, BEN, lots=1, level=1)
    place(house, bid)
    assert accepted == attempt(house, Suspend(market, key(BEN)), OPERATOR)
    assert ParticipantSuspended(market=market, owner=key(BEN)) == house.trial.events[-1]
    assert Participant(admitted=False, suspended=True, due=0) == participant(house, market, BEN)
    assert AccountSuspended == attempt(house, bid, *range(1, 4_000, 1_000), BEN)
    assert accepted == attempt(house, Admit(market, key(BEN)), OPERATOR)
    assert ParticipantAdmitted(market=market, owner=key(BEN)) == last(house, ParticipantAdmitted)
    assert Participant(admitted=True, suspended=False, due=0) == participant(house, market, BEN)
    place(house, bid)


def test_a_closed_community_trades_among_itself() -> None:
    """Where members only trade, the others are refused."""
    house = open_house()
    market = open_market(house, energy_rules(house, members_only=True))
    bid = buy(house, market, BEN, lots=1, level=1)
    assert NotAdmitted == attempt(house, bid, BEN)
    assert accepted == attempt(house, Admit(market, key(BEN)), OPERATOR)
    place(house, bid)


def test_what_is_owed_survives_a_suspension() -> None:
    """Saying something of an account does not forget its debt."""
    house = open_house(people=())
    market = open_market(house, energy_rules(house))
    id = participant_id(market, key(ANNA))
    house.trial.plant(id, Participant(admitted=True, suspended=False, due=DAY))
    for command in (Suspend(market, key(ANNA)), Admit(market, key(ANNA))):
        assert accepted == attempt(house, command, OPERATOR)
        found = participant(house, market, ANNA)
        assert found is not None
        assert found.due == DAY
