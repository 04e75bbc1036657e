"""Who may define, mint, burn, pass on and claim assets, and what comes of it."""

import pytest

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.asset.commands import Burn, Claim, Transfer
from tallystick.contracts.asset.errors import (
    AmountIsZero,
    AssetNotFound,
    EvidenceMissing,
    EvidenceUsed,
    IssuerNamedTwice,
    MintingHasEnded,
    NotEnough,
    NothingToClaim,
    NotTransferable,
    OwnerAndClaim,
    OwnerIsNoKey,
    ProofIsWrong,
    SignerIsNotAssetIssuer,
    SignerIsNotIssuer,
    SignerIsNotOwner,
    SignerMayNotBurn,
    SupplyCapExceeded,
    VaultIsNotBurned,
)
from tallystick.contracts.asset.model import (
    Kind,
    Series,
    claim_of,
    key_hash,
    series_id,
    waiting_room,
)
from tallystick.core.errors import UnknownCommand
from tallystick.core.holding import vault
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.asset.cases import (
    ANNA,
    BAD_KEY,
    BEN,
    DEFINER,
    ISSUER,
    LATER,
    MONEY,
    NOW,
    OTHER_ISSUER,
    PROOF,
    R1,
    R2,
    SHORT,
    STAMP,
    STRANGER,
    TOKEN,
    UNKNOWN,
    balance,
    cast,
    defined,
    definition,
    do,
    minting,
    supply,
)

Row = tuple[Record, list[int], Verdict]
"""A command, the numbers of the keys that sign, and the verdict."""

BENS = key(BEN)
VAULT = vault("market", LockId(bytes(32)))
CLAIM = claim_of(key(BEN), PROOF)


def moving(unit: RecordId = MONEY, *, target: PublicKey = BENS, amount: int = 10) -> Transfer:
    """Return a transfer of Anna's."""
    return Transfer(unit, key(ANNA), target, amount)


def burning(unit: RecordId = MONEY, owner: int = ANNA, amount: int = 10) -> Burn:
    """Return a burn."""
    return Burn(unit, key(owner), amount, "by mistake")


DEFINE: list[Row] = [
    (definition(), [DEFINER], accepted),
    (definition(issuers=(key(STRANGER),)), [DEFINER], accepted),
    (definition(), [STRANGER], SignerIsNotAssetIssuer),
    (definition(), [ISSUER], SignerIsNotAssetIssuer),
    (definition(issuers=(key(ISSUER), key(ISSUER))), [DEFINER], IssuerNamedTwice),
    (definition(issuers=(BAD_KEY,)), [DEFINER], OwnerIsNoKey),
    (definition(issuers=(VAULT,)), [DEFINER], OwnerIsNoKey),
    (definition("no name"), [DEFINER], UnknownCommand),
    (definition(issuers=()), [DEFINER], UnknownCommand),
]

MINT: list[Row] = [
    (minting(MONEY), [ISSUER], accepted),
    (minting(MONEY), [OTHER_ISSUER], accepted),
    (minting(MONEY, evidence="R1"), [ISSUER], accepted),
    (minting(MONEY, owner=VAULT), [ISSUER], accepted),
    (minting(MONEY, owner=None, evidence="R9", claim=CLAIM), [ISSUER], accepted),
    (minting(TOKEN, evidence="R3"), [ISSUER], accepted),
    (minting(SHORT, amount=10), [ISSUER], accepted),
    (minting(UNKNOWN), [ISSUER], AssetNotFound),
    (minting(R1), [ISSUER], AssetNotFound),
    (minting(MONEY), [STRANGER], SignerIsNotIssuer),
    (minting(MONEY), [DEFINER], SignerIsNotIssuer),
    (minting(TOKEN, evidence="R1"), [ANNA], SignerIsNotIssuer),
    (minting(MONEY, owner=BAD_KEY), [ISSUER], OwnerIsNoKey),
    (minting(MONEY, amount=0), [ISSUER], AmountIsZero),
    (minting(TOKEN), [ISSUER], EvidenceMissing),
    (minting(MONEY, owner=None, claim=CLAIM), [ISSUER], EvidenceMissing),
    (minting(MONEY, owner=None, evidence="R9"), [ISSUER], OwnerAndClaim),
    (minting(MONEY, evidence="R9", claim=CLAIM), [ISSUER], OwnerAndClaim),
    (minting(TOKEN, evidence="R1"), [ISSUER], EvidenceUsed),
    (minting(TOKEN, evidence="R1", nonce=7, amount=3), [OTHER_ISSUER], EvidenceUsed),
    (minting(TOKEN, evidence="R2"), [ISSUER], EvidenceUsed),
    (minting(SHORT, amount=11), [ISSUER], SupplyCapExceeded),
    (minting(MONEY, amount=AMOUNT_MAX), [ISSUER], SupplyCapExceeded),
    (minting(MONEY, amount=AMOUNT_MAX + 1), [ISSUER], UnknownCommand),
    (minting(MONEY, amount=-1), [ISSUER], UnknownCommand),
    (minting(MONEY, nonce=-1), [ISSUER], UnknownCommand),
    (minting(MONEY, evidence="R" * 65), [ISSUER], UnknownCommand),
]

BURN: list[Row] = [
    (burning(), [ANNA], accepted),
    (burning(), [ISSUER], accepted),
    (burning(amount=50), [ANNA], accepted),
    (burning(R1), [ANNA], accepted),
    (burning(STAMP, amount=5), [ISSUER], accepted),
    (burning(UNKNOWN), [ANNA], AssetNotFound),
    (burning(), [STRANGER], SignerMayNotBurn),
    (burning(R1), [ISSUER], SignerMayNotBurn),
    (burning(STAMP, amount=5), [ANNA], SignerMayNotBurn),
    (Burn(MONEY, VAULT, 1, "by mistake"), [STRANGER], SignerMayNotBurn),
    (Burn(MONEY, VAULT, 1, "by mistake"), [ISSUER], VaultIsNotBurned),
    (Burn(R2, waiting_room(R2), 1, "by mistake"), [ISSUER], SignerMayNotBurn),
    (burning(amount=0), [ANNA], AmountIsZero),
    (burning(amount=51), [ANNA], NotEnough),
    (burning(owner=BEN), [ISSUER], NotEnough),
    (burning(R1, amount=11), [ANNA], NotEnough),
]

TRANSFER: list[Row] = [
    (moving(), [ANNA], accepted),
    (moving(target=key(ANNA)), [ANNA], accepted),
    (moving(target=VAULT), [ANNA], accepted),
    (moving(R1), [ANNA], accepted),
    (moving(UNKNOWN), [ANNA], AssetNotFound),
    (moving(TOKEN), [ANNA], NotEnough),
    (moving(), [BEN], SignerIsNotOwner),
    (moving(), [ISSUER], SignerIsNotOwner),
    (moving(target=BAD_KEY), [ANNA], OwnerIsNoKey),
    (moving(amount=0), [ANNA], AmountIsZero),
    (moving(STAMP, amount=1), [ANNA], NotTransferable),
    (moving(amount=51), [ANNA], NotEnough),
    (Transfer(MONEY, key(BEN), key(ANNA), 1), [BEN], NotEnough),
]

CLAIMING: list[Row] = [
    (Claim(R2, key(BEN), PROOF), [BEN], accepted),
    (Claim(R2, key(BEN), PROOF), [BEN, STRANGER], accepted),
    (Claim(UNKNOWN, key(BEN), PROOF), [BEN], AssetNotFound),
    (Claim(TOKEN, key(BEN), PROOF), [BEN], AssetNotFound),
    (Claim(R2, key(BEN), PROOF), [STRANGER], SignerIsNotOwner),
    (Claim(R1, key(BEN), PROOF), [BEN], NothingToClaim),
    (Claim(R2, key(STRANGER), PROOF), [STRANGER], ProofIsWrong),
    (Claim(R2, key(BEN), bytes(32)), [BEN], ProofIsWrong),
    (Claim(R2, key(BEN), PROOF[1:]), [BEN], UnknownCommand),
]


@pytest.mark.parametrize(
    ("command", "signers", "verdict"), [*DEFINE, *MINT, *BURN, *TRANSFER, *CLAIMING]
)
def test_each_command(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    assert verdict == cast().execute(command, signers=signers)


@pytest.mark.parametrize(("time", "verdict"), [(LATER - 1, accepted), (LATER, MintingHasEnded)])
def test_minting_ends_at_a_time(time: int, verdict: Verdict) -> None:
    """What is minted before the last moment is; at that moment nothing is any more."""
    trial = cast()
    assert verdict == trial.execute(minting(SHORT, amount=1), signers=[ISSUER], time=time)


def test_what_a_mint_leaves() -> None:
    """The token has the fields that a registry expects, and they are fixed."""
    trial = cast()
    do(trial, minting(TOKEN, owner=BEN, amount=1_500, evidence="R7", nonce=42), OTHER_ISSUER)
    expected = Series(
        asset=TOKEN,
        project_id="aegis",
        reading_id="R7",
        kwh=1_500,
        owner=key(BEN),
        minted_at=NOW,
        nonce=42,
        signer_key_hash=key_hash(key(OTHER_ISSUER)),
        claim=None,
    )
    assert expected == trial.read(Series, series_id(TOKEN, "R7"))
    assert (1_500, 0) == balance(trial, series_id(TOKEN, "R7"), BEN)


@pytest.mark.parametrize("kind", list(Kind))
def test_one_mint_per_evidence_for_ever(kind: Kind) -> None:
    """Not even burning what was minted makes its evidence free again."""
    trial = cast()
    unit = defined(trial, definition("again", kind=kind))
    do(trial, minting(unit, evidence="E", amount=10), ISSUER)
    burnt = series_id(unit, "E") if kind is Kind.SERIAL else unit
    do(trial, burning(burnt), ANNA)
    again = minting(unit, evidence="E", nonce=9)
    assert trial.execute(again, signers=[ISSUER]) == EvidenceUsed
    assert (10, 10) == supply(trial, unit)


def test_what_waits_is_claimed_once() -> None:
    """It lies in a vault of its own until its claimer comes."""
    trial = cast()
    assert (10, 0) == balance(trial, R2, waiting_room(R2))
    do(trial, Claim(R2, key(BEN), PROOF), BEN)
    assert ((0, 0), (10, 0)) == (balance(trial, R2, waiting_room(R2)), balance(trial, R2, BEN))
    assert trial.execute(Claim(R2, key(BEN), PROOF), signers=[BEN]) == NothingToClaim


def test_a_fungible_mint_waits_too() -> None:
    """Its claimer gets units of the class."""
    trial = cast()
    do(trial, minting(MONEY, owner=None, evidence="gift", claim=CLAIM), ISSUER)
    do(trial, Claim(series_id(MONEY, "gift"), key(BEN), PROOF), BEN)
    assert (10, 0) == balance(trial, MONEY, BEN)


def test_what_stays_where_it_is_minted_is_claimed_too() -> None:
    """A claim ends a mint; from then on nobody passes it on."""
    trial = cast()
    do(trial, minting(STAMP, owner=None, evidence="gift", claim=CLAIM), ISSUER)
    do(trial, Claim(series_id(STAMP, "gift"), key(BEN), PROOF), BEN)
    onward = Transfer(STAMP, key(BEN), key(ANNA), 1)
    assert NotTransferable == trial.execute(onward, signers=[BEN])
    assert (10, 0) == balance(trial, STAMP, BEN)


def test_what_a_contract_keeps_is_not_burned() -> None:
    """Neither what others paid into its vault nor what waits for a claimer, by any issuer."""
    trial = cast()
    do(trial, moving(target=VAULT), ANNA)
    do(trial, minting(MONEY, owner=None, evidence="gift", claim=CLAIM), ISSUER)
    for owner in (VAULT, waiting_room(series_id(MONEY, "gift"))):
        command = Burn(MONEY, owner, 10, "by mistake")
        assert VaultIsNotBurned == trial.execute(command, signers=[ISSUER])
        assert (10, 0) == balance(trial, MONEY, owner)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_replays_are_refused_in_any_order(order: tuple[int, ...]) -> None:
    """Of attempts with different nonces the first to arrive counts, highest or lowest."""
    trial = cast()
    attempts = [minting(TOKEN, evidence="R5", nonce=nonce) for nonce in order]
    verdicts = [trial.execute(each, signers=[ISSUER]) for each in attempts]
    assert [accepted, EvidenceUsed, EvidenceUsed] == verdicts
    minted = trial.read(Series, series_id(TOKEN, "R5"))
    assert minted is not None
    assert order[0] == minted.nonce


def test_one_transaction_cannot_mint_a_reading_twice() -> None:
    """And then nothing of it takes effect."""
    trial = cast()
    twice = [minting(TOKEN, evidence="R5", nonce=nonce) for nonce in (0, 1)]
    assert EvidenceUsed == trial.execute(twice, signers=[ISSUER])
    assert trial.read(Series, series_id(TOKEN, "R5")) is None


def test_nothing_ever_overflows() -> None:
    """Not even what was burned makes room for more than an amount can say."""
    trial = cast()
    unit = defined(trial, definition("full"))
    do(trial, minting(unit, amount=AMOUNT_MAX), ISSUER)
    do(trial, burning(unit, amount=AMOUNT_MAX), ANNA)
    assert SupplyCapExceeded == trial.execute(minting(unit, amount=1), signers=[ISSUER])


def test_burning_makes_room_under_the_cap() -> None:
    """The cap is on what exists."""
    trial = cast()
    do(trial, burning(SHORT, amount=5), ANNA)
    do(trial, minting(SHORT, amount=15), ISSUER)
    assert trial.execute(minting(SHORT, amount=1), signers=[ISSUER]) == SupplyCapExceeded
    assert (55, 5) == supply(trial, SHORT)


def test_passing_on_to_oneself_changes_nothing() -> None:
    """Neither less nor more."""
    trial = cast()
    do(trial, moving(target=key(ANNA)), ANNA)
    assert (50, 50) == balance(trial, MONEY, ANNA)
