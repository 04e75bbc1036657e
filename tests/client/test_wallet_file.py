"""A wallet's file opens with its passphrase only, and is there whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from tallystick.base.encoding import decode, encode
from tallystick.base.identifiers import LedgerId
from tallystick.base.sealing import WORK_BITS, Sealed, seal
from tallystick.client.wallet_file import (
    PURPOSE,
    MeterPeriod,
    WalletContent,
    WalletFile,
    WalletUnusable,
)

KEY = b"k" * 32
CONTENT = WalletContent(
    seed=bytes(range(32)),
    ledger=LedgerId(bytes(32)),
    meters=(MeterPeriod(meter=0, begin=0, end=900, interval_seconds=900),),
    receive_next=7,
)


def quick(path: Path, passphrase: str | bytes = KEY) -> WalletFile:
    """Return a file that needs no stretching."""
    return WalletFile(path, passphrase, work_bits=1)


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    """After creating and after replacing."""
    path = tmp_path / "wallet"
    file = quick(path)
    file.create(CONTENT)
    assert CONTENT == quick(path).read()
    other = WalletContent(seed=CONTENT.seed, ledger=None, meters=(), receive_next=8)
    file.replace(other)
    assert other == quick(path).read()
    assert ["wallet"] == names(tmp_path)


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """Whatever the process's mask, also after it was replaced."""
    path = tmp_path / "wallet"
    before = os.umask(0)
    try:
        file = quick(path)
        file.create(CONTENT)
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)
        file.replace(CONTENT)
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    finally:
        os.umask(before)


def test_a_wrong_passphrase_is_a_clear_error(tmp_path: Path) -> None:
    """It says what may be wrong, and nothing of the content."""
    path = tmp_path / "wallet"
    quick(path).create(CONTENT)
    with pytest.raises(WalletUnusable, match="passphrase is wrong or the file was changed"):
        quick(path, b"j" * 32).read()


def test_a_typed_passphrase_is_stretched(tmp_path: Path) -> None:
    """Whatever is asked for, no less than by default; composed and decomposed letters agree."""
    path = tmp_path / "wallet"
    WalletFile(path, "Se\u0301same, ouvre-toi", work_bits=1).create(CONTENT)
    sealed = decode(path.read_bytes(), Sealed)
    assert WORK_BITS == sealed.work_bits
    assert WORK_BITS >= 15
    file = WalletFile(path, "S\u00e9same, ouvre-toi")
    assert CONTENT == file.read()


def test_the_cost_of_a_file_is_kept(tmp_path: Path) -> None:
    """Opening with the default and replacing does not change how much stretching there is."""
    path = tmp_path / "wallet"
    quick(path).create(CONTENT)
    file = WalletFile(path, KEY)
    file.replace(file.read())
    assert 1 == decode(path.read_bytes(), Sealed).work_bits


def test_neither_salt_nor_nonce_is_used_twice(tmp_path: Path) -> None:
    """Every time the file is written it is sealed afresh."""
    path = tmp_path / "wallet"
    file = quick(path)
    file.create(CONTENT)
    seen = set()
    for _ in range(5):
        sealed = decode(path.read_bytes(), Sealed)
        seen |= {sealed.salt, sealed.nonce}
        file.replace(CONTENT)
    assert 10 == len(seen)
    assert CONTENT.seed not in path.read_bytes()


def test_a_file_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    """Making a wallet where one is leaves it as it is."""
    path = tmp_path / "wallet"
    quick(path).create(CONTENT)
    before = path.read_bytes()
    with pytest.raises(WalletUnusable, match="it exists already"):
        quick(path).create(CONTENT)
    assert before == path.read_bytes()


def test_what_another_program_wrote_is_not_overwritten(tmp_path: Path) -> None:
    """Two that opened one file do not undo each other's work."""
    path = tmp_path / "wallet"
    quick(path).create(CONTENT)
    one, two = quick(path), quick(path)
    one.read()
    two.read()
    one.replace(CONTENT)
    with pytest.raises(WalletUnusable, match="another program has changed it"):
        two.replace(CONTENT)
    two.read()
    two.replace(CONTENT)


def test_a_failed_replacement_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that refuses costs nothing, and no piece is left behind."""
    path = tmp_path / "wallet"
    file = quick(path)
    file.create(CONTENT)
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tallystick.client.wallet_file.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        file.replace(CONTENT)
    assert (before, ["wallet"]) == (path.read_bytes(), names(tmp_path))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "passphrase is wrong or the file was changed"),
        (b"not a wallet", "passphrase is wrong or the file was changed"),
        (bytes(2_000_000), "passphrase is wrong or the file was changed"),
        (seal(b"x", KEY, purpose=PURPOSE, randomness=bytes(28), work_bits=1), "not a wallet"),
        (seal(encode(CONTENT), KEY, purpose=b"?", randomness=bytes(28), work_bits=1), "wrong"),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, data: bytes, problem: str) -> None:
    """With one clear line, and without showing what is inside."""
    path = tmp_path / "wallet"
    path.write_bytes(data)
    with pytest.raises(WalletUnusable, match=problem) as caught:
        quick(path).read()
    assert CONTENT.seed.hex() not in str(caught.value)


def test_every_damaged_byte_is_noticed(tmp_path: Path) -> None:
    """The sealed content is authenticated."""
    path = tmp_path / "wallet"
    quick(path).create(CONTENT)
    data = path.read_bytes()
    for at in range(len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(WalletUnusable):
            quick(path).read()


def test_a_missing_wallet_and_an_empty_passphrase_are_refused(tmp_path: Path) -> None:
    """Each by name."""
    with pytest.raises(WalletUnusable, match="there is no such wallet"):
        quick(tmp_path / "none").read()
    for empty in ("", b""):
        with pytest.raises(WalletUnusable, match="it is empty"):
            quick(tmp_path / "wallet", empty)
    with pytest.raises(WalletUnusable, match="not between 1 and 20"):
        WalletFile(tmp_path / "wallet", KEY, work_bits=21)


def test_representations_hide_what_is_secret(tmp_path: Path) -> None:
    """Neither the seed nor the passphrase is shown."""
    assert "WalletContent(meters=1, receive_next=7, …)" == repr(CONTENT)
    assert [("meters", 1), ("receive_next", 7)] == CONTENT.__rich_repr__()
    assert f"WalletFile('{tmp_path}/wallet')" == repr(quick(tmp_path / "wallet"))
