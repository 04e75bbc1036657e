"""Everything joined: ledgers that are made, opened, closed, audited and carried elsewhere."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import tallystick
from tallystick import compose
from tallystick.base.encoding import Malformed, decode
from tallystick.base.sealing import CannotUnseal
from tallystick.client.ledger import Ledger
from tallystick.config import Configuration
from tallystick.contracts.identity.model import Role
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality
from tallystick.core import transition
from tallystick.core.check import parse
from tallystick.core.errors import BugInRule, Damaged, Unavailable
from tallystick.store.errors import LedgerInUse
from tallystick.store.secret import read_secret

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


def test_a_genesis_that_cannot_be_opened_is_not_written(tmp_path: Path) -> None:
    """Neither one that is given nor one that would be made: the folder stays as it was."""
    for name, sectors, seconds in (("", ["s"], [900]), ("n", ["s" * 99], [900]), ("n", ["s"], [7])):
        with pytest.raises(Malformed):
            compose.create_ledger(
                tmp_path / "new", name=name, sectors=sectors, interval_seconds=seconds
            )
    with tallystick.open_ledger(tmp_path / "old") as ledger:
        bad = msgspec.structs.replace(ledger.node.genesis, name="No Name")
    with pytest.raises(Malformed, match=r"Genesis\.name"):
        tallystick.open_ledger(tmp_path / "new", genesis=bad)
    assert not (tmp_path / "new").exists()


def test_the_clock_is_the_callers(tmp_path: Path) -> None:
    """Given one, the ledger knows no other time, from its genesis on."""
    now = 1_000 * (BEGIN + 86_400)
    with tallystick.open_ledger(tmp_path / "ledger", clock=lambda: now) as ledger:
        assert ledger.status().time == now
        publish(ledger, tmp_path / "ledger")
        assert ledger.status().time == now + 1


def test_a_state_in_memory_is_replayed(tmp_path: Path) -> None:
    """Where nothing but the journal is kept, opening leads to the same root."""
    memory = Configuration(state="memory")
    with compose.open_ledger(tmp_path / "ledger", configuration=memory) as ledger:
        publish(ledger, tmp_path / "ledger")
        before = ledger.status().state_root
    assert not (tmp_path / "ledger" / "state" / "data.mdb").exists()
    with compose.open_ledger(tmp_path / "ledger", configuration=memory) as ledger:
        assert ledger.status().state_root == before


def test_secrets_show_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in what is printed of the objects that hold them, nor in logs, nor in the folder."""
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "correct horse")
    caplog.set_level(0)
    folder = tmp_path / "ledger"
    with tallystick.open_ledger(folder) as ledger:
        publish(ledger, folder)
        wallet = compose.open_wallet(folder, ledger.id)
        key = read_secret(
            folder / "checkpoint-key", compose.passphrase(), purpose=compose.CHECKPOINT_PURPOSE
        )
        seed = wallet._content.seed
        printed = repr([ledger, vars(ledger), wallet, vars(wallet), compose.passphrase()])
    for secret in (key.hex(), seed.hex(), repr(key)[2:-1], repr(seed)[2:-1], "correct horse"):
        assert secret not in printed + caplog.text
    stored = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for hidden in (key, seed, b"correct horse"):
        assert hidden not in stored


def test_what_meets_a_bug_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes and the trace are kept for us, and the ledger goes on without it."""
    folder = tmp_path / "ledger"
    with tallystick.open_ledger(folder) as ledger:
        with monkeypatch.context() as patch:
            patch.setattr(transition, "run", broken_run)
            with pytest.raises(BugInRule, match="set aside"):
                publish(ledger, folder)
        publish(ledger, folder)
    raw, trace = sorted(
        (folder / "set-aside").iterdir(), key=lambda path: path.suffix, reverse=True
    )
    assert "ZeroDivisionError: a bug" in trace.read_text()
    (command,) = parse(raw.read_bytes()).commands
    assert decode(command, Publish).amount == 5
    assert compose.audit(folder).problems == ()


def broken_run(_candidate: object, _transaction: object) -> None:
    """Behave like a rule with a bug."""
    raise ZeroDivisionError("a bug")


def test_a_checkpoint_that_was_overwritten_is_damage(tmp_path: Path) -> None:
    """What was signed last is what blocks are held against, so it is not passed over."""
    folder = tmp_path / "ledger"
    with tallystick.open_ledger(folder) as ledger:
        ledger.node.checkpoint()
    for name, opens in (("checkpoint", compose.audit), ("checkpoint-height", compose.open_ledger)):
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes(b"noise")
        with pytest.raises(Damaged, match=f"{name} is no .*put the file back; or remove it"):
            opens(folder)
        (folder / name).write_bytes(kept)
    assert compose.audit(folder).problems == ()


def test_blocks_that_were_signed_for_and_are_gone_are_noticed(tmp_path: Path) -> None:
    """A journal that ends below its own checkpoint is not a ledger that never went further."""
    folder, copy = tmp_path / "ledger", tmp_path / "copy"
    tallystick.open_ledger(folder).close()
    shutil.copytree(folder, copy)
    with tallystick.open_ledger(folder) as ledger:
        publish(ledger, folder)
        ledger.node.checkpoint()
    for name in ("checkpoint", "checkpoint-height"):
        shutil.copy(folder / name, copy / name)
    with pytest.raises(Damaged):
        tallystick.open_ledger(copy)
