"""The audit finds whatever is not as executing everything from genesis says."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from tallystick.core.block import Block
from tallystick.core.check import Verified
from tallystick.core.check import verify as verify_one
from tallystick.core.contract import Contract
from tallystick.core.errors import Refused
from tallystick.core.genesis import ledger_id
from tallystick.core.invariant import Invariant
from tallystick.core.state import State
from tallystick.store import audit as module
from tallystick.store.audit import Audit, LogRoot, audit
from tallystick.store.journal import Journal, open_journal
from tallystick.store.snapshot import Snapshot, capture, open_base, restore_snapshot, write_snapshot
from tests.core.toy import TOY, toy_genesis
from tests.store.ledgers import Held, grow, tamper

LEDGER = ledger_id(toy_genesis())


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify a few transactions at a time, so that there are several batches."""
    monkeypatch.setattr(module, "BATCH_TRANSACTIONS", 4)


@pytest.fixture
def held(tmp_path: Path) -> Held:
    """Return a ledger of some blocks."""
    held = Held(tmp_path / "ledger")
    grow(held, 8)
    return held


def verify(raws: Sequence[bytes]) -> list[Verified | Refused]:
    """Check signatures in this process."""
    answers: list[Verified | Refused] = []
    for raw in raws:
        try:
            answers.append(verify_one(raw, LEDGER))
        except Refused as refused:
            answers.append(refused)
    return answers


def audited(
    journal: Journal,
    *,
    live: State | None = None,
    checkpoint: LogRoot | None = None,
    contracts: tuple[Contract, ...] = (TOY,),
    base: Snapshot | None = None,
) -> Audit:
    """Audit a journal of the toy."""
    return audit(
        toy_genesis(),
        journal,
        contracts,
        verify=verify,
        live=live,
        checkpoint=checkpoint,
        base=base,
    )


def checkpoint_of(state: State) -> LogRoot:
    """Return what would be signed now."""
    return LogRoot(state.log.size, state.log.root())


def forged(path: Path, blocks: Sequence[Block]) -> Journal:
    """Return a journal of any blocks, with checksums that hold."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    journal = open_journal(path, ledger=LEDGER)
    for block in blocks:
        journal.append(block)
    return journal


def test_a_ledger_that_is_what_it_claims_passes(held: Held) -> None:
    """Everything is counted, every invariant tried, and nothing found."""
    seen: list[tuple[int, int]] = []
    found = audit(
        toy_genesis(),
        held.journal,
        (TOY,),
        verify=verify,
        live=held.state,
        checkpoint=checkpoint_of(held.state),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert ((), True) == (found.problems, found.passed)
    assert (0, 8, 9, 24, 24) == (
        found.first_height,
        found.height,
        found.blocks,
        found.transactions,
        found.signatures,
    )
    assert (len(held.state.store), held.state.tree.root) == (found.records, found.state_root)
    assert 9 * 3 + 2 + 1 + 1 == found.roots
    assert ("toy: tokens add up to what was made",) == found.invariants
    assert [(n, 9) for n in range(1, 10)] == seen
    assert found.seconds > 0
    held.close()


def test_signatures_are_checked_ahead_of_the_execution(held: Held) -> None:
    """While a block is executed, the answers about later ones are already asked for."""
    asked: list[int] = []

    def ask(raws: Sequence[bytes]) -> list[Verified | Refused]:
        asked.append(len(raws))
        return verify(raws)

    def note(done: int, total: int) -> None:
        if done == 1:
            asked.append(-total)

    audit(toy_genesis(), held.journal, (TOY,), verify=ask, progress=note)
    assert 24 == sum(count for count in asked if count > 0)
    held.close()


def test_a_changed_signature_is_found(tmp_path: Path, held: Held) -> None:
    """A transaction that nobody signed names block and place."""
    blocks = list(held.journal.blocks())
    raw = bytearray(blocks[5].transactions[1])
    raw[-1] ^= 1
    first, _, *rest = blocks[5].transactions
    blocks[5] = msgspec.structs.replace(blocks[5], transactions=(first, bytes(raw), *rest))
    journal = forged(tmp_path / "forged", blocks)
    found = audited(journal)
    assert 4 == found.height
    (problem,) = found.problems
    assert problem.startswith(f"block 5: offset {journal.offset_of(5)}: transaction 1: signatures:")
    journal.close()
    held.close()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state_root", bytes(32)),
        ("receipts_root", bytes(32)),
        ("transactions_root", bytes(32)),
        ("parent", bytes(32)),
        ("log_size", 999),
    ],
)
def test_a_wrong_root_is_found(tmp_path: Path, held: Held, field: str, value: object) -> None:
    """Every field of a header is computed again."""
    blocks = list(held.journal.blocks())
    header = msgspec.structs.replace(blocks[3].header, **{field: value})
    blocks[3] = msgspec.structs.replace(blocks[3], header=header)
    journal = forged(tmp_path / "forged", blocks)
    found = audited(journal)
    (problem,) = found.problems
    assert problem.startswith(f"block 3: offset {journal.offset_of(3)}: header.{field} is")
    journal.close()
    held.close()


def test_changed_events_and_rejections_are_found(tmp_path: Path, held: Held) -> None:
    """What is derived is derived again."""
    for field in ("events", "rejections"):
        blocks = list(held.journal.blocks())
        blocks[2] = msgspec.structs.replace(blocks[2], **{field: ()})
        journal = forged(tmp_path / "forged", blocks)
        found = audited(journal)
        journal.close()
        assert "rejections or events differ" in found.problems[0]
        assert found.problems[0].startswith("block 2: ")
    held.close()


def test_a_changed_genesis_block_is_found(tmp_path: Path, held: Held) -> None:
    """Block 0 is what genesis leads to."""
    blocks = list(held.journal.blocks())
    header = msgspec.structs.replace(blocks[0].header, log_size=2)
    journal = forged(
        tmp_path / "forged", [msgspec.structs.replace(blocks[0], header=header), *blocks[1:]]
    )
    found = audited(journal)
    assert ("block 0: offset 80: it is not what genesis leads to",) == found.problems
    journal.close()
    held.close()


def test_a_damaged_block_is_found_after_those_before_it(held: Held, tmp_path: Path) -> None:
    """The journal's own checksums speak; the blocks before the damage were executed."""
    (path,) = (tmp_path / "ledger" / "journal").glob("*.blocks")
    offset = held.journal.offset_of(6)
    damaged = bytearray(path.read_bytes())
    damaged[offset + 90] ^= 1
    path.write_bytes(damaged)
    found = audited(held.journal)
    assert (5, 6) == (found.height, found.blocks)
    assert found.problems[0].startswith(f"block 6: offset {offset} ")
    held.close()


def test_a_tampered_record_is_found(held: Held) -> None:
    """Changed, removed and added records of the running ledger are named."""
    items = list(held.state.store.items())
    added = bytes(32)
    changes = {items[3][0]: items[3][1] + b"\0", items[5][0]: None, type(items[0][0])(added): b"x"}
    held.state.store.write(changes, height=8, leaf_hashes=b"")
    found = audited(held.journal, live=held.state)
    assert 3 == len(found.problems)
    for id, problem in zip((added, items[3][0], items[5][0]), found.problems, strict=True):
        assert f"block 8: the stored records of {id.hex()} are not what they were" == problem
    held.close()


def test_a_record_that_was_tampered_with_while_closed_is_in_the_report(tmp_path: Path) -> None:
    """Opening makes the state again; the report says so, with the root that was found."""
    with Held(tmp_path) as held:
        grow(held, 2)
        id, data = next(held.state.store.items())
    tamper(tmp_path, b"leaves", id, data[:-1] + bytes([data[-1] ^ 1]))
    with Held(tmp_path) as again:
        found = audit(
            toy_genesis(),
            again.journal,
            (TOY,),
            verify=verify,
            live=again.state,
            notices=again.opened.notices,
        )
    assert found.passed
    assert "block 2: the stored records have the root" in found.notices[0]


def test_more_problems_than_anybody_reads_are_counted(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list ends with how many are left out."""
    monkeypatch.setattr(module, "PROBLEMS_MAX", 4)
    changes = {id: None for id, _ in held.state.store.items()}
    held.state.store.write(changes, height=8, leaf_hashes=b"")
    found = audited(held.journal, live=held.state)
    assert 5 == len(found.problems)
    assert f"and {len(changes) - 4} more" == found.problems[-1]
    held.close()


def test_a_ledger_that_went_elsewhere_is_found(tmp_path: Path, held: Held) -> None:
    """Another state root, another log, another height."""
    with Held(tmp_path / "other") as other:
        grow(other, 8, transactions=1)
        found = audited(held.journal, live=other.state)
        assert "the running ledger's state root is" in found.problems[0]
        assert "the running ledger's log root is" in found.problems[1]
        grow(other, 1)
        found = audited(held.journal, live=other.state)
        assert ("block 8: the running ledger is at block 9",) == found.problems
    held.close()


def test_a_checkpoint_over_another_log_is_found(held: Held) -> None:
    """An older one holds, a foreign root does not, nor one over blocks that are gone."""
    log = held.state.log
    assert audited(held.journal, checkpoint=LogRoot(3, log.root(3))).passed
    found = audited(held.journal, checkpoint=LogRoot(3, bytes(32)))
    assert "the log's first 3 entries have the root" in found.problems[0]
    found = audited(held.journal, checkpoint=LogRoot(log.size + 1, bytes(32)))
    assert "blocks are missing" in found.problems[0]
    held.close()


def test_an_invariant_that_fails_on_the_whole_is_found(held: Held) -> None:
    """Invariants are tried as if one block had made everything."""
    never = Invariant("nothing ever exists", lambda changes: [f"{len(list(changes))} ids do"])
    strict = replace(TOY, invariants=(*TOY.invariants, never))
    found = audited(held.journal, contracts=(strict,))
    assert "block 0: " in found.problems[0]
    assert "nothing ever exists" in found.problems[0]
    held.close()


def test_an_invariant_may_fail_on_the_whole_alone(held: Held) -> None:
    """What holds in each block need not hold on the whole: that is why the whole is tried."""
    few = Invariant(
        "few ids exist", lambda changes: ["too many"] if len(list(changes)) > 10 else []
    )
    found = audited(held.journal, contracts=(replace(TOY, invariants=(few,)),))
    assert ("block 8: toy: few ids exist: too many",) == found.problems
    held.close()


def test_a_record_that_cannot_be_read_is_found(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, and the others are judged all the same: an audit reports, it doesn't stumble."""
    id = next(id for id, _ in held.state.store.items())

    def spoil(state: State, *_: object) -> None:
        state.store.write({id: b"\xc1"}, height=8, leaf_hashes=b"")

    monkeypatch.setattr(module, "_compare_live", spoil)
    found = audited(held.journal)
    assert found.problems[0].startswith(f"block 8: what stands under {id.hex()} cannot be read: ")
    assert ("toy: tokens add up to what was made",) == found.invariants
    held.close()


def test_a_block_that_needs_what_cannot_be_read_is_found(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a problem of that block, and the last."""

    def stumble(*_: object) -> None:
        raise msgspec.ValidationError("expected `int` >= 0")

    monkeypatch.setattr(module, "replayed", stumble)
    found = audited(held.journal)
    place = f"block 1: offset {held.journal.offset_of(1)}"
    expected = f"{place}: a record that it needs cannot be read: expected `int` >= 0"
    assert expected == found.problems[0]
    assert (0, 1) == (found.height, found.blocks)
    held.close()


def test_a_restored_ledger_is_audited_from_its_base(tmp_path: Path, held: Held) -> None:
    """The report says from which height on."""
    write_snapshot(capture(held.state), tmp_path / "snapshot")
    restore_snapshot(
        Snapshot(tmp_path / "snapshot"),
        tmp_path / "restored",
        ledger=LEDGER,
        state_root=held.state.tree.root,
    ).close()
    with Held(tmp_path / "restored") as again:
        grow(again, 2)
        found = audited(
            again.journal,
            live=again.state,
            base=open_base(again.folder),
            checkpoint=checkpoint_of(again.state),
        )
        assert ((), 9, 10, 2) == (found.problems, found.first_height, found.height, found.blocks)
    held.close()
