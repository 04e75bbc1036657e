"""A worker mints what has no token, and links what anybody minted."""

from multiprocessing import Pipe
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from tallystick.base.identifiers import LedgerId, RecordId, format_record_id
from tallystick.contracts.asset.errors import EvidenceUsed, SupplyCapExceeded
from tallystick.contracts.asset.model import series_id
from tallystick.core.check import verify
from tallystick.scenarios.tokens_readings import Reading, Readings
from tallystick.scenarios.tokens_worker import Answer, Task, work
from tallystick.testing.keys import key, secret

LEDGER = LedgerId(b"\x03" * 32)
ASSET = RecordId(b"\x04" * 32)
YES = Answer(accepted=True, contract="", code=0, message="")
KNOWN = Answer(accepted=False, contract="asset", code=EvidenceUsed.code, message="known")
NO = Answer(accepted=False, contract="asset", code=SupplyCapExceeded.code, message="full")
BUSY = Answer(accepted=False, contract="", code=0, message="busy")


def task(folder: Path) -> Task:
    """Return a worker's task with three readings."""
    readings = Readings(folder / "readings")
    readings.create(Reading(f"r{n}", n + 1) for n in range(3))
    return Task(7, readings.path, LEDGER, ASSET, "aegis", key(2), secret(1))


@pytest.mark.parametrize("answers", [[YES, YES, YES], [YES, KNOWN, KNOWN], [KNOWN] * 3])
def test_whatever_is_minted_is_linked(tmp_path: Path, answers: list[Answer]) -> None:
    """By this worker now, or by another before."""
    told = task(tmp_path)
    ours, theirs = Pipe()
    thread = Thread(target=work, args=(theirs, told))
    thread.start()
    batch = msgspec.msgpack.decode(ours.recv_bytes(), type=list[bytes])
    ours.send_bytes(msgspec.msgpack.encode(answers))
    thread.join(10)
    assert 3 == len({verify(raw, LEDGER).id for raw in batch})
    expected = {f"r{n}": format_record_id(series_id(ASSET, f"r{n}")) for n in range(3)}
    assert expected == Readings(told.readings).tokens()


@pytest.mark.parametrize("bad", [NO, BUSY])
def test_any_other_answer_stops_a_worker(tmp_path: Path, bad: Answer) -> None:
    """What it does not understand, it does not retry for ever; nothing is linked."""
    told = task(tmp_path)
    ours, theirs = Pipe()
    ours.send_bytes(msgspec.msgpack.encode([YES, bad, YES]))
    with pytest.raises(RuntimeError, match=bad.message):
        work(theirs, told)
    assert 0 == Readings(told.readings).count_linked()
