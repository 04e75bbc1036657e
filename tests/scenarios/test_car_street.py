"""Two ledgers in two processes, each of which recognises the other."""

import os
from pathlib import Path

from tallystick.client.foreign import recognised_by
from tallystick.compose import open_ledger
from tallystick.scenarios.car_parties import Parties
from tallystick.scenarios.car_street import NAMES, opened

KEYS = 2


def test_two_ledgers_recognise_each_other(tmp_path: Path) -> None:
    """By two keys each, from processes of their own, which end with the street."""
    with opened(tmp_path, Parties(), open_ledger) as street:
        cars, policies = street.ledgers
        for here, there in ((cars, policies), (policies, cars)):
            trust = recognised_by(here, there.id).trust
            assert (KEYS, KEYS) == (len(trust.keys), trust.threshold)
        assert NAMES == tuple(each.status().name for each in street.ledgers)
        assert [cars.id, policies.id] == [each.id for each in street.dialled()]
        processes = {*street.processes, os.getpid()}
        assert 3 == len(processes)
    assert {name for name in NAMES if (tmp_path / name / "ledger").is_dir()} == set(NAMES)
    assert not any(Path(f"/proc/{each}").exists() for each in street.processes)
