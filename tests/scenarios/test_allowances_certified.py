"""A certified record convinces whoever trusts the checkpoint's key, and only with the truth."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec import msgpack
from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.core.node import Evidence
from tallystick.scenarios.allowances_cast import Office
from tallystick.scenarios.allowances_certified import (
    Certified,
    certify,
    convinces,
    forged,
    is_gapless,
    name_of,
)
from tallystick.scenarios.allowances_desk import Desk
from tallystick.scenarios.allowances_trace import Trace
from tests.scenarios.test_allowances_years import played

Play = tuple[Desk, Certified]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """Play the south, and certify one of its allowances."""
    folder = tmp_path_factory.mktemp("south")
    with played(folder) as years:
        desk, trace = years.desks[0], Trace()
        trace.follow(event for _, event in desk.seen.events)
        yield desk, certify(desk, trace, folder / "proof", period=0)


def holds(play: Play, evidence: Evidence, **changes: object) -> bool:
    """Tell whether evidence convinces somebody who trusts the zone's ledger and officials."""
    desk, certified = play
    status = desk.ledger.status()
    wanted: dict[str, object] = {
        "ids": (certified.certificate, certified.subject),
        "signers": (desk.office(Office.DIRECTOR).public, desk.office(Office.OPERATOR).public),
        "serial": certified.serial,
        **changes,
    }
    trust = (status.ledger, status.checkpoint_key)
    return convinces(evidence, trust, **wanted)  # type: ignore[arg-type]


def read(path: Path) -> Evidence:
    """Return the evidence on disk."""
    return msgpack.decode(path.read_bytes(), type=Evidence)


def test_the_proof_on_disk_convinces(play: Play) -> None:
    """It was read again, and so can anybody."""
    _, certified = play
    assert certified.is_verified
    assert certified.is_forgery_refused
    assert certified.size == certified.path.stat().st_size
    assert holds(play, read(certified.path))
    assert name_of(certified.subject).startswith("id_")


def test_nothing_else_convinces(play: Play) -> None:
    """Neither another allowance, other ids, other officials, nor a changed or older record."""
    desk, certified = play
    evidence = read(certified.path)
    leaves = evidence.state.leaves
    swapped = replace(evidence, state=replace(evidence.state, leaves=leaves[::-1]))
    absent = replace(leaves[1], records=None)
    without = replace(evidence, state=replace(evidence.state, leaves=(leaves[0], absent)))
    assert not holds(play, evidence, serial=10**9)
    assert not holds(play, evidence, ids=(certified.subject, certified.certificate))
    assert not holds(play, evidence, ids=(certified.certificate, RecordId(bytes(32))))
    assert not holds(play, evidence, signers=(desk.account("Fair Coal").public,))
    assert not holds(play, forged(evidence))
    assert not holds(play, swapped)
    assert not holds(play, without)


def test_the_life_has_no_gap(play: Play) -> None:
    """Whoever has it next is whoever got it before; without any of its steps there is a gap."""
    _, certified = play
    steps = certified.steps
    assert is_gapless(steps)
    assert not is_gapless(())
    assert not is_gapless(steps[1:])
    assert not is_gapless(steps[:-1])
    passed = next(
        n for n, (a, b) in enumerate(pairwise(steps), 1) if b.source != b.target and n > 1
    )
    assert not is_gapless((*steps[:passed], *steps[passed + 1 :]))
