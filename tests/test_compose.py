"""Everything joined: ledgers that are made, opened, closed, audited and carried elsewhere."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

import tallystick
from tallystick import compose
from tallystick.base.sealing import CannotUnseal
from tallystick.client.ledger import Ledger
from tallystick.contracts.identity.model import Role
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality
from tallystick.core.errors import Unavailable
from tallystick.store.errors import LedgerInUse

BEGIN = 1_467_374_400


def publish(ledger: Ledger, folder: Path, *, amount: int = 5) -> None:
    """Publish one measurement with the ledger's own publisher."""
    wallet = compose.open_wallet(folder, ledger.id)
    owner = wallet.next_receive_key()
    command = Publish(
        owner, BEGIN, BEGIN + 900, "village", Kind.CONSUMPTION, amount, Quality.MEASURED
    )
    ledger.send(command, wallet=wallet, keys=[wallet.role_key(Role.PUBLISHER)])


def test_a_new_folder_becomes_a_ledger(tmp_path: Path) -> None:
    """Nothing needs to be given: the ledger has a wallet with the keys that its genesis names."""
    folder = tmp_path / "ledger"
    with tallystick.open_ledger(folder) as ledger:
        publish(ledger, folder)
        before = ledger.status()
    with tallystick.open_ledger(str(folder)) as ledger:
        assert ledger.status() == before
    assert compose.audit(folder).problems == ()


def test_secrets_are_private_files(tmp_path: Path) -> None:
    """Wallet and checkpoint key are for their owner's eyes."""
    folder = tmp_path / "ledger"
    tallystick.open_ledger(folder).close()
    for name in ("wallet", "checkpoint-key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_another_genesis_is_refused(tmp_path: Path) -> None:
    """A folder holds the ledger that it was founded with."""
    tallystick.open_ledger(tmp_path / "one").close()
    with tallystick.open_ledger(tmp_path / "two") as other:
        genesis = other.node.genesis
    with pytest.raises(ValueError, match="founded otherwise"):
        tallystick.open_ledger(tmp_path / "one", genesis=genesis)
    tallystick.open_ledger(tmp_path / "one").close()


def test_one_process_opens_a_ledger_once(tmp_path: Path) -> None:
    """A second opening is refused and does not disturb the first."""
    with tallystick.open_ledger(tmp_path / "ledger") as ledger:
        with pytest.raises(LedgerInUse):
            tallystick.open_ledger(tmp_path / "ledger")
        publish(ledger, tmp_path / "ledger")


def test_a_wrong_passphrase_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger does not open, says why, and opens with the right one afterwards."""
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "horse")
    tallystick.open_ledger(tmp_path / "ledger").close()
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "cow")
    with pytest.raises(CannotUnseal, match="passphrase"):
        tallystick.open_ledger(tmp_path / "ledger")
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "horse")
    tallystick.open_ledger(tmp_path / "ledger").close()


def test_the_read_model_follows(tmp_path: Path) -> None:
    """Rows are there after the first reading, and again after the file was deleted."""
    folder, file = tmp_path / "ledger", tmp_path / "index.sqlite"
    with tallystick.open_ledger(folder) as ledger:
        publish(ledger, folder, amount=7)
        for _ in range(2):
            rows = list(compose.read_model(ledger, file)("measurement_totals"))
            assert [row["amount"] for row in rows] == [7]
            file.unlink()


def test_a_snapshot_begins_a_ledger_elsewhere(tmp_path: Path) -> None:
    """The restored ledger has the same state root and goes on from there."""
    folder, copy = tmp_path / "ledger", tmp_path / "copy"
    with tallystick.open_ledger(folder) as ledger:
        publish(ledger, folder)
        before = ledger.status()
    manifest = compose.write_ledger_snapshot(folder, tmp_path / "snapshot")
    assert manifest.header.height == before.height
    compose.verify_ledger_snapshot(
        tmp_path / "snapshot", ledger=before.ledger, state_root=before.state_root
    )
    compose.restore_ledger_snapshot(
        tmp_path / "snapshot", copy, ledger=before.ledger, state_root=before.state_root
    )
    with tallystick.open_ledger(copy) as restored:
        after = restored.status()
        assert (after.height, after.state_root) == (before.height, before.state_root)
        with pytest.raises(LookupError):
            restored.node.block(0)


def test_steps_end_at_one() -> None:
    """However progress is reported, the bar's steps add up."""
    seen: list[float] = []
    report = compose.steps(seen.append)
    for done in (1, 2, 5):
        report(done, 5)
    assert sum(seen) == pytest.approx(1)


def test_importing_is_light() -> None:
    """`import tallystick` loads none of what a ledger needs."""
    code = (
        "import sys, tallystick; "
        "heavy = {'lmdb', 'sqlalchemy', 'rich', 'cryptography', 'msgspec'} & set(sys.modules); "
        "print(sorted(heavy)); tallystick.open_ledger"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_unknown_name_is_an_attribute_error() -> None:
    """The lazy package has no other lazy names."""
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = tallystick.nothing_such


def test_a_missing_genesis_is_not_made_up(tmp_path: Path) -> None:
    """A folder with blocks but no genesis is somebody's ledger, not a new one."""
    folder = tmp_path / "ledger"
    tallystick.open_ledger(folder).close()
    (folder / "genesis").unlink()
    with pytest.raises(Unavailable, match="no genesis"):
        tallystick.open_ledger(folder)
