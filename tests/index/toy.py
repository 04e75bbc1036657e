"""A contract that is all events: boxes with labels, and how much lies under each label."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tallystick.base.encoding import Record, encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, LedgerId, PublicKey, RecordId
from tallystick.core.block import Block, BlockHeader, block_hash
from tallystick.core.contract import Contract
from tallystick.core.event import Event
from tallystick.core.projection import (
    Add,
    Delete,
    Insert,
    Projection,
    RowChange,
    Table,
    Update,
)
from tallystick.index.index import Index

LEDGER = LedgerId(Hash(bytes(31) + b"\x01"))
TIME = 1_460_000_000_000

BOXES = Table(
    name="toy_boxes",
    columns=(
        ("box", "bytes"),
        ("owner", "bytes"),
        ("label", "text"),
        ("amount", "integer"),
        ("changed_at", "integer"),
    ),
    key=("box",),
    indexes=(("owner", "label"),),
)

LABELS = Table(
    name="toy_labels",
    columns=(
        ("label", "text"),
        ("hour", "integer"),
        ("note", "text"),
        ("amount", "integer"),
        ("fillings", "integer"),
    ),
    key=("label", "hour"),
)


class ToyParameters(Record, tag="toy-parameters"):
    """Nothing to set."""


class BoxPut(Event, tag="toy-put"):
    """A box appeared."""

    box: RecordId
    """Which."""
    owner: PublicKey
    """Whose."""
    label: str
    """What it says."""
    amount: int
    """How much is in it. [pieces]"""


class BoxLabelled(Event, tag="toy-labelled"):
    """A box got another label."""

    box: RecordId
    """Which."""
    label: str
    """What it says now."""


class BoxFilled(Event, tag="toy-filled"):
    """Something was put into a box, which appears without an owner if it isn't there."""

    box: RecordId
    """Which."""
    amount: int
    """How much more is in it; less if below zero. [pieces]"""


class BoxTaken(Event, tag="toy-taken"):
    """A box went."""

    box: RecordId
    """Which."""


class LabelFilled(Event, tag="toy-label-filled"):
    """Something was put under a label."""

    label: str
    """Which."""
    amount: int
    """How much. [pieces]"""


class LabelNoted(Event, tag="toy-label-noted"):
    """Somebody wrote a note on a label."""

    label: str
    """Which."""
    note: str
    """What."""


class BoxSeen(Event, tag="toy-seen"):
    """Somebody looked at a box, which no read model keeps."""

    box: RecordId
    """Which."""


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes."""
    match event:
        case BoxPut():
            yield Insert(BOXES, (event.box, event.owner, event.label, event.amount, time))
        case BoxLabelled():
            yield Update(BOXES, (event.box,), {"label": event.label, "changed_at": time})
        case BoxFilled():
            yield Add(BOXES, (event.box,), {"amount": event.amount})
        case BoxTaken():
            yield Delete(BOXES, (event.box,))
        case LabelFilled():
            yield Add(LABELS, (event.label, 0), {"amount": event.amount, "fillings": 1})
        case LabelNoted():
            yield Update(LABELS, (event.label, 0), {"note": event.note})


EVENTS = (BoxPut, BoxLabelled, BoxFilled, BoxTaken, LabelFilled, LabelNoted, BoxSeen)
TOY = Contract(
    name="toy",
    records=(),
    commands={},
    events=EVENTS,
    parameters=ToyParameters,
    projection=Projection(tables=(BOXES, LABELS), fold=fold),
)

Content = dict[str, dict[tuple[Any, ...], tuple[Any, ...]]]
"""For each table its rows by key."""


def box(n: int) -> RecordId:
    """Return the n-th box."""
    return RecordId(Hash(n.to_bytes(32, "big")))


def owner(n: int) -> PublicKey:
    """Return the n-th owner."""
    return PublicKey(b"\x02" + n.to_bytes(32, "big"))


def chain(*blocks: Sequence[Event], ledger: LedgerId = LEDGER) -> list[Block]:
    """Return blocks with these events, each naming the one before it as its parent."""
    made: list[Block] = []
    for height, events in enumerate(blocks):
        encoded = tuple((0, encode(event)) for event in events)
        header = BlockHeader(
            height=height,
            time=TIME + height,
            parent=block_hash(made[-1].header) if made else Hash(ledger),
            transactions_root=tagged_hash(b"toy/events", *(data for _, data in encoded)),
            state_root=Hash(bytes(32)),
            receipts_root=Hash(bytes(32)),
            log_size=height + 1,
        )
        made.append(Block(header=header, transactions=(), rejections=(), events=encoded))
    return made


def naive(histories: Iterable[Sequence[Event]]) -> Content:
    """Return what rows there are after some blocks, computed change by change in dictionaries."""
    content: Content = {BOXES.name: {}, LABELS.name: {}}
    for height, events in enumerate(histories):
        for event in events:
            for change in fold(event, TIME + height):
                apply_naively(content[change.table.name], change)
    return content


def apply_naively(rows: dict[tuple[Any, ...], tuple[Any, ...]], change: RowChange) -> None:
    """Apply one change to the rows of one table."""
    names = [name for name, _ in change.table.columns]
    match change:
        case Insert(values=values):
            key = values[: len(change.table.key)]
            assert key not in rows
            rows[key] = values
        case Update(key=key, values=columns):
            rows[key] = tuple(
                columns.get(name, old) for name, old in zip(names, rows[key], strict=True)
            )
        case Add(key=key, amounts=amounts):
            zeros = {"bytes": b"", "integer": 0, "text": ""}
            new = (*key, *(zeros[kind] for _, kind in change.table.columns[len(key) :]))
            pairs = zip(names, rows.get(key, new), strict=True)
            rows[key] = tuple(
                old + amounts[name] if name in amounts else old for name, old in pairs
            )
        case Delete(key=key):
            del rows[key]


def content_of(index: Index) -> Content:
    """Return all rows of an index of toys, page by page."""
    content: Content = {}
    for table in (BOXES, LABELS):
        rows = content[table.name] = {}
        after = None
        with index.read() as queries:
            while True:
                page = queries.rows(table.name, limit=7, after=after)
                for row in page.rows:
                    values = tuple(row.values())
                    rows[values[: len(table.key)]] = values
                after = page.after
                if after is None:
                    break
    return content
