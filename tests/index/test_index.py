"""An index says what the events say, whatever interrupts it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.identifiers import Hash, LedgerId
from tallystick.contracts import CONTRACTS
from tallystick.core.block import Block
from tallystick.core.event import Event
from tallystick.core.projection import Projection
from tallystick.index.builder import Builder
from tallystick.index.errors import (
    AnotherLedger,
    IndexUnavailable,
    OtherBlocks,
    OtherTables,
    Overtaken,
    ProjectionBroken,
)
from tallystick.index.index import Index, database_url
from tests.index.conftest import Open
from tests.index.toy import (
    BOXES,
    LABELS,
    LEDGER,
    TOY,
    BoxFilled,
    BoxLabelled,
    BoxPut,
    BoxSeen,
    BoxTaken,
    LabelFilled,
    LabelNoted,
    box,
    chain,
    content_of,
    fold,
    naive,
    owner,
)

OTHER_LEDGER = LedgerId(Hash(bytes(31) + b"\x02"))
HISTORY: list[list[Event]] = [
    [],
    [BoxPut(box(1), owner(1), "a", 5), BoxPut(box(2), owner(1), "b", 7), LabelFilled("a", 5)],
    [BoxLabelled(box(1), "b"), LabelFilled("a", -5), LabelFilled("b", 5), BoxSeen(box(1))],
    [BoxTaken(box(2)), BoxFilled(box(3), 4), LabelNoted("a", "empty")],
    [BoxPut(box(2), owner(2), "c", 1), BoxFilled(box(2), 2), BoxFilled(box(1), 1)],
]


class Interrupted(Exception):
    """The power went."""


def interrupted(blocks: list[Block], after: int) -> Iterator[Block]:
    """Yield some blocks, then break."""
    yield from blocks[:after]
    raise Interrupted


@st.composite
def histories(draw: st.DrawFn) -> list[list[Event]]:
    """Draw blocks of events that can follow each other."""
    boxes: set[int] = set()
    labels: set[str] = set()
    numbers, names = st.integers(0, 5), st.sampled_from("abc")
    amounts = st.integers(-(2**40), 2**40)

    def event() -> Event:
        n, name, amount = draw(numbers), draw(names), draw(amounts)
        kinds = ["fill", "label", "see"]
        kinds += ["relabel", "take", "take"] if n in boxes else ["put", "put"]
        kinds += ["note"] if name in labels else []
        match draw(st.sampled_from(kinds)):
            case "put":
                boxes.add(n)
                return BoxPut(box(n), owner(n % 2), name, amount)
            case "fill":
                boxes.add(n)
                return BoxFilled(box(n), amount)
            case "relabel":
                return BoxLabelled(box(n), name)
            case "take":
                boxes.discard(n)
                return BoxTaken(box(n))
            case "label":
                labels.add(name)
                return LabelFilled(name, amount)
            case "note":
                return LabelNoted(name, str(amount))
            case _:
                return BoxSeen(box(n))

    sizes = draw(st.lists(st.integers(0, 6), min_size=1, max_size=6))
    return [[event() for _ in range(size)] for size in sizes]


@pytest.fixture(scope="module")
def reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index that each random history begins anew."""
    index = Index(tmp_path_factory.mktemp("index") / "index.sqlite", (TOY,), LEDGER)
    yield index
    index.close()


@given(history=histories(), batch=st.integers(1, 12), cut=st.integers(0, 6))
def test_any_history_gives_the_rows_that_its_changes_say(
    reused: Index, history: list[list[Event]], batch: int, cut: int
) -> None:
    """However blocks fall into batches and calls, the rows are those of one change at a time."""
    reused.rebuild()
    reused._batch_changes_max = batch
    blocks = chain(*history)
    assert min(cut, len(blocks)) - 1 == reused.catch_up(blocks[:cut])
    assert naive(history[:cut]) == content_of(reused)
    assert len(blocks) - 1 == reused.catch_up(blocks)
    assert naive(history) == content_of(reused)


def test_a_rebuilt_index_is_equal(open_index: Open) -> None:
    """What is built at once, block by block, or again is the same."""
    blocks = chain(*HISTORY)
    index = open_index()
    for block in blocks:
        index.catch_up([block])
    content = content_of(index)
    assert naive(HISTORY) == content
    index.rebuild()
    assert -1 == index.height
    assert naive([]) == content_of(index)
    assert 4 == index.catch_up(blocks)
    assert content == content_of(index)


@pytest.mark.parametrize("after", range(len(HISTORY) + 1))
def test_an_interrupted_index_goes_on_after_its_last_batch(open_index: Open, after: int) -> None:
    """Breaking off before any block leaves whole batches, from which it goes on."""
    blocks = chain(*HISTORY)
    index = open_index(batch_changes_max=3)
    with pytest.raises(Interrupted):
        index.catch_up(interrupted(blocks, after))
    assert naive(HISTORY[: index.height + 1]) == content_of(index)
    assert 4 == index.catch_up(blocks[index.height + 1 :])
    assert naive(HISTORY) == content_of(index)


@pytest.mark.parametrize("tables", range(3))
def test_half_a_batch_is_never_there(
    open_index: Open, monkeypatch: pytest.MonkeyPatch, tables: int
) -> None:
    """Breaking off between the tables of a batch leaves the height and rows of the batch before."""
    blocks = chain(*HISTORY)
    index = open_index()
    index.catch_up(blocks[:2])

    def write(builder: Builder, connection: object) -> None:
        for name in list(builder._writers)[:tables]:
            builder._writers[name].write(connection, builder._pending[name])  # type: ignore[arg-type]
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(Builder, "write", write)
        with pytest.raises(Interrupted):
            index.catch_up(blocks)
    index.close()
    again = open_index()
    assert 1 == again.height
    assert naive(HISTORY[:2]) == content_of(again)
    assert 4 == again.catch_up(blocks)
    assert naive(HISTORY) == content_of(again)


def test_blocks_that_are_known_are_passed_over(open_index: Open) -> None:
    """Offering everything again changes nothing."""
    index = open_index()
    assert 4 == index.catch_up(chain(*HISTORY))
    assert 4 == index.catch_up(chain(*HISTORY))
    assert naive(HISTORY) == content_of(index)


def test_a_reader_sees_one_height(open_index: Open) -> None:
    """What is written while somebody reads is seen by the next who reads."""
    blocks = chain(*HISTORY)
    index = open_index()
    index.catch_up(blocks[:2])
    with index.read() as queries:
        assert 1 == queries.height
        index.catch_up(blocks)
        assert 1 == queries.height
        assert 2 == len(queries.rows(BOXES.name).rows)
    with index.read() as queries:
        assert 4 == queries.height
        assert 3 == len(queries.rows(BOXES.name).rows)


def test_another_ledger_is_refused(open_index: Open) -> None:
    """A database belongs to one ledger, also when it may be rebuilt."""
    open_index().catch_up(chain(*HISTORY))
    with pytest.raises(AnotherLedger, match=r"ledger_0{63}1, not of ledger_0{63}2"):
        open_index(ledger=OTHER_LEDGER, rebuild_outdated=True)
    assert naive(HISTORY) == content_of(open_index())


def test_other_tables_are_refused_or_rebuilt(open_index: Open) -> None:
    """A release that declares other tables uses the database only after it was begun anew."""
    open_index().catch_up(chain(*HISTORY))
    without = replace(TOY, projection=Projection(tables=(BOXES,), fold=lambda _event, _time: ()))
    with pytest.raises(OtherTables, match="rebuild it"):
        open_index(contracts=(without,))
    index = open_index(contracts=(without,), rebuild_outdated=True)
    assert -1 == index.height
    with (
        index.read() as queries,
        pytest.raises(ValueError, match="no table 'toy_labels', only toy"),
    ):
        queries.rows(LABELS.name)
    back = open_index(rebuild_outdated=True)
    assert 4 == back.catch_up(chain(*HISTORY))
    assert naive(HISTORY) == content_of(back)


def test_other_blocks_are_refused(open_index: Open) -> None:
    """Neither a gap nor another ledger's or another history's blocks get in."""
    index = open_index()
    with pytest.raises(
        OtherBlocks, match="stands at height -1 and is offered block 1: follow from 0"
    ):
        index.catch_up(chain(*HISTORY)[1:])
    with pytest.raises(OtherBlocks, match="block 0 names another parent"):
        index.catch_up(chain(*HISTORY, ledger=OTHER_LEDGER))
    index.catch_up(chain(*HISTORY)[:2])
    with pytest.raises(OtherBlocks, match="block 2 names another parent"):
        index.catch_up(chain([], *HISTORY))
    assert naive(HISTORY[:2]) == content_of(index)


def test_who_is_overtaken_writes_nothing(open_index: Open) -> None:
    """Of two that follow the same ledger into one database, the slower is told so."""
    blocks = chain(*HISTORY)
    slow, quick = open_index(), open_index()

    def lingering() -> Iterator[Block]:
        yield from blocks[:2]
        quick.catch_up(blocks[:3])

    with pytest.raises(Overtaken, match="from height -1"):
        slow.catch_up(lingering())
    assert naive(HISTORY[:3]) == content_of(slow)
    assert 4 == slow.catch_up(blocks)
    assert naive(HISTORY) == content_of(quick)


@pytest.mark.parametrize(
    ("earlier", "event"),
    [
        ([], BoxLabelled(box(1), "a")),
        ([], BoxTaken(box(1))),
        ([BoxPut(box(1), owner(1), "a", 1)], BoxPut(box(1), owner(1), "a", 1)),
    ],
)
def test_a_projection_that_is_wrong_stops_the_index(
    open_index: Open, earlier: list[Event], event: Event
) -> None:
    """Rows that are changed without being there, or made twice, are our bug; nothing is written."""
    index = open_index()
    blocks = chain(earlier, [event])
    index.catch_up(blocks[:1])
    with pytest.raises(ProjectionBroken, match=BOXES.name):
        index.catch_up(blocks)
    assert naive([earlier]) == content_of(index)


def test_an_event_of_a_later_release_is_named(open_index: Open) -> None:
    """An event that no contract declares stops the index and says what to install."""
    small = replace(TOY, events=(BoxPut, BoxSeen))
    index = open_index(contracts=(small,))
    with pytest.raises(IndexUnavailable, match=r"block 1 holds an event .* install the release"):
        index.catch_up(chain(*HISTORY))


@pytest.mark.parametrize("place", ["missing/index.sqlite", "."])
def test_a_file_that_cannot_be_opened_is_named(
    open_index: Open, tmp_path: Path, place: str
) -> None:
    """A missing folder, or a folder instead of a file, is the world's fault, clearly said."""
    with pytest.raises(IndexUnavailable, match=r"cannot be used now: unable to open"):
        open_index(file=tmp_path / place)


def test_a_file_that_is_no_database_is_left_alone(open_index: Open, tmp_path: Path) -> None:
    """Somebody's text is neither read nor overwritten."""
    file = tmp_path / "letter.txt"
    file.write_text("Dear ledger, " * 99)
    with pytest.raises(IndexUnavailable, match="is no index: file is not a database"):
        open_index(file=file)
    assert "Dear ledger, " * 99 == file.read_text()


def test_a_database_of_somebody_else_is_left_alone(open_index: Open, tmp_path: Path) -> None:
    """A table of the same name that no index made is not taken over."""
    file = tmp_path / "other.sqlite"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE toy_boxes (mine)")
    other.close()
    with pytest.raises(IndexUnavailable, match="toy_boxes already exists"):
        open_index(file=file)
    with sqlite3.connect(file) as other:
        assert [("toy_boxes",)] == list(other.execute("SELECT name FROM sqlite_master"))
    other.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a file.sqlite", "a file.sqlite"),
        ("sqlite:///a/b.sqlite", "a/b.sqlite"),
        (Path("a") / "100%?#.sqlite", "a/100%?#.sqlite"),
    ],
)
def test_paths_and_addresses_name_files(text: Path | str, expected: str) -> None:
    """A path is taken as it is, an address as SQLAlchemy writes it."""
    assert expected == database_url(text).database


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("postgresql://host/name", "in SQLite, not in postgresql"),
        ("sqlite://", "needs a file"),
        (":memory:", "needs a file"),
    ],
)
def test_places_where_no_index_can_be_are_refused(text: str, problem: str) -> None:
    """Another database, or one that vanishes with its connection, is refused by name."""
    with pytest.raises(ValueError, match=problem):
        database_url(text)


def test_every_real_contract_has_tables_that_can_be_made(open_index: Open) -> None:
    """The tables of all contracts are made, asked and rebuilt."""
    index = open_index(contracts=CONTRACTS)
    index.rebuild()
    names = [
        table.name for each in CONTRACTS if each.projection for table in each.projection.tables
    ]
    assert len(CONTRACTS) <= len(names)
    with index.read() as queries:
        for name in names:
            assert () == queries.rows(name).rows


def test_fold_is_given_the_time_of_the_block() -> None:
    """The toy's rows hold block times, so the comparison with the naive model covers them."""
    (change,) = fold(BoxPut(box(1), owner(1), "a", 5), 77)
    assert (box(1), owner(1), "a", 5, 77) == change.values  # type: ignore[union-attr]
