"""Money moves by core's shared commands, from who signs to the collector."""

from tallystick.base.identifiers import RecordId
from tallystick.client.genesis import usual_genesis
from tallystick.contracts import allowance, asset, certificate, identity, measurement
from tallystick.contracts.allowance.commands import OpenProgramme
from tallystick.contracts.allowance.errors import PayerHasNotSigned
from tallystick.contracts.allowance.events import ProgrammeOpened
from tallystick.contracts.allowance.model import AllowanceParameters
from tallystick.contracts.allowance.payments import MONEY_CONTRACT
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Balance, Burners, Kind
from tallystick.contracts.identity.model import EVERYWHERE, Founder, Role
from tallystick.core.holding import holding_id
from tallystick.testing.factories import BEGIN, ISSUING_BODY, PUBLISHER, REGISTRAR, VILLAGE
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.allowance import bank
from tests.contracts.allowance.cases import (
    BUYER,
    COLLECTOR,
    DIRECTOR,
    FEES,
    HOUR,
    NORTH,
    OPERATOR,
    PAYER,
    TRADER,
    do,
    founded,
    latest,
    money,
    opened,
    opening,
    terms,
)


def test_fees_are_conserved() -> None:
    """What the payer loses, the collector gains, and nothing stays locked."""
    trial, programme = opened(terms(fees=FEES))
    do(trial, bank.Mint(key(PAYER), 100), PAYER)
    do(trial, opening(programme, TRADER, payer=PAYER), OPERATOR, TRADER, PAYER)
    assert (95, 5) == (money(trial, PAYER), money(trial, COLLECTOR))


def test_a_refused_payment_changes_nothing() -> None:
    """A payer with too little is refused by the money's contract, and no account is opened."""
    trial, programme = opened(terms(fees=FEES))
    do(trial, bank.Mint(key(PAYER), 4), PAYER)
    command = opening(programme, TRADER, payer=PAYER)
    assert bank.PurseTooSmall == trial.execute(command, signers=[OPERATOR, TRADER, PAYER])
    assert 4 == money(trial, PAYER)
    do(trial, bank.Mint(key(PAYER), 1), PAYER)
    do(trial, command, OPERATOR, TRADER, PAYER)


def test_nothing_to_pay() -> None:
    """Without a fee nobody needs to be named, and whoever is named needs not sign."""
    trial, programme = opened()
    do(trial, opening(programme, TRADER, payer=PAYER), OPERATOR, TRADER)
    assert 0 == money(trial, COLLECTOR)


def test_the_operator_may_pay() -> None:
    """A fee that the operator advances ties the account to nobody."""
    trial, programme = opened(terms(fees=FEES))
    do(trial, bank.Mint(key(OPERATOR), 5), OPERATOR)
    plain = opening(programme, TRADER)
    assert PayerHasNotSigned == trial.execute(plain, signers=[OPERATOR, TRADER])
    do(trial, opening(programme, TRADER, payer=OPERATOR), OPERATOR, TRADER)
    assert 5 == money(trial, COLLECTOR)


def test_the_money_is_kept_by_asset() -> None:
    """The contract's name is part of consensus; the one in these tests stands in for it."""
    assert "asset" == MONEY_CONTRACT
    assert MONEY_CONTRACT in founded().candidate.rulebook.contracts


def test_fees_in_real_money() -> None:
    """The contract `asset` itself understands what is asked of it."""
    contracts = tuple(
        each.CONTRACT for each in (identity, measurement, certificate, asset, allowance)
    )
    genesis = usual_genesis(
        name="north",
        time=(BEGIN - HOUR) * 1000,
        salt=bytes(32),
        registrar=key(REGISTRAR),
        issuing_body=key(ISSUING_BODY),
        publisher=key(PUBLISHER),
        sectors=(VILLAGE,),
        founders=(
            Founder(key(DIRECTOR), Role.DIRECTOR, EVERYWHERE),
            Founder(key(OPERATOR), Role.REGISTRY_OPERATOR, NORTH),
            Founder(key(COLLECTOR), Role.ASSET_ISSUER, "euro"),
        ),
        more={"asset": AssetParameters(), "allowance": AllowanceParameters()},
    )
    trial = Trial(contracts, genesis)
    define = Define(
        name="euro",
        unit="EUR",
        scale=2,
        kind=Kind.FUNGIBLE,
        issuers=(key(COLLECTOR),),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )
    do(trial, define, COLLECTOR)
    euro = RecordId(latest(trial, AssetDefined).asset)
    mint = Mint(euro, key(PAYER), 100, "", "", 0, None)
    do(trial, mint, COLLECTOR)
    do(trial, OpenProgramme(terms(fees=FEES, money=euro)), DIRECTOR)
    programme = RecordId(latest(trial, ProgrammeOpened).programme)
    do(trial, opening(programme, TRADER, payer=PAYER), OPERATOR, TRADER, PAYER)
    balances = [trial.read(Balance, holding_id(euro, key(owner))) for owner in (PAYER, COLLECTOR)]
    assert [(95, 0), (5, 0)] == [
        (each.spendable, each.locked) for each in balances if each is not None
    ]
    poor = opening(programme, BUYER, payer=BUYER)
    verdict = trial.execute(poor, signers=[OPERATOR, BUYER])
    assert isinstance(verdict, type)
    assert "asset" == getattr(verdict, "contract", "")
