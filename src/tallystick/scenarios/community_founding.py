"""How the lane's market comes to be: money, rules, members, devices and a balancing account."""

from collections.abc import Iterable

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.client.ledger import Ledger
from tallystick.contracts.asset.commands import Define, Mint, Transfer
from tallystick.contracts.asset.model import Burners, Kind
from tallystick.contracts.device.commands import Register
from tallystick.contracts.device.model import DeviceKind
from tallystick.contracts.market.commands import Admit, Open
from tallystick.contracts.market.model import balancing_vault
from tallystick.core.holding import vault

from .community_cast import MARKET, MONEY, SECTOR, Company, Member, Office
from .community_house import agree
from .community_rules import SCALE, Payees, market_rules
from .community_seen import Seen

MEMBER_FUNDS = 100 * 10**SCALE
FLAT_FUNDS = 20 * 10**SCALE
BALANCING_FUNDS = 300 * 10**SCALE


def found(ledger: Ledger, company: Company, seen: Seen, *, begin: int, end: int) -> None:
    """Make money, open the market for a period, register the roofs, and agree on the shared one."""
    mint = company.office(Office.MINT)
    operator = company.office(Office.MARKET_OPERATOR)
    ledger.send(_money(mint.public), [mint.secret])
    seen.catch_up()
    money = seen.money
    people = [company.account(meter).public for meter in company.cast.meters]
    members = len(company.cast.donors) + len(company.cast.receivers)
    grants = [(each, MEMBER_FUNDS) for each in people[:members]]
    grants += [(each, FLAT_FUNDS) for each in people[members + 1 :]]
    grants += [(operator.public, BALANCING_FUNDS)]
    ledger.send([_mint(money, *grant) for grant in grants], [mint.secret])
    payees = Payees(
        platform=company.office(Office.PLATFORM).public,
        operator=operator.public,
        dso=company.office(Office.GRID_OPERATOR).public,
        treasury=company.office(Office.TREASURY).public,
    )
    rules = market_rules(money, payees, begin=begin, end=end)
    ledger.send(Open(MARKET, rules), [operator.secret])
    seen.catch_up()
    target = vault("market", balancing_vault(seen.market))
    ledger.send(Transfer(money, operator.public, target, BALANCING_FUNDS), [operator.secret])
    for donor in company.cast.donors:
        owner, controller = company.account(donor.meter), company.controller(donor.meter)
        register = Register(owner.public, controller.public, DeviceKind.ROOF, SECTOR, 0)
        ledger.send(register, [owner.secret, controller.secret])
    agree(ledger, company, seen)


def admit(ledger: Ledger, company: Company, seen: Seen, members: Iterable[Member]) -> None:
    """Admit members, as the market's operator."""
    commands: list[Record] = [
        Admit(seen.market, company.account(member.meter).public) for member in members
    ]
    ledger.send(commands, [company.office(Office.MARKET_OPERATOR).secret])


def devices_by_name(company: Company, seen: Seen) -> dict[str, RecordId]:
    """Return the device of each donor."""
    return {
        donor.name: seen.devices[company.account(donor.meter).public]
        for donor in company.cast.donors
    }


def _money(mint: PublicKey) -> Define:
    """Return the definition of the lane's money."""
    return Define(
        name=MONEY,
        unit="EUR",
        scale=SCALE,
        kind=Kind.FUNGIBLE,
        issuers=(mint,),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )


def _mint(money: RecordId, owner: PublicKey, amount: int) -> Mint:
    """Return a grant of money."""
    return Mint(
        asset=money, owner=owner, amount=amount, evidence="", project="", nonce=0, claim=None
    )
