"""Questions are answered page by page, and wrong ones by name."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from tallystick.contracts import CONTRACTS
from tallystick.core.event import Event
from tallystick.index import queries as module
from tallystick.index.index import Index
from tallystick.index.queries import Page, Queries, Span
from tests.index.conftest import Open
from tests.index.toy import (
    BOXES,
    LABELS,
    LEDGER,
    TOY,
    BoxFilled,
    BoxPut,
    LabelFilled,
    box,
    chain,
    owner,
)

OWNERS = 4
HISTORY: list[list[Event]] = [
    [BoxPut(box(n), owner(n % OWNERS), "ab"[n % 2], n) for n in range(20)],
    [LabelFilled("a", 3), LabelFilled("b", 4), LabelFilled("a", 5), BoxFilled(box(3), 2**40)],
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of twenty boxes of four owners; a wallet holds the keys of two and of others."""
    folder = tmp_path_factory.mktemp("index")
    index = Index(folder / "i", (TOY,), LEDGER, wallet_keys=folder / "w")
    index.catch_up(chain(*HISTORY))
    index.register_keys("mine", [owner(n) for n in (1, 3, *range(100, 110))])
    yield index
    index.close()


@pytest.fixture
def queries(index: Index) -> Iterator[Queries]:
    """Questions to it."""
    with index.read() as queries:
        yield queries


def numbers(page: Page) -> list[int]:
    """Return which boxes are on a page."""
    return [int.from_bytes(row["box"], "big") for row in page.rows]


def test_a_row_has_its_columns_by_name(queries: Queries) -> None:
    """Values come back in the types in which they were folded."""
    (row,) = queries.rows(BOXES.name, {"box": box(3)}).rows
    values = (box(3), owner(3), "b", 3 + 2**40, 1_460_000_000_000)
    assert dict(zip([name for name, _ in BOXES.columns], values, strict=True)) == row


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"owner": owner(1)}, [1, 5, 9, 13, 17]),
        ({"owner": owner(1), "label": "a"}, []),
        ({"amount": Span(4, 7)}, [4, 5, 6]),
        ({"amount": Span(7, 4)}, []),
        ({"box": Span(box(4), box(6)), "label": "b"}, [5]),
        ({"label": Span("a", "b"), "amount": Span(0, 5)}, [0, 2, 4]),
    ],
)
def test_conditions_are_met_by_every_row(
    queries: Queries, where: dict[str, Any], expected: list[int]
) -> None:
    """Values are equal, and ranges hold their first value and not their last."""
    assert expected == numbers(queries.rows(BOXES.name, where))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", [(), ("label",), ("label", "owner"), ("box",), ("amount", "box")])
@pytest.mark.parametrize("limit", [1, 3, 19, 20, 21])
def test_pages_hold_every_row_once(
    queries: Queries, order: tuple[str, ...], limit: int, *, descending: bool
) -> None:
    """Pages follow each other in one order without gap or repetition, and the last one says so."""
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        page = queries.rows(
            BOXES.name, order=order, limit=limit, after=after, descending=descending
        )
        assert len(page.rows) == limit or page.after is None
        rows += page.rows
        after = page.after
        if after is None:
            break
    everything = queries.rows(BOXES.name).rows
    by = [*order, "box"]
    expected = sorted(everything, key=lambda row: [row[name] for name in by], reverse=descending)
    assert expected == rows


@pytest.mark.parametrize(
    ("group_by", "columns", "where", "expected"),
    [
        ((), ("amount",), {}, [{"amount": 190 + 2**40}]),
        ((), ("amount", "changed_at"), {"label": "c"}, [{"amount": 0, "changed_at": 0}]),
        (("label",), ("amount",), {}, [("a", 90), ("b", 100 + 2**40)]),
        (("label",), ("amount",), {"amount": Span(0, 4)}, [("a", 2), ("b", 1)]),
        (("label",), ("amount",), {"owner": owner(2)}, [("a", 50)]),
        (("label",), (), {}, ["a", "b"]),
    ],
)
def test_sums(
    queries: Queries,
    group_by: tuple[str, ...],
    columns: tuple[str, ...],
    where: dict[str, Any],
    expected: list[Any],
) -> None:
    """Sums are exact, one row a group; without groups there is always one."""
    names = (*group_by, *columns)
    rows = []
    for row in expected:
        values = row if isinstance(row, tuple) else (row,)
        rows.append(row if isinstance(row, dict) else dict(zip(names, values, strict=True)))
    page = queries.sums(BOXES.name, group_by=group_by, columns=columns, where=where)
    assert Page(tuple(rows), None) == page


def test_sums_come_in_pages(queries: Queries) -> None:
    """Groups are limited as rows are."""
    question: dict[str, Any] = {"group_by": ("label",), "columns": ("fillings", "amount")}
    first = queries.sums(LABELS.name, **question, limit=1)
    assert Page(({"label": "a", "fillings": 2, "amount": 8},), ("a",)) == first
    second = queries.sums(LABELS.name, **question, limit=1, after=first.after)
    assert Page(({"label": "b", "fillings": 1, "amount": 4},), None) == second


@given(limit=st.integers(1, 12), keys=st.integers(1, 14))
@settings(max_examples=60)
def test_a_wallet_finds_all_it_holds(index: Index, limit: int, keys: int) -> None:
    """However few rows or keys a page may have, all rows come once, in the order of keys."""
    found: list[int] = []
    pages = 0
    after = None
    with index.read() as queries, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "KEYS_PER_PAGE_MAX", keys)
        while True:
            page = queries.rows_for_keys(BOXES.name, "owner", "mine", limit=limit, after=after)
            assert len(page.rows) <= limit
            found += numbers(page)
            after, pages = page.after, pages + 1
            if after is None:
                break
    assert [1, 5, 9, 13, 17, 3, 7, 11, 15, 19] == found
    assert pages <= 10 // limit + 12 // keys + 2


def test_a_wallet_may_hold_the_key_of_a_table(index: Index) -> None:
    """Where the column is the table's own key, pages go on after it just the same."""
    index.register_keys("boxes", [box(n) for n in range(0, 30, 2)])
    found: list[int] = []
    after = None
    with index.read() as queries, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "KEYS_PER_PAGE_MAX", 3)
        while True:
            page = queries.rows_for_keys(BOXES.name, "box", "boxes", limit=2, after=after)
            found += numbers(page)
            after = page.after
            if after is None:
                break
    assert list(range(0, 20, 2)) == found


def test_a_wallet_narrows_its_question(queries: Queries) -> None:
    """Conditions hold for a wallet's rows as for all."""
    page = queries.rows_for_keys(BOXES.name, "owner", "mine", {"amount": Span(5, 12)})
    assert [5, 9, 7, 11] == numbers(page)


@pytest.mark.parametrize(
    ("method", "arguments", "settings", "problem"),
    [
        ("rows", ("boxes",), {}, "no table 'boxes', only toy_boxes, toy_labels"),
        ("rows", ("toy_boxes", {"size": 1}), {}, "toy_boxes has no column 'size', only box, owner"),
        ("rows", ("toy_boxes", {"amount": "1"}), {}, "amount holds int, not str"),
        ("rows", ("toy_boxes", {"amount": True}), {}, "amount holds int, not bool"),
        ("rows", ("toy_boxes", {"amount": Span(1, b"")}), {}, "amount holds int, not bytes"),
        ("rows", ("toy_boxes",), {"order": ("size",)}, "no column 'size'"),
        ("rows", ("toy_boxes",), {"limit": 0}, "limit: 0 is not between 1 and 1000"),
        ("rows", ("toy_boxes",), {"limit": 1001}, "limit: 1001 is not between 1 and 1000"),
        ("rows", ("toy_boxes",), {"after": ("a",)}, "box holds bytes, not str"),
        ("rows", ("toy_boxes",), {"after": (b"a", 1)}, "2 values, the order has 1 columns"),
        (
            "sums",
            ("toy_boxes",),
            {"group_by": (), "columns": ("label",)},
            "label holds str, not int",
        ),
        (
            "sums",
            ("toy_boxes",),
            {"group_by": ("amount",), "columns": ("amount",)},
            "amount: a column is either summed or grouped by",
        ),
        ("sums", ("toy_boxes",), {"group_by": (), "columns": ()}, "nothing is asked"),
        ("rows_for_keys", ("toy_boxes", "label", "mine"), {}, "label holds str, not bytes"),
        ("rows_for_keys", ("toy_boxes", "owner", "mine"), {"after": (1,)}, "owner holds bytes"),
        (
            "rows_for_keys",
            ("toy_boxes", "owner", "mine"),
            {"after": (b"", b"", b"")},
            "3 values, the order has 2 columns",
        ),
    ],
)
def test_wrong_questions_are_refused(
    queries: Queries,
    method: str,
    arguments: tuple[Any, ...],
    settings: dict[str, Any],
    problem: str,
) -> None:
    """A question that SQL would answer with nothing, or with nonsense, is refused by name."""
    with pytest.raises(ValueError, match=problem):
        getattr(queries, method)(*arguments, **settings)


def test_names_are_never_part_of_the_statement(queries: Queries) -> None:
    """What somebody types as a value or a name cannot become SQL."""
    assert [] == numbers(queries.rows(BOXES.name, {"label": "' OR ''='"}))
    with pytest.raises(ValueError, match="no column"):
        queries.rows(BOXES.name, {"label = '' OR 1": "a"})


def test_a_question_searches_and_does_not_scan(open_index: Open) -> None:
    """What is asked often is answered from indexes, in the order of keys, without sorting."""
    index = open_index(contracts=CONTRACTS)
    plans: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        rows = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        plans.extend(row[3] for row in rows)

    with index.read() as queries:
        sqlalchemy.event.listen(index._engine, "before_cursor_execute", explain)
        queries.rows("certificate_holdings", {"owner": b"o", "status": "active"}, after=(b"a",))
        queries.rows("certificate_holdings", {"measurement": b"m", "leaf": 1})
        where, after = {"status": "active"}, (b"a", b"b")
        queries.rows_for_keys("certificate_holdings", "owner", "mine", where, after=after)
        sqlalchemy.event.remove(index._engine, "before_cursor_execute", explain)
    expected = [
        "certificate_holdings USING INDEX certificate_holdings_by_owner_status",
        "certificate_holdings USING INDEX certificate_holdings_by_measurement_leaf",
        "wallets.wallet_keys USING PRIMARY KEY",
        "wallets.wallet_keys USING PRIMARY KEY",
        "certificate_holdings USING INDEX certificate_holdings_by_owner_status",
    ]
    shown = [
        plan.replace("COVERING ", "").removeprefix("SEARCH ").partition(" (")[0] for plan in plans
    ]
    assert expected == shown


def test_postgresql_has_a_form_for_every_question(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Questions are composed for any database; only their values differ in form."""
    asked: list[str] = []
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped.
    with index.read() as queries:
        execute = queries._connection.execute

        def spy(statement: Any, *arguments: Any) -> Any:
            asked.append(str(statement.compile(dialect=dialect)))
            return execute(statement, *arguments)

        monkeypatch.setattr(queries._connection, "execute", spy)
        queries.rows(BOXES.name, {"label": "a"}, order=("label",), after=("a", box(3)))
        queries.sums(BOXES.name, group_by=("label",), columns=("amount",), after=("a",))
        queries.rows_for_keys(BOXES.name, "owner", "mine", after=(owner(1), box(1)))
    assert 4 == len(asked)
    assert all("?" not in statement for statement in asked)
