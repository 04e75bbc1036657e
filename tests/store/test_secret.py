"""Secrets in files: readable by their owner alone, and only with what sealed them."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tallystick.base.sealing import CannotUnseal
from tallystick.core.errors import Damaged
from tallystick.store.secret import Passphrase, read_secret, write_secret


def test_a_secret_comes_back_and_does_not_show(tmp_path: Path) -> None:
    """The file is private, encrypted, and opens again with the same machine secret."""
    path, home = tmp_path / "key", tmp_path / "home"
    write_secret(path, b"very secret", Passphrase(None, home=home), purpose=b"test")
    assert read_secret(path, Passphrase(None, home=home), purpose=b"test") == b"very secret"
    assert b"very secret" not in path.read_bytes()
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, home / "machine-secret", home)]
    assert modes == [0o600, 0o600, 0o700]


def test_another_passphrase_does_not_open(tmp_path: Path) -> None:
    """Neither another machine's secret nor another passphrase opens it."""
    path = tmp_path / "key"
    write_secret(path, b"secret", Passphrase("horse", home=tmp_path), purpose=b"test")
    assert read_secret(path, Passphrase("horse", home=tmp_path), purpose=b"test") == b"secret"
    for other in (Passphrase("cow", home=tmp_path), Passphrase(None, home=tmp_path / "other")):
        with pytest.raises(CannotUnseal):
            read_secret(path, other, purpose=b"test")


def test_composed_and_decomposed_letters_are_the_same_passphrase(tmp_path: Path) -> None:
    """It does not matter which keyboard typed the accent."""
    composed, decomposed = "\u00e9t\u00e9", "e\u0301te\u0301"
    assert Passphrase(composed, home=tmp_path).value == Passphrase(decomposed, home=tmp_path).value


def test_a_passphrase_does_not_show(tmp_path: Path) -> None:
    """Printing one tells nothing."""
    assert "horse" not in repr(Passphrase("horse", home=tmp_path))


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    """A key that is there stays there."""
    path, passphrase = tmp_path / "key", Passphrase("horse", home=tmp_path)
    write_secret(path, b"first", passphrase, purpose=b"test")
    with pytest.raises(FileExistsError):
        write_secret(path, b"second", passphrase, purpose=b"test")
    assert read_secret(path, passphrase, purpose=b"test") == b"first"


def test_what_does_not_open_is_named(tmp_path: Path) -> None:
    """The message says which file, and a passphrase says where it comes from, not what it is."""
    path, right = tmp_path / "key", Passphrase("horse", home=tmp_path)
    write_secret(path, b"secret", right, purpose=b"test")
    for passphrase, purpose in ((Passphrase("cow", home=tmp_path), b"test"), (right, b"other")):
        with pytest.raises(CannotUnseal, match=f"{path}: the passphrase is wrong or the file"):
            read_secret(path, passphrase, purpose=purpose)
    assert right.source == "the passphrase given"
    assert Passphrase("", home=tmp_path).source == f"the machine secret in {tmp_path}"


def test_a_machine_secret_that_was_cut_off_seals_nothing(tmp_path: Path) -> None:
    """An empty secret would open to everybody."""
    Passphrase(None, home=tmp_path)
    (tmp_path / "machine-secret").write_bytes(b"")
    with pytest.raises(Damaged, match="machine-secret: expected 32 bytes, found 0"):
        Passphrase(None, home=tmp_path)


def test_all_who_come_at_once_get_the_same_machine_secret(tmp_path: Path) -> None:
    """The first one draws it, and nothing but it stays behind."""
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda _: Passphrase(None, home=tmp_path).value, range(32)))
    assert {(tmp_path / "machine-secret").read_bytes()} == set(drawn)
    assert ["machine-secret"] == [path.name for path in tmp_path.iterdir()]
