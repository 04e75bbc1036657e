"""
An employee buys a benefit on a shared ledger, and pays with tokens on the employer's own.

You learn how one person has one key on two ledgers: their wallets have one seed.

    python examples/buy_a_benefit.py
"""

import tempfile
from pathlib import Path

from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.client.foreign import trust_of
from tallystick.client.ledger import Ledger
from tallystick.client.wallet import Wallet
from tallystick.compose import WALLET_FILE, create_ledger, open_wallet, passphrase
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import Burners, Kind
from tallystick.contracts.asset.views import BalanceView, ShowBalance
from tallystick.contracts.benefit.commands import AdmitCompany, Buy, Create
from tallystick.contracts.benefit.events import BenefitCreated
from tallystick.contracts.benefit.model import Rate
from tallystick.contracts.benefit.views import BenefitView, Quote, QuoteView, ShowBenefit
from tallystick.contracts.identity.commands import Appoint, Enrol, Recognise
from tallystick.contracts.identity.events import IdentityEnrolled
from tallystick.contracts.identity.model import Role
from tallystick.coordination.coordinator import Coordinator
from tallystick.coordination.joint_change import plan
from tallystick.coordination.wallets import Wallets

MILL = "mill"
MINUTE_MILLISECONDS = 60_000
PRICE, TOKENS = 40, 100


def main() -> None:
    """Found both ledgers, offer a massage, and let Anna buy it."""
    with tempfile.TemporaryDirectory() as folder:
        square, office = Path(folder) / "square", Path(folder) / MILL
        with found(square) as shared:
            # The second wallet has the seed of the first: person_key(n) is one key on both.
            ours, secret = open_wallet(square, shared.id), passphrase()
            office.mkdir()
            ours.sibling(office / WALLET_FILE, secret.value, work_bits=secret.work_bits)
            with found(office) as company:
                wallets = {shared.id: ours, company.id: open_wallet(office, company.id)}
                anna, clearing = ours.person_key(0), ours.person_key(1)
                assert anna == wallets[company.id].person_key(0)
                for here, there in ((shared, company), (company, shared)):
                    registrar = ours.role_key(Role.REGISTRAR)
                    here.send(Recognise(trust_of(there)), wallet=wallets[here.id], keys=[registrar])

                unit = pay_out(company, wallets[company.id], anna)
                admit(shared, ours, company, unit, anna=anna, clearing=clearing)
                benefit = offer(shared, ours)
                buy(shared, company, wallets, benefit, anna)

                bought = shared.ask(ShowBenefit(benefit))
                left = company.ask(ShowBalance(unit, anna))
                assert isinstance(bought, BenefitView)
                assert isinstance(left, BalanceView)
                assert bought.owner == anna
                print(f"Anna owns the {bought.title}, and has {left.spendable} tokens left")


def found(place: Path) -> Ledger:
    """Found a ledger in a folder of that name."""
    return create_ledger(place, name=place.name, sectors=["valley"], interval_seconds=[3_600])


def pay_out(company: Ledger, wallet: Wallet, anna: PublicKey) -> RecordId:
    """Create the company's tokens, and give Anna some."""
    issuer = wallet.role_key(Role.ASSET_ISSUER)
    define = Define(
        name="points",
        unit="point",
        scale=0,
        kind=Kind.FUNGIBLE,
        issuers=(issuer,),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )
    receipt = company.send(define, wallet=wallet, keys=[issuer])
    (unit,) = (each.asset for each in company.events(receipt) if isinstance(each, AssetDefined))
    company.send(Mint(unit, anna, TOKENS, "", "", 0, None), wallet=wallet, keys=[issuer])
    return unit


def admit(
    shared: Ledger,
    wallet: Wallet,
    company: Ledger,
    unit: RecordId,
    *,
    anna: PublicKey,
    clearing: PublicKey,
) -> None:
    """Let the company take part, and Anna as its employee."""
    system, registrar = map(wallet.role_key, (Role.SYSTEM_ADMINISTRATOR, Role.REGISTRAR))
    command = AdmitCompany(MILL, company.id, unit, clearing, Rate(units=1, tokens=1))
    shared.send(command, wallet=wallet, keys=[system])
    receipt = shared.send(Enrol(anna, MILL), wallet=wallet, keys=[registrar])
    (who,) = (e.identity for e in shared.events(receipt) if isinstance(e, IdentityEnrolled))
    shared.send(Appoint(who, Role.EMPLOYEE, MILL, 0, 0), wallet=wallet, keys=[registrar])


def offer(shared: Ledger, wallet: Wallet) -> RecordId:
    """Offer a massage, as the company's administrator."""
    administrator = wallet.role_key(Role.COMPANY_ADMINISTRATOR)
    command = Create(MILL, "massage", (), PRICE)
    receipt = shared.send(command, wallet=wallet, keys=[administrator])
    (made,) = (e.benefit for e in shared.events(receipt) if isinstance(e, BenefitCreated))
    return made


def buy(
    shared: Ledger,
    company: Ledger,
    wallets: dict[LedgerId, Wallet],
    benefit: RecordId,
    anna: PublicKey,
) -> None:
    """Reserve the benefit, and let a coordinator pay for it and finish."""
    quote = shared.ask(Quote(benefit, anna, MILL))
    assert isinstance(quote, QuoteView)
    change = plan(quote.parts, deciding=shared.id, deadline=shared.now() + MINUTE_MILLISECONDS)
    (place,) = (n for n, part in enumerate(change.parts) if part.contract == "benefit")
    shared.send(Buy(change, place, MILL), wallet=wallets[shared.id], keys=[anna])
    coordinator = Coordinator({shared.id: shared, company.id: company}, Wallets(wallets))
    coordinator.join(change)
    coordinator.run()


if __name__ == "__main__":
    main()
