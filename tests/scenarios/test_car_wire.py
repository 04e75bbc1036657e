"""What goes through a socket comes out as it went in, and a fuse kills its own process."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Listener
from pathlib import Path

import pytest

from tallystick.base.identifiers import LockId, RecordId
from tallystick.base.notes import TYPE_COSIGNATURE, Signer, parse_verifier_key
from tallystick.client.foreign import CannotCosign, SizeDiffers, foreign_proof, trust_of
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.errors import HoldingIsReserved
from tallystick.contracts.identity.commands import Disown
from tallystick.contracts.identity.errors import LedgerNotRecognised
from tallystick.contracts.identity.views import FindIdentity, ShowRecognised
from tallystick.contracts.title.errors import TitleNotFound
from tallystick.coordination.transport import InProcess
from tallystick.coordination.witness import Witness
from tallystick.core.errors import Later, Refused, Rejected, Unavailable
from tallystick.core.foreign import verify_foreign
from tallystick.scenarios.car_house import Desk
from tallystick.scenarios.car_wire import Failure, Fuse, dial, packed, revived
from tallystick.testing.keys import key
from tests.client.village import REGISTRAR, Village

ID = RecordId(b"\x07" * 32)
WITNESS = Signer("witness", bytes(31) + b"\x05", TYPE_COSIGNATURE)
FUSE = "from tallystick.scenarios.car_wire import Fuse\nfuse = Fuse({})\n{}"


@pytest.mark.parametrize(
    "error",
    [
        TitleNotFound(ID),
        HoldingIsReserved(LockId(b"\x08" * 32), 5),
        Later("busy", retry_after_milliseconds=7),
        Unavailable("closed"),
        Refused("no transaction"),
        SizeDiffers(9),
        CannotCosign("a fork"),
    ],
)
def test_exceptions_come_out_as_they_went_in(error: Exception) -> None:
    """By kind, message and number."""
    again = revived(packed(error))
    assert (type(error), str(error)) == (type(again), str(again))
    assert packed(error) == packed(again)


def test_what_is_none_of_ours_is_told_by_name() -> None:
    """A rejection that nobody knows stays one; any other exception is a failure."""
    failure = packed(KeyError("x"))
    assert Failure("failed", "KeyError: 'x'") == failure
    assert isinstance(revived(failure), RuntimeError)
    unknown = revived(Failure("rejected", "why", "nobody", 5))
    assert (Rejected, "why") == (type(unknown), str(unknown))


@pytest.mark.parametrize(
    ("sparks", "burns", "code"), [(0, 9, 0), (3, 2, 0), (3, 3, -signal.SIGKILL)]
)
def test_a_fuse_kills_its_process(sparks: int, burns: int, code: int) -> None:
    """At the last spark, without a word; without sparks, never."""
    script = FUSE.format(sparks, "\n".join(["fuse.burn()"] * burns))
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert code == done.returncode


@pytest.fixture
def town(tmp_path: Path) -> Iterator[tuple[Village, list[Ledger]]]:
    """Yield a village, and twice itself over a wire, each cosigned by the other's witness."""
    village = Village()
    witness = Witness(tmp_path / "witness", WITNESS)
    witness.watch(village.id, village.node.status().checkpoint_key)
    with Listener() as listener:
        desk = Desk(village.ledger, witness, InProcess())
        threading.Thread(target=desk.serve, args=(listener,), daemon=True).start()
        ledgers = dial([str(listener.address)] * 2)
        yield village, ledgers
        for ledger in ledgers:
            ledger.close()
    witness.close()


def test_a_ledger_over_a_wire_is_a_ledger(town: tuple[Village, list[Ledger]]) -> None:
    """Everything that a node answers comes through, and so does what it refuses."""
    village, (remote, _) = town
    receipt = remote.submit(village.signed(Disown(village.id), REGISTRAR))
    assert (False, "identity") == (receipt.accepted, receipt.outcome.contract)
    with pytest.raises(Refused):
        remote.submit(b"nonsense")
    assert (village.id, village.node.status()) == (remote.id, remote.status())
    assert village.node.blocks == list(remote.follow())
    assert village.node.checkpoint() == remote.node.checkpoint()
    last = village.node.blocks[-1]
    assert [last, last] == [
        remote.node.block(last.header.height),
        remote.node.block_at(last.header.time),
    ]
    question = FindIdentity(key(REGISTRAR))
    assert village.ledger.ask(question) == remote.ask(question)
    with pytest.raises(LedgerNotRecognised):
        remote.ask(ShowRecognised(village.id))


def test_a_witness_over_a_wire_is_a_witness(town: tuple[Village, list[Ledger]]) -> None:
    """A proof that it cosigned is believed by those who want two keys."""
    village, (remote, other) = town
    village.issue()
    for ledger in (remote, other, remote):
        proof = foreign_proof(ledger, ID)
        assert village.node.status().time == verify_foreign(proof, trust_of(remote))
    (witness,) = remote.witnesses
    assert village.node.status().log_size == witness.size(village.id)
    assert WITNESS.name == parse_verifier_key(witness.verifier_key).name
    with pytest.raises(SizeDiffers):
        witness.cosign(village.node.checkpoint(), since=1, consistency=())
    assert 0 == Fuse().sparks
