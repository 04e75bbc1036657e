"""How a zone's programme comes to be: money, terms, holders, accounts, units and two markets."""

from tallystick.base.encoding import Record
from tallystick.contracts.allowance.commands import (
    Allocate,
    Apply,
    Decide,
    OpenAccount,
    OpenProgramme,
    RegisterHolder,
    SetBaseline,
)
from tallystick.contracts.allowance.events import (
    HolderRegistered,
    ProgrammeOpened,
    UnitApplied,
)
from tallystick.contracts.allowance.model import AccountKind, baseline_formula, commitment
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import Burners, Kind
from tallystick.contracts.market.commands import Admit, Open
from tallystick.contracts.market.events import MarketOpened

from .allowances_cast import Member, Office, Plant
from .allowances_desk import Desk
from .allowances_terms import CENTS, FORMULA, future_rules, spot_rules, terms

FUNDS = 5_000_000 * CENTS
"""What everybody with an account has to begin with."""
ADJUSTED = "Corran Mill"
ADJUSTED_PERCENT = 102
ADJUSTED_REASON = "burns bark with much nitrogen, for which the formula has no factor"
SIGNER_IS_NOT_DIRECTOR = 620
BASELINE_TOO_FAR_OFF = 658


def found(desk: Desk) -> None:
    """Make money, programme and markets; open accounts; let every unit apply."""
    _make_money(desk)
    rules = terms(
        desk.zone,
        money=desk.ids["money"],
        collector=desk.office(Office.TREASURY).public,
        unit_grams=desk.plan.unit_grams,
    )
    desk.send(OpenProgramme(rules), desk.office(Office.DIRECTOR))
    desk.ids["programme"] = desk.seen.latest(ProgrammeOpened).programme
    for member in desk.cast.members:
        _open_account(desk, member)
    for member in desk.cast.units:
        _apply(desk, member)
    _open_markets(desk)


def set_baseline(desk: Desk, plant: Plant, period: int, *, expected_mwh: int) -> int:
    """Set a unit's baseline by the formula, or for one of them near it, with a reason."""
    formula = baseline_formula(FORMULA, plant.facts)
    rate, reason = formula, ""
    if plant.name == ADJUSTED:
        rate, reason = formula * ADJUSTED_PERCENT // 100, ADJUSTED_REASON
    unit, director = desk.units[plant.name], desk.office(Office.DIRECTOR)
    if plant.name == ADJUSTED and not period:
        desk.refuse(
            "The Director doubles a baseline",
            BASELINE_TOO_FAR_OFF,
            SetBaseline(unit, period, 2 * formula, expected_mwh, "a favour"),
            director,
        )
    desk.send(SetBaseline(unit, period, rate, expected_mwh, reason), director)
    return rate


def allocate(desk: Desk, name: str, period: int) -> None:
    """Allocate a year's allowances to a unit, or true them up."""
    command = Allocate(desk.units[name], period)
    desk.send(command, desk.office(Office.DIRECTOR))


def _make_money(desk: Desk) -> None:
    """Define euros, and give some to everybody with an account."""
    bank = desk.office(Office.BANK)
    define = Define(
        name="euro",
        unit="EUR",
        scale=2,
        kind=Kind.FUNGIBLE,
        issuers=(bank.public,),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )
    desk.send(define, bank)
    money = desk.ids["money"] = desk.seen.latest(AssetDefined).asset
    mints: list[Record] = [
        Mint(money, member.account.public, FUNDS, evidence="", project="", nonce=0, claim=None)
        for member in desk.cast.members
    ]
    desk.send(mints, bank)


def _open_account(desk: Desk, member: Member) -> None:
    """Enter a company in the public list, and open an account that nobody can tell is its own."""
    operator, account = desk.office(Office.OPERATOR), member.account
    if member.company not in desk.holders:
        desk.send(RegisterHolder(desk.programme, desk.zone, member.company), operator)
        desk.holders[member.company] = desk.seen.latest(HolderRegistered).holder
    sealed = commitment(holder=desk.holders[member.company], key=account.public, salt=member.salt)
    command = OpenAccount(
        programme=desk.programme,
        zone=desk.zone,
        key=account.public,
        kind=AccountKind.TRADING if member.plant is None else AccountKind.COMPLIANCE,
        commitment=sealed,
        payer=account.public,
    )
    desk.send(command, operator, account)


def _apply(desk: Desk, member: Member) -> None:
    """Let a unit apply, and the Director admit it."""
    if member.plant is None:
        raise AssertionError(f"{member.name} has no unit")
    account, stack, generator = member.account, member.stack, member.generator
    command = Apply(
        programme=desk.programme,
        zone=desk.zone,
        account=account.public,
        facts=member.plant.facts,
        emission_keys=(stack.public,),
        production_keys=(generator.public,),
        payer=account.public,
    )
    desk.send(command, account, stack, generator)
    unit = desk.units[member.name] = desk.seen.latest(UnitApplied).unit
    decide = Decide(unit, admitted=True, first_period=0, reason="meters are sealed")
    desk.refuse("A unit admits itself", SIGNER_IS_NOT_DIRECTOR, decide, account)
    desk.send(decide, desk.office(Office.DIRECTOR))


def _open_markets(desk: Desk) -> None:
    """Open the spot market and the one for futures, and admit every account to both."""
    exchange, money = desk.office(Office.EXCHANGE), desk.ids["money"]
    for name, rules in (("spot", spot_rules), ("futures", future_rules)):
        desk.send(Open(f"{desk.zone}-{name}", rules(money, exchange.public)), exchange)
        market = desk.ids[name] = desk.seen.latest(MarketOpened).market
        admissions: list[Record] = [
            Admit(market, member.account.public) for member in desk.cast.members
        ]
        desk.send(admissions, exchange)
