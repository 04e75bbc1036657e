"""A ledger may begin with a seed that exists, and with another notice."""

from pathlib import Path

import pytest

from tallystick.base.encoding import decode
from tallystick.compose import WALLET_FILE, open_ledger
from tallystick.contracts.governance.model import GovernanceParameters
from tallystick.contracts.measurement.model import SECTORS_MAX
from tests.cli.shell import Shell

GOVERNANCE = "governance"


def test_two_ledgers_of_one_seed(shell: Shell, tmp_path: Path) -> None:
    """Roles and persons have one key on both, receiving keys have not; each signs on its own."""
    other = Shell(tmp_path / "other", shell.capture)
    said = other.tally("init", str(other.ledger), "--seed-of", str(shell.ledger))
    assert (0, "") == (said.code, said.err)
    for each in (shell, other):
        each.on_ledger("keys", "new")
    for name, same in (("employee", True), ("person/7", True), ("receive/0", False)):
        here, there = (each.on_ledger("keys", "show", name).json for each in (shell, other))
        assert same is (here == there)
    for each in (shell, other):
        each.on_ledger(
            "identity", "enrol", "--key", "person/7", "--scope", "*", "--sign", "registrar"
        )


def test_a_seed_stays_nowhere_if_a_ledger_cannot_be_made(shell: Shell, tmp_path: Path) -> None:
    """What was refused leaves no wallet behind, and a wallet that is there is not touched."""
    folder = tmp_path / "other"
    making = ("init", str(folder), "--seed-of", str(shell.ledger))
    assert 2 == shell.tally(*making, "--name", "NO NAME").code
    sectors = [word for n in range(SECTORS_MAX + 1) for word in ("--sector", f"s{n}")]
    assert 2 == shell.tally(*making, *sectors).code
    assert [] == list(folder.iterdir())
    assert 3 == shell.tally("init", str(folder), "--seed-of", str(tmp_path / "none")).code
    (folder / WALLET_FILE).write_bytes(b"mine")
    assert 2 == shell.tally(*making).code
    assert b"mine" == (folder / WALLET_FILE).read_bytes()


@pytest.mark.parametrize(("given", "blocks"), [((), 100), (("--notice-blocks", "2"), 2)])
def test_notice_is_a_parameter_of_genesis(
    given: tuple[str, ...], blocks: int, shell: Shell, tmp_path: Path
) -> None:
    """It is governance's usual one unless another is given."""
    folder = tmp_path / "other"
    assert 0 == shell.tally("init", str(folder), *given).code
    with open_ledger(folder) as ledger:
        (section,) = (s for s in ledger.node.genesis.sections if s.contract == GOVERNANCE)
    expected = GovernanceParameters(notice_blocks_min=blocks)
    assert expected == decode(section.parameters, GovernanceParameters)
