"""A ledger that is killed at any moment keeps everything that it acknowledged."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tallystick import compose
from tallystick.base.hashing import tagged_hash
from tallystick.base.signatures import public_key
from tallystick.client.genesis import usual_genesis
from tallystick.client.ledger import Ledger
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id
from tallystick.contracts.measurement.views import ShowMeasurement
from tallystick.core.genesis import Genesis

BEGIN = 1_467_374_400
NOW = 1_000 * (BEGIN + 86_400)
ISSUER = tagged_hash(b"crash tests", b"issuer")
ROUNDS = 6


def genesis() -> Genesis:
    """Return the same genesis every time."""
    issuer = public_key(ISSUER)
    return usual_genesis(
        "crash",
        time=1_000 * BEGIN,
        salt=bytes(32),
        registrar=issuer,
        issuing_body=issuer,
        publisher=issuer,
        sectors=("village",),
        interval_seconds=(900,),
    )


def publish(n: int) -> Publish:
    """Return the n-th measurement."""
    owner = public_key(tagged_hash(b"crash tests", n.to_bytes(8, "big")))
    return Publish(owner, BEGIN, BEGIN + 900, "village", Kind.CONSUMPTION, n, Quality.MEASURED)


def opened(folder: Path) -> Ledger:
    """Open the ledger, or make it."""
    return compose.open_ledger(folder, genesis=genesis(), clock=lambda: NOW)


def publish_for_ever(folder: Path, first: int) -> None:
    """Publish one measurement after the other and say so once each is acknowledged."""
    ledger = opened(folder)
    for n in range(first, first + 100_000):
        ledger.send(publish(n), [ISSUER])
        sys.stdout.write(f"{n}\n")
        sys.stdout.flush()


CHILD = f"""
import sys
from pathlib import Path
from tests.test_crashes import {publish_for_ever.__name__}
{publish_for_ever.__name__}(Path(sys.argv[1]), int(sys.argv[2]))
"""


def killed_after(folder: Path, first: int, seconds: float) -> list[int]:
    """Let a process publish, kill it, and return the numbers that it had acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    assert child.stdout is not None
    line = child.stdout.readline()
    time.sleep(seconds)
    os.kill(child.pid, signal.SIGKILL)
    lines = (line + child.stdout.read()).splitlines(keepends=True)
    child.wait()
    child.stdout.close()
    return [int(each) for each in lines if each.endswith("\n")]


@pytest.mark.slow
def test_kill_in_a_loop(tmp_path: Path) -> None:
    """Whenever it is killed, what was acknowledged is there, and the audit passes."""
    chance = random.Random(os.environ.get("TALLYSTICK_SEED", str(time.time_ns())))
    folder, acknowledged = tmp_path / "ledger", [0]
    for _ in range(ROUNDS):
        # The next one may have become durable without anybody being told: it is passed over.
        acknowledged += killed_after(folder, acknowledged[-1] + 2, chance.uniform(0, 0.4))
        with opened(folder) as ledger:
            for n in acknowledged[1:]:
                assert ledger.ask(ShowMeasurement(measurement_id(publish(n).owner, BEGIN)))
    report = compose.audit(folder)
    assert report.problems == ()
    assert len(acknowledged) > ROUNDS
    assert report.transactions >= len(acknowledged) - 1


def test_two_processes_cannot_open_one_ledger(tmp_path: Path) -> None:
    """The second one is told which process has it and what to do."""
    with opened(tmp_path / "ledger"):
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(tmp_path / "ledger"), "0"],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent.parent,
            check=False,
        )
    assert done.returncode != 0
    assert f"open in process {os.getpid()}" in done.stderr


def test_reopening_finds_everything(tmp_path: Path) -> None:
    """After a clean close the ledger is where it was, and goes on."""
    with opened(tmp_path / "ledger") as ledger:
        for n in range(5):
            ledger.send(publish(n), [ISSUER])
        before = ledger.status()
    with opened(tmp_path / "ledger") as ledger:
        after = ledger.status()
        assert (after.height, after.state_root, after.log_size) == (
            before.height,
            before.state_root,
            before.log_size,
        )
        assert ledger.send(publish(9), [ISSUER]).accepted
