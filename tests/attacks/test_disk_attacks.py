"""Attacks on a ledger's files: a change is put right or named, never believed."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tallystick import compose
from tallystick.cli.errors import exit_code_of
from tallystick.client.ledger import Ledger
from tallystick.contracts.identity.model import Role
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality
from tallystick.testing.keys import key

BEGIN = 1_767_225_600
FILES = ("genesis", "journal/000000000000.blocks", "journal/acknowledged")
Change = Callable[[bytearray, random.Random], bytearray]


def flip(data: bytearray, chance: random.Random) -> bytearray:
    """Change one bit."""
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def cut(data: bytearray, chance: random.Random) -> bytearray:
    """Lose the end."""
    return data[: chance.randrange(len(data))]


def blank(data: bytearray, chance: random.Random) -> bytearray:
    """Lose a sector."""
    at = chance.randrange(len(data))
    data[at : at + 64] = bytes(len(data[at : at + 64]))
    return data


def repeat(data: bytearray, chance: random.Random) -> bytearray:
    """Write something twice."""
    at = chance.randrange(len(data))
    data[at:at] = data[at : at + 100]
    return data


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder of a closed ledger with a few blocks."""
    path = tmp_path_factory.mktemp("disk") / "whole"
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CONFIG_HOME", str(path.parent / "home"))
    with compose.open_ledger(path) as ledger:
        for n in range(1, 6):
            publish(ledger, path, n)
    yield path
    patch.undo()


def publish(ledger: Ledger, path: Path, n: int) -> None:
    """Put a measurement on the ledger."""
    wallet = compose.open_wallet(path, ledger.id)
    command = Publish(key(n), BEGIN, BEGIN + 900, "village", Kind.CONSUMPTION, n, Quality.MEASURED)
    ledger.send(command, wallet=wallet, keys=[wallet.role_key(Role.PUBLISHER)])


@pytest.mark.parametrize("change", [flip, cut, blank, repeat])
@pytest.mark.parametrize("file", FILES)
def test_a_changed_file_is_put_right_or_named(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, change: Change
) -> None:
    """Opening leads to the very state that was there, or says what is damaged."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(whole.parent / "home"))
    with compose.open_ledger(whole) as ledger:
        root = ledger.status().state_root
    chance = random.Random(f"{file} {change.__name__}")
    for n in range(6):
        path = tmp_path / str(n)
        shutil.copytree(whole, path)
        data = change(bytearray((path / file).read_bytes()), chance)
        (path / file).write_bytes(data)
        try:
            with compose.open_ledger(path) as ledger:
                found = ledger.status().state_root
        except Exception as error:  # noqa: BLE001 - whatever it is, it must be one that people can act on.
            assert exit_code_of(error) in {3, 4}
        else:
            assert root == found
