"""All keys from one seed, signing without showing them, and finding them again."""

import json
from pathlib import Path

import pytest

from tallystick.base.derivation import (
    GAP_MAX,
    HARDENED,
    child_public_keys,
    derive_path,
    master_from_seed,
    parse_public,
)
from tallystick.base.identifiers import LedgerId, PublicKey
from tallystick.base.signatures import public_key
from tallystick.client import wallet as wallet_module
from tallystick.client.wallet import FoundMeasurement, UnknownKey, Wallet, WalletUnusable
from tallystick.client.wallet_file import MeterPeriod
from tallystick.contracts.certificate.commands import Issue, Transfer
from tallystick.contracts.certificate.model import TRANSFER, Certificate, child_id
from tallystick.contracts.identity.model import Role
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id
from tallystick.core.check import verify
from tests.client.village import BEGIN, ISSUER, PUBLISHER, QUARTER, SECTOR, SOLAR, Village

SEED = bytes(range(32))
LEDGER = LedgerId(b"\x80" + bytes(31))
DAY = 86_400
PASSPHRASE = b"thirty-two random bytes, or so .."
VECTORS = Path(__file__).parent.parent / "vectors" / "wallet.json"


@pytest.fixture
def wallet(tmp_path: Path) -> Wallet:
    """A wallet of a known seed, quick to open."""
    return Wallet.create(tmp_path / "wallet", PASSPHRASE, ledger=LEDGER, seed=SEED, work_bits=1)


def test_keys_follow_the_documented_paths(wallet: Wallet) -> None:
    """Anybody can derive the same keys from the seed with BIP32."""
    master = master_from_seed(SEED)

    def at(*path: int) -> PublicKey:
        return public_key(derive_path(master, path).secret)

    purpose, ledger = 0x54414C4C + HARDENED, (0x80000000 >> 1) + HARDENED
    assert at(purpose, ledger, 7 + HARDENED, BEGIN // 60) == wallet.measurement_keys(7, [BEGIN])[0]
    assert at(purpose, ledger, 2**31 - 1 + HARDENED, 5) == wallet.receive_key(5)
    roles = 0x524F4C45 + HARDENED
    for number, role in enumerate((Role.REGISTRAR, Role.ISSUING_BODY, Role.PUBLISHER)):
        assert at(roles, number + HARDENED, 0 + HARDENED) == wallet.role_key(role)
        assert at(roles, number + HARDENED, 9 + HARDENED) == wallet.role_key(role, 9)
    assert at(0x50455253 + HARDENED, 3 + HARDENED) == wallet.person_key(3)
    with pytest.raises(ValueError, match="n: -1 is not between"):
        wallet.person_key(-1)


def test_keys_are_those_of_the_vectors(wallet: Wallet) -> None:
    """Other languages are held to the same keys."""
    vectors = json.loads(VECTORS.read_text())
    assert vectors["seed"] == SEED.hex()
    assert vectors["ledger"] == LEDGER.hex()
    for each in vectors["measurement_keys"]:
        assert [each["key"]] == [
            key.hex() for key in wallet.measurement_keys(each["meter"], [each["begin"]])
        ]
    assert vectors["receive_keys"] == [wallet.receive_key(n).hex() for n in range(3)]
    assert vectors["role_keys"] == {role.value: wallet.role_key(role).hex() for role in Role}
    assert vectors["person_keys"] == [wallet.person_key(n).hex() for n in range(3)]
    assert vectors["meter_xpub"] == wallet.meter_xpub(0)


def test_every_role_has_a_path() -> None:
    """A role without one would leave its keys to chance."""
    assert set(Role) == set(wallet_module.ROLE_NUMBERS)


def test_a_publisher_derives_owner_keys_from_one_meter_only(wallet: Wallet) -> None:
    """The extended public key of a meter gives its keys, and no other meter's."""
    extended = parse_public(wallet.meter_xpub(3))
    minutes = [BEGIN // 60, BEGIN // 60 + 15]
    assert child_public_keys(extended, minutes) == wallet.measurement_keys(
        3, [BEGIN, BEGIN + QUARTER]
    )
    assert child_public_keys(extended, minutes) != wallet.measurement_keys(
        4, [BEGIN, BEGIN + QUARTER]
    )
    assert 3 == extended.depth


def test_nothing_shows_a_secret(wallet: Wallet) -> None:
    """Neither representation nor anything public of a wallet holds seed or secrets."""
    wallet.next_receive_key()
    shown = f"{wallet} {wallet!r} {vars(wallet)}"
    master = derive_path(master_from_seed(SEED), ())
    for secret in (SEED, master.secret, master.chain_code, PASSPHRASE):
        assert secret.hex() not in shown
        assert repr(secret)[2:-1] not in shown
    public = [name for name in dir(Wallet) if not name.startswith("_")]
    assert [] == [name for name in public if "secret" in name or "seed" in name]


def test_receiving_keys_are_given_out_once(wallet: Wallet, tmp_path: Path) -> None:
    """Also after the wallet was opened again."""
    first = wallet.next_receive_keys(2)
    again = Wallet.open(tmp_path / "wallet", PASSPHRASE)
    second = [again.next_receive_key(), again.next_receive_key()]
    assert [wallet.receive_key(n) for n in range(4)] == [*first, *second]
    assert 4 == again.received


def test_a_wallet_is_for_one_ledger(tmp_path: Path) -> None:
    """It may be told late, but only once; until then there are role keys only."""
    path = tmp_path / "wallet"
    wallet = Wallet.create(path, PASSPHRASE, work_bits=1)
    assert wallet.ledger is None
    assert wallet.knows(wallet.role_key(Role.ISSUING_BODY))
    for call in (wallet.next_receive_key, lambda: wallet.meter_xpub(0)):
        with pytest.raises(WalletUnusable, match="bind it first"):
            call()
    wallet.bind(LEDGER)
    wallet.bind(LEDGER)
    assert LEDGER == Wallet.open(path, PASSPHRASE).ledger
    with pytest.raises(WalletUnusable, match="make another wallet"):
        wallet.bind(LedgerId(bytes(32)))


def test_seeds_are_random_unless_given(tmp_path: Path) -> None:
    """Two wallets share no key; a seed of another length is refused."""
    one, two = (Wallet.create(tmp_path / name, PASSPHRASE, work_bits=1) for name in "ab")
    assert one.role_key(Role.REGISTRAR) != two.role_key(Role.REGISTRAR)
    with pytest.raises(WalletUnusable, match="expected 32 bytes, found 16"):
        Wallet.create(tmp_path / "c", PASSPHRASE, seed=bytes(16))


def test_a_sibling_has_the_same_seed_for_another_ledger(wallet: Wallet, tmp_path: Path) -> None:
    """Roles and persons have the same keys there, receiving keys others; each binds for itself."""
    sibling = wallet.sibling(tmp_path / "sibling", PASSPHRASE, work_bits=1)
    assert sibling.ledger is None
    sibling.bind(LedgerId(bytes(32)))
    for n in (0, 3):
        assert wallet.person_key(n) == sibling.person_key(n)
        assert wallet.role_key(Role.EMPLOYEE, n) == sibling.role_key(Role.EMPLOYEE, n)
        assert wallet.receive_key(n) != sibling.receive_key(n)
    again = Wallet.open(tmp_path / "sibling", PASSPHRASE)
    assert again.knows(wallet.person_key(0))
    with pytest.raises(WalletUnusable, match="it exists already"):
        wallet.sibling(tmp_path / "sibling", PASSPHRASE, work_bits=1)


def test_meters_are_remembered(wallet: Wallet, tmp_path: Path) -> None:
    """A period is widened by what is added, and kept."""
    wallet.record_meter(2, begin=BEGIN, end=BEGIN + DAY, interval_seconds=QUARTER)
    wallet.record_meter(1, begin=BEGIN, end=BEGIN + 3_600, interval_seconds=3_600)
    wider = wallet.record_meter(2, begin=BEGIN - DAY, end=BEGIN, interval_seconds=QUARTER)
    assert MeterPeriod(2, BEGIN - DAY, BEGIN + DAY, QUARTER) == wider
    again = Wallet.open(tmp_path / "wallet", PASSPHRASE)
    assert (MeterPeriod(1, BEGIN, BEGIN + 3_600, 3_600), wider) == again.meters == wallet.meters


@pytest.mark.parametrize(
    ("begin", "end", "interval_seconds", "problem"),
    [
        (BEGIN, BEGIN, QUARTER, "whole number of intervals"),
        (BEGIN, BEGIN + 901, QUARTER, "whole number of intervals"),
        (BEGIN + 1, BEGIN + 901, QUARTER, "multiple of the interval"),
        (BEGIN, BEGIN + 3_600, 1_000, "whole minutes"),
        (BEGIN, BEGIN + 3_600, 3_600, "give it another number"),
    ],
)
def test_impossible_periods_are_refused(
    wallet: Wallet, begin: int, end: int, interval_seconds: int, problem: str
) -> None:
    """A period is whole intervals of the meter's one length."""
    wallet.record_meter(0, begin=BEGIN, end=BEGIN + DAY, interval_seconds=QUARTER)
    with pytest.raises(ValueError, match=problem):
        wallet.record_meter(0, begin=begin, end=end, interval_seconds=interval_seconds)
    assert (MeterPeriod(0, BEGIN, BEGIN + DAY, QUARTER),) == wallet.meters


def test_a_wallet_signs_for_all_keys_that_it_remembers(wallet: Wallet, tmp_path: Path) -> None:
    """Opened again, it finds the secret of each of its keys by what it has recorded."""
    wallet.record_meter(5, begin=BEGIN, end=BEGIN + DAY, interval_seconds=QUARTER)
    keys = [
        wallet.role_key(Role.PUBLISHER),
        wallet.next_receive_key(),
        wallet.receive_key(GAP_MAX),
        *wallet.measurement_keys(5, [BEGIN, BEGIN + DAY - QUARTER]),
    ]
    again = Wallet.open(tmp_path / "wallet", PASSPHRASE)
    assert [True] * len(keys) == [again.knows(key) for key in keys]
    raw = Wallet.open(tmp_path / "wallet", PASSPHRASE).sign([reading()], keys, expiry=1)
    verify(raw, LEDGER)
    outside = wallet.measurement_keys(5, [BEGIN + DAY])[0]
    for unknown in (outside, wallet.receive_key(GAP_MAX + 1), public_key(b"\x01" * 32)):
        assert not again.knows(unknown)
        with pytest.raises(UnknownKey, match="is not a key of this wallet"):
            again.sign([reading()], [unknown], expiry=1)


def test_what_was_derived_in_this_session_is_known(wallet: Wallet) -> None:
    """A meter's key can be signed with as soon as it was asked for, recorded or not."""
    (key,) = wallet.measurement_keys(9, [BEGIN])
    assert wallet.knows(key)


def reading() -> Publish:
    """Return any command."""
    return Publish(
        owner=PublicKey(b"\x02" * 33),
        begin=BEGIN,
        end=BEGIN + QUARTER,
        sector=SECTOR,
        kind=Kind.CONSUMPTION,
        amount=1,
        quality=Quality.MEASURED,
    )


def test_a_wallet_moves_what_is_its_own(tmp_path: Path) -> None:
    """From meter to receiving key, signed inside the wallet."""
    village = Village()
    wallet = Wallet.create(tmp_path / "w", PASSPHRASE, ledger=village.id, work_bits=1)
    (owner,) = wallet.measurement_keys(0, [BEGIN])
    production = Publish(
        owner=owner,
        begin=BEGIN,
        end=BEGIN + QUARTER,
        sector=SECTOR,
        kind=Kind.PRODUCTION,
        amount=1_000,
        quality=Quality.MEASURED,
    )
    village.must(production, PUBLISHER)
    id = measurement_id(owner, BEGIN)
    village.must(Issue(id, *SOLAR), ISSUER)
    target = wallet.next_receive_key()
    village.ledger.send(Transfer(id, target, None), wallet=wallet, keys=[owner])
    moved = village.node.state.read(Certificate, child_id(id, TRANSFER, 0))
    assert moved is not None
    assert target == moved.owner


def test_recovery_walks_periods_and_the_gap(tmp_path: Path) -> None:
    """From the seed and the meters' periods, everything is found again."""
    wallet = Wallet.create(tmp_path / "w", PASSPHRASE, ledger=LEDGER, seed=SEED, work_bits=1)
    wallet.record_meter(1, begin=BEGIN, end=BEGIN + DAY, interval_seconds=QUARTER)
    wallet.record_meter(2, begin=BEGIN, end=BEGIN + 2 * QUARTER, interval_seconds=QUARTER)
    on_ledger = {
        measurement_id(wallet.measurement_keys(meter, [begin])[0], begin): (meter, begin)
        for meter, begin in [(1, BEGIN), (1, BEGIN + DAY - QUARTER), (2, BEGIN + QUARTER)]
    }
    used = {wallet.receive_key(n) for n in (0, 99, 199)}
    asked: list[PublicKey] = []

    def received(key: PublicKey) -> bool:
        asked.append(key)
        return key in used

    found = wallet.recover(measured=on_ledger.__contains__, received=received)
    assert [FoundMeasurement(*place, id) for id, place in on_ledger.items()] == found
    assert (200, 300) == (wallet.received, len(asked))
    assert 200 == Wallet.open(tmp_path / "w", PASSPHRASE).received


def test_recovery_stops_at_the_gap(wallet: Wallet) -> None:
    """A key beyond the gap limit is not found, and nothing given out is forgotten."""
    far = wallet.receive_key(GAP_MAX)
    assert [] == wallet.recover(measured=lambda _: False, received=lambda key: key == far)
    assert 0 == wallet.received
    wallet.next_receive_keys(3)
    wallet.recover(measured=lambda _: False, received=lambda _: False)
    assert 3 == wallet.received
