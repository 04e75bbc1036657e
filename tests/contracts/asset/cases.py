"""
A ledger with a few assets, on which tables of cases are tried.

MONEY is fungible, TOKEN serial, STAMP stays where it is minted, SHORT has a cap and an end. Anna
has 100 of MONEY, of which 30 are locked for the market and 20 for a lock that lapses at LAPSE; the
reading R1 was minted to her, R2 waits for BEN.
"""

from collections.abc import Sequence

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.contracts import asset, certificate, identity, measurement
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import (
    AssetClass,
    AssetParameters,
    Balance,
    Burners,
    Kind,
    claim_of,
    series_id,
)
from tallystick.contracts.certificate.model import CertificateParameters
from tallystick.contracts.identity.model import EVERYWHERE, Founder, IdentityParameters, Role
from tallystick.contracts.measurement.model import MeasurementParameters
from tallystick.core.contract import Contract
from tallystick.core.holding import Lock, holding_id
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted, genesis_of

REGISTRAR, DEFINER, ISSUER, OTHER_ISSUER, ANNA, BEN, STRANGER = range(1, 8)
"""Numbers of the keys of the cast."""

NOW = 1_700_000_000_000
LAPSE = NOW + 1_000
LATER = NOW + 10_000
PROOF = b"\x07" * 32
LOCK, OTHER_LOCK, LAPSING_LOCK = (LockId(bytes([n]) * 32) for n in (1, 2, 3))
UNKNOWN = RecordId(b"\xee" * 32)
BAD_KEY = PublicKey(b"\x05" + bytes(32))
CONTRACTS = (
    identity.CONTRACT,
    measurement.CONTRACT,
    certificate.CONTRACT,
    asset.CONTRACT,
)
CLASSES = ("money", "token", "stamp", "short")


def definition(
    name: str = "points",
    *,
    kind: Kind = Kind.FUNGIBLE,
    issuers: tuple[PublicKey, ...] = (key(ISSUER), key(OTHER_ISSUER)),
    cap: int = 0,
    end: int = 0,
    transferable: bool = True,
    burners: Burners = Burners.EITHER,
) -> Define:
    """Return a definition that is accepted from DEFINER."""
    return Define(
        name=name,
        unit="unit",
        scale=2,
        kind=kind,
        issuers=issuers,
        supply_cap=cap,
        last_mint_at=end,
        transferable=transferable,
        burners=burners,
    )


def minting(
    unit: RecordId,
    *,
    owner: int | PublicKey | None = ANNA,
    amount: int = 10,
    evidence: str = "",
    nonce: int = 0,
    claim: Hash | None = None,
) -> Mint:
    """Return a mint that is accepted from ISSUER."""
    return Mint(
        asset=unit,
        owner=key(owner) if isinstance(owner, int) else owner,
        amount=amount,
        evidence=evidence,
        project="aegis",
        nonce=nonce,
        claim=claim,
    )


def do(trial: Trial, command: Record, *signers: int, caller: str = "") -> list[Record]:
    """Insist that a command is accepted, and return what it reported."""
    before = len(trial.events)
    assert trial.execute(command, signers=signers, caller=caller) == accepted, trial.message
    return trial.events[before:]


def defined(trial: Trial, command: Define) -> RecordId:
    """Define a class and return its id."""
    (event,) = do(trial, command, DEFINER)
    assert isinstance(event, AssetDefined)
    return event.asset


def found(more: Sequence[tuple[Contract, Record]] = ()) -> Trial:
    """Return a ledger without assets, with more contracts and their parameters."""
    founders = (
        Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
        Founder(key(DEFINER), Role.ASSET_ISSUER, EVERYWHERE),
    )
    parameters = (
        IdentityParameters(founders),
        MeasurementParameters(("village",), (900,)),
        CertificateParameters(),
        AssetParameters(),
        *(each for _, each in more),
    )
    contracts = (*CONTRACTS, *(each for each, _ in more))
    trial = Trial(contracts, genesis_of(contracts, parameters, time=NOW - 1_000))
    trial.move_to(NOW)
    return trial


def _ids() -> tuple[RecordId, ...]:
    """Return the ids of the four classes, which every ledger of `cast` has."""
    return _define_all(found())


def _define_all(trial: Trial) -> tuple[RecordId, ...]:
    """Define the four classes."""
    return (
        defined(trial, definition("money")),
        defined(trial, definition("token", kind=Kind.SERIAL, burners=Burners.OWNER)),
        defined(trial, definition("stamp", transferable=False, burners=Burners.ISSUER)),
        defined(trial, definition("short", cap=50, end=LATER)),
    )


MONEY, TOKEN, STAMP, SHORT = _ids()
R1, R2 = (series_id(TOKEN, reading) for reading in ("R1", "R2"))
ANNAS_MONEY, ANNAS_STAMPS = holding_id(MONEY, key(ANNA)), holding_id(STAMP, key(ANNA))


def locking(
    holding: RecordId = ANNAS_MONEY, lock_id: LockId = LOCK, *, until: int = 0, amount: int = 10
) -> Lock:
    """Return a lock as a contract would call it."""
    return Lock("asset", holding, lock_id, until, amount)


def cast(more: Sequence[tuple[Contract, Record]] = ()) -> Trial:
    """Return the ledger of the cases, with more contracts and their parameters."""
    trial = found(more)
    assert (MONEY, TOKEN, STAMP, SHORT) == _define_all(trial)
    do(trial, minting(MONEY, amount=100), ISSUER)
    do(trial, minting(STAMP, amount=5), ISSUER)
    do(trial, minting(SHORT, amount=40), ISSUER)
    do(trial, minting(TOKEN, evidence="R1"), ISSUER)
    claim = claim_of(key(BEN), PROOF)
    do(trial, minting(TOKEN, owner=None, evidence="R2", claim=claim), ISSUER)
    do(trial, locking(amount=30), ANNA, caller="market")
    do(trial, locking(lock_id=LAPSING_LOCK, until=LAPSE, amount=20), ANNA, caller="market")
    return trial


def balance(trial: Trial, unit: RecordId, owner: int | PublicKey) -> tuple[int, int]:
    """Return what an owner may move, and what is locked."""
    account = trial.read(Balance, holding_id(unit, key(owner) if isinstance(owner, int) else owner))
    return (0, 0) if account is None else (account.spendable, account.locked)


def supply(trial: Trial, unit: RecordId) -> tuple[int, int]:
    """Return what was minted and burned of a class."""
    found = trial.read(AssetClass, unit)
    assert found is not None
    return found.minted, found.burned
