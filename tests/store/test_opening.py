"""Opening a ledger: whatever happened before, state and journal meet, and nothing is lost."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.encoding import encode
from tallystick.core import transition
from tallystick.core.block import Block
from tallystick.core.errors import AlreadyIncluded, Damaged
from tallystick.core.genesis import Genesis, ledger_id
from tallystick.core.transition import Diverged
from tallystick.store.folder import create_folder, open_folder
from tallystick.store.journal import open_journal
from tallystick.store.opening import open_state
from tests.core.toy import TOY, checked, toy_genesis
from tests.store.ledgers import EVERY_BLOCK, NEVER, Held, contents, grow, tamper

GROWER = """
import random, sys
from pathlib import Path
from tallystick.store.pending import Limits
from tests.store.ledgers import Held, grow
held = Held(Path(sys.argv[1]), limits=Limits(pending_blocks_max=3))
print(held.state.height, held.state.tree.root.hex(), flush=True)
while True:
    block = grow(held)[0]
    print(block.header.height, block.header.state_root.hex(), flush=True)
"""

STEPPER = """
import os, sys
from pathlib import Path
from tallystick.core import transition
from tallystick.core.block import Block
from tallystick.store.lmdb import LmdbStore
from tests.store.ledgers import EVERY_BLOCK, Held, grow, next_block
path, step = Path(sys.argv[1]), sys.argv[2]
held = Held(path, limits=EVERY_BLOCK)
grow(held, 2)
put = LmdbStore._put
def dies_before_commit(self, *arguments):
    put(self, *arguments)
    if step == "in the state's transaction":
        os._exit(9)
candidate = next_block(held.state)
if step == "before seal": os._exit(9)
block = transition.seal(candidate)
if step == "before append": os._exit(9)
held.journal.append(block)
print(block.header.height, flush=True)
if step == "before commit": os._exit(9)
LmdbStore._put = dies_before_commit
transition.commit(candidate)
if step == "before flush": os._exit(9)
held.opened.store.flush()
os._exit(9)
"""
STEPS = {
    "before seal": 2,
    "before append": 2,
    "before commit": 3,
    "in the state's transaction": 3,
    "before flush": 3,
    "after flush": 3,
}
"""Where a process ends while it commits block 3, and the height that must be found."""


def environment() -> dict[str, str]:
    """Return the environment in which our own programs find our modules."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_a_new_ledger_has_its_genesis_block(tmp_path: Path) -> None:
    """Block 0 is in the journal before anything else, and found again."""
    with Held(tmp_path) as held:
        assert (0, 0) == (held.state.height, held.journal.height)
        root = held.state.tree.root
    with Held(tmp_path) as again:
        assert (0, root, ()) == (again.state.height, again.state.tree.root, again.opened.notices)


@settings(max_examples=12, deadline=None)
@given(
    sessions=st.lists(
        st.tuples(st.integers(0, 5), st.booleans(), st.sampled_from(["lmdb", "memory"])),
        max_size=5,
    )
)
def test_both_stores_give_the_same_after_any_sessions(
    tmp_path_factory: pytest.TempPathFactory,
    sessions: list[tuple[int, bool, str]],
) -> None:
    """However often it is closed or crashes, on either store, the state is that of the blocks."""
    path = tmp_path_factory.mktemp("ledger")
    expected = None
    for blocks, crashes, kind in sessions:
        held = Held(path, kind="lmdb" if kind == "lmdb" else "memory", limits=NEVER)
        if expected is not None:
            assert expected == contents(held.state)
        grow(held, blocks)
        expected = contents(held.state)
        held.crash() if crashes else held.close()
    for other in ("lmdb", "memory"):
        with Held(path, kind="lmdb" if other == "lmdb" else "memory") as held:
            assert expected is None or expected == contents(held.state)


def test_the_rest_is_replayed_and_reported(tmp_path: Path) -> None:
    """Blocks that the state has not seen are replayed, with progress."""
    held = Held(tmp_path, limits=NEVER)
    grow(held, 20)
    expected = contents(held.state)
    held.crash()
    seen: list[tuple[int, int]] = []
    with open_folder(tmp_path) as folder:
        opened = open_state(
            folder, (TOY,), limits=NEVER, progress=lambda done, total: seen.append((done, total))
        )
        assert expected == contents(opened.state)
        opened.close()
    assert [(16, 20), (20, 20)] == seen


def test_used_ids_are_remembered_over_an_opening(tmp_path: Path) -> None:
    """A transaction of the last minutes is refused again; those of long ago have lapsed."""
    with Held(tmp_path) as held:
        old = grow(held, 1)[0].transactions[0]
        grow(held, 30, step=5_000)
        recent = grow(held, 1)[0].transactions[0]
        remembered = held.state.remembered.blocks()
    with Held(tmp_path) as again:
        assert remembered == again.state.remembered.blocks()
        candidate = transition.begin(again.state, time=again.state.time + 1)
        with pytest.raises(AlreadyIncluded):
            transition.admit(candidate, checked(again.state, recent))
        assert checked(again.state, old).id not in again.state.remembered


@pytest.mark.parametrize("damage", ["record", "missing record", "added record", "log", "file"])
def test_a_damaged_state_is_said_and_made_again(tmp_path: Path, damage: str) -> None:
    """The state is a cache: tampered or unreadable, the journal makes it again, never silently."""
    with Held(tmp_path) as held:
        grow(held, 3)
        expected = contents(held.state)
        id, data = next(held.state.store.items())
    if damage == "record":
        tamper(tmp_path, b"leaves", id, data[:-1] + bytes([data[-1] ^ 1]))
    elif damage == "missing record":
        tamper(tmp_path, b"leaves", id, None)
    elif damage == "added record":
        tamper(tmp_path, b"leaves", bytes(32), data)
    elif damage == "log":
        tamper(tmp_path, b"log", bytes(8), bytes(64))
    else:
        os.truncate(tmp_path / "state" / "data.mdb", 5_000)
    with Held(tmp_path) as again:
        assert expected == contents(again.state)
        (notice,) = again.opened.notices
        assert "the state is made again from the journal" in notice
        assert (tmp_path / "state.damaged").is_dir()
    with Held(tmp_path) as healthy:
        assert () == healthy.opened.notices


def test_flipped_bytes_in_the_state_never_give_another_state(tmp_path: Path) -> None:
    """Flip any byte of the file: the ledger opens to the same state, in a process of its own."""
    path = tmp_path / "ledger"
    with Held(path) as held:
        grow(held, 2)
        root = held.state.tree.root.hex()
    whole = (path / "state" / "data.mdb").read_bytes()
    generator = random.Random(20_160_701)
    for _ in range(4):
        damaged = bytearray(whole)
        for _ in range(20):
            damaged[generator.randrange(8_192, len(damaged))] ^= 1 << generator.randrange(8)
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(path, copy)
        (copy / "state" / "data.mdb").write_bytes(damaged)
        code = (
            "import sys\nfrom pathlib import Path\nfrom tests.store.ledgers import Held\n"
            "with Held(Path(sys.argv[1])) as held: print(held.state.tree.root.hex())\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(copy)],
            capture_output=True,
            text=True,
            check=True,
            env=environment(),
        )
        assert root == done.stdout.strip()


def test_a_filling_that_was_cut_off_begins_anew(tmp_path: Path) -> None:
    """Leaves without a height are what is left of a first filling: said, and made again."""
    with Held(tmp_path) as held:
        grow(held, 2)
        expected = contents(held.state)
    tamper(tmp_path, b"meta", b"meta", None)
    with Held(tmp_path) as again:
        assert expected == contents(again.state)
        assert "was being filled" in again.opened.notices[0]


def test_the_state_guards_the_journal(tmp_path: Path) -> None:
    """A journal that ends below the state has lost blocks, and is not cut."""
    with Held(tmp_path, limits=EVERY_BLOCK) as held:
        grow(held, 3)
        offset = held.journal.offset_of(3)
    (path,) = (tmp_path / "journal").glob("*.blocks")
    os.truncate(path, offset)
    (tmp_path / "journal" / "acknowledged").unlink()
    with pytest.raises(Damaged, match=f"^block 3: offset {offset} .* block 3 was acknowledged"):
        Held(tmp_path)


def test_a_checkpoint_guards_the_journal(tmp_path: Path) -> None:
    """So does whatever else the caller knows of."""
    folder = create_folder(tmp_path, toy_genesis())
    with pytest.raises(Damaged, match="block 9 was acknowledged"):
        open_state(folder, (TOY,), reached=9)
    opened = open_state(folder, (TOY,), reached=-1)
    opened.close()
    folder.close()


@pytest.mark.parametrize("kind", ["lmdb", "memory"])
def test_a_block_that_leads_elsewhere_is_named(tmp_path: Path, kind: str) -> None:
    """A block with valid checksums whose content isn't what its header says stops the opening."""
    with Held(tmp_path, kind="memory") as held:
        grow(held, 2)
        blocks = list(held.journal.blocks())
    forge(tmp_path, [*blocks[:2], swapped(blocks[2])])
    with pytest.raises(Diverged, match=r"^block 2: offset \d+: header.transactions_root is"):
        Held(tmp_path, kind="lmdb" if kind == "lmdb" else "memory")


def test_a_transaction_that_may_not_stand_there_is_named(tmp_path: Path) -> None:
    """The same transaction in two blocks is refused on replay."""
    with Held(tmp_path, kind="memory") as held:
        blocks = [held.journal.read(0), *grow(held, 2)]
    twice = msgspec.structs.replace(blocks[2], transactions=blocks[1].transactions)
    forge(tmp_path, [*blocks[:2], twice])
    with pytest.raises(Diverged, match=r"^block 2: offset \d+: a transaction may not stand there"):
        Held(tmp_path)


def test_another_genesis_is_refused(tmp_path: Path) -> None:
    """A genesis of which one setting was changed does not fit its journal."""
    with Held(tmp_path) as held:
        grow(held, 1)
    (tmp_path / "genesis").write_bytes(encode(toy_genesis(ids_max=999)))
    with pytest.raises(Damaged, match=r"^block 0: offset 0 .* belongs to ledger"):
        Held(tmp_path)
    shutil.rmtree(tmp_path / "state")
    with Held(tmp_path / "original", kind="memory") as original:
        blocks = list(original.journal.blocks())
    forge(tmp_path, blocks, genesis=toy_genesis(ids_max=999))
    with pytest.raises(Diverged, match=r"^block 0: the genesis .* another block"):
        Held(tmp_path)


def test_a_bug_met_on_replay_stops_and_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that raises is our bug; the trace carries the height."""
    with Held(tmp_path, kind="memory") as held:
        grow(held, 1)

    def replay(*arguments: object, **settings: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(transition, "replay", replay)
    with pytest.raises(ZeroDivisionError) as caught:
        Held(tmp_path, kind="memory")
    assert "while replaying block 1: offset" in caught.value.__notes__[0]


@pytest.mark.parametrize("step", STEPS)
def test_dead_at_any_step_of_a_commit_it_opens(tmp_path: Path, step: str) -> None:
    """A block is there from the moment it was appended, and the state meets it."""
    done = subprocess.run(
        [sys.executable, "-c", STEPPER, str(tmp_path), step],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    assert (9, "") == (done.returncode, done.stderr)
    with Held(tmp_path) as held, Held(tmp_path / "fresh", kind="memory") as fresh:
        assert (STEPS[step], ()) == (held.state.height, held.opened.notices)
        grow(fresh, STEPS[step])
        assert contents(fresh.state) == contents(held.state)


def test_killed_at_random_moments_it_meets_every_root(tmp_path: Path) -> None:
    """`kill -9` in a loop: what was printed is there, with the root that was printed."""
    generator = random.Random(20_160_701)
    heights = []
    for _ in range(6):
        with subprocess.Popen(
            [sys.executable, "-c", GROWER, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            time.sleep(generator.uniform(0.01, 0.08))
            process.kill()
            lines += process.stdout.readlines()
        whole = [line for line in lines if line.endswith("\n")]
        height, root = whole[-1].split()
        with Held(tmp_path) as held:
            assert int(height) <= held.state.height <= int(height) + 1
            assert root == held.journal.read(int(height)).header.state_root.hex()
            heights.append(held.state.height)
    assert heights == sorted(set(heights))


def swapped(block: Block) -> Block:
    """Return a block with two transactions in the other order."""
    first, second, *rest = block.transactions
    return msgspec.structs.replace(block, transactions=(second, first, *rest))


def forge(path: Path, blocks: list[Block], *, genesis: Genesis | None = None) -> None:
    """Write a journal of any blocks, with checksums that hold."""
    journal = path / "journal"
    shutil.rmtree(journal)
    journal.mkdir()
    forged = open_journal(journal, ledger=ledger_id(genesis or toy_genesis()))
    for block in blocks:
        forged.append(block)
    forged.close()
